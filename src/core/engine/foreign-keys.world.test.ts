// Foreign keys under concurrency: who waits for whom, what snapshots do not excuse, locks of definitions; and writers of
// both tables beside vacuum and crashes, after which no row refers to a key that is not there.

import { beforeAll, expect, it } from 'vitest';
import { makePrng, nextBelow, nextChance } from '../../base/prng.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { drawnOf } from '../../testing/depth.ts';
import { begin, crash, makeFixture, replyOf, settleDurable, showReply } from './engine-fixture.ts';
import { makeTranscripts, type Transcripts } from './transcript-fixture.ts';

let transcripts: Transcripts;

beforeAll(async () => {
  await loadSqlParser();
  transcripts = makeTranscripts(parseSql);
});

it('who deletes a key waits for open rows that refer to it, and who refers to it for an open delete', () => {
  transcripts.check(`
    a: create table c (id int primary key, t int references t) -> CREATE TABLE
    a: begin -> BEGIN
    a: insert into c values (1, 1) -> INSERT 0 1
    b: update t set v = 11 where id = 1 -> UPDATE 1
    b: delete from t where id = 1 -> pending
    a: commit -> COMMIT
    b! -> 23503 update or delete on table "t" violates foreign key constraint "c_t_fkey" on table "c"
    b: begin -> BEGIN
    b: delete from t where id = 2 -> DELETE 1
    a: insert into c values (2, 2) -> pending
    b: rollback -> ROLLBACK
    a! -> INSERT 0 1
    a: delete from c -> DELETE 2
    b: begin -> BEGIN
    b: delete from t where id = 2 -> DELETE 1
    a: insert into c values (2, 2) -> pending
    b: commit -> COMMIT
    a! -> 23503 insert or update on table "c" violates foreign key constraint "c_t_fkey"
  `);
});

it('a snapshot that does not see a referring row does not let its key go', () => {
  transcripts.check(`
    a: create table c (id int primary key, t int references t) -> CREATE TABLE
    old: begin isolation level repeatable read -> BEGIN
    old: select count(*) from c -> 0
    a: insert into c values (1, 1) -> INSERT 0 1
    old: delete from t where id = 1 -> 23503 update or delete on table "t" violates foreign key constraint "c_t_fkey" on table "c"
    old: rollback -> ROLLBACK
    old: begin isolation level repeatable read -> BEGIN
    old: select count(*) from c -> 1
    a: insert into t values (3, 30) -> INSERT 0 1
    old: insert into c values (3, 3) -> 23503 insert or update on table "c" violates foreign key constraint "c_t_fkey"
    old: rollback -> ROLLBACK
  `);
});

it('a new foreign key waits for writers of both tables and is then kept', () => {
  transcripts.check(`
    a: create table c (id int primary key, t int) -> CREATE TABLE
    a: begin -> BEGIN
    a: delete from t where id = 2 -> DELETE 1
    b: alter table c add foreign key (t) references t -> pending
    a: insert into c values (1, 2) -> pending
    a! -> 40P01 deadlock detected
    b! -> ALTER TABLE
    a: rollback -> ROLLBACK
    a: insert into c values (1, 9) -> 23503 insert or update on table "c" violates foreign key constraint "c_t_fkey"
  `);
});

interface Client {
  readonly name: string;
  sequence: number | null;
  inBlock: boolean;
  isFailed: boolean;
}

const KEYS = 8;
const PROBE = `begin isolation level repeatable read;
  select count(*) from c where p is not null and not exists (select 1 from p where p.id = c.p);
  select count(*) from d where p is not null and not exists (select 1 from p where p.id = d.p);
  select count(*) from p where up is not null and not exists (select 1 from p q where q.id = p.up); commit`;

