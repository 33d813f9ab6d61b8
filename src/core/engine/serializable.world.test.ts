// Serializable transactions of four sessions at random: each reads what its write depends on, so that any serial order keeps two
// rules, and concurrent snapshots alone do not. The sum of a group never falls below zero (write skew), a range never gets more
// rows than it may have (phantoms, over pages of an index that split meanwhile). Held over crashes; repeatable read breaks both.

import { beforeAll, expect, it } from 'vitest';
import { makePrng, nextBelow, nextChance, type Prng } from '../../base/prng.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import type { Mutants } from '../kernel/mutants.ts';
import {
  advance,
  begin,
  crash,
  type Fixture,
  makeFixture,
  replyOf,
  settle,
  showReply,
} from './engine-fixture.ts';

beforeAll(loadSqlParser);

const GROUPS = 4;
const RANGES = 6;
const MOST = 3;

interface Client {
  readonly name: string;
  asked: number | null;
  /** What it does next; null: begin. */
  next: string | null;
  write: ((answer: string) => string) | null;
}

interface Counts {
  commits: number;
  refused: number;
  inserted: number;
  taken: number;
  crashes: number;
}

const noCounts = (): Counts => ({ commits: 0, refused: 0, inserted: 0, taken: 0, crashes: 0 });

/** A transaction: what it reads, and what it writes if it may. */
function draw(
  prng: Prng,
  counts: Counts,
): { readonly read: string; readonly write: (answer: string) => string } {
  if (nextChance(prng, 1, 2)) {
    const group = nextBelow(prng, GROUPS);
    const key = group * 2 + nextBelow(prng, 2);
    return {
      read: `select v from p where k = ${group * 2} or k = ${group * 2 + 1}`,
      write: (answer) => {
        const sum = answer.split(' | ').reduce((all, v) => all + Number(v), 0);
        if (sum < 1) return `update p set v = v + 1 where k = ${key}`;
        counts.taken += 1;
        return `update p set v = v - ${sum} where k = ${key}`;
      },
    };
  }
  const low = nextBelow(prng, RANGES) * 100;
  const key = low + nextBelow(prng, 100);
  return {
    read: `select count(*) from r where k >= ${low} and k < ${low + 100}`,
    write: (answer) => {
      if (Number(answer) >= MOST) return `delete from r where k >= ${low} and k < ${low + 100}`;
      counts.inserted += 1;
      return `insert into r values (${key}, '${'x'.repeat(40)}') on conflict do nothing`;
    },
  };
}

const ask = (f: Fixture, client: Client, text: string): void => {
  client.asked = begin(f, client.name, parseSql(text));
};

function step(f: Fixture, prng: Prng, client: Client, level: string, counts: Counts): void {
  if (client.asked !== null) {
    const reply = replyOf(f, client.name, client.asked);
    if (reply === null) return;
    client.asked = null;
    const answer = showReply(reply);
    expect(answer).not.toMatch(/(?:^|; )(?:XX|08|25|54)/);
    if (/(?:^|; )(?:40001|40P01) /.test(answer)) {
      counts.refused += 1;
      client.next = null;
      if (reply.inTransaction) ask(f, client, 'rollback');
      return;
    }
    if (answer === 'COMMIT') counts.commits += 1;
    if (client.write !== null) {
      client.next = client.write(answer.replace(/^BEGIN; /, ''));
      client.write = null;
    } else if (client.next === 'commit') client.next = null;
    else if (client.next !== null) client.next = 'commit';
    return;
  }
  if (client.next !== null) {
    ask(f, client, client.next);
    return;
  }
  const { read, write } = draw(prng, counts);
  client.write = write;
  ask(f, client, `begin isolation level ${level}; ${read}`);
}

function query(f: Fixture, text: string): string {
  const sequence = begin(f, 'judge', parseSql(text));
  for (let i = 0; i < 3; i++) {
    settle(f);
    advance(f);
  }
  return showReply(replyOf(f, 'judge', sequence));
}

function play(seed: number, level: string, counts: Counts, mutants: Mutants = []): void {
  const prng = makePrng(seed, 'serializable');
  const f = makeFixture({ mutants, pageBytes: 512, bufferPages: 48, lal: 400 });
  query(f, 'create table p (k int primary key, v int)');
  query(f, 'create table r (k int, pad text, primary key (k, pad))');
  query(f, `insert into p select n, 1 from (values (0), (1), (2), (3), (4), (5), (6), (7)) as q (n)`);
  const clients = ['a', 'b', 'c', 'd'].map(
    (name): Client => ({ name, asked: null, next: null, write: null }),
  );
  for (let i = 0; i < 260; i++) {
    step(f, prng, clients[nextBelow(prng, clients.length)] as Client, level, counts);
    settle(f, nextChance(prng, 1, 4) ? 20_000 : undefined);
    if (nextChance(prng, 2, 3)) advance(f);
    settle(f);
    if (nextChance(prng, 1, 130)) {
      crash(f);
      f.incarnation += 1;
      f.open.clear();
      for (const client of clients) Object.assign(client, { asked: null, next: null, write: null });
      counts.crashes += 1;
    }
    if (i % 20 !== 19) continue;
    const least = query(f, 'select min(s) from (select sum(v) as s from p group by k / 2) as q');
    expect(Number(least), `seed ${seed}: sum of a group`).toBeGreaterThanOrEqual(0);
    const most = query(
      f,
      'select coalesce(max(n), 0) from (select count(*) as n from r group by k / 100) as q',
    );
    expect(Number(most), `seed ${seed}: rows of a range`).toBeLessThanOrEqual(MOST);
  }
}

it('keeps what any serial order keeps, and still lets most commit', () => {
  const counts = noCounts();
  for (let seed = 1; seed <= 10; seed++) play(seed, 'serializable', counts);
  expect(counts.commits).toBeGreaterThan(150);
  expect(counts.refused).toBeGreaterThan(20);
  expect(counts.inserted).toBeGreaterThan(50);
  expect(counts.taken).toBeGreaterThan(15);
  expect(counts.crashes).toBeGreaterThan(3);
});

const playAll = (level: string, mutants: Mutants): void => {
  for (let seed = 1; seed <= 10; seed++) play(seed, level, noCounts(), mutants);
};

it('repeatable read does not', () => {
  expect(() => playAll('repeatable read', [])).toThrow(/sum of a group|rows of a range/);
});

it.each([
  ['M100', 'engine.ignores-predicates', /sum of a group|rows of a range/],
  ['M101', 'engine.commits-doomed', /sum of a group|rows of a range/],
  ['M102', 'engine.gap-unwatched', /rows of a range/],
  ['M103', 'engine.split-forgets-readers', /rows of a range/],
  ['M104', 'engine.forgets-committed-readers', /sum of a group|rows of a range/],
] as const)('%s %s is found', (_, mutant, what) => {
  expect(() => playAll('serializable', [mutant])).toThrow(what);
});
