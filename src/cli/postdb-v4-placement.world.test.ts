// Scale-out and scale-in of `postdb-v4` (docs/spec/placement.md PCS-66 to PCS-80): nodes that are added get replicas and leaderships, a node that is
// to leave is drained and ends, and clients lose nothing but time.

import { describe, expect, test } from 'vitest';
import { leadersOf, membersOf } from './pcs-fixture.ts';
import { eventsIn, type TapeRun } from './tape-fixture.ts';
import { answersOf, done, readBack, run, sql, WHOLE } from './v4-fixture.ts';

/** Members of each group at the end, as the metadata committed them. */
function placesIn(one: TapeRun): Map<string, string[]> {
  const places = new Map<string, string[]>();
  for (const { group, voters } of eventsIn(one, 'group.made')) places.set(group, voters.split(','));
  for (const { group, sets } of eventsIn(one, 'group.members'))
    places.set(group, (sets.split('|').at(-1) ?? '').split(','));
  return places;
}

const countOn = (places: ReadonlyMap<string, readonly string[]>, node: string): number =>
  [...places.values()].filter((members) => members.includes(node)).length;

const added = (at: number, ...names: readonly string[]): string[] =>
  names.map((name, i) => `${at + i}.000 addNode ${name} node ${'abc'[i % 3]}`);

describe('scale-out and scale-in', () => {
  test('PCS-67 PCS-78 PCS-79 PCS-72 three nodes are added and get their share; they are drained again and end', async () => {
    const one = await run(
      [
        ...added(200, 'n4', 'n5', 'n6'),
        ...['n4', 'n5', 'n6'].map((node, i) => `${1500 + i * 10}.000 offline ${node}`),
        ...readBack(3300),
      ],
      3500,
    );
    expect(one.monitors.violations).toEqual([]);
    const before = { trace: one.trace.filter(({ at }) => at < 1_500_000), monitors: one.monitors };
    const grown = placesIn(before);
    expect(['n1', 'n2', 'n3', 'n4', 'n5', 'n6'].map((node) => countOn(grown, node))).toEqual([
      2, 2, 2, 2, 2, 2,
    ]);
    expect(eventsIn(before, 'plan.rest').length).toBeGreaterThan(0);
    const shrunk = placesIn(one);
    expect(['n1', 'n2', 'n3', 'n4', 'n5', 'n6'].map((node) => countOn(shrunk, node))).toEqual([
      4, 4, 4, 0, 0, 0,
    ]);
    expect(eventsIn(one, 'node.exit').length).toBe(3);
    expect(eventsIn(one, 'group.quorum').filter(({ state }) => state !== 'OK')).toEqual([]);
    expect(answersOf(one)).toEqual(WHOLE);
    const failed = one.trace.filter(({ event }) => event.kind === 'op.return' && event.outcome === 'error');
    expect(failed).toEqual([]);
    expect(done(one, 3000)).toBeGreaterThan(20);
    for (const rule of ['placement.drained', 'member.quorums-meet', 'member.one-step'] as const)
      expect(one.monitors.exercised[rule], rule).toBeGreaterThan(0);
  });

  test('PCS-24 PCS-79 PCS-105 a node that votes on the metadata goes: one that came later takes its place first', async () => {
    const one = await run([...added(200, 'n4'), '500.000 offline n2', ...readBack(1700)], 1900);
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'pcs.order').map(({ code }) => code)).toEqual(['']);
    const [leader = ''] = leadersOf(one).slice(-1);
    expect(eventsIn(one, 'pcs.change.done', leader).map(({ node, want }) => `${node} ${want}`)).toEqual([
      'n4 in',
      'n2 out',
    ]);
    expect(membersOf(one, leader)).toBe('n1,n3,n4||');
    const order = one.trace.flatMap(({ event }) =>
      event.kind === 'raft.identityLost' || event.kind === 'node.removed' || event.kind === 'node.exit'
        ? [event.kind]
        : [],
    );
    expect(order).toEqual(['raft.identityLost', 'node.removed', 'node.exit']);
    expect(answersOf(one)).toEqual(WHOLE);
    expect(one.monitors.exercised['placement.drained']).toBeGreaterThan(1);
  });

  // sweep postdb-v4 seed 7: it told those that it was laid out with, and whoever led had come later
  test('PCS-1 PCS-79 PCS-105 a spare tells a leader that it was not laid out with that it has no identity, and takes the place of the next voter that goes', async () => {
    const lines = [
      ...added(200, 'n4', 'n5'),
      '500.000 offline n2',
      '1200.000 crash n1 for 400.000 ms',
      '1200.000 freeze n3 for 150.000 ms',
      '1700.000 offline n1',
      ...readBack(2800),
    ];
    const one = await run(lines, 3000);
    expect(one.monitors.violations).toEqual([]);
    const [leader = ''] = leadersOf(one).slice(-1);
    expect(leader).toBe('n5');
    expect(eventsIn(one, 'node.removed').map(({ node }) => node)).toEqual(['n2', 'n1']);
    expect(answersOf(one)).toEqual(WHOLE);
  });

  test('PCS-80 a node that votes on the metadata is not drained, nor one that is needed', async () => {
    const one = await run(['300.000 offline n2', sql(500, 'SELECT owner FROM accounts WHERE id = 3')], 600);
    expect(eventsIn(one, 'node.offline')).toEqual([]);
    expect(eventsIn(one, 'pcs.order').map(({ code }) => code)).toEqual(['PCS_VOTER']);
    expect(one.monitors.violations).toEqual([]);
  });

  test('PCS-71 PCS-81 a node that stays away is replaced, and what it held is deleted when it is back', async () => {
    const one = await run([...added(200, 'n4'), '700.000 crash n4 for 1300.000 ms', ...readBack(2600)], 2800);
    expect(one.monitors.violations).toEqual([]);
    const repairs = eventsIn(one, 'plan.begin').filter(({ why, from }) => why === 'REPAIR' && from === 'n4');
    expect(repairs.length).toBeGreaterThan(0);
    expect(answersOf(one)).toEqual(WHOLE);
  });
});
