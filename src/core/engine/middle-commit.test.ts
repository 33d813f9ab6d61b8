// A request of several statements that commits in its middle, and its writer dies: what the client table says of it to the next writer
// (FENCE-43, FENCE-44), with the log ending at each MTR and the answer lost.

import { beforeAll, expect, it } from 'vitest';
import { clonePlain } from '../../base/plain.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import type { Mutants } from '../kernel/mutants.ts';
import {
  advance,
  awaitReply,
  begin,
  crash,
  type Fixture,
  makeFixture,
  post,
  replyOf,
  settle,
  settleDurable,
  showReply,
  standStill,
} from './engine-fixture.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { run } = makeTranscripts(parseSql);

const PUT = (id: number): string => `insert into marks values (${id})`;
/** How often each mark is there, `first,second`. */
const MARKS = 'select count(*) filter (where id = 1), count(*) filter (where id = 2) from marks';

function start(mutants: Mutants = []): Fixture {
  const f = makeFixture({ mutants });
  run(f, 'setup', 'create table marks (id int)');
  return f;
}

const SHAPES: readonly (readonly [what: string, text: string])[] = [
  ['COMMIT ends a transaction, another follows', `begin; ${PUT(1)}; commit; begin; ${PUT(2)}; commit`],
  ['COMMIT ends the request’s own transaction', `${PUT(1)}; commit; ${PUT(2)}`],
  ['the last statement is alone', `begin; ${PUT(1)}; commit; ${PUT(2)}`],
  ['nothing is written after it', `${PUT(1)}; commit; select 1`],
];

/** The answers to a request that comes again, with the marks that are there then, for each place at which its writer's log may end. */
function repeatAtEachCut(text: string, mutants: Mutants = []): ReadonlyMap<string, string> {
  const seen = new Map<string, string>();
  const statements = parseSql(text);
  for (let cut = 0; ; cut++) {
    const f = start(mutants);
    const from = f.log.length;
    const sequence = begin(f, 'a', statements);
    for (let i = 0; i < 20; i++) {
      settle(f);
      const next = f.log.find(({ lsn, cpl }) => cpl && lsn > f.vdl);
      if (next === undefined || next.lsn >= from + cut) break;
      advance(f, next.lsn);
    }
    const isWhole = f.log.length <= from + cut;
    crash(f);
    f.replies.length = 0;
    post(f, 'a', sequence, statements);
    const answer = showReply(awaitReply(f, 'a', sequence));
    seen.set(`${answer}, log cut at ${cut}`, run(f, 'judge', MARKS));
    if (isWhole) return seen;
  }
}

it.each(SHAPES)(
  'FENCE-43 %s: wherever the writer dies nothing is done twice, and what is said of it is so',
  (_, text) => {
    const seen = repeatAtEachCut(text);
    const whole = text.includes(PUT(2)) ? '1,1' : '1,0';
    // the second only after the first; all, where it is not said that nobody knows
    for (const [answer, marks] of seen)
      expect(answer.startsWith('COMMIT_UNKNOWN') ? ['1,0', '1,1'] : [whole], answer).toContain(marks);
    expect([...seen.keys()].some((answer) => answer.startsWith('COMMIT_UNKNOWN'))).toBe(true);
    expect([...seen.keys()].some((answer) => answer.includes('INSERT'))).toBe(true);
  },
);

it('M225 engine.forgets-first-commit is found', () => {
  const marks = SHAPES.flatMap(([, text]) => [
    ...repeatAtEachCut(text, ['engine.forgets-first-commit']).values(),
  ]);
  expect(marks).toContain('2,1');
});

it('FENCE-43 PCS-47 a primary that stands still for a split leaves open what became of a request that has committed in part', () => {
  const f = start();
  run(f, 'setup', 'create table held (id int primary key)');
  run(f, 'other', 'begin; insert into held values (1)');
  const text = `${PUT(1)}; commit; insert into held values (1)`;
  const sequence = begin(f, 'a', parseSql(text));
  const early = begin(f, 'b', parseSql('insert into held values (1)'));
  settleDurable(f);
  expect(replyOf(f, 'a', sequence)).toBeNull();
  expect(standStill(f)).toBe(true);
  expect(showReply(replyOf(f, 'a', sequence))).toBe('COMMIT_UNKNOWN');
  // asked again it is not carried out again, as what has done nothing is
  f.replies.length = 0;
  post(f, 'a', sequence, parseSql(text));
  post(f, 'b', early, parseSql('insert into held values (1)'));
  settleDurable(f);
  expect(showReply(replyOf(f, 'a', sequence))).toBe('COMMIT_UNKNOWN');
  expect(showReply(replyOf(f, 'b', early))).toBe('INSERT 0 1');
  expect(run(f, 'judge', MARKS)).toBe('1,0');
});

it('FENCE-43 a statement that commits more than once, cut before its last commit, is not carried out again', () => {
  const f = start();
  const text = 'create index concurrently marks_id on marks (id)';
  const sequence = begin(f, 'a', parseSql(text));
  const seen = new Set<string>();
  for (let cut = 0; cut < 60; cut++) {
    const twin: Fixture = { ...f, ...clonePlain(f), options: f.options };
    settle(twin);
    const next = twin.log.find(({ lsn, cpl }) => cpl && lsn > twin.vdl);
    crash(twin);
    twin.replies.length = 0;
    post(twin, 'a', sequence, parseSql(text));
    const answer = showReply(awaitReply(twin, 'a', sequence, 20_000));
    const valid = run(twin, 'judge', 'select count(*) from pg_index where indisprimary is false');
    seen.add(`${answer}, ${valid}`);
    settle(f);
    if (next === undefined) break;
    advance(f, next.lsn);
  }
  for (const one of seen) expect(['CREATE INDEX, 1', 'COMMIT_UNKNOWN, 1', 'REPLAYED, 1']).toContain(one);
  expect(seen.size).toBe(3);
});
