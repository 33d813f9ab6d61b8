// The metadata on three nodes, end to end: elections, the loss of a leader at work, minorities, disks that are not their own. Every
// monitor is on, those of the log too.

import { describe, expect, test } from 'vitest';
import { drawnOf } from '../testing/depth.ts';
import { eventsIn, runTapeText, type TapeRun } from './tape-fixture.ts';

const LOAD =
  '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';

const tapeOf = (lines: readonly string[], mutant: string | null = null): string =>
  [
    'postdb-tape 1',
    'engine 0.4.0',
    'preset cynosdb-pcs',
    'profile demo',
    'seed 5',
    ...(mutant === null ? [] : [`broken ${mutant}`]),
    '',
    LOAD,
    ...lines,
  ].join('\n');

const run = (untilMs: number, ...lines: readonly string[]): Promise<TapeRun> =>
  runTapeText(tapeOf(lines), untilMs);

const commits = ({ trace }: TapeRun, fromMs: number, toMs: number): number =>
  trace.filter(({ at, event }) => event.kind === 'commit.ack' && at >= fromMs * 1000 && at < toMs * 1000)
    .length;

/** Who was elected, in order: with this seed the first is pcs-3. */
const leaders = ({ trace }: TapeRun): string[] =>
  trace.flatMap(({ node, event }) => (event.kind === 'raft.leader' ? [node] : []));

test('PCS-1, PCS-31, PCS-103 a leader dies: another is elected and found, and commits go on meanwhile', async () => {
  const done = await run(300, '150.000 crash pcs-3 for 80.000 ms');
  expect(done.monitors.violations).toEqual([]);
  const [first, second] = leaders(done);
  expect([first, second === 'pcs-3' || second === undefined]).toEqual(['pcs-3', false]);
  expect(commits(done, 150, 170)).toBeGreaterThan(2);
  expect(done.monitors.exercised['raft.commit-rule']).toBeGreaterThan(5);
  expect(done.monitors.exercised['pcs.model']).toBeGreaterThan(5);
  expect(done.monitors.exercised['raft.log-matching']).toBeGreaterThan(10);
});

test('PCS-30, FENCE-1 a leader dies while a token is asked for: the volume opens again, each token once', async () => {
  const done = await run(
    400,
    '150.000 crash rw-1 for 2.000 ms',
    '153.200 crash pcs-3 for 60.000 ms',
    '250.000 crash rw-1 for 2.000 ms',
  );
  expect(done.monitors.violations).toEqual([]);
  expect(leaders(done).length).toBeGreaterThan(1);
  expect(eventsIn(done, 'recovery.done').length).toBeGreaterThan(1);
  expect(commits(done, 350, 400)).toBeGreaterThan(2);
});

test('WAL-62, WAL-69 a leader dies during a change of members: the next one finishes it', async () => {
  const done = await run(500, '150.000 moveReplica store-3 store-4', '156.000 crash pcs-3 for 60.000 ms');
  expect(done.monitors.violations).toEqual([]);
  expect(eventsIn(done, 'group.move.done').map(({ outcome }) => outcome)).toContain('done');
  expect(leaders(done).length).toBeGreaterThan(1);
});

test('PCS-14 a leader that is cut off steps down; the majority elects another, and the old one follows it', async () => {
  const done = await run(400, '150.000 isolate pcs-3 for 120.000 ms');
  expect(done.monitors.violations).toEqual([]);
  expect(eventsIn(done, 'raft.follower', 'pcs-3').length).toBeGreaterThan(0);
  expect(new Set(leaders(done)).size).toBeGreaterThan(1);
});

test.each(drawnOf([1, 6, 8]))(
  'PCS-14, PCS-31 the leader alone is parted from the others both ways: seed %i',
  async (seed) => {
    const play = (...lines: readonly string[]) =>
      runTapeText(tapeOf(lines).replace('seed 5', `seed ${seed}`), lines.length === 0 ? 140 : 400);
    const [first = ''] = leaders(await play());
    const others = ['pcs-1', 'pcs-2', 'pcs-3'].filter((node) => node !== first).join(' ');
    const done = await play(`150.000 cut ${first} | ${others} for 120.000 ms`);
    expect(done.monitors.violations).toEqual([]);
    expect(eventsIn(done, 'raft.follower', first).length).toBeGreaterThan(0);
    expect(leaders(done).length).toBeGreaterThan(1);
    expect(leaders(done)[1]).not.toBe(first);
    expect(commits(done, 160, 270)).toBeGreaterThan(10);
  },
);

test('PCS-31 without a majority nobody leads; commits go on, and a leader is there once two can talk', async () => {
  const done = await run(400, '150.000 crash pcs-3 for 120.000 ms', '150.000 crash pcs-2 for 120.000 ms');
  expect(done.monitors.violations).toEqual([]);
  expect(commits(done, 160, 260)).toBeGreaterThan(10);
  expect(leaders(done)).toHaveLength(2);
});

describe('PCS-104 a disk that is not the one that made the promises takes its member out', () => {
  test.each([
    ['empty', ['150.000 wipeDisk pcs-2 for 5.000 ms']],
    ['older', ['26.000 snapshotDisk pcs-2', '150.000 rollbackDisk pcs-2 for 5.000 ms']],
    [
      'damaged',
      [
        '150.000 bitRot pcs-2 "meta/log/000000000003a" 7',
        '150.001 bitRot pcs-2 "meta/log/000000000003b" 7',
        '150.010 crash pcs-2 for 5.000 ms',
      ],
    ],
  ])('%s', async (why, lines) => {
    const done = await run(300, ...lines, '200.000 crash pcs-3 for 20.000 ms');
    expect(done.monitors.violations).toEqual([]);
    expect(eventsIn(done, 'raft.identityLost', 'pcs-2')).toMatchObject([{ why }]);
    const votes = done.trace.filter(
      ({ at, node, event }) => at > 155_000 && node === 'pcs-2' && event.kind === 'raft.vote',
    );
    expect(votes).toEqual([]);
    expect(leaders(done).length).toBeGreaterThan(1);
  });
});

describe('planted bugs', () => {
  test.each([
    ['pcs.follower-skips', 'pcs.model', []],
    [
      'raft.says-before-durable',
      'raft.commit-rule',
      ['20.000 diskSlow pcs-1 2000 %', '20.000 diskSlow pcs-2 2000 %'],
    ],
    [
      'raft.counts-unsynced',
      'raft.commit-rule',
      ['100.000 diskStall pcs-3', '100.000 cut pcs-3 | pcs-1', '110.000 crash rw-1 for 2.000 ms'],
    ],
  ])('%s breaks %s', async (mutant, rule, lines) => {
    const done = await runTapeText(tapeOf(lines, mutant), 160);
    expect(done.monitors.violations.map((found) => found.rule)).toContain(rule);
  });
});
