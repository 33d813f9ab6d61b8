// ALTER COLUMN TYPE that writes the rows anew: what they become, what is held against them, and who waits (transcript-fixture.ts).

import { beforeAll, describe, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check } = makeTranscripts(parseSql);

describe('ALTER COLUMN TYPE', () => {
  it('writes rows anew, with keys, indexes, defaults and what was added before', () => {
    check(`
      a: create table p (id int primary key, n int not null default 7, s text); insert into p values (1, 5, '10'), (2, 6, null) -> CREATE TABLE; INSERT 0 2
      a: alter table p add x text default 'old'; create index on p (n); create unique index on p ((n || 'i')) where s is null -> ALTER TABLE; CREATE INDEX; CREATE INDEX
      a: alter table p alter n type bigint; insert into p (id) values (3); select * from p order by id -> ALTER TABLE; INSERT 0 1; 1,5,10,old | 2,6,null,old | 3,7,null,old
      a: alter table p alter n type text, alter s type numeric(6, 2) using s::numeric * 2 -> ALTER TABLE
      a: select n, s from p order by id; select id from p where n = '6' -> 5,20.00 | 6,null | 7,null; 2
      a: insert into p (id, n) values (4, 'new'), (1, 'x') -> 23505 duplicate key value violates unique constraint "p_pkey"
      a: select indexdef from pg_indexes where tablename = 'p' order by 1 -> CREATE INDEX p_n_idx ON public.p USING btree (n) | CREATE UNIQUE INDEX p_expr_idx ON public.p USING btree (((n || 'i'))) WHERE (s IS NULL) | CREATE UNIQUE INDEX p_pkey ON public.p USING btree (id)`);
  });

  it('refuses what does not convert, and leaves all as it was', () => {
    check(`
      a: create table p (id int primary key, s text default 'x', v text not null, check (length(v) < 5)); insert into p values (1, '1', 'a'), (2, 'two', 'b') -> CREATE TABLE; INSERT 0 2
      a: alter table p alter s type int -> 42804 column "s" cannot be cast automatically to type integer
      a: alter table p alter s type int using s -> 42804 result of USING clause for column "s" cannot be cast automatically to type integer
      a: alter table p alter s type int using s::int -> 42804 default for column "s" cannot be cast automatically to type integer
      a: alter table p alter s drop default, alter s type int using s::int -> 22P02 invalid input syntax for type integer: "two"
      a: alter table p alter v type varchar(9) using v || 'longer' -> 23514 check constraint "p_v_check" of relation "p" is violated by some row
      a: alter table p alter v type text using nullif(v, 'b') -> 23502 column "v" of relation "p" contains null values
      a: alter table p alter id type bigint using 1 -> 23505 could not create unique index "p_pkey"
      a: alter table p alter v type text using (select 'x') -> 0A000 cannot use subquery in transform expression
      a: alter table p alter v type text using max(v) -> 42803 aggregate functions are not allowed in transform expressions
      a: insert into p values (3, default, 'c'); select * from p order by id -> INSERT 0 1; 1,1,a | 2,two,b | 3,x,c
      a: alter table p alter v type int using length(v) -> 42883 function length(integer) does not exist`);
  });

  it('is undone with its transaction; who refers to the table still does', () => {
    check(`
      a: create table p (id int primary key, n int unique); create table c (id int primary key, p int references p); insert into p values (1, 5), (2, 6); insert into c values (1, 1) -> CREATE TABLE; CREATE TABLE; INSERT 0 2; INSERT 0 1
      a: begin; alter table p alter n type text; insert into p values (3, 'new'); select n from p order by id; rollback; select n + 1 from p order by id -> BEGIN; ALTER TABLE; INSERT 0 1; 5 | 6 | new; ROLLBACK; 6 | 7
      a: alter table p alter n type text using n || '!'; insert into c values (2, 2) -> ALTER TABLE; INSERT 0 1
      a: insert into c values (3, 3) -> 23503 insert or update on table "c" violates foreign key constraint "c_p_fkey"
      a: delete from p where id = 2 -> 23503 update or delete on table "p" violates foreign key constraint "c_p_fkey" on table "c"
      a: alter table p alter id type bigint -> 0A000 ALTER COLUMN TYPE of a column of a foreign key is not supported
      a: truncate p, c; insert into p values (9, 'z'); select * from p -> TRUNCATE TABLE; INSERT 0 1; 9,z`);
  });

  it('waits for readers, and who waited reads the new rows', () => {
    check(`
      a: begin; select v from t where id = 1 -> BEGIN; 10
      b: alter table t alter v type text using v || 'x' -> pending
      d: select v from t order by id -> pending
      a: commit -> COMMIT
      b! -> ALTER TABLE
      d! -> 10x | 20x`);
  });
});
