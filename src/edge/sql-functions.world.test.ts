// Which functions there are, against PostgreSQL itself (PGlite).

import { execFileSync } from 'node:child_process';
import type { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StatementResult } from '../core/kernel/client-calls.ts';
import { functionsByKind } from '../core/sql/analyse-function.ts';
import { POSTGRES_FUNCTIONS } from '../core/sql/postgres-functions.ts';
import { makeMemoryDatabase } from '../core/sql/testing/memory-database.ts';
import { makeMemorySession, runStatement } from '../core/sql/testing/memory-session.ts';
import { GIVEN_TYPES, typeName } from '../core/sql/types.ts';
import { drawn } from '../testing/depth.ts';
import { loadSqlParser, parseSql } from './sql-parser.ts';
import { runOn, startPostgres } from './testing/postgres-run.ts';

let pg: PGlite;
const session = makeMemorySession(makeMemoryDatabase());

function actual(sql: string): StatementResult {
  let result: StatementResult = { kind: 'done', tag: '' };
  for (const statement of parseSql(sql)) result = runStatement(session, statement, []);
  return result;
}

const stateOf = (result: StatementResult): string => (result.kind === 'error' ? result.sqlstate : 'a result');

beforeAll(async () => {
  await loadSqlParser();
  pg = await startPostgres();
});

afterAll(() => pg.close());

test('PostgreSQL has what the list of its functions says', () => {
  expect(() => execFileSync(process.execPath, ['scripts/postgres-functions.mjs', '--check'])).not.toThrow();
});

const own = new Set(Object.values(functionsByKind).flat());
const types = GIVEN_TYPES.map(typeName);

test('a function of PostgreSQL that the lab has for other types answers 0A000, one that nobody has 42883', async () => {
  const expected = runOn(pg);
  const pairs = types.flatMap((a) => types.map((b) => [a, b]));
  /** Of the pairs each function has a share, each another one. */
  const share = drawn(16, 4);
  const listsOf = (nth: number) => [
    [],
    ...types.map((a) => [a]),
    ...pairs.filter((_, i) => (i + Math.floor(i / types.length) + nth) % share === 0),
  ];
  const differing: string[] = [];
  // Those of the catalog have numbers and texts in place of object ids and lists; those of sequences take a constant only; the types that are
  // tried here are no arrays.
  const left = new Set(['of the catalog', 'of sequences', 'of arrays', 'that give rows']);
  const OF_AN_EXTENSION = 'uuid_generate_v4';
  const asked = Object.entries(functionsByKind).flatMap(([kind, names]) =>
    left.has(kind) ? [] : names.filter((name) => name !== OF_AN_EXTENSION),
  );
  for (const [nth, name] of asked.entries())
    for (const list of listsOf(nth)) {
      const sql = `select ${name}(${list.map((type) => `null::${type}`).join(', ')})`;
      const ours = stateOf(actual(sql));
      const right = stateOf(await expected(sql, []));
      if ((ours === '42883') !== (right === '42883')) differing.push(`${sql}: ${ours}, ${right} there`);
    }
  expect(differing).toEqual([]);
});

test('every other function of PostgreSQL answers 0A000 with its name', () => {
  const names = POSTGRES_FUNCTIONS.split(' ').map((entry) => entry.replace(/\(.*/, ''));
  expect(names.length).toBeGreaterThan(1000);
  for (const name of names.filter((one) => !own.has(one) && !one.includes('advisory')))
    expect(actual(`select "${name}"(null::int)`)).toMatchObject({
      sqlstate: '0A000',
      message: expect.stringContaining(name),
    });
});
