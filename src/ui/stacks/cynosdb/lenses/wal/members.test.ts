// Members, zones and terms in lens 4.1: tables, and pictures of real runs in which a replica moves, a zone is out and a
// writer recovers.

import { describe, expect, test } from 'vitest';
import { groupId, nodeId } from '../../../../../base/ids.ts';
import type { MembershipView } from '../../../../../core/kernel/membership.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import type { WorldFrame } from '../../../../../run-model/picture/frame.ts';
import type { Standing } from '../../../../../run-model/says/standings.ts';
import { t } from '../../../../i18n/i18n.ts';
import { memberNodes, memberStateOf, moveOf } from '../../../../model/members.ts';
import { groupRuns } from '../../../../model/runs.ts';
import { shootTransfers, shootWorld, type WorldShot } from '../../../../testing/world-frame.ts';
import { saidByWal } from '../../said.ts';
import { describeWal } from './describe.ts';
import type { WalModel } from './model.ts';
import { zoneSpans } from './plot-zones.tsx';
import { projectWal } from './project.ts';
import { type Survival, survivalOf } from './survival.ts';
import { effectiveScl, newestHistory, termSpans } from './terms.ts';

const edge = await loadSqlEdge();

const sets = (...names: readonly string[]): MembershipView => ({
  memberEpoch: 1,
  sets: names.map((set) => [...set].map(nodeId)),
  learners: [],
  vw: 2,
  vr: 2,
});

function project({ frame, nodes }: WorldShot, group = 'g2', span: number | null = null): WalModel {
  const follow = { span, end: null, replica: null };
  return projectWal({ cluster: frame.cluster, nodes }, { ...follow, group });
}

const where = { isDown: () => false, zoneOf: (node: string) => node };

const said = (frame: WorldFrame, group: string): readonly Standing[] =>
  saidByWal(() => frame, frame.cluster, groupId(group), []).filter(({ kind }) => kind === 'reaches');

describe('what a group survives', () => {
  const six: MembershipView = { ...sets('abcdef'), vw: 4, vr: 3 };
  const zoneOf = (node: string): string => 'xxyyzz'['abcdef'.indexOf(node)] ?? '';
  const without = (gone: string): Survival =>
    survivalOf(six, {
      reaches: (node) => !gone.includes(node),
      isDown: (node) => gone.includes(node),
      zoneOf,
    });

  test('WAL-14 six in three zones, 4/3: a zone for writes, a zone and one more for reads', () => {
    expect(without('')).toMatchObject({
      reached: 6,
      spareWrites: 2,
      spareReads: 3,
      zonesOut: [],
      writesWithoutZone: true,
      readsWithoutZoneAndOne: true,
    });
    expect(without('ab')).toMatchObject({
      reached: 4,
      spareWrites: 0,
      spareReads: 1,
      zonesOut: ['x'],
      writesWithoutZone: false,
      readsWithoutZoneAndOne: false,
    });
    expect(without('abc')).toMatchObject({ spareWrites: -1, spareReads: 0, zonesOut: ['x'] });
  });

  test('three in three zones, 2/2: a zone for writes, and no more', () => {
    const three = survivalOf(sets('abc'), { ...where, reaches: () => true });
    expect(three).toMatchObject({ spareWrites: 1, writesWithoutZone: true, readsWithoutZoneAndOne: false });
  });

  test('WAL-14 where nobody answers yet nothing goes on without a zone', () => {
    const nobody = survivalOf(sets('abc'), { ...where, reaches: () => false });
    expect(nobody).toMatchObject({ reached: 0, writesWithoutZone: false, readsWithoutZoneAndOne: false });
    expect(nobody.spareWrites).toBeLessThan(0);
  });

  test('WAL-63 of two sets the one with least to spare decides', () => {
    const joint = survivalOf(sets('abc', 'abd'), { ...where, reaches: (node) => node !== 'd' });
    expect(joint).toMatchObject({ reached: 2, spareWrites: 0, writesWithoutZone: false });
  });
});

describe('whom the writer reaches', () => {
  const cut = '60.000 partition rw-1 store-1 | store-2 store-3';

  test('WAL-14 replicas that are up behind a cut link do not count for its writes and its recovery', () => {
    const { frame, nodes } = shootTransfers(edge, 61, cut);
    const { cluster, links } = frame;
    const model = projectWal(
      { cluster, nodes, links },
      { group: 'g2', span: null, end: null, replica: null },
    );
    expect(model.rows.map(({ health }) => health)).toEqual(['up', 'up', 'up']);
    const survival = survivalOf(model.members, {
      reaches: (node) => model.reach(node) === 'reached',
      isDown: (node) => nodes[node]?.status !== 'up',
      zoneOf: (node) => node,
    });
    expect(survival).toMatchObject({ reached: 1, members: 3, spareWrites: -1, spareReads: -1, zonesOut: [] });
    expect(model.unreadable).toEqual({ by: 'rw-1', group: 'g1', live: 1, vr: 2 });
    expect(said(frame, 'g2')).toEqual([
      { kind: 'reaches', writer: 'rw-1', group: 'g2', nodes: ['store-1'], cut: ['store-2', 'store-3'] },
    ]);
  });

  test('a zone whose stores run is not out, though they take no writes', () => {
    const survival = survivalOf(sets('abc'), { ...where, reaches: (node) => node === 'a' });
    expect(survival).toMatchObject({ reached: 1, zonesOut: [] });
  });
});

