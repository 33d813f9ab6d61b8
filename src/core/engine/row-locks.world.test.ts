// Row locks by sessions at random: a counter that is read with FOR UPDATE and written from what was read is never behind,
// rows that SKIP LOCKED takes are taken once, KEY SHARE keeps a row's key where it is, and nobody waits for ever. The planted
// bugs of row locks are found by the same.

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
  settleDurable,
  showReply,
} from './engine-fixture.ts';

beforeAll(loadSqlParser);

const ROWS = 3;
const BUMP = (k: number): string =>
  `begin; select n from c where k = ${k} for update; update c set n = (select n + 1 from c where k = ${k}) where k = ${k}; commit`;

interface Client {
  name: string;
  asked: { readonly sequence: number; readonly text: string; readonly row: number } | null;
  inBlock: boolean;
  isFailed: boolean;
  /** Rows that it holds by KEY SHARE in its block. */
  readonly shared: Set<number>;
}

interface World {
  readonly f: Fixture;
  readonly prng: Prng;
  readonly clients: Client[];
  /** Increments that were acknowledged, and those whose outcome is unknown, by row. */
  readonly sure: number[];
  readonly open: number[];
  readonly taken: Set<string>;
  /** In every second seed commits are durable at once, in the others when the run says so. */
  readonly settle: typeof settle;
  readonly counts: Record<'bumps' | 'waits' | 'taken' | 'deadlocks' | 'kept' | 'crashes', number>;
}

function ask(w: World, client: Client, text: string, row: number): void {
  const sequence = begin(w.f, client.name, parseSql(text));
  client.asked = { sequence, text, row };
  w.settle(w.f);
  take(w, client);
  if (client.asked) w.counts.waits += 1;
}

function take(w: World, client: Client): void {
  const { asked } = client;
  const reply = asked && replyOf(w.f, client.name, asked.sequence);
  if (!asked || !reply) return;
  const { text, row } = asked;
  client.asked = null;
  const answer = showReply(reply);
  client.inBlock = reply.inTransaction;
  client.isFailed = client.inBlock && /\b[0-9A-Z]{5} /.test(answer.split('; ').at(-1) ?? '');
  if (answer.includes('40P01')) w.counts.deadlocks += 1;
  if (text.startsWith('begin; select n')) {
    if (answer.endsWith('COMMIT')) {
      w.sure[row] = (w.sure[row] ?? 0) + 1;
      w.counts.bumps += 1;
    }
    return;
  }
  if (text.startsWith('delete from jobs') && /^\d+$/.test(answer)) {
    expect(w.taken.has(answer), `job ${answer} is taken twice`).toBe(false);
    w.taken.add(answer);
    w.counts.taken += 1;
    return;
  }
  if (!client.inBlock || client.isFailed) client.shared.clear();
  else if (text.includes('for key share') && !answer.endsWith('no rows')) client.shared.add(row);
}

/** While a client holds a row by KEY SHARE, the row is there. */
function checkKept(w: World, client: Client): void {
  if (client.asked || client.isFailed || !client.inBlock) return;
  for (const row of client.shared) {
    const sequence = begin(w.f, client.name, parseSql(`select count(*) from p where k = ${row}`));
    w.settle(w.f);
    expect(showReply(replyOf(w.f, client.name, sequence)), `row ${row} of ${client.name}`).toBe('1');
    w.counts.kept += 1;
  }
}

function act(w: World, client: Client): void {
  const { prng } = w;
  const row = 1 + nextBelow(prng, ROWS);
  if (client.isFailed) ask(w, client, 'rollback', row);
  else if (client.inBlock) {
    if (nextChance(prng, 1, 3)) ask(w, client, 'commit', row);
    else ask(w, client, `select v from p where k = ${row} for key share`, row);
  } else
    switch (nextBelow(prng, 9)) {
      case 4:
        ask(w, client, `insert into p values (${row}, 0)`, row);
        break;
      case 0:
        ask(w, client, `begin; select v from p where k = ${row} for key share`, row);
        break;
      case 1:
        ask(w, client, `update p set v = v + 1 where k = ${row}`, row);
        break;
      case 2:
        ask(w, client, `delete from p where k = ${row}`, row);
        break;
      case 3:
        ask(
          w,
          client,
          'delete from jobs where id = (select id from jobs order by id limit 1 for update skip locked) returning id',
          row,
        );
        break;
      default:
        ask(w, client, BUMP(row), row);
    }
}

