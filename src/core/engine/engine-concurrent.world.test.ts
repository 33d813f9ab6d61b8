// Many sessions at once in a seeded world: pages come late, VDL moves in jerks, timers fire, the node dies and requests are
// sent again under their old ids. Checked: the sum of money in every read, each increment exactly once, unique keys, and
// that nobody waits for ever.
import { beforeAll, describe, expect, it } from 'vitest';
import { makePrng, nextBelow, nextChance, type Prng } from '../../base/prng.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import {
  advance,
  begin,
  crash,
  deliverPage,
  type Fixture,
  makeFixture,
  post,
  replyOf,
  settle,
  showReply,
} from './engine-fixture.ts';

beforeAll(loadSqlParser);

const ROWS = 12;
const TOTAL = ROWS * 100;

interface Client {
  readonly name: string;
  pending: { sequence: number; text: string; params: string[]; kind: string } | null;
  /** Requests left of an interactive transaction. */
  script: { text: string; params: string[]; kind: string }[];
  increments: number;
  unknown: number;
}

interface World {
  readonly f: Fixture;
  readonly prng: Prng;
  readonly clients: Client[];
  readonly seen: Map<string, number>;
}

function direct(f: Fixture, text: string): string {
  const sequence = begin(f, 'setup', parseSql(text));
  for (let i = 0; i < 200 && !replyOf(f, 'setup', sequence); i++) {
    settle(f, 500);
    advance(f);
  }
  return showReply(replyOf(f, 'setup', sequence));
}

const transfer =
  'begin; update acc set bal = bal - $1 where id = $2; update acc set bal = bal + $1 where id = $3; commit';

function nextScript(world: World): Client['script'] {
  const { prng } = world;
  const a = String(1 + nextBelow(prng, ROWS));
  const b = String(1 + ((Number(a) + nextBelow(prng, ROWS - 1)) % ROWS));
  const key = String(nextBelow(prng, 15));
  switch (nextBelow(prng, 7)) {
    case 0:
    case 1:
      return [{ text: transfer, params: [String(nextBelow(prng, 9)), a, b], kind: 'transfer' }];
    case 2:
      return [{ text: 'select sum(bal) from acc', params: [], kind: 'sum' }];
    case 3:
      return [
        { text: 'begin isolation level repeatable read', params: [], kind: 'begin' },
        { text: 'select sum(bal) from acc', params: [], kind: 'sum' },
        { text: 'update acc set bal = bal - 1 where id = $1', params: [a], kind: 'step' },
        { text: 'update acc set bal = bal + 1 where id = $1', params: [b], kind: 'step' },
        { text: 'select sum(bal) from acc', params: [], kind: 'sum' },
        { text: nextChance(prng, 1, 4) ? 'rollback' : 'commit', params: [], kind: 'end' },
      ];
    case 4:
      return [{ text: 'insert into u values ($1, $2)', params: [key, 'x'], kind: 'insert' }];
    case 5:
      return [{ text: 'delete from u where k = $1', params: [key], kind: 'delete' }];
    default:
      return [
        {
          text: 'begin; update cnt set n = n + 1 where id = $1; update cnt set n = n + 1 where id = 0; commit',
          params: [''],
          kind: 'increment',
        },
      ];
  }
}

function send(world: World, client: Client): void {
  if (client.script.length === 0) client.script = nextScript(world);
  const next = client.script.shift();
  if (!next) return;
  const params = next.kind === 'increment' ? [client.name.slice(1)] : next.params;
  client.pending = { ...next, params, sequence: (world.f.sequences.get(client.name) ?? 0) + 1 };
  begin(world.f, client.name, parseSql(next.text), params);
}

function collect(world: World): void {
  for (const client of world.clients) {
    const { pending } = client;
    const reply = pending && replyOf(world.f, client.name, pending.sequence);
    if (!pending || !reply) continue;
    if (reply.code === 'RECOVERING') {
      world.f.replies.splice(world.f.replies.indexOf(reply), 1);
      post(world.f, client.name, pending.sequence, parseSql(pending.text), pending.params);
      continue;
    }
    client.pending = null;
    const shown = showReply(reply);
    const failed = reply.results.find((result) => result.kind === 'error');
    const isReplayed = reply.results.some((result) => result.kind === 'done' && result.tag === 'REPLAYED');
    const done = isReplayed ? 'replayed' : pending.kind;
    const word = reply.code || (failed?.kind === 'error' ? failed.sqlstate : done);
    world.seen.set(word, (world.seen.get(word) ?? 0) + 1);
    if (reply.code !== '' || failed) {
      client.script = [];
      if (reply.inTransaction) client.script = [{ text: 'rollback', params: [], kind: 'end' }];
    } else if (pending.kind === 'sum') expect(shown).toBe(String(TOTAL));
    if (pending.kind !== 'increment') continue;
    if (reply.code === 'COMMIT_UNKNOWN') client.unknown++;
    else if (reply.code === '' && !failed) client.increments++;
  }
}

