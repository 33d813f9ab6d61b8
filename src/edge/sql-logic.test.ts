// The corpus in testdata/, a file a feature, on memory tables, on the real engine, and in steps of two rows. That in testdata-own/ is not what
// PostgreSQL answers: texts that it writes otherwise, and what the lab refuses.

import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { begin, makeFixture, replyOf, settleDurable } from '../core/engine/engine-fixture.ts';
import type { StatementResult } from '../core/kernel/client-calls.ts';
import { makeMemoryDatabase } from '../core/sql/testing/memory-database.ts';
import { makeMemorySession, runStatement } from '../core/sql/testing/memory-session.ts';
import { loadSqlParser, parseSql } from './sql-parser.ts';
import { compareRecord, readLogicTest } from './testing/logic-test.ts';

beforeAll(loadSqlParser);

const files = ['testdata', 'testdata-own'].flatMap((name) => {
  const folder = new URL(`./${name}/`, import.meta.url);
  return readdirSync(folder).map((file) => ({ file, url: new URL(file, folder) }));
});

type Runner = (sql: string) => StatementResult;

function inMemory(budget: number): Runner {
  const session = makeMemorySession(makeMemoryDatabase());
  session.budget = budget;
  return (sql) => {
    let result: StatementResult = { kind: 'done', tag: '' };
    for (const statement of parseSql(sql)) result = runStatement(session, statement);
    return result;
  };
}

function onEngine(): Runner {
  const fixture = makeFixture({ pageBytes: 2048, bufferPages: 8, lal: 400 });
  return (sql) => {
    const sequence = begin(fixture, 'c', parseSql(sql), []);
    settleDurable(fixture);
    const result = replyOf(fixture, 'c', sequence)?.results.at(-1);
    fixture.replies.length = 0;
    if (result === undefined) throw new Error(`${sql}: no result`);
    return result;
  };
}

const RUNNERS: readonly (readonly [string, () => Runner])[] = [
  ['memory tables', () => inMemory(1000)],
  ['memory tables in steps of two rows', () => inMemory(2)],
  ['the engine', onEngine],
];

/** What only the engine has. */
const ENGINE_ALONE: ReadonlySet<string> = new Set([
  'concurrent-index.test',
  'names-collide.test',
  'information-schema.test',
  'intervals.test',
  'system-views.test',
  'view-texts.test',
  'serializable.test',
  'settings.test',
]);
const CASES = files.flatMap(({ file, url }) =>
  RUNNERS.filter(([name]) => name === 'the engine' || !ENGINE_ALONE.has(file)).map(
    ([name, make]) => [file, name, make, url] as const,
  ),
);

test.each(CASES)('%s on %s', (_file, _runner, make, url) => {
  const run = make();
  const records = readLogicTest(readFileSync(url, 'utf8'));
  expect(records.length).toBeGreaterThan(20);
  expect(records.flatMap((record) => compareRecord(record, run(record.sql)) ?? [])).toEqual([]);
});