/** The writer dies: what was on its way may or may not have happened, locks are gone. */
function restart(w: World): void {
  const { f } = w;
  for (const client of w.clients) {
    if (client.asked?.text.startsWith('begin; select n'))
      w.open[client.asked.row] = (w.open[client.asked.row] ?? 0) + 1;
    Object.assign(client, { asked: null, inBlock: false, isFailed: false });
    client.shared.clear();
  }
  crash(f);
  f.incarnation += 1;
  f.open.clear();
  f.sequences.clear();
  f.replies.length = 0;
  w.counts.crashes += 1;
}

function query(f: Fixture, text: string): string {
  const sequence = begin(f, 'judge', parseSql(text));
  settle(f);
  return showReply(replyOf(f, 'judge', sequence));
}

function play(seed: number, mutants: Mutants, counts: World['counts']): void {
  const f = makeFixture({ mutants, pageBytes: 512, bufferPages: 24 });
  const setUp = (text: string): void => {
    begin(f, 'setup', parseSql(text));
    for (let i = 0; i < 20; i++) {
      settle(f);
      advance(f);
    }
  };
  setUp('create table c (k int primary key, n int)');
  setUp('create table p (k int primary key, v int)');
  setUp('create table jobs (id int primary key)');
  setUp('insert into c values (1, 0), (2, 0), (3, 0)');
  setUp('insert into p values (1, 0), (2, 0), (3, 0)');
  setUp(
    'insert into jobs select x.n * 10 + y.n from (values (1), (2), (3)) x(n), (values (1), (2), (3)) y(n)',
  );
  const names = ['a', 'b', 'c', 'd'];
  const w: World = {
    f,
    prng: makePrng(seed, 'row-locks'),
    clients: names.map((name) => ({ name, asked: null, inBlock: false, isFailed: false, shared: new Set() })),
    sure: [],
    open: [],
    taken: new Set(),
    settle: seed % 2 === 0 ? settleDurable : settle,
    counts,
  };
  for (let i = 0; i < 150; i++) {
    const client = w.clients[nextBelow(w.prng, names.length)];
    if (client && !client.asked) act(w, client);
    if (nextChance(w.prng, 1, 2)) advance(f);
    if (nextChance(w.prng, 1, 6)) w.settle(f, 20_000);
    for (const one of w.clients) take(w, one);
    for (const one of w.clients) checkKept(w, one);
    if (nextChance(w.prng, 1, 60)) restart(w);
  }
  for (let round = 0; round < names.length + 2; round++) {
    advance(f);
    w.settle(f, 1_000_000);
    for (const client of w.clients) {
      take(w, client);
      if (!client.asked && client.inBlock) ask(w, client, 'rollback', 0);
    }
  }
  advance(f);
  settle(f);
  for (const client of w.clients) take(w, client);
  expect(w.clients.filter(({ asked }) => asked).map(({ name, asked }) => `${name} ${asked?.text}`)).toEqual(
    [],
  );
  expect(f.engine.rowLocks.size).toBe(0);
  for (let row = 1; row <= ROWS; row++) {
    const n = Number(query(f, `select n from c where k = ${row}`));
    const [sure, open] = [w.sure[row] ?? 0, w.open[row] ?? 0];
    expect(n >= sure && n <= sure + open, `counter ${row} is ${n}, not ${sure} to ${sure + open}`).toBe(true);
  }
}

const noCounts = (): World['counts'] => ({ bumps: 0, waits: 0, taken: 0, deadlocks: 0, kept: 0, crashes: 0 });

it('what is read with FOR UPDATE is what is written from, SKIP LOCKED takes each row once, KEY SHARE keeps the key', () => {
  const counts = noCounts();
  for (let seed = 1; seed <= 24; seed++) play(seed, [], counts);
  expect(counts.bumps).toBeGreaterThan(300);
  expect(counts.waits).toBeGreaterThan(300);
  expect(counts.taken).toBeGreaterThan(50);
  expect(counts.kept).toBeGreaterThan(100);
  expect(counts.crashes).toBeGreaterThan(20);
});

it.each([
  ['M106', 'engine.ignores-row-locks'],
  ['M107', 'engine.locks-stay-behind'],
] as const)('%s %s is found', (_, mutant) => {
  const play12 = (): void => {
    for (let seed = 1; seed <= 12; seed++) play(seed, [mutant], noCounts());
  };
  expect(play12).toThrow(/counter|job|row/);
});
