import { beforeAll, expect, test } from 'vitest';
import { loadSqlParser, parseSql } from '../edge/sql-parser.ts';
import { ownPosition, readText, typedText } from './statement-text.ts';

beforeAll(loadSqlParser);

test('the types that a client says stand behind its parameters, and positions go back', () => {
  const text = `select '$1', "$1", $1 -- $1\n, nope + $2, $10`;
  const typed = typedText(text, [20, 0]);
  expect(typed.text).toBe(`select '$1', "$1", $1::int8 -- $1\n, nope + $2, $10`);
  const at = typed.text.indexOf('nope') + 1;
  expect(ownPosition(typed, at)).toBe(text.indexOf('nope') + 1);
  expect(ownPosition(typed, 8)).toBe(8);
  expect(ownPosition(typed, null)).toBeNull();
});

test('a text is its statements, or the parser’s refusal with its place', () => {
  const read = readText(parseSql, 'BEGIN; select 1');
  expect(read.ok && read.statements.map(({ text, offset }) => [text, offset])).toEqual([
    ['BEGIN', 0],
    ['select 1', 7],
  ]);
  expect(readText(parseSql, ' -- nothing')).toEqual({ ok: true, statements: [] });
  const refused = readText(parseSql, 'select 1 frm t where');
  expect(!refused.ok && [refused.error.sqlstate, refused.error.position]).toEqual(['42601', 14]);
});
