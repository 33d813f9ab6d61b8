// Schemas: names with and without one, where the search path leads, what goes with a schema, and who waits for whom
// (transcript-fixture.ts).

import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { decodeTable, encodeTable } from '../sql/catalog-row.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check } = makeTranscripts(parseSql);

describe('names', () => {
  it('a relation is found by its schema, or by the search path; what is missing is said as PostgreSQL says it', () => {
    check(`
      a: create schema s; create table s.t (id int primary key, v int); insert into s.t values (7, 70) -> CREATE SCHEMA; CREATE TABLE; INSERT 0 1
      a: select v from t where id = 1; select v from s.t; select s.t.v, t.* from s.t -> 10; 70; 70,7,70
      a: select public.t.v from s.t -> 42P01 invalid reference to FROM-clause entry for table "t"
      a: select count(*) from public.t join s.t on public.t.id < s.t.id; select t.v from s.t, t -> 2; 42P09 table reference "t" is ambiguous
      a: create schema s -> 42P06 schema "s" already exists
      a: create schema if not exists s; create schema if not exists public -> CREATE SCHEMA; CREATE SCHEMA
      a: create schema pg_mine -> 42939 unacceptable schema name "pg_mine"
      a: create table nix.t (id int); -> 3F000 schema "nix" does not exist
      a: select * from nix.t -> 42P01 relation "nix.t" does not exist
      a: drop table nix.t -> 3F000 schema "nix" does not exist
      a: drop table if exists nix.t; drop schema if exists nix -> DROP TABLE; DROP SCHEMA
      a: drop schema nix -> 3F000 schema "nix" does not exist
      a: set search_path = s, public; select v from t; select current_schema(), current_schemas(false) -> SET; 70; s,{s,public}
      a: create table u (id int primary key); select 1 from s.u; select 1 from public.u -> CREATE TABLE; no rows; 42P01 relation "public.u" does not exist
      a: set search_path = nix; select 1 from t -> SET; 42P01 relation "t" does not exist
      a: create table x (id int) -> 3F000 no schema has been selected to create in
      a: select current_schema() is null; reset search_path; select v from t where id = 1 -> t; RESET; 10`);
  });

  it('a statement that is kept by its text is another one where the search path is another', () => {
    check(`
      a: create schema s; create table s.t (id int primary key, v int); insert into s.t values (1, 70) -> CREATE SCHEMA; CREATE TABLE; INSERT 0 1
      a: select v from t where id = 1 -> 10
      a: set search_path = s -> SET
      a: select v from t where id = 1 -> 70
      b: select v from t where id = 1 -> 10`);
  });

  it('a comment before a statement leads it to the schemas that it names, and no other', () => {
    check(`
      a: create schema s; create table s.t (id int primary key, v int); insert into s.t values (1, 70) -> CREATE SCHEMA; CREATE TABLE; INSERT 0 1
      a: /*search_path=s*/select v from t where id = 1 -> 70
      a: select v from t where id = 1; /*search_path=s*/ select v from t where id = 1 -> 10; 10
      a: /*search_path="S"*/select v from t -> 42P01 relation "t" does not exist`);
  });

  it('indexes, constraints, sequences and foreign keys are in the schema of their table', () => {
    check(`
      a: create schema s; create table s.t (id serial primary key, v int unique, check (t.v > 0)) -> CREATE SCHEMA; CREATE TABLE
      a: insert into s.t (v) values (5); insert into s.t (v) values (5) -> INSERT 0 1; 23505 duplicate key value violates unique constraint "s.t_v_key"
      a: insert into s.t (v) values (5); select nextval('s.t_id_seq') -> INSERT 0 1; 4
      a: create table c (id int references s.t on delete cascade, x int references t); insert into c values (3, 1) -> CREATE TABLE; INSERT 0 1
      a: insert into s.t values (3, 6) on conflict on constraint t_pkey do update set v = excluded.v; delete from s.t; select count(*) from c -> INSERT 0 1; DELETE 1; 0
      a: create index on s.t (v, id); drop index s.t_v_id_idx; drop index t_v_id_idx -> CREATE INDEX; DROP INDEX; 42704 index "t_v_id_idx" does not exist
      a: alter table s.t rename to r; alter index s.t_v_key rename to k; alter table s.r drop constraint k; select 1 from s.r -> ALTER TABLE; ALTER INDEX; ALTER TABLE; no rows
      a: create sequence q owned by s.r.v -> 55000 sequence must be in same schema as table it is linked to`);
  });

  it('a view keeps the schemas that its query meant', () => {
    check(`
      a: create schema s; create table s.t (id int primary key, v int); insert into s.t values (1, 70) -> CREATE SCHEMA; CREATE TABLE; INSERT 0 1
      a: set search_path = s, public; create view w as with t2 as (select v from t) select v from t2; create view p as select v from public.t where id = 1 -> SET; CREATE VIEW; CREATE VIEW
      a: reset search_path; select * from s.w; select * from s.p; update s.p set v = 11; select v from t where id = 1 -> RESET; 70; 10; UPDATE 1; 11`);
  });
});

