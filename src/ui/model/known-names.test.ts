// Pages are named by their tables wherever they stand: asked for once, remembered for the run.

import { beforeAll, beforeEach, expect, test } from 'vitest';
import { relationOf } from '../../core/page/page-key.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { t } from '../i18n/i18n.ts';
import { subjectText } from '../selection/subject-text.ts';
import { shootWorld } from '../testing/world-frame.ts';
import { knownTables, relationsToAsk, tablesIn, takeTables } from './known-names.ts';
import { storeOf } from './node-facts.ts';

const fresh = knownTables.getState();
let bare: WorldFrame;
let full: WorldFrame;

beforeAll(async () => {
  const edge = await loadSqlEdge();
  const lines = [
    '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=3000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true',
  ];
  const shoot = (view: object) => shootWorld({ edge, preset: 'hook-hole', lines, atMs: 60, view }).frame;
  [bare, full] = [shoot({ span: 64, detail: true }), shoot({ span: 64, detail: true, pages: true })];
});
beforeEach(() => knownTables.setState(fresh, true));

/** Keys of the newest records' pages. */
const keys = (): readonly number[] =>
  bare.nodes.flatMap(
    (node) => storeOf(node)?.groups.flatMap(({ records }) => records.map(({ blockKey }) => blockKey)) ?? [],
  );

test('a picture without pages tells no tables, one with them tells all', () => {
  expect(tablesIn(bare)).toBeNull();
  expect(takeTables(bare, [1])).toBe(false);
  expect(tablesIn(full)?.map(({ name }) => name)).toContain('accounts');
});

test('relations are asked for until they are full, and one that no table has is asked for once', () => {
  const wanted = relationsToAsk([...keys(), -1], knownTables.getState());
  expect(wanted.length).toBeGreaterThan(0);
  expect(takeTables(full, [...wanted, 424_242])).toBe(true);
  expect(relationsToAsk(keys(), knownTables.getState())).toEqual([]);
  expect(knownTables.getState().asked).toContain(424_242);
});

test('the menu of a page names it as its lens does', () => {
  const tables = tablesIn(full) ?? [];
  const accounts = tables.find(({ name }) => name === 'accounts')?.relation;
  const blockKey = keys().find((key) => relationOf(key) === accounts);
  if (blockKey === undefined) throw new Error('a record of accounts');
  const page = { kind: 'page', group: 'g1', blockKey, node: null } as const;
  expect(subjectText(page, bare, t)).not.toMatch(/^accounts#/);
  expect(subjectText(page, full, t)).toMatch(/^accounts#\d+$/);
  takeTables(full, []);
  expect(subjectText(page, bare, t)).toMatch(/^accounts#\d+$/);
});
