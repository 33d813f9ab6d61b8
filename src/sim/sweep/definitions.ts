// Definitions that change while loads write the tables and nodes fail: indexes built and dropped, columns and constraints that come and
// go, and two tables of which one refers to the other only at times. The structure of every index is judged with that of all pages
// (page-checks.ts), rows by their loads; here, that no row refers to nothing while the constraint stands. From a stream of its own.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, type Prng } from '../../base/prng.ts';
import type { ClientResult } from '../../core/kernel/client-calls.ts';
import { requestIdAt } from '../actions/clients.ts';
import { expectOfRun } from '../checks/expect-of-run.ts';
import type { Monitors } from '../checks/monitor.ts';
import type { Tape } from '../tape.ts';
import type { TapeAction } from '../tape-actions.ts';
import { pick } from './draw-tools.ts';

/** Between two changes, and between two writes of the tables that refer, µs of the sweep's profile. */
const CHANGES_APART = [300_000, 2_500_000] as const;
const WRITES_APART = [50_000, 500_000] as const;
/** After the chaos: when all is healed and quiet, and when all power has been cut once more. */
const JUDGED_AFTER_US = [15_000_000, 33_000_000] as const;
const KEYS = 12;

const CHANGES: readonly ((serial: number) => string)[] = [
  () => 'CREATE INDEX accounts_balance ON accounts (balance DESC, id)',
  () => 'CREATE INDEX CONCURRENTLY accounts_balance ON accounts (balance DESC, id)',
  () => 'DROP INDEX IF EXISTS accounts_balance',
  () => 'CREATE UNIQUE INDEX CONCURRENTLY registers_v ON registers (v, k)',
  () => 'DROP INDEX CONCURRENTLY IF EXISTS registers_v',
  (serial) => `ALTER TABLE accounts ADD COLUMN IF NOT EXISTS note text DEFAULT 'note ${serial}'`,
  () => 'ALTER TABLE accounts DROP COLUMN IF EXISTS note',
  () => 'ALTER TABLE accounts ADD CONSTRAINT known CHECK (id > 0)',
  () => 'ALTER TABLE accounts DROP CONSTRAINT IF EXISTS known',
  () =>
    'BEGIN; ALTER TABLE counters ADD COLUMN twice bigint; CREATE INDEX counters_twice ON counters (twice); ROLLBACK',
  () =>
    'BEGIN; DELETE FROM children c WHERE NOT EXISTS (SELECT FROM parents p WHERE p.id = c.parent); ALTER TABLE children ADD CONSTRAINT of_parent FOREIGN KEY (parent) REFERENCES parents ON DELETE CASCADE; COMMIT',
  () =>
    'BEGIN; DELETE FROM children c WHERE NOT EXISTS (SELECT FROM parents p WHERE p.id = c.parent); ALTER TABLE children ADD CONSTRAINT of_parent FOREIGN KEY (parent) REFERENCES parents ON DELETE CASCADE; COMMIT',
  () => 'ALTER TABLE children DROP CONSTRAINT IF EXISTS of_parent',
];

const TABLES = [
  'CREATE TABLE IF NOT EXISTS parents (id int PRIMARY KEY, n int)',
  'CREATE TABLE IF NOT EXISTS children (id int PRIMARY KEY, parent int)',
].join('; ');

/** 1 while the constraint stands, and the rows that refer to nothing. */
const JUDGED =
  "SELECT (SELECT count(*) FROM pg_constraint WHERE conname = 'of_parent'), (SELECT count(*) FROM children c WHERE NOT EXISTS (SELECT FROM parents p WHERE p.id = c.parent))";
const JUDGE = 'definitions-judged';
const sessionOf = (n: number): string => `definitions-${n}`;

function write(prng: Prng): string {
  const [id, parent] = [nextBelow(prng, KEYS * 3), nextBelow(prng, KEYS)];
  switch (nextBelow(prng, 6)) {
    case 0:
    case 1:
      return `INSERT INTO parents VALUES (${parent}, 0) ON CONFLICT DO NOTHING`;
    case 2:
      return `DELETE FROM parents WHERE id = ${parent}`;
    case 3:
      return `UPDATE children SET parent = ${parent} WHERE id = ${id}`;
    default:
      return `INSERT INTO children VALUES (${id}, ${parent}) ON CONFLICT DO NOTHING`;
  }
}

/** In every fourth seed. */
export function drawDefinitions(seed: number, driver: NodeId, chaosUs: number): TapeAction[] {
  if (seed % 4 !== 2) return [];
  const prng = makePrng(seed, 'definitions');
  const actions: TapeAction[] = [];
  const sql = (at: number, session: string, text: string): void =>
    void actions.push({ kind: 'sql', at: at as Time, node: driver, session, text, params: [] });
  sql(200_000, sessionOf(0), TABLES);
  let serial = 0;
  for (let at = 600_000; at < chaosUs; at += nextBetween(prng, ...CHANGES_APART))
    sql(at, sessionOf(nextBelow(prng, 2)), pick(prng, CHANGES)(serial++));
  for (let at = 400_000; at < chaosUs; at += nextBetween(prng, ...WRITES_APART))
    sql(at, `references-${nextBelow(prng, 3)}`, write(prng));
  for (const after of JUDGED_AFTER_US) sql(chaosUs + after, JUDGE, JUDGED);
  return actions;
}

export interface JudgedDefinitions {
  /** Indexes built, those of them CONCURRENTLY, and tables altered, as answered; changes whose outcome nobody knows. */
  readonly builds: number;
  readonly concurrent: number;
  readonly alters: number;
  readonly unknown: number;
  /** Looks at the tables that refer while the constraint stood. */
  readonly references: number;
}

export function judgeDefinitions(
  monitors: Monitors,
  { actions }: Tape,
  replies: ReadonlyMap<string, ClientResult>,
  at: Time,
): JudgedDefinitions {
  const judged = { builds: 0, concurrent: 0, alters: 0, unknown: 0, references: 0 };
  for (const [place, action] of actions.entries()) {
    if (action.kind !== 'sql' || !action.session.startsWith('definitions-')) continue;
    const reply = replies.get(requestIdAt(actions, place));
    if (action.session === JUDGE) {
      const [one] = reply?.statements ?? [];
      const [stands, orphans] = one?.kind === 'rows' ? (one.rows[0] ?? []) : [];
      if (stands !== '1') continue;
      judged.references++;
      expectOfRun(
        monitors,
        'client.paths-agree',
        orphans === '0',
        at,
        () => `${orphans} rows of children refer to no row of parents, and the constraint stands`,
      );
      continue;
    }
    if (reply === undefined || reply.outcome === 'unknown') judged.unknown++;
    for (const one of reply?.statements ?? []) {
      if (one.kind === 'done' && one.tag === 'CREATE INDEX') {
        judged.builds++;
        if (action.text.includes('CONCURRENTLY')) judged.concurrent++;
      }
      if (one.kind === 'done' && one.tag === 'ALTER TABLE') judged.alters++;
    }
  }
  return judged;
}