describe('the catalog', () => {
  it('has each relation under its schema, and says which names need one', () => {
    check(`
      a: create schema s; create table s.t (id int primary key); create view s.w as select 1 as one -> CREATE SCHEMA; CREATE TABLE; CREATE VIEW
      a: select n.nspname, c.relname, pg_table_is_visible(c.oid) from pg_class c join pg_namespace n on n.oid = c.relnamespace where relkind = 'r' order by 1 -> public,t,t | s,t,f
      a: select 's.t'::regclass = c.oid, c.oid::regclass, 't'::regclass = c.oid from pg_class c where c.relkind = 'r' and c.relnamespace = 's'::regnamespace -> t,s.t,f
      a: set search_path = s; select c.oid::regclass from pg_class c where relkind = 'r' order by 1 -> SET; public.t | t
      a: select table_schema, table_name from information_schema.tables order by 1, 2 -> public,t | s,t | s,w
      a: select schema_name from information_schema.schemata order by 1 -> information_schema | pg_catalog | public | s
      a: select schemaname, tablename, indexname from pg_indexes order by 1 -> public,t,t_pkey | s,t,t_pkey`);
  });

  it('a row names the schema apart from the name, and says nothing of `public`', () => {
    const f = check(
      'a: create schema s; create table s."a.b" (id int primary key) -> CREATE SCHEMA; CREATE TABLE',
    );
    expect(f).toBeDefined();
    const row = ['a.b', 10, 11, JSON.stringify([[['id', 'int4', 1]], [0], { schema: 's' }])];
    const table = decodeTable(row);
    expect([table.name, table.indexes[0]?.name]).toEqual(['s."a.b"', 's."a.b_pkey"']);
    expect(encodeTable(table)).toEqual(row);
    const plain = ['a.b', 12, 13, JSON.stringify([[['id', 'int4', 1]], [0]])];
    expect(decodeTable(plain).name).toBe('"a.b"');
    expect(encodeTable(decodeTable(plain))).toEqual(plain);
  });
});

describe('DROP SCHEMA', () => {
  it('refuses one that holds something; CASCADE takes all with it, and what depends on it elsewhere', () => {
    check(`
      a: create schema s; create schema e; create table s.t (id serial primary key); create table c (id int references s.t) -> CREATE SCHEMA; CREATE SCHEMA; CREATE TABLE; CREATE TABLE
      a: create view w as select id from s.t; drop schema e -> CREATE VIEW; DROP SCHEMA
      a: drop schema s -> 2BP01 cannot drop schema s because other objects depend on it
      a: drop schema s cascade; insert into c values (1) -> DROP SCHEMA; INSERT 0 1
      a: select 1 from w -> 42P01 relation "w" does not exist
      a: create schema s; create table s.t (id serial primary key) -> CREATE SCHEMA; CREATE TABLE
      a: begin; drop schema s cascade; rollback; select count(*) from s.t -> BEGIN; DROP SCHEMA; ROLLBACK; 0
      a: drop schema public cascade -> 2BP01 cannot drop schema public because it is required by the database system`);
  });

  it('waits for who makes something in it, and who comes after it finds no schema', () => {
    check(`
      a: create schema s -> CREATE SCHEMA
      a: begin; create table s.t (id int primary key) -> BEGIN; CREATE TABLE
      b: drop schema s cascade -> pending
      a: commit -> COMMIT
      b! -> DROP SCHEMA
      a: select 1 from s.t -> 42P01 relation "s.t" does not exist
      a: create schema s -> CREATE SCHEMA
      a: begin; drop schema s -> BEGIN; DROP SCHEMA
      b: create table s.t (id int primary key) -> pending
      a: commit -> COMMIT
      b! -> 3F000 schema "s" does not exist
      a: begin; create schema s -> BEGIN; CREATE SCHEMA
      b: create schema s -> pending
      a: commit -> COMMIT
      b! -> 42P06 schema "s" already exists`);
  });
});
