// Compares what two databases answer to the same statement: rows (in order only where the statement orders them),
// column names and types, tags, SQLSTATEs, positions, messages that name no data.

import type { StatementResult } from '../../kernel/client-calls.ts';
import type { GeneratedStatement } from './generator.ts';

/** Null when they agree, else what differs. */
export function compareResults(
  statement: GeneratedStatement,
  expected: StatementResult,
  actual: StatementResult,
): string | null {
  if (expected.kind === 'error' || actual.kind === 'error') {
    const a = expected.kind === 'error' ? expected.sqlstate : 'no error';
    const b = actual.kind === 'error' ? actual.sqlstate : 'no error';
    if (a === b && expected.kind === 'error' && actual.kind === 'error') {
      if (expected.position !== actual.position)
        return `expected ${a} at ${expected.position}, got it at ${actual.position}: ${expected.message}`;
      if (
        withoutTypmods(expected.message) !== actual.message &&
        !isDataError(a) &&
        !isOfValue(expected.message)
      )
        return `expected ${expected.message}, got ${actual.message}`;
    }
    // Which of several failing rows is met first is open; that the statement fails is not.
    if (isDataError(a) && isDataError(b)) return null;
    return a === b ? null : `expected ${brief(expected)}, got ${brief(actual)}`;
  }
  if (expected.tag !== actual.tag) return `expected tag ${expected.tag}, got ${actual.tag}`;
  if (expected.kind === 'done' || actual.kind === 'done')
    return expected.kind === actual.kind ? null : `expected ${expected.kind}, got ${actual.kind}`;
  const names = (result: typeof expected): string => result.columns.map((c) => c.name).join(' | ');
  if (names(expected) !== names(actual)) return `expected columns ${names(expected)}, got ${names(actual)}`;
  for (let i = 0; i < expected.columns.length; i++) {
    const a = expected.columns[i]?.type ?? '';
    const b = actual.columns[i]?.type ?? '';
    if (a !== b) return `expected column ${i + 1} of type ${a}, got ${b}`;
  }
  const types = expected.columns.map((c) => c.type);
  // Which of 1.0 and 1.00 stands for their group is open.
  const exact = statement.kind === 'constants';
  const normal = (rows: Rows): Rows => (exact ? rows : rows.map((row) => withoutTrailingZeros(row, types)));
  const approximate = types.map((type) => type === 'double precision');
  return compareRows(
    order(normal(expected.rows), statement, approximate),
    order(normal(actual.rows), statement, approximate),
    types,
  );
}

/** Data exceptions and constraint violations. */
const isDataError = (sqlstate: string): boolean => /^2[23]/.test(sqlstate);

/** A view's columns have no type modifier here: the message that one changes its type says `numeric` alone. */
const withoutTypmods = (message: string): string =>
  message.startsWith('cannot change data type of view column') ? message.replace(/\([\d,]+\)/g, '') : message;

/** 0A000 of a value, of which the rows may have several. */
const isOfValue = (message: string): boolean => /^cannot convert (?:NaN|infinity) /.test(message);

type Rows = readonly (readonly (string | null)[])[];

const withoutTrailingZeros = (row: Rows[number], types: readonly string[]): Rows[number] =>
  row.map((v, i) => (types[i] === 'numeric' && v?.includes('.') === true ? v.replace(/\.?0+$/, '') : v));

function brief(result: StatementResult): string {
  if (result.kind === 'error') return `${result.sqlstate} ${result.message}`;
  return result.kind === 'rows' ? `${result.tag} ${JSON.stringify(result.rows.slice(0, 3))}` : result.tag;
}

function order(rows: Rows, { ordered }: GeneratedStatement, approximate: readonly boolean[]): Rows {
  if (ordered) return rows;
  const key = (row: Rows[number]): string =>
    JSON.stringify(row.map((v, i) => (approximate[i] && v !== null ? Number(v).toPrecision(10) : v)));
  const keyed = rows.map((row) => ({ row, key: key(row) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ row }) => row);
}

function compareRows(expected: Rows, actual: Rows, types: readonly string[]): string | null {
  for (let r = 0; r < expected.length; r++) {
    const a = expected[r] ?? [];
    const b = actual[r] ?? [];
    for (let c = 0; c < a.length; c++)
      if (!sameValue(a[c] ?? null, b[c] ?? null, types[c] ?? ''))
        return `row ${r + 1}: expected ${JSON.stringify(a)}, got ${JSON.stringify(b)}`;
  }
  return null;
}

/** Sums of floats in another order differ in their last digits. */
function sameValue(a: string | null, b: string | null, type: string): boolean {
  if (a === b) return true;
  if (type !== 'double precision' || a === null || b === null) return false;
  const x = Number(a);
  const y = Number(b);
  // The same number is printed in the same way.
  if (Object.is(x, y)) return false;
  return Math.abs(x - y) <= 1e-9 * Math.max(1e-300, Math.abs(x), Math.abs(y));
}
