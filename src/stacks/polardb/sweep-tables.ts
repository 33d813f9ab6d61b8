// Definitions across readers in a swept run (docs/spec/logindex.md LI-64 to LI-66): tables come and go, are emptied and locked, while readers
// have them in statements and in transactions that stay open. Each makes and removes files, so the journal of the file system goes
// round as well, and readers that were away are lapped (FS-62). From a stream of its own.

import type { Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween } from '../../base/prng.ts';
import { readersOf } from '../../core/kernel/attachments.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { nodeWith, pick } from '../../sim/sweep/draw-tools.ts';
import type { TapeAction } from '../../sim/tape-actions.ts';

const TABLES = 6;
/** Between two of the writer's, and between two transactions of readers, µs. */
const CHANGES_APART = [40_000, 600_000] as const;
const READS_APART = [100_000, 900_000] as const;
/** How long a reader has a table in an open transaction. */
const OPEN_US = [20_000, 900_000] as const;

const changes: readonly ((table: string) => string)[] = [
  (t) => `CREATE TABLE IF NOT EXISTS ${t} (k int PRIMARY KEY, v int)`,
  (t) => `CREATE TABLE IF NOT EXISTS ${t} (k int PRIMARY KEY, v int)`,
  (t) => `CREATE TABLE IF NOT EXISTS ${t} (k int PRIMARY KEY, v int); CREATE INDEX ${t}_v ON ${t} (v)`,
  (t) => `INSERT INTO ${t} VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 5) ON CONFLICT DO NOTHING`,
  (t) => `DROP TABLE IF EXISTS ${t}`,
  (t) => `DROP TABLE IF EXISTS ${t}`,
  (t) => `TRUNCATE ${t}`,
  (t) => `BEGIN; LOCK TABLE ${t}; UPDATE ${t} SET v = v + 1; COMMIT`,
  (t) => `BEGIN; DROP TABLE ${t}; ROLLBACK`,
];

/** In two of three seeds. */
export function drawTables(seed: number, cluster: ClusterSpec, chaosUs: number): TapeAction[] {
  if (seed % 3 === 0) return [];
  const prng = makePrng(seed, 'tables');
  const driver = nodeWith(cluster, 'driver');
  const readers = readersOf(cluster);
  const actions: TapeAction[] = [];
  const sql = (at: number, session: string, text: string): void => {
    if (at < chaosUs) actions.push({ kind: 'sql', at: at as Time, node: driver, session, text, params: [] });
  };
  const table = (): string => `files${nextBelow(prng, TABLES)}`;
  for (let at = 500_000; at < chaosUs; at += nextBetween(prng, ...CHANGES_APART))
    sql(at, `changes${nextBelow(prng, 2)}`, pick(prng, changes)(table()));
  for (let at = 700_000; at < chaosUs; at += nextBetween(prng, ...READS_APART)) {
    const session = `files-read${nextBelow(prng, 3)}`;
    const target = pick(prng, readers);
    actions.push({
      kind: 'session',
      at: at as Time,
      node: driver,
      session,
      target,
      level: 'session',
      waitLsn: null,
    });
    const name = table();
    const until = at + nextBetween(prng, ...OPEN_US);
    sql(at + 100, session, 'BEGIN ISOLATION LEVEL REPEATABLE READ');
    sql(at + 200, session, `SELECT count(*) FROM ${name}`);
    sql(until, session, `SELECT count(*), sum(v) FROM ${name}`);
    sql(until + 100, session, 'COMMIT');
  }
  return actions;
}
