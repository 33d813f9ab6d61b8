// Lens 4.8 on pictures of real runs: chains, bounds, and who holds garbage collection back.

import { expect, test } from 'vitest';
import { time } from '../../../../../base/ids.ts';
import { pageKey } from '../../../../../core/page/page-key.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { setSettings } from '../../../../../state/settings-store.ts';
import { t } from '../../../../i18n/i18n.ts';
import { shootWorld, startWorld, type WorldShot } from '../../../../testing/world-frame.ts';
import { describeChains } from './describe.ts';
import { leastOf } from './pool.ts';
import { type ChainsModel, type ChainsParams, chainText, projectChains } from './project.ts';

// As the field says.
setSettings({ wording: 'expert' });

const edge = await loadSqlEdge();
const page = pageKey(65_544, 0, 1);

const held = [
  '10.000 sql d1 "create table t (id int primary key, v int)"',
  '14.000 sql d1 "insert into t values (1, 1)"',
  '18.000 sql d1 "update t set v = 2 where id = 1"',
  '22.000 sql d1 reader-1 "begin isolation level repeatable read; select 1"',
  '26.000 sql d1 "update t set v = 3 where id = 1"',
  '30.000 sql d1 "update t set v = 4 where id = 1"',
];

const shoot = (lines: readonly string[], atMs: number): WorldShot =>
  shootWorld({ edge, lines, atMs, view: { pages: true, log: true } });

function project({ frame, nodes }: WorldShot, params: Partial<ChainsParams> = {}): ChainsModel {
  return projectChains({ cluster: frame.cluster, nodes }, { group: 'g2', store: 'store-1', ...params });
}

const rowOf = (model: ChainsModel) => model.rows.find(({ blockKey }) => blockKey === page);

test('WAL-36, WAL-25 a held read point keeps the versions and records above it', () => {
  const model = project(shoot(held, 44));
  const pin = model.pins.find(({ session }) => session === 'reader-1');
  expect(pin?.readPoint).toBe(model.pgmrpl);
  expect(model.vdl).toBeGreaterThan(model.pgmrpl);
  expect(model.heldBy).toEqual({ kind: 'readPoint', session: 'reader-1', lsn: model.pgmrpl });
  const row = rowOf(model);
  expect(row?.versions.length).toBeGreaterThan(1);
  expect(row?.versions[0]).toBeLessThanOrEqual(model.pgmrpl);
  expect(describeChains(model, t)).toContain(`GC goes on when reader-1 releases read point ${model.pgmrpl}.`);
});

test('WAL-36 a store that has just started waits for nobody’s archive: it has not heard yet what may go', () => {
  const load =
    '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true';
  const run = startWorld({
    edge,
    // the writer, which tells it, is down for longer
    lines: [load, '300.000 crash store-1 for 20.000 ms', '300.000 crash rw-1 for 30.000 ms'],
    view: { pages: true, log: true },
  });
  const kinds: string[] = [];
  for (let at = 318_000; at < 400_000; at += 2_000) {
    run.runTo(time(at));
    const model = project(run.shoot());
    kinds.push(model.heldBy.kind);
    expect(describeChains(model, t)).not.toContain('archive');
  }
  expect(kinds).toContain('unheard');
  expect(kinds.at(-1)).not.toBe('unheard');
});

test('WAL-36 once it is released the floor advances and what lay below is gone', () => {
  const before = project(shoot(held, 44));
  const after = project(shoot([...held, '46.000 sql d1 reader-1 "commit"'], 70));
  expect(after.pgmrpl).toBe(after.vdl);
  expect(after.pgmrpl).toBeGreaterThan(before.pgmrpl);
  expect(after.heldBy).toEqual({ kind: 'nobody' });
  expect(rowOf(after)?.versions).toHaveLength(1);
  expect(after.logFloor).toBeGreaterThan(before.logFloor);
});

test('WAL-37 a member that is behind holds it back, and is named', () => {
  const lines = [
    ...held.slice(0, 3),
    '20.000 cut rw-1 | store-3',
    '20.000 cut store-3 | store-1 store-2',
    ...held.slice(4),
  ];
  const model = project(shoot(lines, 44));
  expect(model.heldBy).toMatchObject({ kind: 'replica', replica: 'store-3' });
});

test('WAL-10 the writer has no page on its disk, the stores have the versions', () => {
  const model = project(shoot(held, 44));
  expect(model.writerDisk?.pages).toBe(0);
  expect(model.versions).toBeGreaterThan(2);
});

test('WAL-31 a chain is written as versions, records inside the newest one, and records above it', () => {
  const row = {
    blockKey: 1,
    chain: [15, 20, 30],
    chainLength: 3,
    versions: [10, 20],
    building: null,
    pending: 1,
    droppableTo: 10,
  };
  expect(chainText(row)).toBe('@10 → (15) → (20) → base@20 → 30');
  expect(chainText({ ...row, versions: [], chain: [15], chainLength: 9 })).toBe('… → ∅ → 15');
});

test('without views there is a model with unknown numbers, not a failure', () => {
  const { frame } = shoot([], 1);
  const model = projectChains({ cluster: frame.cluster, nodes: {} }, { group: null, store: null });
  expect(model).toMatchObject({ group: 'g2', store: 'store-1', rows: [], pgmrpl: -1, writerDisk: null });
  expect(describeChains(model, t)).toContain('PGMRPL –');
});

test('READ-24 the least read point of every node, and the floor that follows', () => {
  const load =
    '10.000 workload d1 kind=transfer rows=40 clients=2 thinkUs=2000 ratePerSecond=0 readPercent=50 hotPercent=0 valueBytes=0 load=true';
  const pin = '60.000 sql d1 reader-1 "begin isolation level repeatable read; select 1"';
  const shot = shootWorld({
    edge,
    preset: 'cynosdb-ro',
    lines: [load, pin],
    atMs: 240,
    view: { pages: true, log: true },
  });
  const { pool } = project(shot);
  if (pool === null) throw new Error('nobody writes');
  expect(pool.rows.map(({ node, role }) => [node, role])).toEqual([
    ['rw-1', 'writer'],
    ['ro-1', 'reader'],
    ['ro-2', 'reader'],
  ]);
  for (const { points, mrpl, newest } of pool.rows) {
    expect(mrpl).toBeLessThanOrEqual(newest);
    for (const { lsn } of points) expect(lsn).toBeGreaterThanOrEqual(mrpl);
  }
  const held = pool.rows[0]?.points.find(({ session }) => session === 'reader-1');
  const least = leastOf(pool);
  expect(held).toBeDefined();
  expect(least?.mrpl).toBe(Math.min(...pool.rows.map(({ mrpl, known }) => known ?? mrpl)));
  expect(pool.pgmrpl).toBeLessThanOrEqual(least?.mrpl ?? -1);
  expect(pool.storeFloor).toBeLessThanOrEqual(pool.pgmrpl);
});
