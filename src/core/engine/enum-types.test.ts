// CREATE TYPE … AS ENUM: values, what ALTER TYPE and DROP TYPE make of those who have them (transcript-fixture.ts).

import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check } = makeTranscripts(parseSql);

describe('values', () => {
  it('are written as their labels and ordered by their places', () => {
    check(`
      a: create type mood as enum ('sad', 'ok', 'happy') -> CREATE TYPE
      a: create table p (id int primary key, m mood default 'ok', l mood[]) -> CREATE TABLE
      a: insert into p values (1, 'happy', '{sad,ok}'), (2, 'sad', array['ok']::mood[]); insert into p (id) values (3) -> INSERT 0 2; INSERT 0 1
      a: select * from p order by m -> 2,sad,{ok} | 3,ok,null | 1,happy,{sad,ok}
      a: select id from p where m > 'sad' order by m desc; select min(m), max(m), count(distinct m) from p -> 1 | 3; sad,happy,3
      a: insert into p values (4, 'angry') -> 22P02 invalid input value for enum mood: "angry"
      a: select 'ok'::text::mood, 'ok'::mood::text || '!', m::varchar = 'sad', m = any(l) from p where id = 2 -> ok,ok!,t,f
      a: select array_agg(m order by m) from p; select coalesce(null, 'sad'::mood), case when true then 'ok'::mood end -> {sad,ok,happy}; sad,ok
      a: select enum_first(null::mood), enum_last(m), enum_range(null::mood), enum_range('ok'::mood, null) from p where id = 1 -> sad,happy,{sad,ok,happy},{ok,happy}
      a: select m = 'nix' from p -> 22P02 invalid input value for enum mood: "nix"
      a: select m = 1 from p -> 42883 operator does not exist: mood = integer
      a: select m = id::text from p -> 42883 operator does not exist: mood = text
      a: update p set m = 'happy'::text -> 42804 column "m" is of type mood but expression is of type text`);
  });

  it('are found by an index, unique, and kept through checks and foreign keys', () => {
    check(`
      a: create type mood as enum ('sad', 'ok', 'happy'); create table p (m mood primary key, check (m <> 'sad'::mood)) -> CREATE TYPE; CREATE TABLE
      a: create table c (m mood references p); insert into p values ('ok'), ('happy'); insert into c values ('ok') -> CREATE TABLE; INSERT 0 2; INSERT 0 1
      a: insert into p values ('ok') -> 23505 duplicate key value violates unique constraint "p_pkey"
      a: insert into p values ('sad') -> 23514 new row for relation "p" violates check constraint "p_m_check"
      a: delete from p where m = 'ok' -> 23503 update or delete on table "p" violates foreign key constraint "c_m_fkey" on table "c"
      a: select m from p where m >= 'ok' order by m; explain select * from p where m = 'ok' -> ok | happy; Index Scan using p_pkey on p |   Index Cond: (m = 'ok')`);
  });
});

