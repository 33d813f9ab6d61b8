// Analyses that are kept: the same statement over the same definitions is analysed once, over others anew, and either way the catalog
// is asked what a new analysis would ask it, in the same order.

import { beforeAll, expect, test } from 'vitest';
import { analyse } from '../core/sql/analyse.ts';
import type { Catalog } from '../core/sql/analysis.ts';
import { analyseKept } from '../core/sql/kept-analyses.ts';
import {
  type MemoryDatabase,
  makeMemoryDatabase,
  memoryCatalog,
} from '../core/sql/testing/memory-database.ts';
import { makeMemorySession, runStatement } from '../core/sql/testing/memory-session.ts';
import { loadSqlParser, parseSql } from './sql-parser.ts';

beforeAll(loadSqlParser);

const QUERIES = [
  'SELECT a, b FROM kept WHERE a = $1',
  'UPDATE kept SET b = b || $2 WHERE a = $1',
  'DELETE FROM kept WHERE b = $1 AND a IN (SELECT a FROM kept)',
  'SELECT * FROM kept x JOIN kept y ON y.b = x.b',
  'SELECT missing FROM kept',
];
const PARAMS = [['1', 'x'], ['1']];

function madeBy(definitions: string): MemoryDatabase {
  const db = makeMemoryDatabase();
  const session = makeMemorySession(db);
  for (const statement of parseSql(definitions)) runStatement(session, statement);
  return db;
}

/** A catalog that notes what it is asked. */
function noted(catalog: Catalog): { readonly catalog: Catalog; readonly asked: string[] } {
  const asked: string[] = [];
  const note =
    <K extends keyof Catalog>(kind: K) =>
    (about: Parameters<Catalog[K]>[0]): ReturnType<Catalog[K]> => {
      asked.push(`${kind} ${typeof about === 'object' ? about?.name : about}`);
      return (catalog[kind] as (one: unknown) => ReturnType<Catalog[K]>)(about);
    };
  const kinds = ['findTable', 'findIndex', 'findRelation', 'referrersOf', 'searchPath', 'countRows'] as const;
  return {
    catalog: Object.fromEntries(kinds.map((kind) => [kind, note(kind)])) as unknown as Catalog,
    asked,
  };
}

test('FENCE-55 an analysis is given again for the same definitions only, and asks the catalog as a new one does', () => {
  const first = madeBy('CREATE TABLE kept (a int PRIMARY KEY, b text)');
  const worlds = [
    first,
    madeBy('CREATE TABLE kept (a text PRIMARY KEY, b text, c int)'),
    madeBy("CREATE TABLE kept (a int PRIMARY KEY, b text); INSERT INTO kept VALUES (1, 'x'), (2, 'y')"),
    madeBy('CREATE TABLE kept (b text, a int); CREATE INDEX by_b ON kept (b)'),
    makeMemoryDatabase(),
    first,
  ];
  let [again, anew] = [0, 0];
  for (const sql of QUERIES) {
    const [statement] = parseSql(sql);
    if (statement === undefined) throw new Error(sql);
    const { text, tree } = statement;
    for (const params of PARAMS)
      for (const db of worlds) {
        const [here, there] = [noted(memoryCatalog(db)), noted(memoryCatalog(db))];
        const kept = analyseKept(text, tree, params, here.catalog);
        expect(kept).toEqual(analyse(text, tree, params, there.catalog));
        expect(here.asked).toEqual(there.asked);
        if (analyseKept(text, tree.slice(), params, memoryCatalog(db)) === kept) again++;
        else anew++;
      }
  }
  expect(again).toBeGreaterThan(20);
  expect(anew).toBe(0);
});
