// A merge as entries of the metadata (docs/spec/placement.md PCS-122): who may become one, what the cut leaves, and what is refused by name with
// nothing moved. At every index of the log a key has one tablet.

import { expect, test } from 'vitest';
import { groupId, type Lsn, nodeId, type Term } from '../../base/ids.ts';
import { makeLeaderBench } from './leader-fixture.ts';
import type { MetaOperation } from './meta-content.ts';

const names = ['n1', 'n2', 'n3'].map(nodeId);
const [n1, n2] = [nodeId('n1'), nodeId('n2')];
const deadline = 60_000_000;

/** Table t of three tablets, g1 to g3, all of them open under token 1. */
function tablets() {
  const bench = makeLeaderBench(names, ['10', '20']);
  bench.cutTable();
  for (const serial of [0, 1, 2]) bench.placeTablet(serial, true);
  const { state, apply } = bench;
  const begin = (group: string, other: string, code = '') =>
    apply({
      ...{ kind: 'beginMerge', leader: n2, deadline, why: 'order', code },
      ...{ group: groupId(group), other: groupId(other) },
    });
  return {
    ...bench,
    begin,
    /** The volume that is made is open: its first primary has all of it. */
    open: (volume: string) => {
      apply({ kind: 'promote', volume, holder: n1, holderBoot: 1, expect: 0 as Term });
      for (const is of ['RECOVERING', 'OPEN'] as const)
        apply({ kind: 'setWriter', volume, term: 1 as Term, state: is });
    },
    cut: (more: Partial<Extract<MetaOperation, { kind: 'cutMerge' }>> = {}) => {
      const tokens = { token: 1 as Term, otherToken: 1 as Term, childToken: 1 as Term };
      return apply({ kind: 'cutMerge', id: 1, ...tokens, lsn: 7 as Lsn, otherLsn: 9 as Lsn, ...more });
    },
    tiling: () => state.content.sharding?.tables[0]?.tablets.map(({ from }) => from),
    groups: () => state.content.volumes.flatMap((volume) => volume.groups.map(({ group }) => group)),
  };
}

test.each([
  ['g1', 'g2', ['', '20']],
  ['g2', 'g1', ['', '20']],
  ['g3', 'g2', ['', '10']],
])(
  'PCS-122 %s and %s become one, in whatever order they are named, and all keys have a tablet',
  (group, other, tiling) => {
    const { state, begin, open, cut, tiling: now, groups, apply } = tablets();
    expect(begin(group, other)).toMatchObject({ kind: 'splitBegun', volume: { name: 'v4' }, leader: n2 });
    expect(now()).toEqual(['', '10', '20']);
    open('v4');
    const cutDone = cut();
    expect(cutDone).toMatchObject({ kind: 'mergeCut' });
    expect(now()).toEqual(tiling);
    const made = state.content.sharding?.tables[0]?.tablets.find(({ geoEpoch }) => geoEpoch > 1);
    expect(made).toMatchObject({ geoEpoch: 2 });
    // what the two had goes when every node knows it (PCS-87)
    expect(groups()).toEqual(['g1', 'g2', 'g3', 'g4']);
    apply({ kind: 'activateTable', version: state.content.sharding?.schemaVersion ?? 0 });
    expect(groups()).toEqual(['g1', 'g2', 'g3', 'g4'].filter((one) => one !== group && one !== other));
  },
);

test('PCS-122 the epoch of what is merged is one above the greater of the two', () => {
  const { state, begin, open, cut } = tablets();
  const sharding = state.content.sharding;
  if (!sharding) throw new Error('tables are cut');
  sharding.tables = sharding.tables.map((table) => ({
    ...table,
    tablets: table.tablets.map((one, i) => ({ ...one, geoEpoch: [3, 5, 1][i] ?? 1 })),
  }));
  begin('g1', 'g2');
  open('v4');
  cut();
  expect(sharding.tables[0]?.tablets.map(({ geoEpoch }) => geoEpoch)).toEqual([6, 1]);
});

test.each([
  ['g1', 'g3', '', 'NOT_NEIGHBOURS'],
  ['g1', 'g1', '', 'NOT_NEIGHBOURS'],
  ['g1', 'g9', '', 'NO_GROUP'],
  ['g1', 'g2', 'TOO_LARGE', 'TOO_LARGE'],
])('PCS-122 %s and %s %s: refused by name, and nothing is made', (group, other, code, refusal) => {
  const { begin, groups } = tablets();
  expect(begin(group, other, code)).toEqual({ kind: 'splitRefused', code: refusal });
  expect(groups()).toEqual(['g1', 'g2', 'g3']);
});

test('PCS-122 one split or merge of a table at a time, and none while a replica moves', () => {
  const { begin, apply, state } = tablets();
  begin('g1', 'g2');
  expect(begin('g2', 'g3')).toMatchObject({ code: 'CHANGE_IN_PROGRESS' });
  apply({ kind: 'endSplit', id: 1, code: 'TIMEOUT' });
  apply({ kind: 'beginMove', group: groupId('g3'), source: n1, to: n1, isLost: true, at: 0, deadline });
  expect(begin('g2', 'g3')).toMatchObject({ code: 'CHANGE_IN_PROGRESS' });
  expect(begin('g1', 'g2')).toMatchObject({ kind: 'splitBegun' });
  expect(state.content.sharding?.splits).toHaveLength(1);
});

test.each([
  ['a source has another primary', { token: 2 as Term }],
  ['the other source has another primary', { otherToken: 2 as Term }],
  ['another primary has the copy', { childToken: 2 as Term }],
])('PCS-122 PCS-46 %s: the cut is refused, and no key has moved', (_, more) => {
  const { begin, open, cut, tiling, groups, apply } = tablets();
  begin('g1', 'g2');
  open('v4');
  expect(cut(more)).toEqual({ kind: 'splitRefused', code: 'STALE_TERM' });
  expect(tiling()).toEqual(['', '10', '20']);
  apply({ kind: 'endSplit', id: 1, code: 'STALE_TERM' });
  expect(groups()).toEqual(['g1', 'g2', 'g3']);
});

test('PCS-122 a source that was taken from its primary since gives no keys away', () => {
  const { begin, open, cut, apply } = tablets();
  begin('g1', 'g2');
  open('v4');
  apply({ kind: 'fenceVolume', volume: 'v2', expect: 1 as Term, target: null });
  expect(cut()).toEqual({ kind: 'splitRefused', code: 'STALE_TERM' });
});

test('PCS-122 a cut that a split by load has made goes with it, and the one before it stays what it was', () => {
  const { state, begin, open, cut } = tablets();
  const { sharding } = state.content;
  if (!sharding) throw new Error('tables are cut');
  const relations = (): number[] => sharding.tables[0]?.tablets.map(({ relation }) => relation) ?? [];
  const [, second = 0, third = 0] = relations();
  sharding.byLoad = [second, third];
  begin('g2', 'g3');
  open('v4');
  cut();
  // the merged one begins where the second did, whose cut the load has made
  expect(sharding.byLoad).toEqual([relations()[1]]);
});
