// Which neighbours the planner makes one (docs/spec/placement.md PCS-122): small and cold ones whose cut a split by load has made, for long, while
// nothing else is under way; and what is merged is far from what is split again (PCS-74).

import { expect, test } from 'vitest';
import { groupId, nodeId } from '../../base/ids.ts';
import { findHot } from '../placement/hot-groups.ts';
import { defaultPlacement } from '../placement/placement-state.ts';
import { upNode } from '../placement/testing/notation.ts';
import { cutTable } from '../sql/cut-table-fixture.ts';
import { makeLeaderBench } from './leader-fixture.ts';
import { COLD_BEATS, COLD_LOAD, driveCold, MERGE_BYTES_MAX, mergeOf } from './merge-cold.ts';

const names = ['n1', 'n2', 'n3'].map(nodeId);
const [g1, g2] = [groupId('g1'), groupId('g2')];
const SMALL = { size: 1000, load: 1 };

/** Table t of two tablets, whose cut a split by load has made; both are small and cold. */
function parted({ byLoad = true } = {}) {
  const bench = makeLeaderBench(names, ['10']);
  bench.start();
  bench.sync();
  bench.cutTable();
  for (const serial of [0, 1]) bench.placeTablet(serial, true);
  const { state, work, sync, events } = bench;
  const { sharding } = state.content;
  if (!sharding) throw new Error('tables are cut');
  if (byLoad) sharding.byLoad = sharding.tables[0]?.tablets.slice(1).map(({ relation }) => relation) ?? [];
  const report = (group = g2, figures = SMALL): void =>
    void state.placement.figures.reported.set(group, { ...figures, buckets: [] });
  report(g1);
  report(g2);
  return {
    ...bench,
    sharding,
    report,
    beats: (count: number): void => {
      for (let i = 0; i < count; i++) {
        work((ctx) => driveCold(state, ctx));
        sync();
      }
    },
    merges: () => sharding.splits.filter(({ other }) => other !== null).length,
    said: () => events.filter(({ kind }) => kind === 'plan.cold').length,
  };
}

test('PCS-122 neighbours that a split by load has parted become one after 250 heartbeats of rest, not before', () => {
  const { beats, merges, said, sharding } = parted();
  beats(COLD_BEATS - 1);
  expect([merges(), said()]).toEqual([0, 0]);
  beats(1);
  expect([merges(), said()]).toEqual([1, 1]);
  expect(sharding.splits).toMatchObject([{ why: 'cold' }]);
  // one at a time
  beats(2 * COLD_BEATS);
  expect([merges(), said()]).toEqual([1, 1]);
});

test.each([
  ['one of them is asked much', { size: 1000, load: COLD_LOAD - SMALL.load }],
  ['they are large together', { size: MERGE_BYTES_MAX, load: 1 }],
])('PCS-122 %s: they stay two, and are counted anew afterwards', (_, figures) => {
  const { beats, merges, report } = parted();
  beats(COLD_BEATS - 1);
  report(g2, figures);
  beats(3 * COLD_BEATS);
  expect(merges()).toBe(0);
  report(g2);
  beats(COLD_BEATS - 1);
  expect(merges()).toBe(0);
  beats(1);
  expect(merges()).toBe(1);
});

test('PCS-122 what a definition or a person has cut stays cut', () => {
  const { beats, merges } = parted({ byLoad: false });
  beats(3 * COLD_BEATS);
  expect(merges()).toBe(0);
});

test('PCS-122 a group of which nothing was heard is not called cold, nor one that changes its members', () => {
  const { beats, merges, state, apply, report } = parted();
  state.placement.figures.reported.delete(g1);
  beats(2 * COLD_BEATS);
  expect(merges()).toBe(0);
  report(g1);
  const [n1] = [nodeId('n1')];
  apply({ kind: 'beginMove', group: g1, source: n1, to: n1, isLost: true, at: 0, deadline: 60_000_000 });
  beats(2 * COLD_BEATS);
  expect(merges()).toBe(0);
});

test('PCS-122 while a definition changes nothing is counted', () => {
  const { beats, merges, apply, sharding } = parted();
  beats(COLD_BEATS - 1);
  apply({
    kind: 'prepareTable',
    what: 'create',
    name: 'u',
    definition: cutTable('').definition.replace('"t"', '"u"'),
    bounds: [],
  });
  beats(5);
  apply({ kind: 'activateTable', version: sharding.schemaVersion });
  beats(COLD_BEATS - 1);
  expect(merges()).toBe(0);
  beats(1);
  expect(merges()).toBe(1);
});

test('PCS-122 a person may merge what is asked much, but nothing larger than what is copied at once', () => {
  const { state, report } = parted();
  const codeOf = (size: number): string => {
    report(g2, { size, load: 10 * defaultPlacement.hotMinLoad });
    return mergeOf(state, { now: state.failover.since }, { group: g1, other: g2 }, 'order').code;
  };
  expect(codeOf(MERGE_BYTES_MAX - SMALL.size)).toBe('');
  expect(codeOf(MERGE_BYTES_MAX - SMALL.size + 1)).toBe('TOO_LARGE');
});

test('PCS-122 PCS-74 what was cold enough to be merged is not hot until it is asked for more than twice as much', () => {
  const nodes = [1, 2, 3].map((n) => upNode(n));
  const isHot = (load: number): boolean => {
    const merged = { id: g1, size: 0, load, replicas: names, leader: names[0] ?? null, buckets: [] };
    const idle = [2, 3, 4].map((n) => ({ ...merged, id: groupId(`g${n}`), load: 0 }));
    return findHot({ config: defaultPlacement, nodes, groups: [merged, ...idle] }).length > 0;
  };
  const most = COLD_LOAD - 1;
  expect(isHot(2 * most)).toBe(false);
  expect(isHot(defaultPlacement.hotMinLoad)).toBe(true);
});
