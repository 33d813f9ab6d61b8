// Serializable transactions beside commits that are decided and not yet durable (WAL-19): to others such a transaction is in progress, and
// what PostgreSQL's predicate.c asks of a committed one is asked of it only once it is durable. Every order of the steps of some
// transactions is played, and in it every choice of when each commit becomes durable; those that were acknowledged must have an order in
// which, one after the other, they read and leave what they did.

import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import type { Mutants } from '../kernel/mutants.ts';
import { advance, begin, type Fixture, makeFixture, replyOf, settle, showReply } from './engine-fixture.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check, run } = makeTranscripts(parseSql);

const BEGIN = 'begin isolation level serializable';
const READ_ONLY = 'begin isolation level serializable, read only';
const REFUSED = '40001 could not serialize access due to read/write dependencies among transactions';

const BANK = `
  s: create table bank (id text primary key, v int) -> CREATE TABLE
  s: insert into bank values ('X', 0), ('Y', 0) -> INSERT 0 2`;
const BEGUN = `${BANK}
  a: ${BEGIN} -> BEGIN
  b: ${BEGIN}; select v from bank where id = 'X'; select v from bank where id = 'Y' -> BEGIN; 0; 0
  a: update bank set v = 20 where id = 'Y' -> UPDATE 1`;

describe('a commit that is pending', () => {
  it('of a pivot is no committed one to a transaction that only reads', () => {
    check(`${BEGUN}
      a: commit -> COMMIT
      b: update bank set v = -11 where id = 'X' -> UPDATE 1
      b? commit
      c: ${READ_ONLY}; select id, v from bank order by id -> BEGIN; ${REFUSED}
      c: rollback -> ROLLBACK
      b! -> COMMIT`);
  });

  it('of a pivot is no committed one to a transaction that may write', () => {
    check(`${BEGUN}
      a: commit -> COMMIT
      b: update bank set v = -11 where id = 'X' -> UPDATE 1
      b? commit
      c: ${BEGIN}; select id, v from bank order by id -> BEGIN; ${REFUSED}
      b! -> COMMIT`);
  });

  it('of the one that would have to come first counts as one before the snapshot, which refuses more than it has to', () => {
    check(`${BEGUN}
      a? commit
      c: ${READ_ONLY}; select id, v from bank order by id; commit -> BEGIN; X,0 | Y,0; COMMIT
      a! -> COMMIT
      b: update bank set v = -11 where id = 'X' -> ${REFUSED}`);
  });

  it('of a pivot, durable by the time of the read, makes the reader the last: nobody is refused', () => {
    check(`${BEGUN}
      a: commit -> COMMIT
      b: update bank set v = -11 where id = 'X'; commit -> UPDATE 1; COMMIT
      c: ${READ_ONLY}; select id, v from bank order by id; commit -> BEGIN; X,-11 | Y,20; COMMIT`);
  });

  it('of a pivot cannot be taken back: who completes the cycle by its commit is refused', () => {
    check(`${BANK}
      a: ${BEGIN}; select v from bank where id = 'X' -> BEGIN; 0
      b: ${BEGIN}; select v from bank where id = 'Y' -> BEGIN; 0
      a: update bank set v = 1 where id = 'Y' -> UPDATE 1
      b: update bank set v = 1 where id = 'X' -> UPDATE 1
      a? commit
      b: commit -> ${REFUSED}
      a! -> COMMIT`);
  });
});

interface Step {
  readonly name: string;
  readonly sql: string;
}
type Session = readonly Step[];

/** Accounts and on-call doctors: three and two transactions of which not all orders are serial ones. */
const SPECS: Readonly<
  Record<string, { readonly setup: string; readonly final: string; readonly sessions: readonly Session[] }>
> = {
  'read-only anomaly': {
    setup: "create table bank (id text primary key, v int); insert into bank values ('X', 0), ('Y', 0)",
    final: 'select id, v from bank order by id',
    sessions: [
      [
        { name: 'wy', sql: `${BEGIN}; update bank set v = v + 20 where id = 'Y'` },
        { name: 'cy', sql: 'commit' },
      ],
      [
        { name: 'rxy', sql: `${BEGIN}; select sum(v) from bank` },
        {
          name: 'wx',
          sql: "update bank set v = v - 10 - (select case when sum(v) < 10 then 1 else 0 end from bank) where id = 'X'",
        },
        { name: 'cx', sql: 'commit' },
      ],
      [{ name: 'r', sql: `${READ_ONLY}; select id, v from bank order by id; commit` }],
    ],
  },
  'write skew': {
    setup: 'create table oncall (id int primary key, works int); insert into oncall values (1, 1), (2, 1)',
    final: 'select id, works from oncall order by id',
    sessions: [1, 2].map((id) => [
      { name: `r${id}`, sql: `${BEGIN}; select sum(works) from oncall` },
      {
        name: `w${id}`,
        sql: `update oncall set works = 0 where id = ${id} and (select sum(works) from oncall) > 1`,
      },
      { name: `c${id}`, sql: 'commit' },
    ]),
  },
  'phantoms in a chain of three': {
    setup: 'create table slots (id int primary key, of int); insert into slots values (1, 1), (2, 2), (3, 3)',
    final: 'select of, count(*) from slots group by of order by of',
    sessions: [1, 2, 3].map((from) => [
      {
        name: `m${from}`,
        sql: `${BEGIN}; insert into slots select ${from} * 10 + count(*), ${1 + (from % 3)} from slots where of = ${from}`,
      },
      { name: `c${from}`, sql: 'commit' },
    ]),
  },
};

