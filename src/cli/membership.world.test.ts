// Membership, lost disks, zones and slow replicas under load, end to end: real nodes, every monitor on.

import { expect, test } from 'vitest';
import { trueScl } from '../sim/checks/log-truth.ts';
import { eventsIn, runTapeText, type TapeRun } from './tape-fixture.ts';

const LOAD =
  '0.000 workload d1 kind=transfer rows=100 clients=4 thinkUs=1000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';

const tapeOf = (preset: string, ...lines: readonly string[]): string =>
  [`postdb-tape 1`, 'engine 0.1.0', `preset ${preset}`, 'profile demo', 'seed 5', '', LOAD, ...lines].join(
    '\n',
  );

/** Commits acknowledged in [fromMs, toMs). */
const commits = (run: TapeRun, fromMs: number, toMs: number): number =>
  run.trace.filter(({ at, event }) => event.kind === 'commit.ack' && at >= fromMs * 1000 && at < toMs * 1000)
    .length;

/** Batches sent again from `fromMs` on, by replica and group. */
function resends(run: TapeRun, fromMs: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { at, event } of run.trace) {
    if (event.kind !== 'wal.send' || !event.resend || at < fromMs * 1000) continue;
    const key = `${event.to} ${event.group}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Members of each group as the metadata has them, and whether each of them holds the whole log. */
function membersOf(run: TapeRun): string[] {
  const [{ truth, groups }] = run.monitors.volumes;
  return truth.groups.map((group) => {
    const sets = groups.get(group.id)?.members.committed?.sets ?? '';
    const last = group.lsns[group.lsns.length - 1] ?? group.base;
    for (const node of group.replicas.keys())
      if (sets.includes(node)) expect(trueScl(group, node), `${node} of ${group.id}`).toBe(last);
    return sets;
  });
}

test('WAL-71 F24 a wiped disk is found, its replica removed and made anew as a learner, while commits go on', async () => {
  const run = await runTapeText(
    tapeOf('cynosdb', '100.000 wipeDisk store-2 for 5.000 ms', '400.000 workloadStop d1'),
    600,
  );
  expect(run.monitors.violations).toEqual([]);
  expect(eventsIn(run, 'disk.lost')).toHaveLength(2);
  expect(eventsIn(run, 'base.installed', 'store-2').map(({ why }) => why)).toEqual(['learner', 'learner']);
  expect(membersOf(run)).toEqual(['store-1,store-3,store-2', 'store-1,store-3,store-2']);
  expect(commits(run, 100, 200)).toBeGreaterThan(20);
  expect(run.monitors.exercised['member.one-step']).toBe(10);
});

/** Ends of a replica's story with its disk: what its starts found, in order. */
const starts = (run: TapeRun, node: string): string[] =>
  run.trace.flatMap(({ event, node: at }) =>
    at === node && (event.kind === 'disk.checked' || event.kind === 'disk.rolledBack')
      ? [`${event.group} ${event.kind}`]
      : [],
  );

test('WAL-75 F24 a disk put back to its snapshot is found at the start: its replicas go and are made anew', async () => {
  const run = await runTapeText(
    tapeOf(
      'cynosdb',
      '100.000 snapshotDisk store-2',
      '160.000 rollbackDisk store-2 for 5.000 ms',
      '400.000 workloadStop d1',
      '500.000 crash store-2 for 5.000 ms',
    ),
    600,
  );
  expect(run.monitors.violations).toEqual([]);
  expect(starts(run, 'store-2').sort()).toEqual([
    'g1 disk.checked',
    'g1 disk.rolledBack',
    'g2 disk.checked',
    'g2 disk.rolledBack',
  ]);
  expect(eventsIn(run, 'disk.lost')).toHaveLength(2);
  expect(eventsIn(run, 'base.installed', 'store-2').map(({ why }) => why)).toEqual(['learner', 'learner']);
  expect(membersOf(run)).toEqual(['store-1,store-3,store-2', 'store-1,store-3,store-2']);
  expect(commits(run, 160, 260)).toBeGreaterThan(20);
});

test('WAL-75 a disk put back to what it held already has lost nothing, and its replicas go on', async () => {
  const still = [
    '100.000 workloadStop d1',
    '200.000 snapshotDisk store-2',
    '201.000 rollbackDisk store-2 for 5.000 ms',
  ];
  const run = await runTapeText(
    tapeOf('cynosdb', ...still, '250.000 rollbackDisk store-1 for 5.000 ms'),
    400,
  );
  expect(run.monitors.violations).toEqual([]);
  expect(starts(run, 'store-2')).toEqual(['g1 disk.checked', 'g2 disk.checked']);
  expect(starts(run, 'store-1')).toEqual(['g1 disk.checked', 'g2 disk.checked']); // it has no snapshot
  expect(run.monitors.exercised['member.rollback-found']).toBe(4);
  expect(eventsIn(run, 'disk.lost')).toEqual([]);
});

test('WAL-75 a store that starts while the metadata is away waits for it; commits go on with the others', async () => {
  const lines = [
    '100.000 crash meta-1 for 150.000 ms',
    '110.000 crash store-3 for 10.000 ms',
    '400.000 workloadStop d1',
  ];
  const run = await runTapeText(tapeOf('cynosdb', ...lines), 500);
  expect(run.monitors.violations).toEqual([]);
  const opened = run.trace.filter(({ event, node }) => event.kind === 'store.open' && node === 'store-3');
  expect(opened).toHaveLength(2);
  expect(Math.min(...opened.map(({ at }) => at))).toBeGreaterThan(250_000);
  expect(commits(run, 130, 240)).toBeGreaterThan(20);
  membersOf(run);
});

test('HOLE-39 WAL-71 two replicas lack what the third has dropped from its log: images of it heal both (seed 151)', async () => {
  const lines = [
    '100.000 cut rw-1 | store-2 for 150.000 ms', // far behind; GC does not wait for it
    '180.000 wipeDisk store-3 for 5.000 ms',
    '185.000 cut store-3 | store-1 for 60.000 ms', // so its image comes from store-2, and is as far behind
    '400.000 workloadStop d1',
  ];
  const tape = tapeOf('cynosdb', ...lines).replace('seed 5', 'set holdMaxMs 20\nseed 5');
  const run = await runTapeText(tape, 600);
  expect(run.monitors.violations).toEqual([]);
  expect(eventsIn(run, 'base.installed').map(({ from, why }) => `${from} ${why}`)).toEqual([
    'store-2 learner',
    'store-2 learner',
    'store-1 needBase',
    'store-1 needBase',
    'store-1 needBase',
    'store-1 needBase',
  ]);
  expect(membersOf(run)).toEqual(['store-1,store-2,store-3', 'store-1,store-2,store-3']);
  expect(commits(run, 260, 400)).toBeGreaterThan(20);
});

test('WAL-62 to 66 a replica moves to a spare store under load; the old one deletes its copy', async () => {
  const run = await runTapeText(
    tapeOf('cynosdb-4', '100.000 moveReplica store-2 store-4', '400.000 workloadStop d1'),
    600,
  );
  expect(run.monitors.violations).toEqual([]);
  expect(membersOf(run)).toEqual(['store-1,store-4,store-3', 'store-1,store-4,store-3']);
  expect(eventsIn(run, 'member.dropped', 'store-2')).toHaveLength(2);
  for (let from = 100; from < 200; from += 20)
    expect(commits(run, from, from + 20), `${from} ms`).toBeGreaterThan(0);
});

// removed, learner, and DUAL of its groups
test.each([112, 118, 125])(
  'PCS-76 WAL-71 a store that lost its disk dies for good at %i ms: a person gives its replicas to another, under load',
  async (at) => {
    const run = await runTapeText(
      tapeOf(
        'cynosdb-4',
        '100.000 wipeDisk store-2 for 5.000 ms',
        `${at}.000 crash store-2`,
        '300.000 moveReplica store-2 store-4',
        '700.000 workloadStop d1',
      ),
      900,
    );
    expect(run.monitors.violations).toEqual([]);
    expect(eventsIn(run, 'disk.lost')).toHaveLength(2);
    expect(membersOf(run)).toEqual(['store-1,store-3,store-4', 'store-1,store-3,store-4']);
    expect(eventsIn(run, 'base.installed', 'store-4').map(({ why }) => why)).toEqual(['learner', 'learner']);
    expect(commits(run, 300, 700)).toBeGreaterThan(20);
  },
);

test('PCS-79 PCS-100 a store is added under load and another drained, which then ends: no token, writer or session changes', async () => {
  const run = await runTapeText(
    tapeOf(
      'cynosdb-ro',
      '150.000 addNode store-4 store c',
      '200.000 offline store-3',
      '230.000 crash meta-1 for 20.000 ms', // it goes on from its log
      '400.000 crash store-1 for 100.000 ms', // what store-4 has is one of two copies
      '650.000 workloadStop d1',
      '750.000 sql d1 audit "SELECT count(*), sum(balance) FROM accounts"',
    ),
    850,
  );
  expect(run.monitors.violations).toEqual([]);
  expect(eventsIn(run, 'node.joined')).toMatchObject([{ node: 'store-4' }]);
  expect(membersOf(run)).toEqual(['store-1,store-2,store-4', 'store-1,store-2,store-4']);
  expect(eventsIn(run, 'member.dropped', 'store-3')).toHaveLength(2);
  expect(eventsIn(run, 'node.removed')).toMatchObject([{ node: 'store-3' }]);
  const [exit] = run.trace.filter(({ node, event }) => node === 'store-3' && event.kind === 'node.exit');
  const [left] = run.trace.filter(({ node, event }) => node === 'store-3' && event.kind === 'member.dropped');
  expect(exit?.at).toBeGreaterThan(left?.at ?? Number.MAX_SAFE_INTEGER);
  expect(run.monitors.exercised['placement.drained']).toBeGreaterThan(0);
  const after = run.trace.filter(({ at }) => at > 150_000).map(({ event }) => event.kind);
  for (const kind of ['token.grant', 'meta.writer', 'recovery.step', 'ro.revoked', 'ro.lost'] as const)
    expect(after, kind).not.toContain(kind);
  expect(eventsIn(run, 'op.return').filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
  const [audit] = [...run.answers.values()].flatMap(({ statements }) => statements);
  expect(audit).toMatchObject({ rows: [['100', '100000']] });
  for (let from = 100; from < 640; from += 20)
    expect(commits(run, from, from + 20), `${from} ms`).toBeGreaterThan(0);
});

test('PCS-79 PCS-80 PCS-100 a drain waits for a store that may take its replicas, and is taken back; what has no replica left stays for good', async () => {
  const run = await runTapeText(
    tapeOf(
      'cynosdb-ro',
      '150.000 offline store-3', // with three stores its replicas have nowhere to go
      '300.000 addNode store-4 store c',
      '320.000 cancelOffline store-3',
      '420.000 removeNode store-2', // drained as well: it holds replicas
      '600.000 moveReplica store-3 store-2', // refused: it was removed
      '700.000 offline store-1', // nowhere to go
      '701.000 offline store-3', // refused: one would be left
      '800.000 workloadStop d1',
    ),
    950,
  );
  expect(run.monitors.violations).toEqual([]);
  expect(eventsIn(run, 'node.offline').map(({ node, isOffline }) => [node, isOffline])).toEqual([
    ['store-3', true],
    ['store-3', false],
    ['store-2', true],
    ['store-1', true],
  ]);
  expect(eventsIn(run, 'node.removed')).toMatchObject([{ node: 'store-2' }]);
  const refused = eventsIn(run, 'group.move.done').filter(({ to }) => to === 'store-2');
  expect(refused.map(({ outcome }) => outcome)).toEqual(['NODE_TOMBSTONED', 'NODE_TOMBSTONED']);
  expect(membersOf(run)).toEqual(['store-1,store-4,store-3', 'store-1,store-4,store-3']);
  const begun = run.trace.flatMap(({ at, event }) => (event.kind === 'plan.begin' ? [{ at, ...event }] : []));
  expect(new Set(begun.map(({ from, to, why }) => `${from} ${to} ${why}`))).toEqual(
    new Set(['store-2 store-4 DRAIN']),
  );
});

test('PCS-79 PCS-100 a store that was added and has nothing is removed at once, and no reader loses a session for it', async () => {
  const run = await runTapeText(
    tapeOf(
      'cynosdb-ro',
      '150.000 addNode store-4 store c',
      '180.000 removeNode store-4',
      `220.000 sql d1 audit "SELECT count(*), min(state) FROM pcs_nodes WHERE node_id = 'store-4'"`,
    ),
    300,
  );
  expect(run.monitors.violations).toEqual([]);
  expect(eventsIn(run, 'node.removed')).toMatchObject([{ node: 'store-4' }]);
  expect(eventsIn(run, 'ro.revoked')).toEqual([]);
  const [audit] = [...run.answers.values()].flatMap(({ statements }) => statements);
  expect(audit).toMatchObject({ rows: [['1', 'tombstone']] });
});

test('WAL-64 a change is taken back midway, by a person and by its deadline; the old members stay', async () => {
  const cut = '100.000 isolate store-4';
  const asked = await runTapeText(
    tapeOf(
      'cynosdb-4',
      cut,
      '101.000 moveReplica store-2 store-4',
      '150.000 rollbackMove',
      '250.000 workloadStop d1',
    ),
    400,
  );
  const timedOut = await runTapeText(
    tapeOf('cynosdb-4', cut, '101.000 moveReplica store-2 store-4 g1', '250.000 workloadStop d1'),
    1500,
  );
  for (const [run, count] of [
    [asked, 2],
    [timedOut, 1],
  ] as const) {
    expect(run.monitors.violations).toEqual([]);
    expect(eventsIn(run, 'group.move.done').map(({ outcome }) => outcome)).toEqual(
      Array(count).fill('rolledBack'),
    );
    expect(membersOf(run)).toEqual(['store-1,store-2,store-3', 'store-1,store-2,store-3']);
    expect(commits(run, 101, 250)).toBeGreaterThan(30);
  }
});

/** When the metadata committed a step of the change, ms. */
function stepAt(run: TapeRun, step: string): number {
  const found = run.trace.find(({ event }) => event.kind === 'group.members' && event.step === step);
  expect(found, step).toBeDefined();
  return (found?.at ?? 0) / 1000;
}

test('WAL-63 WAL-64 F33 a change survives a crash of its new member, the writer or the metadata at each of its steps', async () => {
  const move = '100.000 moveReplica store-2 store-4 g2';
  const whole = await runTapeText(tapeOf('cynosdb-4', move), 200);
  const hits: readonly (readonly [step: string, node: string, downMs: number])[] = [
    ['learner', 'meta-1', 20],
    ['joint', 'store-4', 150],
    ['joint', 'rw-1', 5],
    ['leaving', 'meta-1', 20],
  ];
  for (const [step, node, downMs] of hits) {
    const at = (stepAt(whole, step) + 0.05).toFixed(3);
    const tape = tapeOf(
      'cynosdb-4',
      move,
      `${at} crash ${node} for ${downMs}.000 ms`,
      '122.000 crash rw-1 for 5.000 ms',
      '350.000 workloadStop d1',
    );
    const run = await runTapeText(tape, 500);
    expect(run.monitors.violations, `${node} at ${step}`).toEqual([]);
    expect(eventsIn(run, 'recovery.done').length).toBeGreaterThan(0);
    expect(eventsIn(run, 'group.move.done').map(({ outcome }) => outcome)).toEqual(['done']);
    expect(membersOf(run)[1]).toBe('store-1,store-4,store-3');
    expect(commits(run, 200, 350)).toBeGreaterThan(20);
  }
});

test('F28 WAL-15 6/4/3: the loss of a zone does not stop writes', async () => {
  const run = await runTapeText(
    tapeOf('cynosdb-6', '100.000 isolate store-5 store-6 for 200.000 ms', '400.000 workloadStop d1'),
    600,
  );
  expect(run.monitors.violations).toEqual([]);
  expect(eventsIn(run, 'group.quorum')).toEqual([]);
  for (let from = 100; from < 300; from += 50) expect(commits(run, from, from + 50)).toBeGreaterThan(10);
  membersOf(run);
});

test('F29 6/4/3: with a zone and one more gone writes wait and say so, reads and repair go on, nothing is lost', async () => {
  const run = await runTapeText(
    tapeOf(
      'cynosdb-6',
      '60.000 crash store-4',
      '100.000 isolate store-5 store-6',
      '150.000 sql d1 "select count(*) from accounts"',
      '200.000 restart store-4',
      '300.000 healAll',
      '400.000 workloadStop d1',
    ),
    600,
  );
  expect(run.monitors.violations).toEqual([]);
  const traced = eventsIn(run, 'group.quorum');
  expect(traced.map(({ group, state }) => `${group} ${state}`).sort()).toEqual([
    'g1 BELOW_WRITE_QUORUM',
    'g1 OK',
    'g2 BELOW_WRITE_QUORUM',
    'g2 OK',
  ]);
  expect(traced[0]).toMatchObject({ live: 3, vw: 4 });
  expect(commits(run, 110, 200)).toBe(0);
  const [read] = run.trace.filter(({ event }) => event.kind === 'sql.end');
  expect(read?.event).toMatchObject({ outcome: 'ok' });
  expect(read?.at).toBeLessThan(200_000);
  expect(eventsIn(run, 'hole.fill', 'store-4').length).toBeGreaterThan(0);
  expect(commits(run, 210, 300)).toBeGreaterThan(10);
  membersOf(run);
});

test('WAL-37 HOLE-39 WAL-71 a member away for longer than holdMaxMs is left behind by GC and healed by a base image', async () => {
  const run = await runTapeText(
    tapeOf('cynosdb', '100.000 crash store-3', '1500.000 restart store-3', '1700.000 workloadStop d1'),
    2000,
  );
  expect(run.monitors.violations).toEqual([]);
  const healed = eventsIn(run, 'base.installed', 'store-3');
  expect(healed.map(({ why }) => why)).toContain('needBase');
  expect(eventsIn(run, 'disk.lost')).toEqual([]);
  expect(membersOf(run)).toEqual(['store-1,store-2,store-3', 'store-1,store-2,store-3']);
});

/** The 99th percentile of the time from a commit's record to its acknowledgement, µs. */
function commitP99(run: TapeRun, fromMs: number): number {
  const begun = new Map<number, number>();
  const took: number[] = [];
  for (const { at, event } of run.trace) {
    if (event.kind === 'mtr.append' && event.commit) begun.set(event.end - 1, at);
    else if (event.kind === 'commit.ack' && at >= fromMs * 1000) took.push(at - (begun.get(event.scn) ?? at));
  }
  took.sort((a, b) => a - b);
  expect(took.length).toBeGreaterThan(50);
  return took[Math.floor(took.length * 0.99)] ?? 0;
}

test('WAL-15 F21 a slow replica does not slow commits: two of three wait for it no more than for none', async () => {
  const slow = '60.000 diskSlow store-3 5000 %';
  const quiet = await runTapeText(tapeOf('cynosdb'), 400);
  const vwOfV = await runTapeText(tapeOf('cynosdb', slow), 400);
  const allOfV = await runTapeText(tapeOf('cynosdb', slow, '60.000 crash store-2'), 1500);
  for (const run of [quiet, vwOfV, allOfV]) expect(run.monitors.violations).toEqual([]);
  expect(commitP99(vwOfV, 100)).toBeLessThan(2 * commitP99(quiet, 100));
  expect(commitP99(allOfV, 100)).toBeGreaterThan(3 * commitP99(vwOfV, 100));
});

test('WAL-12 a dead store, a slow one and one that returns below the write quorum are sent no more than the timer would', async () => {
  const resendMs = 20;
  const dead = await runTapeText(tapeOf('cynosdb', '100.000 crash store-2'), 600);
  const lone = ['100.000 crash store-2', '100.000 diskSlow store-3 5000 %'];
  const slow = await runTapeText(tapeOf('cynosdb', ...lone), 600);
  const below = ['100.000 crash store-2', '100.000 isolate store-3', '450.000 heal rw-1 | store-3'];
  const returns = await runTapeText(tapeOf('cynosdb', ...below, '600.000 workloadStop d1'), 800);
  for (const run of [dead, slow, returns]) {
    expect(run.monitors.violations).toEqual([]);
    const counts = resends(run, 100);
    expect(counts.size > 0).toBe(run !== dead); // its records pass VDL without it
    for (const [key, count] of counts) expect(count, key).toBeLessThanOrEqual((2 * 700) / resendMs);
  }
  expect(commits(returns, 110, 440)).toBe(0);
  expect(commits(returns, 450, 600)).toBeGreaterThan(10);
  const acked = returns.trace.filter(({ event }) => event.kind === 'commit.ack').map(({ event }) => event);
  expect(new Set(acked.map((event) => ('term' in event ? event.term : -1)))).toEqual(new Set([1]));
});
