// A replica that is behind catches up over links whose round trip is longer than reqTimeout: every answer to its first
// requests comes late, and measures the peer (HOLE-60). Fixed limits livelock here, as seed 141 of the sweep found.

import { expect, test } from 'vitest';
import { trueScl } from '../sim/checks/log-truth.ts';
import { eventsIn, runTapeText } from './tape-fixture.ts';

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
  const run = await runTapeText(TAPE, 3000);
  const { violations, volumes } = run.monitors;
  expect(violations).toEqual([]);
  expect(eventsIn(run, 'hole.ignored', 'store-3').length).toBeGreaterThan(0);
  expect(eventsIn(run, 'hole.fill', 'store-3').length).toBeGreaterThan(0);
  for (const group of volumes[0].truth.groups) {
    const last = group.lsns[group.lsns.length - 1] ?? group.base;
    for (const node of group.replicas.keys()) expect(trueScl(group, node), `${node} ${group.id}`).toBe(last);
  }
});