/** All ways to merge the sessions' steps. */
function ordersOf(left: readonly number[]): number[][] {
  if (left.every((count) => count === 0)) return [[]];
  return left.flatMap((count, session) =>
    count === 0
      ? []
      : ordersOf(left.map((one, i) => (i === session ? one - 1 : one))).map((rest) => [session, ...rest]),
  );
}

/** What each transaction answered, by session; null: it was refused. And what is left. */
interface Played {
  readonly answers: readonly (string | null)[];
  readonly final: string;
}

/** One after the other. */
function playSerially({ setup, final, sessions }: (typeof SPECS)[string], order: readonly number[]): Played {
  const f = makeFixture();
  run(f, 'setup', setup);
  const answers = sessions.map((): string | null => null);
  for (const session of order)
    answers[session] = (sessions[session] ?? []).map(({ sql }) => run(f, `s${session}`, sql)).join(' / ');
  return { answers, final: run(f, 'judge', final) };
}

/** `delays`: of each session, after how many further steps its commit is durable. Null: a step has to wait for a lock. */
function playPending(
  { setup, final, sessions }: (typeof SPECS)[string],
  order: readonly number[],
  delays: readonly number[],
  mutants: Mutants,
): Played | null {
  const f: Fixture = makeFixture({ mutants });
  run(f, 'setup', setup);
  const asked = sessions.map((): number[] => []);
  /** When the log is durable up to which LSN. */
  const due: { readonly at: number; readonly lsn: number }[] = [];
  order.forEach((session, i) => {
    for (const { at, lsn } of due) if (at <= i) advance(f, lsn);
    const { sql } = sessions[session]?.[asked[session]?.length ?? 0] ?? { sql: '' };
    asked[session]?.push(begin(f, `s${session}`, parseSql(sql)));
    settle(f);
    const commit = f.log.findLast((record) => record.commit);
    if (sql.endsWith('commit') && commit !== undefined)
      due.push({ at: i + 1 + (delays[session] ?? 0), lsn: commit.lsn });
  });
  const isWaiting = [...f.engine.sessions.values()].some(({ waiting }) => waiting?.kind === 'lock');
  if (isWaiting) return null;
  advance(f);
  settle(f);
  const answers = asked.map((sequences, session) => {
    const shown = sequences.map((sequence) => showReply(replyOf(f, `s${session}`, sequence)));
    return shown.some((one) => /(?:^|; )40001 /.test(one)) ? null : shown.join(' / ');
  });
  for (let session = 0; session < sessions.length; session++) run(f, `s${session}`, 'rollback');
  if (mutants.length === 0) expect(f.engine.serial?.txs.size ?? 0).toBe(0);
  return { answers, final: run(f, 'judge', final) };
}

const permutations = (of: readonly number[]): number[][] =>
  of.length === 0
    ? [[]]
    : of.flatMap((one) => permutations(of.filter((other) => other !== one)).map((rest) => [one, ...rest]));

interface Counts {
  played: number;
  refused: number;
  /** Of those refused, beside a commit that was pending. */
  pendingRefused: number;
}

/** Plays all of it; the first whose acknowledged transactions have no serial order, or null. */
function findUnserial(spec: (typeof SPECS)[string], counts: Counts, mutants: Mutants = []): string | null {
  const indexes = spec.sessions.map((_, i) => i);
  const serial = new Map<string, readonly Played[]>();
  const serialOf = (committed: readonly number[]): readonly Played[] => {
    const key = committed.join();
    const known = serial.get(key) ?? permutations(committed).map((order) => playSerially(spec, order));
    serial.set(key, known);
    return known;
  };
  for (const order of ordersOf(spec.sessions.map(({ length }) => length)))
    for (const first of [0, 1, 2])
      for (const second of [0, 2]) {
        const delays = [first, second, 0];
        const came = playPending(spec, order, delays, mutants);
        if (came === null) continue;
        const committed = indexes.filter((i) => came.answers[i] !== null);
        const isRefused = committed.length < indexes.length;
        counts.played++;
        if (isRefused) counts.refused++;
        if (isRefused && first + second > 0) counts.pendingRefused++;
        const isSerial = serialOf(committed).some(
          ({ answers, final }) =>
            final === came.final && committed.every((i) => answers[i] === came.answers[i]),
        );
        if (!isSerial) return `${order}, delays ${delays}: ${came.answers.join(' | ')} leaves ${came.final}`;
      }
  return null;
}

describe('every order of steps, with every choice of when commits are durable', () => {
  it.each(Object.entries(SPECS))('%s: those that were acknowledged have a serial order', (_, spec) => {
    const counts: Counts = { played: 0, refused: 0, pendingRefused: 0 };
    expect(findUnserial(spec, counts)).toBeNull();
    expect(counts.played).toBeGreaterThan(30);
    expect(counts.pendingRefused).toBeGreaterThan(5);
    // not all: who refuses everything keeps every order
    expect(counts.refused).toBeLessThan(counts.played);
  });

  it.each(['engine.pending-is-committed', 'engine.pending-is-open', 'engine.pending-is-seen'] as const)(
    'C14 planted bug %s is found',
    (mutant) => {
      const counts: Counts = { played: 0, refused: 0, pendingRefused: 0 };
      const found = Object.values(SPECS).map((spec) => findUnserial(spec, counts, [mutant]));
      expect(found.some((one) => one !== null)).toBe(true);
    },
  );
});
