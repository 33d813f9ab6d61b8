// CREATE and DROP INDEX CONCURRENTLY as transcripts: whom they wait for, what writers and readers make of an index that is not
// valid, what is left where they end early, and what the system views show meanwhile.

import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { crash, type Fixture, post, replyOf, settleDurable, showReply } from './engine-fixture.ts';
import { makeTranscripts, type Transcripts } from './transcript-fixture.ts';

let transcripts: Transcripts;

beforeAll(async () => {
  await loadSqlParser();
  transcripts = makeTranscripts(parseSql);
});

const check = (transcript: string): Fixture => transcripts.check(transcript);
const FLAGS = 'select indisvalid, indisready from pg_index where indisprimary is false';

it('waits for writers that do not know the index, then for snapshots older than it, and for nobody else', () => {
  check(`
    old: begin isolation level repeatable read -> BEGIN
    old: select id from t where v = 10 -> 1
    a: begin -> BEGIN
    a: insert into t values (3, 30) -> INSERT 0 1
    b: create index concurrently t_v on t (v) -> pending
    c: ${FLAGS} -> f,f
    c: insert into t values (4, 40) -> INSERT 0 1
    c: update t set v = 41 where id = 4 -> UPDATE 1
    c: explain select id from t where v = 41 -> Seq Scan on t |   Filter: (t.v = 41)
    c: begin -> BEGIN
    c: insert into t values (5, 50) -> INSERT 0 1
    a: commit -> COMMIT
    durable
    d: ${FLAGS} -> f,t
    c: commit -> COMMIT
    d: ${FLAGS} -> f,t
    d: explain select id from t where v = 41 -> Seq Scan on t |   Filter: (t.v = 41)
    old: commit -> COMMIT
    b! -> CREATE INDEX
    d: ${FLAGS} -> t,t
    d: explain select id from t where v = 41 -> Index Scan using t_v on t |   Index Cond: (v = 41)
    d: select id from t where v = 41 -> 4
    d: select id from t where v = 40 -> no rows
    d: select id from t where v >= 10 order by v -> 1 | 2 | 3 | 4 | 5
  `);
});

it('waits for a reader that began without an index on the table, whose pruning would free whole rows', () => {
  check(`
    b: create table p (a int) -> CREATE TABLE
    b: insert into p values (1), (2) -> INSERT 0 2
    old: begin isolation level repeatable read -> BEGIN
    old: select count(*) from p -> 2
    b: create index concurrently p_a on p (a) -> pending
    c: select indisready from pg_index where indisprimary is false -> f
    old: commit -> COMMIT
    b! -> CREATE INDEX
  `);
});

it('an index that is not ready or not valid is kept from ON CONFLICT and foreign keys; a ready one takes what is written', () => {
  check(`
    a: insert into t values (3, 20) -> INSERT 0 1
    b: create unique index concurrently t_v on t (v) -> 23505 could not create unique index "t_v"
    c: ${FLAGS} -> f,f
    c: insert into t values (4, 10) -> INSERT 0 1
    a: delete from t where id in (3, 4) -> DELETE 2
    b: create unique index concurrently t_v on t (v) -> 42P07 relation "t_v" already exists
    b: create unique index concurrently if not exists t_v on t (v) -> CREATE INDEX
    c: ${FLAGS} -> f,f
    c: insert into t values (5, 10) on conflict (v) do nothing -> 42P10 there is no unique or exclusion constraint matching the ON CONFLICT specification
    c: create table u (v int references t (v)) -> 42830 there is no unique constraint matching given keys for referenced table "t"
    b: drop index t_v -> DROP INDEX
    old: begin isolation level repeatable read -> BEGIN
    old: select 1 -> 1
    b: create unique index concurrently t_v on t (v) -> pending
    c: ${FLAGS} -> f,t
    c: insert into t values (5, 10) -> 23505 duplicate key value violates unique constraint "t_v"
    c: insert into t values (5, 10) on conflict do nothing -> INSERT 0 0
    c: insert into t values (5, 50) -> INSERT 0 1
    old: commit -> COMMIT
    b! -> CREATE INDEX
    c: insert into t values (6, 50) on conflict (v) do nothing -> INSERT 0 0
  `);
});

it('a key that a transaction in progress has is waited for; TRUNCATE leaves an index as it is', () => {
  check(`
    a: begin -> BEGIN
    a: delete from t where id = 2 -> DELETE 1
    b: create unique index concurrently t_v on t (v) -> pending
    c: insert into t values (3, 20) -> INSERT 0 1
    a: rollback -> ROLLBACK
    b! -> 23505 could not create unique index "t_v"
    c: ${FLAGS} -> f,f
    c: truncate t -> TRUNCATE TABLE
    c: ${FLAGS} -> f,f
  `);
});

