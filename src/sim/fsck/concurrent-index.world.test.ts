// Indexes that come and go CONCURRENTLY beside writers, readers of old snapshots, vacuum and crashes on both sides of every commit
// of the statement: an index is never valid and incomplete, whatever it was when its writer died.

import { beforeAll, expect, it } from 'vitest';
import { makePrng, nextBelow, nextChance, type Prng } from '../../base/prng.ts';
import { stepOf } from '../../core/engine/concurrent-index.ts';
import {
  advance,
  begin,
  crash,
  type Fixture,
  makeFixture,
  replyOf,
  settle,
  showReply,
} from '../../core/engine/engine-fixture.ts';
import type { Mutants } from '../../core/kernel/mutants.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { drawn, isDeep } from '../../testing/depth.ts';
import { findingLine, fsck } from './fsck.ts';
import { volumePagesOf } from './pages-fixture.ts';

beforeAll(loadSqlParser);

const PAGE_BYTES = 512;
const KEYS = 40;
const VALUES = 4;
const ROUNDS = 500;

interface Client {
  readonly name: string;
  sequence: number | null;
  block: 'none' | 'read committed' | 'repeatable read' | 'failed';
}

interface World {
  readonly f: Fixture;
  readonly prng: Prng;
  readonly clients: readonly Client[];
  /** What an index lacks, or a reader sees by it and not without it. */
  readonly wrong: string[];
  readonly seen: { builds: number; drops: number; invalid: number; crashes: number; pairs: number };
  /** Steps at which the writer died; `+`: its commit was durable. */
  readonly diedAt: Set<string>;
}

function makeWorld(seed: number, mutants: Mutants): World {
  const options = { pageBytes: PAGE_BYTES, bufferPages: 48, lal: 60, mutants };
  const f = makeFixture(options);
  const key = seed % 2 === 0 ? ' primary key' : '';
  const setup = begin(f, 'setup', parseSql(`create table t (id int${key}, v int, w int)`));
  quiet(f);
  expect(showReply(replyOf(f, 'setup', setup))).toBe('CREATE TABLE');
  const rows = Array.from({ length: 60 }, (_, i) => `(${i}, ${i % VALUES}, ${i + 1000})`).join(', ');
  begin(f, 'setup', parseSql(`insert into t values ${rows}`));
  quiet(f);
  const clients = ['builder', 'reader', 'a', 'b', 'c'].map(
    (name): Client => ({ name, sequence: null, block: 'none' }),
  );
  const seen = { builds: 0, drops: 0, invalid: 0, crashes: 0, pairs: 0 };
  return { f, prng: makePrng(seed, 'concurrent-index'), clients, wrong: [], seen, diedAt: new Set() };
}

function quiet(f: Fixture): void {
  for (let i = 0; i < 40; i++) {
    settle(f);
    advance(f);
  }
}

const BUILDS = [
  'create index concurrently if not exists t_v on t (v)',
  'create index concurrently if not exists t_v on t (v desc, id)',
  'create unique index concurrently if not exists t_w on t (w)',
  'drop index concurrently if exists t_v',
  'drop index concurrently if exists t_w',
  'drop index if exists t_v',
  'drop index if exists t_w',
] as const;

function nextText({ prng }: World, { name, block }: Client): string {
  if (block === 'failed') return 'rollback';
  if (name === 'builder') return BUILDS[nextBelow(prng, BUILDS.length)] ?? BUILDS[0];
  if (name === 'reader' && block === 'none') return 'begin isolation level repeatable read';
  if (name === 'reader' && nextChance(prng, 1, 12)) return 'commit';
  if (block !== 'none' && name !== 'reader' && nextChance(prng, 1, 3))
    return nextChance(prng, 3, 4) ? 'commit' : 'rollback';
  if (block === 'none' && nextChance(prng, 1, 3))
    return nextChance(prng, 1, 2) ? 'begin' : 'begin isolation level repeatable read';
  const [id, v, w] = [nextBelow(prng, KEYS), nextBelow(prng, VALUES), nextBelow(prng, 400)];
  const roll = name === 'reader' ? 99 : nextBelow(prng, 100);
  if (roll < 30) return `insert into t values (${id}, ${v}, ${w})`;
  if (roll < 50) return `update t set v = ${v} where id = ${id}`;
  if (roll < 55) return `update t set w = ${w} where id = ${id}`;
  if (roll < 66) return `delete from t where id = ${id}`;
  if (roll < 70 && block === 'none') return 'vacuum t';
  if (roll < 76 && block !== 'none') return nextChance(prng, 1, 2) ? 'savepoint s' : 'rollback to s';
  return `select id from t where v = ${v} order by id, w; select id from t where v + 0 = ${v} order by id, w`;
}

