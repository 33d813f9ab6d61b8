// Reads and runs tests of logic-test form (as SQLite's): records apart by empty lines. `statement ok` or `statement error
// SQLSTATE` and a statement; or `query` with a letter for each column (I integer, R other numbers, T text, B boolean),
// `rowsort` unless the query orders its rows, the query, `----`, and a line for each row with tabs between its values.

import type { StatementResult } from '../../core/kernel/client-calls.ts';

export interface LogicRecord {
  readonly line: number;
  readonly sql: string;
  /** What is expected: an SQLSTATE, or null where none is. */
  readonly error: string | null;
  readonly query: {
    readonly types: string;
    readonly isSorted: boolean;
    readonly rows: readonly string[];
  } | null;
}

export function readLogicTest(text: string): readonly LogicRecord[] {
  const records: LogicRecord[] = [];
  let line = 1;
  for (const block of text.split('\n\n')) {
    const lines = block.replace(/\n$/, '').split('\n');
    // comments stand alone, or above their record
    const begins = lines.findIndex((one) => !one.startsWith('#'));
    if (begins >= 0) records.push(readRecord(lines.slice(begins), line + begins));
    line += lines.length + 1;
  }
  return records;
}

function readRecord(lines: readonly string[], line: number): LogicRecord {
  const [kind, first, second] = (lines[0] ?? '').split(' ');
  if (kind === 'statement') {
    if (first !== 'ok' && first !== 'error') throw new Error(`line ${line}: ok or error expected`);
    return { line, sql: lines.slice(1).join('\n'), error: second ?? null, query: null };
  }
  const end = lines.indexOf('----');
  if (kind !== 'query' || first === undefined || end < 0) throw new Error(`line ${line}: not a record`);
  const query = { types: first, isSorted: second === 'nosort', rows: lines.slice(end + 1) };
  return { line, sql: lines.slice(1, end).join('\n'), error: null, query };
}

const LETTERS: ReadonlyMap<string, string> = new Map([
  ['smallint', 'I'],
  ['integer', 'I'],
  ['bigint', 'I'],
  ['numeric', 'R'],
  ['real', 'R'],
  ['double precision', 'R'],
  ['text', 'T'],
  ['name', 'T'],
  ['character varying', 'T'],
  ['character', 'T'],
  ['date', 'T'],
  ['timestamp without time zone', 'T'],
  ['timestamp with time zone', 'T'],
  ['time without time zone', 'T'],
  ['interval', 'T'],
  ['json', 'T'],
  ['jsonb', 'T'],
  ['uuid', 'T'],
  ['bytea', 'T'],
  ['boolean', 'B'],
]);

const shown = (value: string | null): string => (value === null ? 'NULL' : value === '' ? '(empty)' : value);

/** What differs from what the record expects, or null. */
export function compareRecord({ sql, error, query }: LogicRecord, result: StatementResult): string | null {
  const is = result.kind === 'error' ? `error ${result.sqlstate}: ${result.message}` : result.tag;
  if (result.kind === 'error') return error === result.sqlstate ? null : `${sql}: ${is}`;
  if (error !== null) return `${sql}: ${is} instead of error ${error}`;
  if (query === null) return result.kind === 'done' ? null : `${sql}: rows`;
  if (result.kind !== 'rows') return `${sql}: no rows`;
  const letterOf = (type: string): string =>
    type.endsWith('[]') ? 'T' : (LETTERS.get(type.replace(/\(.*\)|(?<=^interval) .*/, '')) ?? '?');
  const types = result.columns.map(({ type }) => letterOf(type)).join('');
  const rows = result.rows.map((row) => row.map(shown).join('\t'));
  if (!query.isSorted) rows.sort();
  const actual = [types, ...rows].join('\n');
  const expected = [query.types, ...query.rows].join('\n');
  return actual === expected ? null : `${sql}\nexpected\n${expected}\nbut got\n${actual}`;
}