it('runs alone: 25001 in a block and beside other statements, before anything else is looked at', () => {
  check(`
    a: begin -> BEGIN
    a: create index concurrently i on nope (x) -> 25001 CREATE INDEX CONCURRENTLY cannot run inside a transaction block
    a: rollback -> ROLLBACK
    a: select 1; create index concurrently t_v on t (v) -> 1; 25001 CREATE INDEX CONCURRENTLY cannot run inside a transaction block
    a: drop index concurrently nope; select 1 -> 25001 DROP INDEX CONCURRENTLY cannot run inside a transaction block
    a: create index concurrently i on nope (x) -> 42P01 relation "nope" does not exist
    a: drop index concurrently nope -> 42704 index "nope" does not exist
    a: drop index concurrently if exists nope -> DROP INDEX
    a: drop index concurrently a, b -> 0A000 DROP INDEX CONCURRENTLY does not support dropping multiple objects
    a: drop index concurrently t_pkey cascade -> 0A000 DROP INDEX CONCURRENTLY does not support CASCADE
    a: drop index concurrently t_pkey -> 2BP01 cannot drop index t_pkey because constraint t_pkey on table t requires it
    a: set default_transaction_read_only = on -> SET
    a: create index concurrently t_v on t (v) -> 25006 cannot execute CREATE INDEX in a read-only transaction
  `);
});

it('its lock keeps definitions and vacuum away and lets rows be written; the system views show lock and wait', () => {
  check(`
    a: begin -> BEGIN
    a: update t set v = 11 where id = 1 -> UPDATE 1
    b: create index concurrently t_v on t (v) -> pending
    c: select mode, granted from pg_locks where locktype = 'relation' and mode like 'Share%' -> ShareUpdateExclusiveLock,t
    c: select l.mode, l.granted, l.virtualxid = (select h.virtualtransaction from pg_locks h where h.mode = 'RowExclusiveLock' limit 1) from pg_locks l where l.locktype = 'virtualxid' -> ShareLock,f,t
    c: select wait_event_type, wait_event from pg_stat_activity where application_name = 'b' -> Lock,virtualxid
    c: create index on t (v) -> pending
    d: vacuum t -> pending
    a: insert into t values (3, 30) -> INSERT 0 1
    a: commit -> COMMIT
    b! -> CREATE INDEX
    c! -> CREATE INDEX
    d! -> VACUUM
    d: select count(*) from pg_locks where relation is not null and mode <> 'AccessShareLock' -> 0
  `);
});

it('a timeout, a deadlock and a client that gives up leave an index that is not valid, and DROP INDEX takes it away', () => {
  const f = check(`
    a: begin -> BEGIN
    a: update t set v = 11 where id = 1 -> UPDATE 1
    b: set lock_timeout = '3ms' -> SET
    b: create index concurrently t_v on t (v) -> pending
    b! -> 55P03 canceling statement due to lock timeout
    c: ${FLAGS} -> f,f
    a: update t set v = 12 where id = 1 -> UPDATE 1
    a: commit -> COMMIT
    c: drop index concurrently t_v -> DROP INDEX
    c: ${FLAGS} -> no rows
    b: set lock_timeout = 0; set statement_timeout = '3ms' -> SET; SET
    a: begin isolation level repeatable read -> BEGIN
    a: select count(*) from t -> 2
    b: create index concurrently t_v on t (v) -> pending
    b! -> 57014 canceling statement due to statement timeout
    c: ${FLAGS} -> f,t
    c: insert into t values (3, 30) -> INSERT 0 1
    c: drop index t_v -> pending
    a: commit -> COMMIT
    c! -> DROP INDEX
    a: begin -> BEGIN
    a: insert into t values (4, 40) -> INSERT 0 1
    d: create index concurrently t_v on t (v) -> pending
    a: alter table t add column x int -> pending
    a! -> 40P01 deadlock detected
    d! -> CREATE INDEX
    a: rollback -> ROLLBACK
    d: drop index t_v -> DROP INDEX
    a: begin -> BEGIN
    a: insert into t values (5, 50) -> INSERT 0 1
    d: create index concurrently t_v on t (v) -> pending
    d: select 1 -> 1
    a: alter table t add column x int -> ALTER TABLE
    a: commit -> COMMIT
    c: ${FLAGS} -> f,f
  `);
  expect(f.engine.relationLine).toEqual([]);
});

it('DROP INDEX CONCURRENTLY waits for whoever may read by the index, and then for whoever may write by it', () => {
  check(`
    b: create index t_v on t (v) -> CREATE INDEX
    a: begin -> BEGIN
    a: select id from t where v = 10 -> 1
    b: drop index concurrently t_v -> pending
    c: ${FLAGS} -> f,t
    c: explain select id from t where v = 10 -> Seq Scan on t |   Filter: (t.v = 10)
    c: begin -> BEGIN
    c: insert into t values (3, 30) -> INSERT 0 1
    a: commit -> COMMIT
    durable
    d: ${FLAGS} -> f,f
    c: commit -> COMMIT
    b! -> DROP INDEX
    d: ${FLAGS} -> no rows
  `);
});

it('after a crash nobody knows of a statement that had committed a part, and the index is there and not valid', () => {
  const f = check(`
    a: begin -> BEGIN
    a: insert into t values (3, 30) -> INSERT 0 1
    b: create index concurrently t_v on t (v) -> pending
  `);
  crash(f);
  post(f, 'b', f.sequences.get('b') ?? 0, parseSql('create index concurrently t_v on t (v)'));
  settleDurable(f);
  expect(showReply(replyOf(f, 'b', f.sequences.get('b') ?? 0))).toBe('COMMIT_UNKNOWN');
  expect(transcripts.run(f, 'c', FLAGS)).toBe('f,f');
  expect(transcripts.run(f, 'c', 'drop index t_v')).toBe('DROP INDEX');
});
