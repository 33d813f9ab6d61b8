// The plan's lens by pictures of real runs: a statement while it waits for pages and after it, what it says of each operator, and
// which nodes and pages it lights.

import { expect, test } from 'vitest';
import { present } from '../../../../../base/assert.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { isLitFlight, isLitNode, scopeOf } from '../../../../../state/highlight.ts';
import { t } from '../../../../i18n/i18n.ts';
import { shootWorld, type WorldShot } from '../../../../testing/world-frame.ts';
import { describePlan, operatorText, pagesText } from './describe.ts';
import { measureOf, type PlanModel, projectPlan, servedBy, withBelow } from './project.ts';
import { treeOf } from './served-pages.tsx';

const edge = await loadSqlEdge();

const asked = 'select count(*) from big where v > 0';
const lookup = 'select b.v from big b join small s on s.id = b.id';

const shoot = (atMs: number): WorldShot =>
  shootWorld({
    edge,
    lines: [
      '6.000 sql d1 "create table big (id int primary key, v int, pad text); create table small (id int primary key)"',
      `30.000 sql d1 "insert into big with recursive n(i) as (select 1 union all select i + 1 from n where i < 500) select i, i, repeat('x', 150) from n"`,
      '850.000 sql d1 "insert into small values (1), (2)"',
      `900.000 sql d1 "explain analyze ${asked}"`,
      `1400.000 sql d1 "explain analyze ${lookup}"`,
    ],
    atMs,
    view: { plans: true, pages: true },
  });

const modelOf = ({ frame, nodes }: WorldShot, key: string | null = null): PlanModel =>
  projectPlan({ cluster: frame.cluster, nodes }, key, frame.time);

test('without an explained statement there is none to see', () => {
  const model = modelOf(shoot(20));
  expect(model).toMatchObject({ chosen: null, rows: [], elapsedUs: 0 });
  expect(describePlan(model, t)).toContain('EXPLAIN ANALYZE');
});

test('a statement that runs: how far it has come, which operator waits for which page, and who serves it on the map', () => {
  const waiting = [901.2, 902, 903, 904, 905].map(shoot).find((shot) => modelOf(shot).waitsFor >= 0);
  const shot = present(waiting, 'a picture in which the statement waits for a page');
  const model = modelOf(shot);
  const at = model.rows.findIndex(({ waits }) => waits);
  const row = present(model.rows[at], 'the operator that waits');
  expect(row.node.scan?.table).toBe('big');
  expect(model.chosen?.view.endedAt).toBeNull();
  expect(describePlan(model, t)).toContain('It waits for a page');
  const { nodes, pages } = servedBy(model, at);
  expect(pages).toContain(model.waitsFor);
  expect(nodes).toEqual(expect.arrayContaining(['rw-1', 'd1', 'store-1', 'store-2', 'store-3']));
  const id = present(model.chosen?.view.traceId, 'its trace');
  const scope = scopeOf({ kind: 'trace', id, nodes, pages }, shot.frame);
  expect(isLitNode(scope, 'd2')).toBe(false);
  // What is in flight for it is lit, nothing else.
  const lit = shot.frame.flights.filter((flight) => isLitFlight(scope, flight));
  expect(lit.length).toBeGreaterThan(0);
  for (const { label } of lit) expect(label.trace === id || pages.includes(label.blockKey ?? -1)).toBe(true);
});

test('a statement that has ended stays: rows, times and pages of each operator, by where they came from', () => {
  const model = modelOf(shoot(1390));
  expect(model.chosen?.view).toMatchObject({
    text: `explain analyze ${asked}`,
    failure: null,
    waiting: null,
  });
  expect(model.rows.map(operatorText)).toEqual(['Aggregate', 'Seq Scan on big']);
  const scan = present(model.rows[1], 'the scan');
  const measure = present(scan.node.measure, 'its measure');
  expect(measure.rows).toBe(500);
  expect(scan.ownUs).toBe(measure.time);
  expect(model.rows[0]?.ownUs).toBe(0);
  expect(measure.reads.every(({ from, low }) => from.startsWith('store-') && low > 0)).toBe(true);
  expect(measure.reads.reduce((sum, { pages }) => sum + pages, 0)).toBeGreaterThan(30);
  expect(pagesText(measure, t)).toMatch(/looks in the buffer · \d+ from store-\d @\d+/);
  expect(treeOf(model, scan)).toBeNull();
  const { nodes } = servedBy(model, 0);
  expect(new Set(nodes)).toEqual(new Set(['rw-1', 'd1', ...measure.reads.map(({ from }) => from)]));
});

test('the newest statement comes first, an older one can be chosen; an index leads to its B+tree', () => {
  const shot = shoot(1900);
  const newest = modelOf(shot);
  expect(newest.entries.map(({ view }) => view.text)).toEqual([
    `explain analyze ${lookup}`,
    `explain analyze ${asked}`,
  ]);
  const at = newest.rows.findIndex(({ node }) => node.scan?.index === 'big_pkey');
  const row = present(newest.rows[at], 'the look-up by key');
  expect(row.node.measure?.loops).toBe(2);
  expect(treeOf(newest, row)).toMatchObject({ name: 'big_pkey', keyRelation: row.node.scan?.relation });
  expect(measureOf(row, present(newest.chosen?.view, 'the view'))?.looks.length).toBeGreaterThan(1);
  expect(withBelow(newest.rows, 0)).toHaveLength(newest.rows.length);
  expect(withBelow(newest.rows, at)).toHaveLength(1);
  const older = modelOf(shot, present(newest.entries[1], 'the older').key);
  expect(older.chosen?.view.text).toBe(`explain analyze ${asked}`);
});
