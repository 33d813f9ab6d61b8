// A replica that is behind catches up over links whose round trip is longer than reqTimeout: every answer to its first
// requests comes late, and measures the peer (HOLE-60). Fixed limits livelock here, as seed 141 of the sweep found.

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { trueScl } from '../sim/checks/log-truth.ts';
import { makeMonitors, observe } from '../sim/checks/monitors.ts';
import { programs } from '../sim/programs.ts';
import { setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { makeWorld, runWorld } from '../sim/world.ts';

/** reqTimeout of the demo profile is 6 ms; an answer takes 80 ms and more. */
const TAPE = `postdb-tape 1
engine 0.1.0
preset cynosdb
profile demo
seed 141

0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true
150.000 latency store-1 store-2 | store-3 : 40.000 ms
150.000 crash store-3
350.000 restart store-3
1500.000 workloadStop d1
`;

test('HOLE-60 a replica that is behind fills over links slower than reqTimeout', async () => {
  const parsed = parseTape(TAPE);
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.error}`);
  const made = setupRun(parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const { spec, program } = made.setup;
  const monitors = makeMonitors(spec.cluster, spec.params.lal);
  const seen = { late: 0, filled: 0 };
  const world = makeWorld<unknown, unknown>(spec);
  const host = {
    program: programs[program],
    edge: await loadSqlEdge(),
    onTrace: (events: Parameters<NonNullable<Parameters<typeof runWorld>[1]['onTrace']>>[0]) => {
      for (const traced of events) {
        observe(monitors, traced);
        if (traced.event.kind === 'hole.ignored') seen.late++;
        if (traced.event.kind === 'hole.fill' && traced.node === 'store-3') seen.filled++;
      }
    },
  };
  runWorld(world, host, { until: 3_000_000 as Time });
  expect(monitors.violations).toEqual([]);
  expect(seen.late).toBeGreaterThan(0);
  expect(seen.filled).toBeGreaterThan(0);
  for (const group of monitors.truth.groups) {
    const last = group.lsns[group.lsns.length - 1] ?? group.base;
    for (const node of group.replicas.keys()) expect(trueScl(group, node), `${node} ${group.id}`).toBe(last);
  }
});
