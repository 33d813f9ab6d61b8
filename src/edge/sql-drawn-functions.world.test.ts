// Families of functions, and of tables with indexes, against PostgreSQL itself (PGlite) by drawn statements: results, scales, SQLSTATEs and messages to the letter. Results in
// double precision are compared to twelve digits, since the platform's own last digits are not PostgreSQL's.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePrng } from '../base/prng.ts';
import { drawn } from '../testing/depth.ts';
import { CALLS } from './testing/drawn-calls.ts';
import { OVER_TABLES } from './testing/drawn-tables.ts';
import type { Family } from './testing/drawn-values.ts';
import { holdAgainstPostgres } from './testing/held-against-postgres.ts';

let held: Awaited<ReturnType<typeof holdAgainstPostgres>>;
beforeAll(async () => {
  held = await holdAgainstPostgres();
});
afterAll(() => held.close());

const families = Object.entries<Family>({ ...CALLS, ...OVER_TABLES });

test.each(families)('%s', async (name, { draw, fixed, before }) => {
  expect(await held.differences(before ?? [])).toEqual([]);
  const prng = makePrng(7, name);
  const statements = Array.from({ length: drawn(400, 2000) }, () => draw(prng));
  expect(new Set(statements).size).toBeGreaterThan(statements.length / 4);
  expect(await held.differences([...fixed, ...statements])).toEqual([]);
});