it.each(drawnOf([1, 2, 3, 4]))(
  'seed %i: no row refers to a key that is not there, through crashes',
  (seed) => {
    const f = makeFixture({ pageBytes: 512, bufferPages: 64, lal: 400 });
    const prng = makePrng(seed, 'foreign-keys');
    const setup = begin(
      f,
      'setup',
      parseSql(
        'create table p (id int primary key, up int references p on delete set null on update cascade);' +
          'create table c (id int primary key, p int references p on delete cascade on update cascade);' +
          'create table d (id int, p int references p); create index d_p on d (p)',
      ),
    );
    settleDurable(f);
    expect(showReply(replyOf(f, 'setup', setup))).not.toMatch(/^[0-9A-Z]{5} /);
    const clients = ['a', 'b', 'c'].map(
      (name): Client => ({ name, sequence: null, inBlock: false, isFailed: false }),
    );
    const counts = { mutants: 0, deletes: 0, waits: 0, crashes: 0, probes: 0, retries: 0 };

    const nextText = ({ inBlock, isFailed }: Client): string => {
      if (isFailed) return 'rollback';
      if (inBlock && nextChance(prng, 1, 5)) return nextChance(prng, 3, 4) ? 'commit' : 'rollback';
      if (!inBlock && nextChance(prng, 1, 3))
        return nextChance(prng, 1, 2) ? 'begin' : 'begin isolation level repeatable read';
      const [id, key] = [nextBelow(prng, KEYS), nextBelow(prng, KEYS)];
      const roll = nextBelow(prng, 100);
      if (roll < 25) return `insert into p values (${id}, ${nextChance(prng, 1, 2) ? 'null' : key})`;
      if (roll < 40) return `insert into c values (${id}, ${key})`;
      if (roll < 50) return `insert into d values (${id}, ${key})`;
      if (roll < 66) return `delete from p where id = ${id}`;
      if (roll < 74) return `update p set id = ${key} where id = ${id}`;
      if (roll < 80) return `update c set p = ${key} where id = ${id}`;
      if (roll < 90) return `delete from d where p = ${key}`;
      if (roll < 93 && !inBlock) return 'vacuum';
      return `delete from c where id = ${id}`;
    };

    for (let round = 0; round < 800; round++) {
      const client = clients[nextBelow(prng, clients.length)] as Client;
      if (client.sequence === null) client.sequence = begin(f, client.name, parseSql(nextText(client)));
      settleDurable(f, nextChance(prng, 1, 3) ? 20_000 : undefined);
      for (const one of clients) {
        const reply = one.sequence === null ? null : replyOf(f, one.name, one.sequence);
        if (one.sequence !== null && reply === null) counts.waits++;
        if (reply === null) continue;
        one.sequence = null;
        const answer = showReply(reply);
        expect(answer).not.toMatch(/^(?:XX|08)/);
        if (answer.startsWith('23503')) counts.mutants++;
        if (answer.startsWith('40')) counts.retries++;
        if (answer === 'DELETE 1') counts.deletes++;
        one.inBlock = reply.inTransaction;
        one.isFailed = one.inBlock && /^[0-9A-Z]{5} /.test(answer);
      }
      if (nextChance(prng, 1, 60)) {
        crash(f);
        counts.crashes++;
        for (const one of clients) Object.assign(one, { sequence: null, inBlock: false, isFailed: false });
      }
      if (round % 10 !== 9) continue;
      const sequence = begin(f, 'probe', parseSql(PROBE));
      settleDurable(f);
      const reply = replyOf(f, 'probe', sequence);
      if (reply === null) continue;
      counts.probes++;
      for (const result of reply.results.slice(1, 4)) expect(result).toMatchObject({ rows: [['0']] });
    }
    expect(counts.mutants).toBeGreaterThan(20);
    expect(counts.deletes).toBeGreaterThan(5);
    expect(counts.waits).toBeGreaterThan(10);
    expect(counts.crashes).toBeGreaterThan(4);
    expect(counts.probes).toBeGreaterThan(30);
  },
);
