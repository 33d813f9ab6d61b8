// ALTER TABLE under concurrency: who waits for whom, what older snapshots read of an altered table, what constraints are
// held against; and writers beside columns that come and go, undone ALTERs with rows of their layout, vacuum and crashes.

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

it('ALTER TABLE waits for readers, and who comes later waits for it and then knows the new columns', () => {
  transcripts.check(`
    a: begin -> BEGIN
    a: select count(*) from t -> 2
    b: alter table t add c int default 5 -> pending
    d: select * from t where id = 1 -> pending
    a: commit -> COMMIT
    b! -> ALTER TABLE
    d! -> 1,10,5
    b: begin -> BEGIN
    b: alter table t drop column v -> ALTER TABLE
    a: update t set v = 11 where id = 1 -> pending
    b: rollback -> ROLLBACK
    a! -> UPDATE 1
    a: select * from t where id = 1 -> 1,11,5
  `);
});

it('an older snapshot sees older rows with the values that added columns began with', () => {
  transcripts.check(`
    old: begin isolation level repeatable read -> BEGIN
    old: select 1 -> 1
    b: alter table t add c int default 5 -> ALTER TABLE
    b: update t set c = 6 where id = 1 -> UPDATE 1
    b: alter table t alter c set default 7 -> ALTER TABLE
    b: insert into t (id) values (3) -> INSERT 0 1
    old: select id, c from t order by id -> 1,5 | 2,5
    old: commit -> COMMIT
    old: select id, c from t order by id -> 1,6 | 2,5 | 3,7
  `);
});

it('new constraints are held against rows that the snapshot of the transaction does not see', () => {
  transcripts.check(`
    old: begin isolation level repeatable read -> BEGIN
    old: select 1 -> 1
    b: insert into t values (3, 99), (4, null) -> INSERT 0 2
    old: alter table t add check (v < 50) -> 23514 check constraint "t_v_check" of relation "t" is violated by some row
    old: rollback -> ROLLBACK
    old: begin isolation level repeatable read -> BEGIN
    old: select 1 -> 1
    b: update t set v = 1 where id = 3 -> UPDATE 1
    old: alter table t add check (v < 50) -> ALTER TABLE
    old: alter table t alter v set not null -> 23502 column "v" of relation "t" contains null values
  `);
});

interface Client {
  readonly name: string;
  text: string;
  sequence: number | null;
  inBlock: boolean;
  isFailed: boolean;
}

const KEYS = 30;

it.each(drawnOf([1, 2, 3]))(
  'seed %i: rows of every layout stay readable, and index and heap agree',
  (seed) => {
    const f = makeFixture({ pageBytes: 512, bufferPages: 48, lal: 400 });
    const prng = makePrng(seed, 'alter-table');
    const setup = begin(f, 'setup', parseSql('create table t (id int primary key, v int check (v < 12))'));
    settleDurable(f);
    expect(showReply(replyOf(f, 'setup', setup))).toBe('CREATE TABLE');
    const clients = ['a', 'b', 'c'].map(
      (name): Client => ({ name, text: '', sequence: null, inBlock: false, isFailed: false }),
    );
    let [alters, rewrites, undone, crashes, probes] = [0, 0, 0, 0, 0];
    let altersInBlock = 0;

    const nextText = ({ name, inBlock, isFailed }: Client): string => {
      if (isFailed) return 'rollback';
      if (inBlock && nextChance(prng, 1, 4)) return nextChance(prng, 1, 2) ? 'commit' : 'rollback';
      if (!inBlock && nextChance(prng, 1, 3)) return 'begin';
      const [id, v] = [nextBelow(prng, KEYS), nextBelow(prng, 13)];
      const roll = nextBelow(prng, name === 'a' ? 100 : 70);
      if (roll < 30) return `insert into t (id, v) values (${id}, ${v})`;
      if (roll < 48) return `update t set v = ${v} where id = ${id}`;
      if (roll < 60) return `delete from t where id = ${id}`;
      if (roll < 65 && !inBlock) return 'vacuum t';
      if (roll < 70) return 'select count(*) from t';
      const type = ['int', 'text', 'numeric', 'varchar(9)', 'float8', 'bool'][nextBelow(prng, 6)] ?? 'int';
      if (roll < 80) return `alter table t add column if not exists x ${type} default '1'`;
      if (roll < 84) return 'alter table t drop column if exists x';
      if (roll < 87) return 'create index if not exists t_x on t (x, v)';
      if (roll < 89) return `alter table t add column if not exists y text default 'y${v}'`;
      if (roll < 91) return 'alter table t drop column if exists y';
      if (roll < 96) return `alter table t alter v type ${nextChance(prng, 1, 2) ? 'bigint' : 'int'}`;
      if (roll < 98) return 'alter table t alter x type text using x::text';
      return 'insert into t select 100 + n, 1 from (values (1), (2), (3)) as q (n)';
    };

    for (let round = 0; round < 600; round++) {
      const client = clients[nextBelow(prng, clients.length)] as Client;
      if (client.sequence === null) {
        client.text = nextText(client);
        client.sequence = begin(f, client.name, parseSql(client.text));
      }
      settleDurable(f, nextChance(prng, 1, 3) ? 20_000 : undefined);
      for (const one of clients) {
        const reply = one.sequence === null ? null : replyOf(f, one.name, one.sequence);
        if (reply === null) continue;
        one.sequence = null;
        const answer = showReply(reply);
        expect(answer).not.toMatch(/^(?:XX|08)/);
        if (answer === 'ALTER TABLE') alters++;
        if (answer === 'ALTER TABLE' && one.text.includes(' type ')) rewrites++;
        if (answer === 'ALTER TABLE' && one.inBlock) altersInBlock++;
        if (answer === 'ROLLBACK' && altersInBlock > 0) undone++;
        if (!reply.inTransaction) altersInBlock = 0;
        one.inBlock = reply.inTransaction;
        one.isFailed = one.inBlock && /^[0-9A-Z]{5} /.test(answer);
      }
      const forget = (): void => {
        crash(f);
        for (const one of clients) Object.assign(one, { sequence: null, inBlock: false, isFailed: false });
      };
      if (nextChance(prng, 1, 60)) {
        forget();
        crashes++;
      }
      if (round % 20 !== 19) continue;
      const v = nextBelow(prng, 12);
      const sequence = begin(
        f,
        'probe',
        parseSql(
          `begin isolation level repeatable read; select * from t where id = ${v} order by id; select * from t where id + 0 = ${v} order by id; select count(*) from t where v >= 12; commit`,
        ),
      );
      settleDurable(f);
      const reply = replyOf(f, 'probe', sequence);
      // An ALTER that is under way has the table alone.
      if (reply === null) {
        forget();
        continue;
      }
      const [, byIndex, byHeap, bad] = reply.results;
      probes++;
      expect(byIndex?.kind === 'rows' && byIndex.rows).toEqual(byHeap?.kind === 'rows' && byHeap.rows);
      expect(bad).toMatchObject({ rows: [['0']] });
    }
    expect(alters).toBeGreaterThan(10);
    expect(rewrites).toBeGreaterThan(3);
    expect(undone).toBeGreaterThan(0);
    expect(crashes).toBeGreaterThan(3);
    expect(probes).toBeGreaterThan(10);
  },
);
