// The plan of a partition: sides, ways, the links it cuts, and the one action it makes, whether drawn or chosen.

import { beforeEach, describe, expect, test } from 'vitest';
import { time } from '../../base/ids.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { printAction } from '../../sim/tape-print.ts';
import { tapes } from '../../stacks/tapes.ts';
import { pairLinks } from '../../state/link-pair.ts';
import { timed } from '../faults/entry.ts';
import { hookCluster } from '../testing/hook-cluster.ts';
import { startWorld } from '../testing/world-frame.ts';
import {
  emptyPlan,
  isInside,
  type PartitionPlan,
  partitionStore,
  planAction,
  plannedCuts,
  setPlan,
  splitOff,
} from './partition-plan.ts';

const line = (plan: PartitionPlan): string | null => {
  const action = planAction(plan, hookCluster);
  return action === null ? null : printAction(tapes, timed(action));
};
const plan = (change: Partial<PartitionPlan>): PartitionPlan => ({ ...emptyPlan, ...change });

beforeEach(() => partitionStore.setState(emptyPlan));

describe('what a plan makes', () => {
  test('nothing while everybody is on one side', () => {
    expect(line(emptyPlan)).toBeNull();
    expect(plannedCuts(emptyPlan, hookCluster)).toEqual([]);
  });

  test('E06 E07 the lasso round a node and its radio are the same partition', () => {
    splitOff(['store-3']);
    const drawn = line(partitionStore.getState());
    setPlan({ ...emptyPlan, sides: { 'store-3': 'B' } });
    expect(line(partitionStore.getState())).toBe(drawn);
    expect(drawn).toBe('partition d1 meta-1 rw-1 store-1 store-2 | store-3');
  });

  test('three sides, without the control nodes, for a while', () => {
    expect(line(plan({ sides: { 'store-2': 'B', 'store-3': 'C' }, control: false, forUs: 6000 }))).toBe(
      'partition d1 rw-1 store-1 | store-2 | store-3 for 6.000 ms',
    );
  });

  test('one way is a cut in that direction', () => {
    const sides = { 'store-3': 'B' } as const;
    expect(line(plan({ sides, way: 'there' }))).toBe('cut d1 meta-1 rw-1 store-1 store-2 > store-3');
    expect(line(plan({ sides, way: 'back' }))).toBe('cut store-3 > d1 meta-1 rw-1 store-1 store-2');
  });

  test('the links that would be cut, with their direction', () => {
    const sides = { 'store-3': 'B' } as const;
    const texts = (change: Partial<PartitionPlan>): readonly string[] =>
      plannedCuts(plan({ sides, ...change }), hookCluster).map(({ text }) => text);
    const others = ['d1', 'meta-1', 'rw-1', 'store-1', 'store-2'];
    expect(texts({})).toEqual(others.map((other) => `${other}–store-3`));
    expect(texts({ way: 'there' })).toEqual(others.map((other) => `${other} → store-3`));
    expect(texts({ way: 'back' })).toEqual(others.map((other) => `store-3 → ${other}`));
    expect(plannedCuts(plan({ sides: { 'meta-1': 'B' }, control: false }), hookCluster)).toEqual([]);
  });
});

test.each<[string, Partial<PartitionPlan>]>([
  ['one store', { sides: { 'store-2': 'B' } }],
  ['two stores', { sides: { 'store-2': 'B', 'store-3': 'B' } }],
  ['two stores, one way', { sides: { 'store-2': 'B', 'store-3': 'B' }, way: 'back' }],
  ['three sides', { sides: { 'store-2': 'B', 'store-3': 'C' } }],
])('E06 the panel names the links that are cut afterwards, drawn before or not: %s', async (_, change) => {
  const split = plan(change);
  const run = startWorld({
    edge: await loadSqlEdge(),
    preset: 'hook-hole',
    lines: [`1.000 ${line(split)}`],
    view: {},
  });
  run.runTo(time(2000));
  const { frame } = run.shoot();
  const order = frame.cluster.nodes.map(({ id }) => id);
  const cut = pairLinks(frame.links, order).filter(
    ({ there, back }) => there?.cut === true || back?.cut === true,
  );
  const names = (ends: readonly { readonly a: string; readonly b: string }[]): readonly string[] =>
    ends.map(({ a, b }) => [a, b].sort().join('|')).sort();
  expect(cut.length).toBeGreaterThan(4);
  expect(names(plannedCuts(split, frame.cluster))).toEqual(names(cut));
});

test('a point is inside a drawn line that is taken as closed, however it bends', () => {
  const u: readonly (readonly [number, number])[] = [
    [0, 0],
    [30, 0],
    [30, 30],
    [20, 30],
    [20, 10],
    [10, 10],
    [10, 30],
    [0, 30],
  ];
  expect(isInside([5, 20], u)).toBe(true);
  expect(isInside([15, 20], u)).toBe(false);
  expect(isInside([25, 20], u)).toBe(true);
  expect(isInside([40, 20], u)).toBe(false);
});
