// Who holds the metadata's log, end to end (docs/spec/raft.md PCS-22 to PCS-26, PCS-105 to PCS-108): a node is added, one is removed, a
// lost one comes back under a new identity, and the leader dies at every step of it.

import { describe, expect, test } from 'vitest';
import { drawnOf } from '../testing/depth.ts';
import { leadersOf, membersOf, runPcs, timesOf } from './pcs-fixture.ts';
import { eventsIn, lastAnswers, runTapeText, type TapeRun } from './tape-fixture.ts';

const done = (run: TapeRun): string[] =>
  eventsIn(run, 'pcs.change.done').map(({ node, want }) => `${node} ${want}`);
const leader = (run: TapeRun): string => leadersOf(run).at(-1) ?? '';

test('PCS-105, PCS-106 a spare node is added: learner, joint consensus, voter; then another is removed', async () => {
  const run = await runPcs(300, ['150.000 addPcs pcs-4', '200.000 removePcs pcs-1']);
  expect(run.monitors.violations).toEqual([]);
  expect(done(run)).toEqual(['pcs-4 in', 'pcs-1 out']);
  expect(membersOf(run, leader(run))).toBe('pcs-2,pcs-3,pcs-4||');
  const steps = run.trace.flatMap(({ node, event }) =>
    node === 'pcs-3' && event.kind === 'raft.members' && event.index > 1
      ? [`${event.voters}|${event.outgoing}|${event.learners}`]
      : [],
  );
  expect(steps.slice(0, 3)).toEqual([
    'pcs-1,pcs-2,pcs-3||pcs-4',
    'pcs-1,pcs-2,pcs-3,pcs-4|pcs-1,pcs-2,pcs-3|',
    'pcs-1,pcs-2,pcs-3,pcs-4||',
  ]);
});

const members = (run: TapeRun): string[] =>
  (membersOf(run, leader(run)) ?? '').split('|').flatMap((set) => set.split(',').filter((one) => one !== ''));

describe('PCS-24, PCS-25, PCS-106 the leader dies at a step of the change: the next one finishes it', () => {
  const change = ['150.000 addPcs pcs-4', '260.000 removePcs pcs-1'];
  test.each(drawnOf([1, 2, 3]))('seed %i, every step', async (seed) => {
    const whole = await runPcs(320, change, { seed });
    const first = leadersOf(whole).at(0) ?? '';
    const steps = [...timesOf(whole, 'raft.members', first), ...timesOf(whole, 'pcs.admitted', first)]
      .filter((at) => at > 150)
      .concat(timesOf(whole, 'pcs.change.begin', first), timesOf(whole, 'pcs.change.done', first));
    const moments = [...new Set(steps.map((at) => at.toFixed(3)))];
    expect(moments.length).toBeGreaterThan(6);
    for (const at of moments) {
      const run = await runPcs(440, [...change, `${at} crash ${first} for 60.000 ms`].sort(byTime), { seed });
      expect([at, run.monitors.violations]).toEqual([at, []]);
      expect([at, leadersOf(run).length > 1]).toEqual([at, true]);
      // the second order would be refused if the first change were open still
      expect([at, members(run)]).toEqual([at, ['pcs-2', 'pcs-3', 'pcs-4']]);
    }
  });
});

test('PCS-105, PCS-107 a node that was taken back before it heard of it is ordered in again by the same leader', async () => {
  const add = '150.000 addPcs pcs-4';
  const [joined = 0] = timesOf(await runPcs(180, [add]), 'raft.open', 'pcs-4').filter((at) => at > 150);
  const run = await runPcs(600, [
    add,
    // it has its identity, and hears nothing more
    `${(joined + 0.001).toFixed(3)} partition pcs-4 | pcs-1 pcs-2 pcs-3 for 100.000 ms`,
    '200.000 removePcs pcs-4',
    '400.000 addPcs pcs-4',
  ]);
  expect(run.monitors.violations).toEqual([]);
  expect(leadersOf(run)).toHaveLength(1);
  expect(done(run)).toEqual(['pcs-4 out', 'pcs-4 in']);
  expect(membersOf(run, leader(run))).toBe('pcs-1,pcs-2,pcs-3,pcs-4#2||');
});

test('PCS-16, PCS-102 the last member opens again: it commits what its disk holds, of an earlier term, and takes another in', async () => {
  const run = await runPcs(440, [
    '150.000 removePcs pcs-1',
    '200.000 removePcs pcs-2',
    '260.000 crash pcs-3 for 20.000 ms',
    '330.000 addPcs pcs-4',
  ]);
  expect(run.monitors.violations).toEqual([]);
  expect(done(run)).toEqual(['pcs-1 out', 'pcs-2 out', 'pcs-4 in']);
  const [opened] = run.trace.flatMap(({ at, node, event }) =>
    at > 280_000 && node === 'pcs-3' && event.kind === 'raft.leader' ? [event] : [],
  );
  const committed = eventsIn(run, 'raft.commit', 'pcs-3').find(({ term }) => term === opened?.term);
  expect(opened?.lastTerm).toBeLessThan(opened?.term ?? 0);
  expect(committed).toMatchObject({ index: opened?.index, leads: true });
});

const byTime = (a: string, b: string): number => Number.parseFloat(a) - Number.parseFloat(b);

