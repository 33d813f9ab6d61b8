// Secondary indexes under concurrency: who waits for whom, which snapshots may read by an index that was built later, and
// random writers beside CREATE INDEX, DROP INDEX, vacuum and crashes, with heap and index held against each other.

import { beforeAll, expect, it } from 'vitest';
import { makePrng, nextBelow, nextChance } from '../../base/prng.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { drawnOf } from '../../testing/depth.ts';
import { VOLUME_KEY } from '../page/page-key.ts';
import { volumeXidLimit } from '../page/system-page.ts';
import {
  begin,
  crash,
  type Fixture,
  makeFixture,
  pageAtVdl,
  replyOf,
  settleDurable,
  showReply,
} from './engine-fixture.ts';
import { makeTranscripts, type Transcripts } from './transcript-fixture.ts';

let transcripts: Transcripts;

beforeAll(async () => {
  await loadSqlParser();
  transcripts = makeTranscripts(parseSql);
});

const check = (transcript: string): Fixture => transcripts.check(transcript);

it('a unique key that another transaction has written is waited for, and taken or free by its end', () => {
  check(`
    a: create unique index t_v on t (v) -> CREATE INDEX
    a: begin -> BEGIN
    a: insert into t values (3, 30) -> INSERT 0 1
    b: insert into t values (4, 30) -> pending
    a: commit -> COMMIT
    b! -> 23505 duplicate key value violates unique constraint "t_v"
    a: begin -> BEGIN
    a: update t set v = 31 where id = 3 -> UPDATE 1
    b: insert into t values (4, 31) -> pending
    a: rollback -> ROLLBACK
    b! -> INSERT 0 1
    b: select id from t where v = 31 -> 4
    b: select id from t where v = 30 -> 3
  `);
});

it('CREATE INDEX waits for writers, and writers wait for it', () => {
  check(`
    a: begin -> BEGIN
    a: insert into t values (3, 30) -> INSERT 0 1
    b: create index t_v on t (v) -> pending
    a: commit -> COMMIT
    b! -> CREATE INDEX
    b: explain select id from t where v = 30 -> Index Scan using t_v on t |   Index Cond: (v = 30)
    b: begin -> BEGIN
    b: create index t_v2 on t (v, id) -> CREATE INDEX
    a: insert into t values (4, 40) -> pending
    b: rollback -> ROLLBACK
    a! -> INSERT 0 1
    a: drop index t_v2 -> 42704 index "t_v2" does not exist
  `);
});

it('a snapshot that may see older versions than the index was built from does not read by it', () => {
  check(`
    old: begin isolation level repeatable read -> BEGIN
    old: select 1 -> 1
    b: update t set v = 11 where id = 1 -> UPDATE 1
    b: create index t_v on t (v) -> CREATE INDEX
    old: explain select id from t where v = 10 -> Seq Scan on t |   Filter: (t.v = 10)
    old: select id from t where v = 10 -> 1
    old: select id from t where v = 11 -> no rows
    b: select id from t where v = 11 -> 1
    old: commit -> COMMIT
    b: explain select id from t where v = 11 -> Index Scan using t_v on t |   Index Cond: (v = 11)
    b: select id from t where v = 10 -> no rows
    b: select id from t where v = 11 -> 1
  `);
});

it('ON CONFLICT waits for whoever is writing the key, and takes the newest committed row', () => {
  check(`
    a: begin -> BEGIN
    a: insert into t values (3, 30) -> INSERT 0 1
    b: insert into t values (3, 1) on conflict (id) do update set v = t.v + excluded.v -> pending
    a: commit -> COMMIT
    b! -> INSERT 0 1
    b: select v from t where id = 3 -> 31
    a: begin -> BEGIN
    a: update t set v = 50 where id = 3 -> UPDATE 1
    b: insert into t values (3, 1) on conflict (id) do update set v = t.v + excluded.v -> pending
    a: commit -> COMMIT
    b! -> INSERT 0 1
    b: select v from t where id = 3 -> 51
    a: begin -> BEGIN
    a: delete from t where id = 3 -> DELETE 1
    b: insert into t values (3, 7) on conflict do nothing -> pending
    a: commit -> COMMIT
    b! -> INSERT 0 1
    old: begin isolation level repeatable read -> BEGIN
    old: select count(*) from t -> 3
    b: insert into t values (4, 40) -> INSERT 0 1
    old: insert into t values (4, 1) on conflict do nothing -> 40001 could not serialize access due to concurrent update
  `);
});

it('xids that an index takes with it are never given again after a crash', () => {
  const f = check('a: select 1 -> 1');
  for (let i = 0; i < 300; i++) {
    transcripts.run(f, 'a', i % 2 === 0 ? 'create index t_v on t (v)' : 'drop index t_v');
    const limit = volumeXidLimit(pageAtVdl(f, VOLUME_KEY) ?? new Uint8Array(0));
    expect(limit).toBeGreaterThanOrEqual(f.engine.nextXid);
  }
});

