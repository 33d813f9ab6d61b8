// Sequences on the engine: sessions beside each other, who waits for whom, and crashes, after which no value comes twice that a client
// has been answered with.

import { beforeAll, expect, it } from 'vitest';
import { makePrng, nextBelow, nextChance } from '../../base/prng.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { drawnOf } from '../../testing/depth.ts';
import type { Mutants } from '../kernel/mutants.ts';
import { opName } from '../page/redo-ops.ts';
import { advance, begin, crash, makeFixture, replyOf, settle, showReply } from './engine-fixture.ts';
import { makeTranscripts, type Transcripts } from './transcript-fixture.ts';

let transcripts: Transcripts;

beforeAll(async () => {
  await loadSqlParser();
  transcripts = makeTranscripts(parseSql);
});

it('a rollback gives nothing back, and each session has its own currval', () => {
  transcripts.check(`
    a: create sequence s -> CREATE SEQUENCE
    a: begin -> BEGIN
    a: select nextval('s') -> 1
    b: select nextval('s') -> 2
    b: select currval('s') -> 2
    a: select currval('s') -> 1
    c: select currval('s') -> 55000 currval of sequence "s" is not yet defined in this session
    c: select lastval() -> 55000 lastval is not yet defined in this session
    a: rollback -> ROLLBACK
    a: select currval('s') -> 1
    a: select nextval('s') -> 3
  `);
});

it('CACHE gives each session values of its own', () => {
  transcripts.check(`
    a: create sequence s cache 5 -> CREATE SEQUENCE
    a: select nextval('s') -> 1
    b: select nextval('s') -> 6
    a: select nextval('s') -> 2
    b: select nextval('s') -> 7
    b: select last_value from s -> 10
    a: select setval('s', 20) -> 20
    b: select nextval('s') -> 8
    a: select nextval('s') -> 21
    a: alter sequence s restart -> ALTER SEQUENCE
    b: select nextval('s') -> 1
  `);
});

it('ALTER SEQUENCE waits for who has drawn, is undone by a rollback, and is waited for', () => {
  transcripts.check(`
    a: create sequence s -> CREATE SEQUENCE
    a: begin -> BEGIN
    a: select nextval('s') -> 1
    b: begin -> BEGIN
    b: alter sequence s restart 100 -> pending
    a: commit -> COMMIT
    b! -> ALTER SEQUENCE
    b: select nextval('s') -> 100
    a: select nextval('s') -> pending
    b: rollback -> ROLLBACK
    a! -> 2
    a: begin -> BEGIN
    a: drop sequence s -> DROP SEQUENCE
    b: select nextval('s') -> pending
    a: commit -> COMMIT
    b! -> 42P01 relation "s" does not exist
  `);
});

it('32 values need one record of the log, and a crash leaves out what remains of them', () => {
  const f = makeFixture();
  const run = (text: string): string => transcripts.run(f, 'c', text);
  const logged = (): number => f.log.filter(({ op }) => opName(op) === 'sequenceSet').length;
  run('create sequence s');
  const before = logged();
  for (let i = 1; i <= 33; i++) expect(run("select nextval('s')")).toBe(`${i}`);
  expect(logged()).toBe(before + 1);
  expect(run("select nextval('s')")).toBe('34');
  expect(logged()).toBe(before + 2);
  crash(f);
  expect(run('select last_value, log_cnt, is_called from s')).toBe('66,0,t');
  expect(run("select nextval('s')")).toBe('67');
});

it('a value whose record is not durable is not answered', () => {
  const f = makeFixture();
  const ask = (session: string, text: string): number => {
    const sequence = begin(f, session, parseSql(text));
    settle(f);
    return sequence;
  };
  const answer = (session: string, sequence: number): string => showReply(replyOf(f, session, sequence));
  const made = ask('a', 'create sequence s');
  advance(f);
  settle(f);
  expect(answer('a', made)).toBe('CREATE SEQUENCE');
  const first = ask('a', "select nextval('s')");
  const second = ask('b', "select nextval('s')");
  expect([answer('a', first), answer('b', second)]).toEqual(['pending', 'pending']);
  advance(f);
  settle(f);
  expect([answer('a', first), answer('b', second)]).toEqual(['1', '2']);
});

interface Client {
  readonly name: string;
  sequence: number | null;
}

/** Clients that draw, roll back and crash; the values that were answered, and how often one came again. */
function drawThroughCrashes(seed: number, mutants: Mutants) {
  const f = makeFixture({ pageBytes: 512, bufferPages: 12, lal: 60, mutants });
  const prng = makePrng(seed, 'sequences');
  const run = (text: string): void => {
    const sequence = begin(f, 'setup', parseSql(text));
    while (replyOf(f, 'setup', sequence) === null) {
      settle(f);
      advance(f);
    }
  };
  run('create sequence s; create table t (id serial primary key, v int)');
  const clients = ['a', 'b', 'c'].map((name): Client => ({ name, sequence: null }));
  const seen = new Set<string>();
  const counts = { values: 0, again: 0, crashes: 0, inserts: 0, failed: 0 };
  for (let round = 0; round < 600; round++) {
    const client = clients[nextBelow(prng, clients.length)] as Client;
    if (client.sequence === null) {
      const text = nextChance(prng, 1, 2)
        ? "select 's', nextval('s')"
        : "insert into t (v) values (1), (2) returning 't', id";
      client.sequence = begin(f, client.name, parseSql(text));
    }
    settle(f);
    if (nextChance(prng, 1, 2)) advance(f);
    settle(f);
    for (const one of clients) {
      const reply = one.sequence === null ? null : replyOf(f, one.name, one.sequence);
      if (reply === null) continue;
      one.sequence = null;
      const [result] = reply.results;
      if (result?.kind !== 'rows') {
        counts.failed++;
        continue;
      }
      if (result.rows.length > 1) counts.inserts++;
      for (const [of, value] of result.rows) {
        counts.values++;
        if (seen.has(`${of} ${value}`)) counts.again++;
        seen.add(`${of} ${value}`);
      }
    }
    if (nextChance(prng, 1, 40)) {
      crash(f);
      counts.crashes++;
      for (const one of clients) one.sequence = null;
    }
  }
  return counts;
}

it.each(drawnOf([1, 2, 3, 4]))('seed %i: no value comes twice through crashes', (seed) => {
  const { values, again, crashes, inserts, failed } = drawThroughCrashes(seed, []);
  expect({ again, failed }).toEqual({ again: 0, failed: 0 });
  expect(values).toBeGreaterThan(200);
  expect(inserts).toBeGreaterThan(50);
  expect(crashes).toBeGreaterThan(5);
});

it('M160 engine.sequence-not-logged is found by values that come again', () => {
  const { again, failed } = drawThroughCrashes(1, ['engine.sequence-not-logged']);
  expect(again + failed).toBeGreaterThan(0);
});