describe('ALTER TYPE', () => {
  it('adds labels at a place, renames one, and the type; tables, defaults and views follow', () => {
    check(`
      a: create type mood as enum ('sad', 'happy'); create table p (id int primary key, m mood default 'sad', n mood default ('happy'::text)::mood) -> CREATE TYPE; CREATE TABLE
      a: create index on p (m); insert into p values (1, 'sad'), (2, 'happy'); create view w as select m, 'happy'::mood as h from p -> CREATE INDEX; INSERT 0 2; CREATE VIEW
      a: alter type mood add value 'ok' before 'happy'; alter type mood add value 'mad' after 'happy'; alter type mood add value 'low' before 'sad' -> ALTER TYPE; ALTER TYPE; ALTER TYPE
      a: alter type mood add value if not exists 'ok'; alter type mood add value 'ok' -> ALTER TYPE; 42710 enum label "ok" already exists
      a: alter type mood add value 'x' after 'nix' -> 22023 "nix" is not an existing enum label
      a: insert into p values (3, 'ok'), (4, 'mad'), (5, 'low'); select m from p order by m; select enumlabel, enumsortorder from pg_enum order by enumsortorder -> INSERT 0 3; low | sad | ok | happy | mad; low,0 | sad,1 | ok,1.5 | happy,2 | mad,3
      a: alter type mood rename value 'sad' to 'blue'; insert into p (id) values (6); select m, n from p where id in (1, 6) -> ALTER TYPE; INSERT 0 1; blue,happy | blue,happy
      a: alter type mood rename to feeling; insert into p (id) values (7); select m::feeling from p where id = 7 -> ALTER TYPE; INSERT 0 1; blue
      a: select * from w where m = 'ok'; select 'ok'::mood -> ok,happy; 42704 type "mood" does not exist
      a: begin; alter type feeling add value 'new'; rollback; insert into p values (9, 'new') -> BEGIN; ALTER TYPE; ROLLBACK; 22P02 invalid input value for enum feeling: "new"
      a: create type feeling as enum () -> 42710 type "feeling" already exists
      a: create table feeling (id int) -> 42710 type "feeling" already exists`);
  });

  it('of a schema is kept with it by checks, defaults and indexes; the catalog names it as the search path does', () => {
    check(`
      a: create schema s; set search_path = s; create type mood as enum ('sad', 'ok') -> CREATE SCHEMA; SET; CREATE TYPE
      a: create table p (id int primary key, m mood default 'ok', n mood default 'sad'::text::mood, check (m <> 'sad'::mood)) -> CREATE TABLE
      a: create index p_m on p (id) where m = 'ok'::mood; set search_path = public -> CREATE INDEX; SET
      a: insert into s.p (id) values (1); insert into s.p values (2, 'sad') -> INSERT 0 1; 23514 new row for relation "p" violates check constraint "p_m_check"
      a: select pg_get_expr(adbin, adrelid) from pg_attrdef order by adnum -> 'ok'::s.mood | 'sad'::s.mood
      a: select pg_get_constraintdef(oid) from pg_constraint where contype = 'c' -> CHECK (m <> 'sad'::s.mood)
      a: select format_type(atttypid, atttypmod) from pg_attribute where attname = 'm'; select indexdef from pg_indexes where indexname = 'p_m' -> s.mood; CREATE INDEX p_m ON s.p USING btree (id) WHERE (m = 'ok'::s.mood)
      a: create type day as enum ('mon'); create table q (d day default 'mon'); set search_path = s -> CREATE TYPE; CREATE TABLE; SET
      a: select format_type(atttypid, -1) from pg_attribute where attname in ('d', 'm') order by attname; select pg_get_expr(adbin, adrelid) from pg_attrdef where adnum = 1 -> public.day | mood; 'mon'::public.day`);
  });

  it('is known to indexes whose expressions have numbers', () => {
    check(`
      a: create type mood as enum ('ok'); create table p (id int primary key, m mood, n numeric(8, 2)) -> CREATE TYPE; CREATE TABLE
      a: create unique index on p ((n * 2)) where n > 1.5; alter type mood add value 'sad' before 'ok' -> CREATE INDEX; ALTER TYPE
      a: insert into p values (1, 'ok', 3), (2, 'sad', 3) -> 23505 duplicate key value violates unique constraint "p_expr_idx"
      a: insert into p values (1, 'sad', 3), (2, 'ok', 1), (3, 'ok', 1) -> INSERT 0 3`);
  });

  it('waits for who writes a table that has the type, and they for it', () => {
    check(`
      a: create type mood as enum ('sad'); create table p (id int primary key, m mood) -> CREATE TYPE; CREATE TABLE
      a: begin; insert into p values (1, 'sad') -> BEGIN; INSERT 0 1
      b: alter type mood add value 'ok' -> pending
      a: commit -> COMMIT
      b! -> ALTER TYPE
      a: insert into p values (2, 'ok') -> INSERT 0 1`);
  });
});

describe('DROP TYPE', () => {
  it('refuses what a column or a view has; CASCADE takes the columns and views', () => {
    check(`
      a: create type mood as enum ('sad', 'ok'); create type free as enum ('x'); create table p (id int primary key, m mood, unique (id, m)) -> CREATE TYPE; CREATE TYPE; CREATE TABLE
      a: insert into p values (1, 'ok'); create view w as select 'sad'::mood as s; drop type free -> INSERT 0 1; CREATE VIEW; DROP TYPE
      a: drop type mood -> 2BP01 cannot drop type mood because other objects depend on it
      a: drop type if exists free, nix; drop type nix -> DROP TYPE; 42704 type "nix" does not exist
      a: drop type mood cascade; select * from p -> DROP TYPE; 1
      a: select * from w -> 42P01 relation "w" does not exist
      a: insert into p values (2); create type mood as enum ('new'); alter table p add m mood default 'new'; select * from p order by id -> INSERT 0 1; CREATE TYPE; ALTER TABLE; 1,new | 2,new`);
  });
});

it('the catalog tells types, their labels and how they are written', () => {
  check(`
    a: create schema s; create type s.mood as enum ('sad'); create type "Role" as enum ('a', 'b'); create table p (id int primary key, m s.mood, r "Role"[]) -> CREATE SCHEMA; CREATE TYPE; CREATE TYPE; CREATE TABLE
    a: select typname, typtype, typcategory, typlen from pg_type where typname in ('mood', 'Role', '_Role') order by 1 -> Role,e,E,4 | _Role,b,A,-1 | mood,e,E,4
    a: select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'p'::regclass order by attnum -> id,integer | m,s.mood | r,"Role"[]
    a: select column_name, data_type, udt_schema, udt_name from information_schema.columns where table_name = 'p' order by ordinal_position -> id,integer,pg_catalog,int4 | m,USER-DEFINED,s,mood | r,ARRAY,public,_Role
    a: select '"Role"'::regtype = t.oid, t.oid::regtype from pg_type t where typname = 'Role' -> t,"Role"
    a: set search_path = s; select 'sad'::mood; drop schema s cascade; select * from public.p -> SET; sad; DROP SCHEMA; no rows`);
  expect(true).toBe(true);
});