function takeReplies({ f, clients, seen, wrong }: World): void {
  for (const client of clients) {
    const reply = client.sequence === null ? null : replyOf(f, client.name, client.sequence);
    if (reply === null) continue;
    client.sequence = null;
    const answer = showReply(reply);
    expect(answer).not.toMatch(/^(?:XX|08)/);
    if (answer === 'CREATE INDEX') seen.builds++;
    if (answer === 'DROP INDEX') seen.drops++;
    if (answer.startsWith('23505 could not create')) seen.invalid++;
    const [byIndex, byHeap] = reply.results;
    if (client.block === 'repeatable read' && byIndex?.kind === 'rows' && byHeap?.kind === 'rows') {
      seen.pairs++;
      const [one, other] = [byIndex, byHeap].map(({ rows }) => JSON.stringify(rows));
      if (one !== other) wrong.push(`${client.name} reads ${one} by the index and ${other} without`);
    }
    if (!reply.inTransaction) client.block = 'none';
    else if (/^[0-9A-Z]{5} /.test(answer)) client.block = 'failed';
    else if (answer === 'BEGIN') {
      const { tx } = [...f.engine.sessions.values()].find(({ name }) => name === client.name) ?? {};
      client.block = tx?.isolation === 'repeatable read' ? 'repeatable read' : 'read committed';
    } else if (client.block === 'failed') client.block = 'read committed';
  }
}

const checkPages = ({ f, wrong }: World): void =>
  void wrong.push(...fsck(volumePagesOf(f)).findings.map(findingLine));

/** Where the builder's statement is: its step, and what that waits for; '' where there is none. */
function standsAt({ f }: World): string {
  const builder = [...f.engine.sessions.values()].find(({ name }) => name === 'builder');
  const task = builder?.running?.task;
  if (task?.kind === 'index')
    return `${task.work.at} ${stepOf(task.work)}, waits for ${builder?.waiting?.kind}`;
  return task?.kind === 'committed' && task.tag !== null ? `last, ${task.tag}` : '';
}

/** The log up to VDL is kept, or all of it. */
function die(world: World): void {
  const { f, prng, clients, seen, diedAt } = world;
  const isKept = nextChance(prng, 1, 2);
  const at = standsAt(world);
  if (at !== '') diedAt.add(`${at}${isKept ? ', kept' : ''}`);
  crash(f, isKept ? (f.log.at(-1)?.lsn ?? f.vdl) : f.vdl);
  seen.crashes++;
  for (const client of clients) Object.assign(client, { sequence: null, block: 'none' });
}

function play(world: World): void {
  const { f, prng, clients, wrong } = world;
  for (let round = 0; round < ROUNDS && wrong.length === 0; round++) {
    const client = clients[nextBelow(prng, clients.length)] as Client;
    if (client.sequence === null) client.sequence = begin(f, client.name, parseSql(nextText(world, client)));
    settle(f, nextChance(prng, 1, 4) ? 20_000 : undefined);
    const at = standsAt(world);
    const isRare = at !== '' && !/(?:virtualxid|relation)$/.test(at);
    if (nextChance(prng, 1, isRare ? 6 : 60)) die(world);
    else if (nextChance(prng, 2, 3)) advance(f);
    takeReplies(world);
    if (round % 10 === 9) checkPages(world);
  }
}

function playSeed(seed: number, mutants: Mutants = []): World {
  const world = makeWorld(seed, mutants);
  play(world);
  return world;
}

it('an index that is valid has every row, through writers, old snapshots and crashes at every step', () => {
  const diedAt = new Set<string>();
  const total = { builds: 0, drops: 0, invalid: 0, crashes: 0, pairs: 0 };
  for (let seed = 1; seed <= drawn(1, 60); seed++) {
    const world = playSeed(seed);
    expect(world.wrong, `seed ${seed}`).toEqual([]);
    for (const step of world.diedAt) diedAt.add(step);
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += world.seen[name];
  }
  for (const [name, least] of Object.entries({ builds: 5, drops: 5, crashes: 5, pairs: 10 }))
    expect(total[name as keyof typeof total], name).toBeGreaterThan(least);
  expect(diedAt.size).toBeGreaterThan(3);
  if (!isDeep) return;
  expect(total.invalid).toBeGreaterThan(10);
  // on both sides of every commit of both statements, within a scan, and in every wait
  const commits = ['1 writers', '4 writers', '1 users', '3 users'].map((at) => `${at}, waits for commit`);
  for (const at of [...commits, 'last, CREATE INDEX', 'last, DROP INDEX'])
    expect([diedAt.has(at), diedAt.has(`${at}, kept`)], at).toEqual([true, true]);
  const waits = ['1 writers', '4 writers', '6 snapshots', '1 users', '3 users'].map(
    (at) => `${at}, waits for virtualxid`,
  );
  for (const at of [...waits, '2 build, waits for log'])
    expect(diedAt.has(at) || diedAt.has(`${at}, kept`), at).toBe(true);
});

it.each([
  ['M163', 'engine.index-scanned-once', 3],
  ['M164', 'engine.valid-before-snapshots-end', 12],
] as const)('%s %s is found', (_, name, known) => {
  const seeds = isDeep ? Array.from({ length: 60 }, (_one, i) => i + 1) : [known];
  expect(seeds.some((seed) => playSeed(seed, [name]).wrong.length > 0)).toBe(true);
});
