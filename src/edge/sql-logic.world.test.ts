// The corpus in testdata/ says what PostgreSQL itself (PGlite) answers.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { expect, test } from 'vitest';
import { compareRecord, readLogicTest } from './testing/logic-test.ts';
import { runOn } from './testing/postgres-run.ts';

const folder = 'src/edge/testdata';

test.each(readdirSync(folder))('%s expects what PostgreSQL answers', async (file) => {
  const pg = new PGlite();
  await pg.waitReady;
  const run = runOn(pg);
  const differences: string[] = [];
  for (const record of readLogicTest(readFileSync(join(folder, file), 'utf8'))) {
    const difference = compareRecord(record, await run(record.sql, []));
    if (difference !== null) differences.push(difference);
  }
  await pg.close();
  expect(differences).toEqual([]);
});