/** VDL, or one of the consistency points above it. */
function randomCpl({ f, prng }: World): number {
  const points = f.log.filter((record) => record.cpl && record.lsn > f.vdl);
  return points[nextBelow(prng, points.length + 1)]?.lsn ?? f.vdl;
}

function act(world: World): void {
  const { f, prng, clients } = world;
  switch (nextBelow(prng, 8)) {
    case 0:
    case 1:
    case 2: {
      const client = clients[nextBelow(prng, clients.length)];
      if (client && !client.pending) send(world, client);
      else if (client?.pending && nextChance(prng, 1, 10))
        post(f, client.name, client.pending.sequence, parseSql(client.pending.text), client.pending.params);
      break;
    }
    case 3:
    case 4:
      if (f.asked.length > 0) deliverPage(f);
      break;
    case 5:
      advance(f, randomCpl(world));
      break;
    case 6:
      settle(f, nextBelow(prng, 3000));
      break;
    default:
      if (!nextChance(prng, 1, 40)) break;
      crash(f, randomCpl(world));
      for (const client of clients)
        if (client.pending)
          post(f, client.name, client.pending.sequence, parseSql(client.pending.text), client.pending.params);
  }
  collect(world);
}

function finish(world: World): void {
  for (let i = 0; i < 3000; i++) {
    settle(world.f, 200);
    advance(world.f);
    collect(world);
    for (const client of world.clients) {
      if (client.pending || client.script.length === 0) continue;
      send(world, client);
    }
    if (world.clients.every((client) => !client.pending && client.script.length === 0)) return;
  }
  const stuck = world.clients.filter((client) => client.pending);
  throw new Error(
    `waiting for ever: ${stuck.map((c) => `${c.name} ${c.pending?.text} ${JSON.stringify(world.f.engine.sessions.get(`d1/${c.name}`)?.waiting)}`).join('\n')}`,
  );
}

function makeWorld(seed: number): World {
  const prng = makePrng(seed, 'concurrent');
  const f = makeFixture({
    pageBytes: 512,
    bufferPages: 24 + nextBelow(prng, 30),
    lal: 32 + nextBelow(prng, 60),
  });
  direct(f, 'create table acc (id int primary key, bal bigint)');
  direct(f, 'create table cnt (id int primary key, n int)');
  direct(f, 'create table u (k int primary key, v text)');
  const values = (n: number, value: number): string =>
    Array.from({ length: n }, (_, i) => `(${i + 1}, ${value})`).join(',');
  expect(direct(f, `insert into acc values ${values(ROWS, 100)}`)).toBe(`INSERT 0 ${ROWS}`);
  expect(direct(f, `insert into cnt values (0, 0), ${values(10, 0)}`)).toBe('INSERT 0 11');
  const clients = Array.from({ length: 10 }, (_, i) => ({
    name: `c${i + 1}`,
    pending: null,
    script: [],
    increments: 0,
    unknown: 0,
  }));
  return { f, prng, clients, seen: new Map() };
}

describe('engine under concurrency', () => {
  it('WAL-19 WAL-20 FENCE-28 FENCE-44 money, increments and keys survive waits, deadlocks and crashes', () => {
    const seen = new Map<string, number>();
    for (let seed = 1; seed <= 10; seed++) {
      const world = makeWorld(seed);
      const { f } = world;
      for (let i = 0; i < 2500; i++) act(world);
      finish(world);
      expect([seed, direct(f, 'select sum(bal), count(*) from acc')]).toEqual([seed, `${TOTAL},${ROWS}`]);
      const counts = direct(f, 'select id, n from cnt order by id')
        .split(' | ')
        .map((row) => row.split(',').map(Number));
      let sum = 0;
      for (const client of world.clients) {
        const n = counts[Number(client.name.slice(1))]?.[1] ?? -1;
        expect(n).toBeGreaterThanOrEqual(client.increments);
        expect(n).toBeLessThanOrEqual(client.increments + client.unknown);
        sum += n;
      }
      expect(counts[0]?.[1]).toBe(sum);
      const keys = direct(f, 'select k from u order by k');
      expect(direct(f, 'select count(distinct k), count(*) from u')).toBe(
        `${keys === 'no rows' ? 0 : keys.split(' | ').length},${keys === 'no rows' ? 0 : keys.split(' | ').length}`,
      );
      const acks = f.traces.filter((event) => event.kind === 'commit.ack');
      for (const [i, ack] of acks.entries())
        expect(ack.scn <= ack.vdl && (i === 0 || ack.scn > (acks[i - 1]?.scn ?? 0))).toBe(true);
      for (const [word, count] of world.seen) seen.set(word, (seen.get(word) ?? 0) + count);
    }
    for (const word of [
      'sum',
      'transfer',
      'increment',
      'insert',
      'delete',
      '23505',
      '40001',
      '40P01',
      'replayed',
      'TXN_ABORTED_FAILOVER',
    ])
      expect([word, (seen.get(word) ?? 0) > 2]).toEqual([word, true]);
  });
});
