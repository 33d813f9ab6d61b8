// The SQL front end against PostgreSQL itself (PGlite) on generated statements: over memory tables, and on the engine.

import { beforeAll, expect, test } from 'vitest';
import { begin, crash, makeFixture, replyOf, settleDurable } from '../core/engine/engine-fixture.ts';
import type { StatementResult } from '../core/kernel/client-calls.ts';
import { makeMemoryDatabase } from '../core/sql/testing/memory-database.ts';
import { makeMemorySession, runStatement } from '../core/sql/testing/memory-session.ts';
import { drawn, isDeep } from '../testing/depth.ts';
import { loadSqlParser, parseSql } from './sql-parser.ts';
import { runCopyDifferential } from './testing/copy-differential.ts';
import { runDifferential } from './testing/differential-run.ts';
import { type Run, runOn, startPostgres } from './testing/postgres-run.ts';

/** Small steps, so that statements are resumed over and over. */
const STEP_ROWS = 7;

function runInMemory(): Run {
  const session = makeMemorySession(makeMemoryDatabase());
  session.budget = STEP_ROWS;
  return (sql, params) => {
    let result: StatementResult = { kind: 'done', tag: '' };
    for (const statement of parseSql(sql)) result = runStatement(session, statement, params);
    return result;
  };
}

/** The real engine over a log and page store of the test's own; it crashes and reopens between transactions. */
function runOnEngine(): { readonly run: Run; readonly crashes: () => number } {
  const fixture = makeFixture({ pageBytes: 2048, bufferPages: 24, lal: 400 });
  let statements = 0;
  let crashes = 0;
  const run: Run = (sql, params) => {
    statements += 1;
    if (statements % CRASH_EVERY === 0 && !fixture.open.has('c')) {
      crash(fixture);
      crashes += 1;
    }
    const sequence = begin(fixture, 'c', parseSql(sql), params);
    settleDurable(fixture);
    const reply = replyOf(fixture, 'c', sequence);
    fixture.replies.length = 0;
    const result = reply?.results.at(-1);
    if (result === undefined) throw new Error(`${sql}: ${reply === null ? 'no reply' : reply.code}`);
    return result;
  };
  return { run, crashes: () => crashes };
}

const CRASH_EVERY = 50;

async function compareWithPostgres(
  seed: number,
  count: number,
  actual: Run,
  hasSystem: boolean,
): Promise<void> {
  const pg = await startPostgres();
  const report = await runDifferential(seed, count, runOn(pg), actual, hasSystem);
  await pg.close();
  if (process.env.SQL_SEED !== undefined) {
    const { differences, kinds, errors, rows, writes } = report;
    console.log(differences.join('\n'));
    console.log(kinds, errors, { rows, writes, differences: differences.length });
  }
  expect(report.differences).toEqual([]);
  expect(report.kinds.size).toBe(hasSystem ? 30 : 29);
  expect(report.rows).toBeGreaterThan(count / 2);
  expect(report.writes).toBeGreaterThan(count / 20);
  expect(report.errors.size).toBeGreaterThan(15);
}

/** Another seed and count from the environment, to look further by hand; then the differences are printed. */
const SEED = Number(process.env.SQL_SEED ?? 1);
const COUNT = process.env.SQL_COUNT === undefined ? null : Number(process.env.SQL_COUNT);

beforeAll(loadSqlParser);

test('rows, names, types, tags, SQLSTATEs and positions agree with PostgreSQL on drawn statements', async () => {
  await compareWithPostgres(SEED, COUNT ?? drawn(400, 10_000), runInMemory(), false);
});

test('so they do on the real engine, through crashes', async () => {
  const engine = runOnEngine();
  await compareWithPostgres(SEED + 1, COUNT ?? drawn(400, 10_000), engine.run, true);
  expect(engine.crashes()).toBeGreaterThan(5);
});

test.runIf(isDeep || COUNT !== null)(
  'COPY reads and writes data as PostgreSQL does, and says where it is wrong',
  async () => {
    const pg = await startPostgres();
    const engine = runOnEngine();
    const count = COUNT ?? 6000;
    const report = await runCopyDifferential(SEED, count, runOn(pg), engine.run);
    await pg.close();
    if (process.env.SQL_SEED !== undefined)
      console.log(report.differences.join('\n'), report.errors, report.rows);
    expect(report.differences).toEqual([]);
    expect(report.rows).toBeGreaterThan(count / 2);
    for (const sqlstate of ['22P02', '22P04', '23505'])
      expect(report.errors.get(sqlstate)).toBeGreaterThan(0);
    expect(engine.crashes()).toBeGreaterThan(1);
  },
);
