// A replica that is behind catches up over links whose round trip is longer than reqTimeout: every answer to its first
// requests comes late, and measures the peer (HOLE-60). Fixed limits livelock here, as seed 141 of the sweep found.

import { expect, test } from 'vitest';
import { trueScl } from '../sim/checks/log-truth.ts';
import { isDeep } from '../testing/depth.ts';
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

const HEAD = ['engine 0.1.0', 'profile demo', 'seed 5'];
const LOAD =
  '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';
const ARCHIVE = ['set archiveSegmentLsns 64', 'set archiveMaxMs 40', 'set archiveBaseLsns 400'];
const runSlow = (preset: string, sets: readonly string[], lines: readonly string[], untilMs: number) =>
  runTapeText(
    ['postdb-tape 1', `preset ${preset}`, ...HEAD, ...sets, '', LOAD, ...lines].join('\n'),
    untilMs,
  );

// A copy is asked for chunk by chunk, each again when there is no answer. An answer that counted only for the last of these questions
// never came in time (seed 9100006 of the sweep).
test('WAL-71 a new replica takes its base image over links slower than the timer', async () => {
  const run = await runSlow(
    'cynosdb-4',
    [],
    ['140.000 latency store-4 | store-1 store-2 store-3 : 60.000 ms', '150.000 moveReplica store-2 store-4'],
    4000,
  );
  expect(run.monitors.violations).toEqual([]);
  expect(eventsIn(run, 'base.start', 'store-4').length).toBeGreaterThan(0);
  expect(eventsIn(run, 'base.installed', 'store-4').length).toBe(2);
  const ends = eventsIn(run, 'group.members').filter(({ sets }) => !sets.includes('|'));
  expect(ends.at(-1)?.sets).toContain('store-4');
});

test('WAL-71 a member whose log the peers have dropped is healed over links slower than the timer', async () => {
  const slow = '800.000 latency store-3 | store-1 store-2 : 60.000 ms';
  const run = await runSlow(
    'cynosdb',
    [],
    ['150.000 crash store-3', slow, '810.000 restart store-3', '2500.000 workloadStop d1'],
    4000,
  );
  const { violations, volumes } = run.monitors;
  expect(violations).toEqual([]);
  expect(eventsIn(run, 'base.installed', 'store-3').length).toBeGreaterThan(0);
  for (const group of volumes[0].truth.groups)
    expect(trueScl(group, 'store-3' as never), group.id).toBe(group.lsns.at(-1) ?? group.base);
});

test('WAL-40 log and base images are archived over links slower than the timer', async () => {
  const run = await runSlow(
    'cynosdb-backup',
    ARCHIVE,
    ['0.000 latency cos-1 | store-1 store-2 store-3 : 60.000 ms'],
    4000,
  );
  expect(run.monitors.violations).toEqual([]);
  expect(eventsIn(run, 'archive.segment').length).toBeGreaterThan(0);
});

test.runIf(isDeep)('WAL-45 a volume is restored over links slower than the timer', async () => {
  const slow = '900.000 latency cos-1 | store-1 store-2 store-3 meta-1 : 60.000 ms';
  const run = await runSlow(
    'cynosdb-backup',
    ARCHIVE,
    [slow, '950.000 restore v1 to time 700.000 ms as v2'],
    9000,
  );
  expect(run.monitors.violations).toEqual([]);
  expect(eventsIn(run, 'restore.done').length).toBe(1);
});
