// Queries of the corpora as the catalog tells them (pg_get_viewdef): read again, a text has the tree that it was made from.

import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { asNode, decodeTree, type Fields } from '../core/sql/tree.ts';
import { queryText } from '../core/sql/tree-text.ts';
import { loadSqlParser, parseSql } from './sql-parser.ts';
import { readLogicTest } from './testing/logic-test.ts';

beforeAll(loadSqlParser);

const folder = new URL('./testdata/', import.meta.url);
const queries = readdirSync(folder).flatMap((file) =>
  readLogicTest(readFileSync(new URL(file, folder), 'utf8')).flatMap(({ query, sql }) =>
    query === null ? [] : [sql],
  ),
);

/** What says the same otherwise: where parts stand in the text, ROW before a row, the catalog's schema before a name. */
const SAID_OTHERWISE = /location$|list_(?:start|end)$|^row_format$|^funcformat$/;

const isOfCatalog = (part: unknown): boolean =>
  JSON.stringify(part) === '{"String":{"sval":"pg_catalog"}}' ||
  JSON.stringify(part) === '{"String":{"sval":"information_schema"}}';

/** Without that a frame is written at all, and with BETWEEN. */
const frameBits = (options: unknown): number => Number(options) & ~0x11;

function bare(part: unknown): unknown {
  if (Array.isArray(part)) return part.filter((one) => !isOfCatalog(one)).map(bare);
  // PostgreSQL tells SIMILAR TO as the operator that it stands for.
  if (part === 'AEXPR_SIMILAR') return 'AEXPR_OP';
  if (typeof part !== 'object' || part === null) return part;
  const kept = Object.entries(part).filter(([key]) => !SAID_OTHERWISE.test(key));
  return Object.fromEntries(
    kept.map(([key, one]) => [key, key === 'frameOptions' ? frameBits(one) : bare(one)]),
  );
}

/** Statements in WITH that write, and a part of a row, which the catalog's own lists alone have. */
const NO_VIEW = /"(?:Insert|Update|Delete)Stmt"|"indirection":\[\{"String"/;

/** Null: it is another statement, or one of those that no view can be of. */
function selectOf(sql: string): Fields | null {
  const [statement] = parseSql(sql);
  if (statement === undefined) throw new Error(`no statement: ${sql}`);
  const root = decodeTree(statement.tree);
  if (root.error !== undefined) throw new Error(`${sql}: ${JSON.stringify(root.error)}`);
  const [first] = root.stmts as readonly { readonly stmt: unknown }[];
  const { tag, fields } = asNode(first?.stmt, 'stmt');
  const isOfView = !NO_VIEW.test(JSON.stringify(fields));
  return tag === 'SelectStmt' && isOfView ? fields : null;
}

const apart = (sql: string): string | null => {
  const select = selectOf(sql);
  if (select === null) return null;
  const text = queryText(select);
  try {
    const again = JSON.stringify(bare(selectOf(text)));
    return again === JSON.stringify(bare(select)) ? null : `${sql}\n  ${text}`;
  } catch (thrown) {
    return `${sql}\n  ${text}\n  ${String(thrown)}`;
  }
};

test('the text of a query of the corpora means that query', () => {
  const printed = queries.filter((sql) => selectOf(sql) !== null);
  expect(printed.length).toBeGreaterThan(600);
  expect(printed.flatMap((sql) => apart(sql) ?? [])).toEqual([]);
});

test.each([
  'select (-32768)::smallint, -(1::int), (- 5)::numeric(3, 1)',
  'select (array[1, 2])[1], (string_to_array(x, y))[2:3] from t',
  'select "order", "Mixed", plain, "left"(a, 2), t."user" from "table" as t ("order")',
  'select g from generate_series(1, 3) with ordinality as x(g, n), lateral unnest(a) u',
  'select sum(a) over (partition by b order by c rows between 2 preceding and 1 following exclude ties) from t',
  'select sum(a) over (order by c range unbounded preceding), count(*) over (order by c groups between current row and unbounded following) from t',
  'select make_interval(days => 10, secs => 1.5)',
])('%s', (sql) => {
  expect(selectOf(sql)).not.toBeNull();
  expect(apart(sql)).toBeNull();
});
