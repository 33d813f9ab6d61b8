// Rows that do not fit into a page, written, replaced, kept, deleted and undone while nodes fail: each says in short columns what
// its long value has to be, so that every read of the table can be judged, at any time and of any snapshot. That each value
// has its parts and each part its row is judged with the structure of all pages (page-checks.ts). From a stream of its own.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, type Prng } from '../../base/prng.ts';
import type { ClientResult } from '../../core/kernel/client-calls.ts';
import { requestIdAt } from '../actions/clients.ts';
import { expectOfRun } from '../checks/expect-of-run.ts';
import type { Monitors } from '../checks/monitor.ts';
import type { Tape } from '../tape.ts';
import type { TapeAction } from '../tape-actions.ts';
import { drawLog } from './draw-tools.ts';

const KEYS = 6;
const TABLE = 'CREATE TABLE IF NOT EXISTS large (k int PRIMARY KEY, mark text, n int, seen int, v text)';
/** Rows whose value is not what they say. */
const WRONG = "SELECT count(*) FROM large WHERE v <> repeat(mark || '-', n)";
const WRONG_BY_KEY = "SELECT count(*) FROM large WHERE k >= 0 AND v <> repeat(mark || '-', n)";
const READS = 'large-read';
const OLD = 'large-old';
const WRITES = 'large-write';

function write(prng: Prng, serial: number): string {
  const k = nextBelow(prng, KEYS);
  const n = nextBetween(prng, 10, 4000);
  const mark = `m${serial}`;
  const set = `mark = '${mark}', v = repeat('${mark}-', n)`;
  switch (nextBelow(prng, 9)) {
    case 0:
      return `DELETE FROM large WHERE k = ${k}`;
    case 1:
      return 'UPDATE large SET seen = seen + 1';
    case 2:
      return `UPDATE large SET ${set} WHERE k = ${k}`;
    case 3:
      return `BEGIN; UPDATE large SET ${set}; SAVEPOINT a; DELETE FROM large WHERE k = ${k}; ROLLBACK TO a; COMMIT`;
    case 4:
      return `BEGIN; DELETE FROM large WHERE k <> ${k}; ROLLBACK`;
    case 5:
      return 'VACUUM large';
    default:
      return `INSERT INTO large VALUES (${k}, '${mark}', ${n}, 0, repeat('${mark}-', ${n})) ON CONFLICT (k) DO UPDATE SET mark = excluded.mark, n = excluded.n, v = excluded.v`;
  }
}

/** Between two writes, µs of the sweep's profile; and of a dense run. */
const APART = [50_000, 600_000] as const;
const DENSE_APART = [3000, 20_000] as const;

const hasLargeRows = (seed: number): boolean => seed % 4 === 0;

/**
 * What a heap frees beyond the blocks that its map covers is never used again: with a map of a few blocks, large values that are
 * replaced for minutes would fill every disk. And a new replica takes a base image of thousands of pages: at a page a reply that
 * lasts longer than the time to converge.
 */
const NOT_SMALL: readonly string[] = ['mappedBlocks', 'replyBytes'];

export const limitsBesideLargeRows = <L extends readonly [name: string, value: number]>(
  seed: number,
  limits: readonly L[],
): readonly L[] => (hasLargeRows(seed) ? limits.filter(([name]) => !NOT_SMALL.includes(name)) : limits);

const MIB = 1024 * 1024;
/** Rows of pages each, beside those of all the other loads: 7 MB on each store (seed 60). */
const DISK_BYTES = [16 * MIB, 64 * MIB] as const;

/** Room for the rows, in seeds that have them. */
export const roomForLargeRows = (seed: number): readonly (readonly [name: string, value: number])[] =>
  hasLargeRows(seed)
    ? [['diskLimitBytes', drawLog(makePrng(seed, 'room for large rows'), ...DISK_BYTES)]]
    : [];

/** In every fourth seed. */
export const drawLargeRows = (seed: number, driver: NodeId, chaosUs: number): TapeAction[] =>
  hasLargeRows(seed) ? draw(seed, driver, 300_000, chaosUs, APART) : [];

export const drawDenseLargeRows = (seed: number, driver: NodeId, chaosUs: number): TapeAction[] =>
  draw(seed, driver, 0, chaosUs, DENSE_APART);

function draw(
  seed: number,
  driver: NodeId,
  from: number,
  until: number,
  apart: readonly [least: number, most: number],
): TapeAction[] {
  const prng = makePrng(seed, 'large-rows');
  const actions: TapeAction[] = [];
  const sql = (at: number, session: string, text: string): void =>
    void actions.push({ kind: 'sql', at: at as Time, node: driver, session, text, params: [] });
  sql(from, `${WRITES}-0`, TABLE);
  let serial = 0;
  for (let at = from + apart[1]; at < until; at += nextBetween(prng, ...apart)) {
    sql(at, `${WRITES}-${nextBelow(prng, 2)}`, write(prng, serial++));
    if (serial % 3 === 0) sql(at, `${READS}-${nextBelow(prng, 2)}`, serial % 2 === 0 ? WRONG : WRONG_BY_KEY);
    // A snapshot that stays while rows and their values go.
    if (serial % 12 === 4) sql(at, OLD, `BEGIN ISOLATION LEVEL REPEATABLE READ; ${WRONG}`);
    if (serial % 12 === 10) sql(at, OLD, `${WRONG}; COMMIT`);
  }
  // A snapshot that stays for good would pin PGMRPL, and the log with it, until the disks are full.
  sql(until, OLD, 'COMMIT');
  sql(until, `${READS}-0`, WRONG);
  sql(until, `${READS}-1`, WRONG_BY_KEY);
  return actions;
}

export interface JudgedLargeRows {
  /** Writes that were answered, and reads of all rows that were judged. */
  readonly writes: number;
  readonly reads: number;
}

export function judgeLargeRows(
  monitors: Monitors,
  { actions }: Tape,
  replies: ReadonlyMap<string, ClientResult>,
  at: Time,
): JudgedLargeRows {
  const judged = { writes: 0, reads: 0 };
  for (const [place, action] of actions.entries()) {
    if (action.kind !== 'sql' || !action.session.startsWith('large-')) continue;
    for (const one of replies.get(requestIdAt(actions, place))?.statements ?? []) {
      if (one.kind === 'done') judged.writes += /^(INSERT|UPDATE) /.test(one.tag) ? 1 : 0;
      const wrong = one.kind === 'rows' ? one.rows[0]?.[0] : null;
      const isDamaged = one.kind === 'error' && one.message.includes('a value of "large"');
      if (one.kind === 'rows') judged.reads++;
      expectOfRun(monitors, 'client.paths-agree', !isDamaged && (wrong ?? '0') === '0', at, () =>
        one.kind === 'error' ? one.message : `${wrong} rows of large have another value than they say`,
      );
    }
  }
  return judged;
}
