import { beforeAll, expect, test } from 'vitest';
import { loadSqlParser, parseSql } from './sql-parser.ts';

beforeAll(loadSqlParser);

const decoder = new TextDecoder();

/** The tree that goes to the node, decoded. */
const treesOf = (sql: string): { text: string; offset: number; stmts: unknown[]; error?: unknown }[] =>
  parseSql(sql).map(({ text, tree }) => ({ text, ...JSON.parse(decoder.decode(tree)) }));

test('the parser is loaded once and then synchronous', async () => {
  expect(parseSql('select 1')).toHaveLength(1);
  await loadSqlParser();
  expect(parseSql('select 1')).toHaveLength(1);
});

const SPLITS: readonly (readonly [string, readonly (readonly [string, number])[]])[] = [
  ['', []],
  ['  ;; ', []],
  ['-- only a comment', []],
  ['select 1', [['select 1', 0]]],
  ['select 1;', [['select 1', 0]]],
  [
    " select 'é😀;' ;\n select 2; ; select 3 -- end",
    [
      ["select 'é😀;'", 1],
      ['select 2', 17],
      ['select 3 -- end', 29],
    ],
  ],
];

test.each(SPLITS)('%j is split into its statements with the characters before each', (sql, expected) => {
  expect(treesOf(sql).map(({ text, offset }) => [text, offset])).toEqual(expected);
});

test('each statement has the tree of its own text, wherever it stands', () => {
  const [, second] = parseSql('select 1; select a from t');
  const [alone] = treesOf('select a from t');
  expect(JSON.parse(decoder.decode(second?.tree))).toEqual({ offset: 10, stmts: alone?.stmts });
});

test('a text that does not parse is one tree with the error and its position in characters', () => {
  expect(treesOf("select 1; select 'é' from from")).toEqual([
    {
      text: "select 1; select 'é' from from",
      error: { message: 'syntax error at or near "from"', position: 27 },
    },
  ]);
  expect(treesOf('select \0')[0]?.error).toMatchObject({ position: 1 });
});

test('equal texts give the same trees', () => {
  expect(parseSql('select 42')).toBe(parseSql('select 42'));
});