describe('PCS-25 the leader itself is removed: it hands over and goes', () => {
  test.each(drawnOf([5, 6, 7]))('seed %i', async (seed) => {
    const [first = ''] = leadersOf(await runPcs(140, [], { seed }));
    const run = await runPcs(300, [`150.000 removePcs ${first}`], { seed });
    expect(run.monitors.violations).toEqual([]);
    expect(done(run)).toEqual([`${first} out`]);
    expect(leader(run)).not.toBe(first);
    expect(members(run)).not.toContain(first);
    expect(eventsIn(run, 'raft.identityLost', first)).toEqual([
      { kind: 'raft.identityLost', why: 'removed' },
    ]);
    expect(eventsIn(run, 'pcs.idle', first)).toEqual([{ kind: 'pcs.idle', why: 'removed' }]);
  });
});

describe('PCS-105 a member whose disk is not its own comes back under a new identity', () => {
  test.each([
    ['empty', ['150.000 wipeDisk pcs-2 for 5.000 ms']],
    ['older', ['26.000 snapshotDisk pcs-2', '150.000 rollbackDisk pcs-2 for 5.000 ms']],
  ])('%s', async (why, lines) => {
    const run = await runPcs(360, [...lines, '200.000 addPcs pcs-2', '260.000 crash pcs-3 for 40.000 ms']);
    expect(run.monitors.violations).toEqual([]);
    expect(eventsIn(run, 'pcs.idle', 'pcs-2')).toEqual([{ kind: 'pcs.idle', why }]);
    expect(done(run)).toEqual(['pcs-2 in']);
    expect(members(run)).toEqual(['pcs-1', 'pcs-3', 'pcs-2#2']);
    // with pcs-3 down only its vote makes a majority
    expect(leadersOf(run).length).toBeGreaterThan(1);
  });

  test('removed and added anew, twice: each time another identity', async () => {
    const lines = [150, 190, 230, 270].map((at, i) => `${at}.000 ${i % 2 === 0 ? 'remove' : 'add'}Pcs pcs-2`);
    const run = await runPcs(320, lines);
    expect(run.monitors.violations).toEqual([]);
    expect(members(run)).toEqual(['pcs-1', 'pcs-3', 'pcs-2#3']);
  });
});

describe('PCS-108 an order that comes while nobody leads waits, and is carried out once', () => {
  test('moveReplica', async () => {
    const run = await runPcs(420, [
      '150.000 crash pcs-3 for 80.000 ms',
      '150.000 crash pcs-2 for 80.000 ms',
      '160.000 moveReplica store-3 store-4',
      '170.000 addPcs pcs-4',
    ]);
    expect(run.monitors.violations).toEqual([]);
    expect(eventsIn(run, 'group.move.done').map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    expect(eventsIn(run, 'pcs.order').map(({ what, code }) => `${what}${code}`)).toEqual([
      'beginMove',
      'beginMove',
      'changePcs',
    ]);
    expect(done(run)).toEqual(['pcs-4 in']);
  });

  test('PCS-105 PCS-106 a node that was given an identity for this life of it votes: a later order gives it no other', async () => {
    const run = await runPcs(500, [
      '150.000 wipeDisk pcs-3 for 10.000 ms',
      '200.000 addPcs pcs-3',
      '300.000 addPcs pcs-3',
    ]);
    expect(run.monitors.violations).toEqual([]);
    expect(eventsIn(run, 'pcs.order').map(({ code }) => code)).toEqual(['', 'ALREADY_VOTER']);
    expect(eventsIn(run, 'pcs.admitted').map(({ as }) => as)).toEqual(['pcs-3#2']);
    expect(done(run)).toEqual(['pcs-3 in']);
  });

  test('what cannot be done is answered by name', async () => {
    const run = await runPcs(260, [
      '150.000 addPcs pcs-1',
      '151.000 removePcs pcs-5',
      '156.000 rollbackMove g1',
      '160.000 isolate pcs-4 for 30.000 ms',
      '161.000 addPcs pcs-4',
      '165.000 addPcs pcs-5',
      '170.000 removePcs pcs-4',
    ]);
    expect(run.monitors.violations).toEqual([]);
    expect(eventsIn(run, 'pcs.order').map(({ code }) => code)).toEqual([
      'ALREADY_VOTER',
      'NOT_MEMBER',
      'NOTHING_TO_DO',
      '',
      'CHANGE_IN_PROGRESS',
      '',
    ]);
    expect(done(run)).toEqual(['pcs-4 out']);
  });
});

test('PCS-24 PCS-79 PCS-102 PCS-103 the only node of the metadata is drained: another takes its place, and who missed it is told (drawn postdb-v4 seeds 10, 13)', async () => {
  const run = await runTapeText(
    [
      ...['postdb-tape 1', 'engine 0.21.0', 'cluster alone', 'architecture postdb-v4'],
      ...['node d1 driver a', 'node n1 node a', 'node n2..4 data a', 'tablets copies=3 write=2 read=2'],
      ...['boot 120.000', 'slowdown 1000', 'profile demo', 'seed 7', ''],
      '0.000 workload d1 main kind=tablet-transfer clients=2 rows=100 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true',
      '200.000 addNode n5 node a',
      '300.000 offline n1',
      '301.000 cut n1 n2 n3 n4 n5 > d1 for 40.000 ms',
      '1200.000 crash d1 for 10.000 ms',
      '1220.000 sql d1 sum "SELECT sum(balance), count(*) FROM accounts"',
    ].join('\n'),
    1600,
  );
  expect(run.monitors.violations).toEqual([]);
  expect(eventsIn(run, 'node.removed').map(({ node }) => node)).toEqual(['n1']);
  expect(membersOf(run, 'n5')).toBe('n5||');
  expect(lastAnswers(run).sum).toBe('100000,100');
});
