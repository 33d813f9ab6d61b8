// The corpus in testdata/ says what PostgreSQL itself (PGlite) answers.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { compareRecord, readLogicTest } from './testing/logic-test.ts';
import { runOn, startPostgres } from './testing/postgres-run.ts';

const folder = 'src/edge/testdata';

const pg = await startPostgres();

/** Each file begins with a database without tables and a session as it comes. */
beforeEach(async () => {
  await pg.exec('rollback');
  await pg.exec('discard all');
  await pg.exec("set timezone = 'UTC'");
  await pg.exec('drop schema public cascade; create schema public');
});
afterAll(() => pg.close());

test.each(readdirSync(folder))('%s expects what PostgreSQL answers', async (file) => {
  const run = runOn(pg);
  const differences: string[] = [];
  for (const record of readLogicTest(readFileSync(join(folder, file), 'utf8'))) {
    const difference = compareRecord(record, await run(record.sql, []));
    if (difference !== null) differences.push(difference);
  }
  expect(differences).toEqual([]);
});
