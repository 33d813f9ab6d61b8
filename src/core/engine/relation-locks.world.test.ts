// Readers, writers, drops and creates of two tables by sessions at random: what a transaction of repeatable read has read
// stays as it was, and every statement is answered once the transactions that it waits for have ended.

import { beforeAll, expect, it } from 'vitest';
import { makePrng, nextBelow, nextChance, type Prng } from '../../base/prng.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import type { Mutants } from '../kernel/mutants.ts';
import { begin, type Fixture, makeFixture, replyOf, settleDurable, showReply } from './engine-fixture.ts';

beforeAll(loadSqlParser);

interface Client {
  readonly name: string;
  asked: { readonly sequence: number; readonly text: string } | null;
  inBlock: boolean;
  isFailed: boolean;
  /** Tables whose rows it has read in its block and not written since, with what it read. */
  readonly read: Map<string, string>;
}

interface Counts {
  waits: number;
  repeated: number;
  deadlocks: number;
  drops: number;
}

const TABLES = ['t', 'u'];

function nextText(prng: Prng, { inBlock, isFailed }: Client): string {
  if (isFailed) return 'rollback';
  const table = TABLES[nextBelow(prng, 2)] ?? 't';
  if (!inBlock && nextChance(prng, 1, 2)) return 'begin isolation level repeatable read';
  if (inBlock && nextChance(prng, 1, 6)) return nextChance(prng, 1, 2) ? 'commit' : 'rollback';
  switch (nextBelow(prng, 16)) {
    case 0:
      return `drop table ${table}`;
    case 1:
      return 'drop table u, t';
    case 2:
    case 3:
    case 4:
      return `create table if not exists ${table} (k int primary key)`;
    case 5:
    case 6:
      return `insert into ${table} values (${nextBelow(prng, 1000)})`;
    default:
      return `select k from ${table} order by k`;
  }
}

/** Takes what came of the statement, and holds a repeated read against the first. */
function take(f: Fixture, client: Client, counts: Counts): void {
  const { asked } = client;
  const reply = asked && replyOf(f, client.name, asked.sequence);
  if (!asked || !reply) return;
  client.asked = null;
  const answer = showReply(reply);
  if (answer.startsWith('40P01')) counts.deadlocks += 1;
  if (answer === 'DROP TABLE') counts.drops += 1;
  client.inBlock = reply.inTransaction;
  client.isFailed = client.inBlock && /^[0-9A-Z]{5} /.test(answer);
  if (!client.inBlock || client.isFailed) {
    client.read.clear();
    return;
  }
  const [, table = ''] = / (t|u)\b/.exec(asked.text) ?? [];
  if (!asked.text.startsWith('select')) {
    client.read.delete(table);
    if (asked.text.startsWith('drop')) client.read.clear();
    return;
  }
  const before = client.read.get(table);
  if (before !== undefined) {
    expect(answer, `${client.name}: ${asked.text}`).toBe(before);
    counts.repeated += 1;
  }
  client.read.set(table, answer);
}

function play(seed: number, counts: Counts, mutants: Mutants = []): void {
  const prng = makePrng(seed, 'relation-locks');
  const f = makeFixture({ mutants });
  const clients = ['a', 'b', 'c', 'd'].map(
    (name): Client => ({ name, asked: null, inBlock: false, isFailed: false, read: new Map() }),
  );
  const ask = (client: Client, text: string): void => {
    client.asked = { sequence: begin(f, client.name, parseSql(text)), text };
    settleDurable(f);
    take(f, client, counts);
    if (client.asked) counts.waits += 1;
  };
  const lookAgain = (): void => {
    for (const client of clients) take(f, client, counts);
  };
  for (let i = 0; i < 120; i++) {
    const client = clients[nextBelow(prng, clients.length)];
    if (client && !client.asked) ask(client, nextText(prng, client));
    if (nextChance(prng, 1, 5)) settleDurable(f, 50_000);
    lookAgain();
  }
  // Every transaction ends: then nobody waits.
  for (let round = 0; round < clients.length + 1; round++) {
    settleDurable(f, 1_000_000);
    lookAgain();
    for (const client of clients) if (!client.asked && client.inBlock) ask(client, 'rollback');
    lookAgain();
  }
  expect(clients.filter(({ asked }) => asked).map(({ name }) => name)).toEqual([]);
  expect(f.engine.relationLine).toEqual([]);
}

const noCounts = (): Counts => ({ waits: 0, repeated: 0, deadlocks: 0, drops: 0 });

it('drops beside readers and writers take no rows from them, and nobody waits for ever', () => {
  const counts = noCounts();
  for (let seed = 1; seed <= 60; seed++) play(seed, counts);
  expect(counts.waits).toBeGreaterThan(200);
  expect(counts.repeated).toBeGreaterThan(200);
  expect(counts.deadlocks).toBeGreaterThan(10);
  expect(counts.drops).toBeGreaterThan(100);
});

it('M105 engine.ignores-readers-locks is found by what a reader reads again', () => {
  const play12 = (): void => {
    for (let seed = 1; seed <= 12; seed++) play(seed, noCounts(), ['engine.ignores-readers-locks']);
  };
  expect(play12).toThrow(/select k from/);
});
