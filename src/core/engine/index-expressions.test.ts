// Indexes on expressions and on a part of the rows: what is unique in them, when they are read by, and what ALTER TABLE makes of them
// (transcript-fixture.ts).

import { beforeAll, describe, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check } = makeTranscripts(parseSql);

describe('an index on an expression', () => {
  it('holds what is computed unique, and says it as PostgreSQL does', () => {
    check(`
      a: create table u (id int primary key, mail varchar(20), n int); create unique index on u (lower(mail), (n + 1)) -> CREATE TABLE; CREATE INDEX
      a: insert into u values (1, 'A@x', 1), (2, 'a@x', 2), (3, null, 1), (4, null, 1) -> INSERT 0 4
      a: insert into u values (5, 'a@X', 1) -> 23505 duplicate key value violates unique constraint "u_lower_expr_idx"
      a: update u set mail = 'b@x' where id = 1; insert into u values (5, 'a@X', 1) -> UPDATE 1; INSERT 0 1
      a: update u set mail = 'A@X' where id = 5; update u set n = 2 where id = 5 -> UPDATE 1; 23505 duplicate key value violates unique constraint "u_lower_expr_idx"
      a: insert into u values (6, 'B@X', 1) on conflict (lower(mail), (n + 1)) do update set mail = 'seen'; select * from u where id < 3 order by id -> INSERT 0 1; 1,seen,1 | 2,a@x,2
      a: insert into u values (7, 'x', 1) on conflict (lower(mail)) do nothing -> 42P10 there is no unique or exclusion constraint matching the ON CONFLICT specification
      a: select indexdef from pg_indexes where indexname like 'u_lower%' -> CREATE UNIQUE INDEX u_lower_expr_idx ON public.u USING btree (lower(mail), ((n + 1)))`);
  });

  it('is read by where the same is asked for', () => {
    check(`
      a: create table u (id int primary key, mail text); insert into u select i, 'M' || i from generate_series(1, 50) i; create index by_lower on u (lower(mail)) -> CREATE TABLE; INSERT 0 50; CREATE INDEX
      a: select id from u where lower(mail) = 'm7'; select id from u where lower(mail) in ('m7', 'm8') order by 1 -> 7; 7 | 8
      a: explain select id from u where lower(mail) = 'm7'; explain select id from u where upper(mail) = 'M7' -> Index Scan using by_lower on u |   Index Cond: (lower(mail) = 'm7'); Seq Scan on u |   Filter: (textUpper(u.mail) = 'M7')
      a: update u set mail = 'new' where id = 7; select id from u where lower(mail) = 'm7'; select id from u where lower(mail) = 'new' -> UPDATE 1; no rows; 7
      a: delete from u where id = 8 -> DELETE 1
      a: vacuum u -> VACUUM
      a: select id from u where lower(mail) >= 'm9' order by id -> 7 | 9`);
  });

  it('takes no query, no parameter and nothing that changes', () => {
    check(`
      a: create index on t (((select 1))) -> 0A000 cannot use subquery in index expression
      a: create index on t ((now())) -> 42P17 functions in index expression must be marked IMMUTABLE
      a: create index on t ((max(v))) -> 42803 aggregate functions are not allowed in index expressions
      a: create index on t (id) where v > (select 1) -> 0A000 cannot use subquery in index predicate
      a: create index on t (id) where v -> 42804 argument of WHERE must be type boolean, not type integer
      a: create index on t ((1 / (v - 10))) -> 22012 division by zero
      a: create index on t ((1 / (v - 11))); insert into t values (3, 11) -> CREATE INDEX; 22012 division by zero`);
  });
});

