// What the durable commits of P1 are held against: PostgreSQL itself in the page, on IndexedDB.

import { PGlite } from '@electric-sql/pglite';

/** Rows inserted one by one, each durable before the next, for so many seconds; answers rows a second, and leaves nothing. */
export async function insertDurably(seconds: number, valueBytes: number): Promise<number> {
  const name = `bench-${Date.now()}`;
  const pg = await PGlite.create({ dataDir: `idb://${name}`, relaxedDurability: false });
  await pg.exec('CREATE TABLE kv (id bigint PRIMARY KEY, v text)');
  const value = 'x'.repeat(valueBytes);
  let rows = 0;
  const startedAt = performance.now();
  while (performance.now() - startedAt < seconds * 1000)
    await pg.query('INSERT INTO kv VALUES ($1, $2)', [++rows, value]);
  const rate = (rows * 1000) / (performance.now() - startedAt);
  await pg.close();
  indexedDB.deleteDatabase(`/pglite/${name}`);
  return rate;
}