test('WAL-62 members of both sets and learners, each once, with what it is', () => {
  const members = { ...sets('abc', 'abd'), learners: [nodeId('e')] };
  expect(memberNodes(members)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(['a', 'c', 'd', 'e', 'f'].map((node) => memberStateOf(members, node))).toEqual([
    'voter',
    'outgoing',
    'voter',
    'learner',
    'none',
  ]);
});

describe('terms', () => {
  // Vector 16 of wal.md §12: C's history and the one that token 4 makes of it.
  const first = { term: 1, startLsn: 0, prevEnd: -1 };
  const theirs = [first, { term: 3, startLsn: 205, prevEnd: 104 }];

  test('WAL-53 each term has its LSNs, what lies between two is annulled', () => {
    expect(termSpans(theirs, [90, 300])).toEqual([
      { kind: 'term', term: 1, first: 90, end: 105 },
      { kind: 'annulled', term: 3, first: 105, end: 205 },
      { kind: 'term', term: 3, first: 205, end: 300 },
    ]);
    expect(termSpans([first], [0, 32])).toHaveLength(1);
  });

  test.each([
    ['the same history', 104, theirs, theirs, 104],
    ['A of vector 16, which did not hear of term 3', 100, [first], theirs, 100],
    ['more than the newest keeps', 130, [first], theirs, 104],
    [
      'A of vector 7: term 2 cut it at 101',
      104,
      [first],
      [first, { term: 2, startLsn: 112, prevEnd: 101 }],
      101,
    ],
  ])('WAL-51 effective SCL: %s', (_what, scl, own, newest, expected) => {
    expect(effectiveScl(scl, own, newest)).toBe(expected);
  });

  test('WAL-51 the newest history is the one with the highest tail term', () => {
    expect(newestHistory([[first], theirs, [first]])).toBe(theirs);
  });
});

test('neighbours of one zone stand in one bar, which is out when all of them are down', () => {
  const row = (zone: string, health: 'up' | 'down') => ({ zone, health });
  expect(zoneSpans([row('a', 'down'), row('a', 'down'), row('b', 'down'), row('b', 'up')])).toEqual([
    { zone: 'a', first: 0, count: 2, isOut: true },
    { zone: 'b', first: 2, count: 2, isOut: false },
  ]);
});

describe('on real runs', () => {
  const load = [
    '0.000 workload d1 kind=transfer rows=20 clients=2 thinkUs=2000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true',
  ];

  test('WAL-62 WAL-70 a replica that moves is a row, and counts in no copies while it learns', () => {
    const shot = shootWorld({
      edge,
      preset: 'cynosdb-4',
      lines: [...load, '60.000 moveReplica store-1 store-4 g2'],
      atMs: 66,
      view: {},
    });
    const model = project(shot);
    expect(moveOf({ cluster: shot.frame.cluster, nodes: shot.nodes }, 'g2')?.to).toBe('store-4');
    const moved = model.rows.find(({ node }) => node === 'store-4');
    expect(['learner', 'voter']).toContain(moved?.member);
    expect(model.rows.map(({ node }) => node)).toContain('store-1');
    if (moved?.member === 'learner')
      expect(Math.max(...model.copies.map(({ copies }) => copies))).toBeLessThanOrEqual(3);
    // The other group is as it was.
    expect(project(shot, 'g1').rows).toHaveLength(3);
  });

  test('WAL-14 a zone of cynosdb-6 is out: its replicas are named, and writes go on', () => {
    const shot = shootWorld({
      edge,
      preset: 'cynosdb-6',
      lines: [...load, '60.000 powerOff store-3 store-4'],
      atMs: 80,
      view: {},
    });
    const model = project(shot);
    expect(model.rows.map(({ zone }) => zone)).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
    expect(zoneSpans(model.rows).filter(({ isOut }) => isOut)).toEqual([
      { zone: 'b', first: 2, count: 2, isOut: true },
    ]);
    expect(model.vdl).toBe(model.vcl);
    expect(describeWal(model, t)).toContain('AZ b is out.');
  });

  test('WAL-51 WAL-53 a recovery shows how far each log counts, and the terms with what was annulled', () => {
    const shot = shootWorld({
      edge,
      lines: [...load, '60.000 crash rw-1', '62.000 restart rw-1'],
      atMs: 66,
      view: {},
    });
    const model = project(shot);
    expect(model.recovery).not.toBeNull();
    for (const row of model.rows) expect(row.effective).toBeLessThanOrEqual(row.scl);
    expect(model.rows.some(({ effective }) => effective !== null)).toBe(true);
    const later = shootWorld({
      edge,
      lines: [...load, '60.000 crash rw-1', '62.000 restart rw-1'],
      atMs: 90,
      view: { span: 512 },
    });
    const after = project(later, 'g2', 512);
    expect(after.terms.map(({ kind }) => kind)).toEqual(['term', 'annulled', 'term']);
  });
});

test('a list that a node showed before it went down is data below what it lists, up to its NCL', () => {
  const list = {
    runs: [{ first: 296, end: 330, type: 'data', sent: false, request: null }],
    volatile: [],
    ncl: 329,
    nwl: 329,
  } as const;
  expect(groupRuns(list, [256, 384])).toMatchObject([
    { kind: 'data', first: 256, end: 330 },
    { kind: 'end', first: 330, end: 384 },
  ]);
  expect(groupRuns({ ...list, runs: [] }, [256, 320])).toMatchObject([
    { kind: 'data', first: 256, end: 320 },
  ]);
});