describe('an index of a part of the rows', () => {
  it('holds that part unique; a row comes to be in it and leaves it', () => {
    check(`
      a: create table u (id int primary key, owner int, gone bool default false); create unique index u_live on u (owner) where not gone -> CREATE TABLE; CREATE INDEX
      a: insert into u values (1, 7, false), (2, 7, true), (3, 7, true) -> INSERT 0 3
      a: insert into u values (4, 7) -> 23505 duplicate key value violates unique constraint "u_live"
      a: update u set gone = false where id = 2 -> 23505 duplicate key value violates unique constraint "u_live"
      a: update u set gone = true where id = 1; update u set gone = false where id = 2; select id from u where owner = 7 and not gone -> UPDATE 1; UPDATE 1; 2
      a: insert into u values (5, 7) on conflict (owner) where not gone do update set id = 50; select id from u where not gone -> INSERT 0 1; 50
      a: insert into u values (6, 7) on conflict (owner) do nothing -> 42P10 there is no unique or exclusion constraint matching the ON CONFLICT specification
      a: insert into u values (6, 7) on conflict do nothing; select count(*) from u -> INSERT 0 0; 3
      a: create table c (o int references u (owner)) -> 42830 there is no unique constraint matching given keys for referenced table "u"
      a: select indexdef from pg_indexes where indexname = 'u_live' -> CREATE UNIQUE INDEX u_live ON public.u USING btree (owner) WHERE (NOT gone)`);
  });

  it('is read by only where the query asks for no more than that part', () => {
    check(`
      a: create table u (id int primary key, owner int, gone timestamp); insert into u select i, i % 25, case when i % 2 = 0 then '2026-01-01'::timestamp end from generate_series(1, 100) i -> CREATE TABLE; INSERT 0 100
      a: create index u_live on u (owner) where gone is null; explain select id from u where owner = 3 and gone is null -> CREATE INDEX; Index Scan using u_live on u |   Index Cond: (owner = 3) |   Filter: (u.gone IS NULL)
      a: explain select id from u where owner = 3; select count(*) from u where owner = 3; select count(*) from u where owner = 3 and gone is null -> Seq Scan on u |   Filter: (u.owner = 3); 4; 2
      a: explain select owner from u order by owner limit 1; create index u_some on u (owner) where owner is not null; explain select id from u where owner = 3 -> Limit |   ->  Sort |         Sort Key: u.owner |         ->  Seq Scan on u; CREATE INDEX; Index Scan using u_some on u |   Index Cond: (owner = 3)
      a: update u set gone = null where id = 28; update u set gone = '2026-01-02' where id = 3; select id from u where owner = 3 and gone is null order by id -> UPDATE 1; UPDATE 1; 28 | 53
      a: delete from u where owner < 10 -> DELETE 40
      a: vacuum -> VACUUM
      a: select count(*) from u where owner = 12 and gone is null -> 2`);
  });

  it('an older snapshot does not read by an index in which its version of a row has no entry', () => {
    check(`
      a: create table u (id int primary key, owner int, gone bool); insert into u select i, i, false from generate_series(1, 60) i -> CREATE TABLE; INSERT 0 60
      b: begin isolation level repeatable read; select count(*) from t -> BEGIN; 2
      a: update u set gone = true where id = 5; create index u_live on u (owner) where not gone -> UPDATE 1; CREATE INDEX
      b: select id from u where owner = 5 and not gone; commit -> 5; COMMIT
      b: select id from u where owner = 5 and not gone -> no rows`);
  });
});

describe('ALTER TABLE', () => {
  it('renames what an expression names, drops an index with its column, and fits it to another type', () => {
    check(`
      a: create table u (id int primary key, mail varchar(9), n int); create index u_a on u (lower(mail)) where u.n > 0; create index u_b on u (id) where n > 5 -> CREATE TABLE; CREATE INDEX; CREATE INDEX
      a: alter table u rename mail to m; alter table u rename to w; select pg_get_indexdef(c.oid) from pg_class c where relname = 'u_a' -> ALTER TABLE; ALTER TABLE; CREATE INDEX u_a ON public.w USING btree (lower(m)) WHERE (w.n > 0)
      a: alter table w alter m type text; insert into w values (1, 'Long enough text', 9); explain select id from w where lower(m) = 'x' and n > 0 -> ALTER TABLE; INSERT 0 1; Index Scan using u_a on w |   Index Cond: (lower(m) = 'x') |   Filter: (w.n > 0)
      a: alter table w drop n; select indexname from pg_indexes where tablename = 'w'; insert into w values (2, 'y'); select id from w where lower(m) = 'y' -> ALTER TABLE; u_pkey; INSERT 0 1; 2
      a: create type mood as enum ('sad', 'ok'); create table p (id int primary key, m mood); create unique index on p (id) where m = 'ok'; insert into p values (1, 'ok') -> CREATE TYPE; CREATE TABLE; CREATE INDEX; INSERT 0 1
      a: alter type mood add value 'mad' before 'ok'; alter type mood rename to feeling; insert into p values (2, 'mad'); update p set m = 'mad'; select * from p order by id -> ALTER TYPE; ALTER TYPE; INSERT 0 1; UPDATE 2; 1,mad | 2,mad`);
  });
});