interface Client {
  readonly name: string;
  sequence: number | null;
  inBlock: boolean;
  isFailed: boolean;
}

const KEYS = 40;
const INDEXES = ['(v)', '(v desc)', '(v) where length(w) > 2', '((v * 2))', '((v * 2)) where length(w) > 2'];

it.each(drawnOf([1, 2, 3]))(
  'seed %i: heap and every index agree through writers, builds, drops, vacuum and crashes',
  (seed) => {
    const f = makeFixture({ pageBytes: 512, bufferPages: 48, lal: 400 });
    const prng = makePrng(seed, 'indexes');
    const alone = (text: string): string => {
      const sequence = begin(f, 'alone', parseSql(text));
      settleDurable(f);
      return showReply(replyOf(f, 'alone', sequence));
    };
    expect(alone('create table t (id int primary key, v int, w text, unique (w, v))')).toBe('CREATE TABLE');
    const clients: Client[] = ['a', 'b', 'c'].map((name) => ({
      name,
      sequence: null,
      inBlock: false,
      isFailed: false,
    }));
    let [builds, crashes, waits, scans] = [0, 0, 0, 0];

    const nextText = ({ inBlock, isFailed }: Client): string => {
      if (isFailed) return 'rollback';
      if (inBlock && nextChance(prng, 1, 4)) return nextChance(prng, 3, 4) ? 'commit' : 'rollback';
      if (!inBlock && nextChance(prng, 1, 3))
        return nextChance(prng, 1, 2) ? 'begin' : 'begin isolation level repeatable read';
      const [id, v] = [nextBelow(prng, KEYS), nextBelow(prng, 12)];
      const roll = nextBelow(prng, 100);
      if (roll < 35) return `insert into t values (${id}, ${v}, 'w${nextBelow(prng, 30)}')`;
      if (roll < 55) return `update t set v = ${v} where id = ${id}`;
      if (roll < 65) return `update t set w = w || 'x' where v = ${v} and id > ${id}`;
      if (roll < 80) return `delete from t where id = ${id}`;
      if (roll < 86) return `create index if not exists t_v on t ${INDEXES[nextBelow(prng, INDEXES.length)]}`;
      if (roll < 90) return 'drop index if exists t_v';
      if (roll < 93 && !inBlock) return 'vacuum t';
      return `select count(*) from t where v = ${v}`;
    };

    for (let round = 0; round < 700; round++) {
      const client = clients[nextBelow(prng, clients.length)] as Client;
      if (client.sequence === null) client.sequence = begin(f, client.name, parseSql(nextText(client)));
      settleDurable(f, nextChance(prng, 1, 3) ? 20_000 : undefined);
      for (const one of clients) {
        const reply = one.sequence === null ? null : replyOf(f, one.name, one.sequence);
        if (one.sequence !== null && reply === null) waits++;
        if (reply === null || one.sequence === null) continue;
        one.sequence = null;
        const answer = showReply(reply);
        expect(answer).not.toMatch(/^(?:XX|08)/);
        if (answer === 'CREATE INDEX') builds++;
        one.inBlock = reply.inTransaction;
        one.isFailed = one.inBlock && /^[0-9A-Z]{5} /.test(answer);
      }
      if (nextChance(prng, 1, 60)) {
        crash(f);
        crashes++;
        for (const one of clients) Object.assign(one, { sequence: null, inBlock: false, isFailed: false });
      }
      if (round % 20 !== 19) continue;
      const probe = nextBelow(prng, 12);
      // each of the indexes serves
      const wanted = `v = ${probe} and v * 2 = ${probe * 2} and length(w) > 2`;
      const sequence = begin(
        f,
        'probe',
        parseSql(
          `begin isolation level repeatable read; explain select id from t where ${wanted}; select id from t where ${wanted} order by id; select id from t where v + 0 = ${probe} and length(w || '') > 2 order by id; commit`,
        ),
      );
      settleDurable(f);
      const reply = replyOf(f, 'probe', sequence);
      // A build or drop that is under way has the table alone.
      if (reply === null) {
        crash(f);
        for (const one of clients) Object.assign(one, { sequence: null, inBlock: false, isFailed: false });
        continue;
      }
      const [, plan, byIndex, byHeap] = reply.results;
      if (JSON.stringify(plan).includes('Index Scan using t_v')) scans++;
      expect(byIndex).toMatchObject({ kind: 'rows' });
      expect(byIndex?.kind === 'rows' && byIndex.rows).toEqual(byHeap?.kind === 'rows' && byHeap.rows);
    }
    expect(builds).toBeGreaterThan(5);
    expect(crashes).toBeGreaterThan(4);
    expect(waits).toBeGreaterThan(20);
    expect(scans).toBeGreaterThan(5);
  },
);
