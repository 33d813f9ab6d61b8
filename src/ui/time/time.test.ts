// What the comparison, the runs and a search say, from their data alone.

import { describe, expect, test } from 'vitest';
import type { ListedRun } from '../../lab/time-api.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { compareNodes, signOf } from './diff.ts';
import { runRows } from './run-tree.ts';

const nodeOf = (id: string): NodeFrame => {
  const found = makeHookFrame().nodes.find((node) => node.id === id);
  if (found === undefined) throw new Error(`no node ${id}`);
  return found;
};

describe('two branches', () => {
  const store = nodeOf('store-1');
  const down: NodeFrame = { ...store, status: 'down' };

  test('a node that is the same in both has the sign =, and so has every number of it', () => {
    expect(signOf(store, store)).toBe('=');
    const pairs = compareNodes(store, store);
    expect(pairs.length).toBeGreaterThan(4);
    expect(pairs.filter(({ sign }) => sign !== '=')).toEqual([]);
  });

  test('a node that is up only here is +, only there -; numbers that a node has not got are named', () => {
    expect(signOf(store, down)).toBe('+');
    expect(signOf(down, store)).toBe('-');
    const pairs = compareNodes(down, store);
    expect(pairs[0]).toEqual({ name: 'status', here: 'down', there: 'up', sign: 'Δ' });
    expect(
      pairs.some(({ name, sign, here }) => name.startsWith('SCL') && sign === '-' && here === null),
    ).toBe(true);
  });

  test('another life alone is a difference', () => {
    const reborn: NodeFrame = { ...store, life: store.life + 1 };
    expect(signOf(store, reborn)).toBe('Δ');
    expect(compareNodes(store, reborn).filter(({ sign }) => sign !== '=')).toMatchObject([{ name: 'life' }]);
  });
});

describe('the tree of runs', () => {
  const run = (runId: string, parent: string | null, startedAt: number): ListedRun => ({
    runId,
    parent,
    startedAt,
    origin: { kind: 'start' },
    name: null,
    isPinned: false,
    marks: [],
    forkedAt: 0,
    isOn: false,
    preset: 'hook-hole',
    seed: 7,
    until: 0,
    actions: 1,
    bytes: 0,
  });
  const shape = (runs: readonly ListedRun[]) =>
    runRows(runs).map(({ run: { runId }, depth, parentRow }) => [runId, depth, parentRow]);

  test('a branch stands below the run it left, the oldest first', () => {
    expect(
      shape([run('c', 'a', 3), run('a', null, 1), run('d', 'c', 4), run('b', 'a', 2), run('e', null, 5)]),
    ).toEqual([
      ['a', 0, null],
      ['b', 1, 0],
      ['c', 1, 0],
      ['d', 2, 2],
      ['e', 0, null],
    ]);
  });

  test('a run whose parent is gone is a root; no runs make no rows', () => {
    expect(shape([run('b', 'gone', 1)])).toEqual([['b', 0, null]]);
    expect(shape([])).toEqual([]);
  });
});
