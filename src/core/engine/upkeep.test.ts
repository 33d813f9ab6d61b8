// Statements that have nothing to do here, and modes of a transaction that change nothing: what they answer is PostgreSQL's.

import { beforeAll, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check } = makeTranscripts(parseSql);

it('CHECKPOINT and REINDEX are taken, and what they name has to be there', () => {
  check(`
    a: create index ti on t (v); create view tv as select 1 as one; create sequence tq -> CREATE INDEX; CREATE VIEW; CREATE SEQUENCE
    a: checkpoint; begin; checkpoint; commit -> CHECKPOINT; BEGIN; CHECKPOINT; COMMIT
    a: begin; select 1 / 0 -> BEGIN; 22012 division by zero
    a: checkpoint -> 25P02 current transaction is aborted, commands ignored until end of transaction block
    a: rollback; reindex table t; reindex index ti; reindex (verbose) table public.t -> ROLLBACK; REINDEX; REINDEX; REINDEX
    a: reindex table concurrently t -> REINDEX
    a: reindex (concurrently) index ti -> REINDEX
    a: reindex schema public -> REINDEX
    a: reindex table nothing -> 42P01 relation "nothing" does not exist
    a: reindex index t -> 42809 "t" is not an index
    a: reindex table ti -> 42809 "ti" is not a table or materialized view
    a: reindex table tv -> 42809 "tv" is not a table or materialized view
    a: reindex table tq -> 42809 "tq" is not a table or materialized view
    a: reindex table nix.t -> 3F000 schema "nix" does not exist
    a: reindex schema nix -> 3F000 schema "nix" does not exist
    a: reindex database other -> 0A000 can only reindex the currently open database
    a: reindex (foo) table t -> 42601 unrecognized REINDEX option "foo"
    a: begin; reindex table t; reindex schema public -> BEGIN; REINDEX; 25001 REINDEX SCHEMA cannot run inside a transaction block
    a: rollback; begin; reindex table concurrently t -> ROLLBACK; BEGIN; 25001 REINDEX CONCURRENTLY cannot run inside a transaction block
    a: rollback; begin read only; reindex table t; checkpoint; commit -> ROLLBACK; BEGIN; REINDEX; CHECKPOINT; COMMIT`);
});

it('a transaction says whether it is deferrable', () => {
  check(`
    a: begin deferrable; show transaction_deferrable; commit; show transaction_deferrable -> BEGIN; on; COMMIT; off
    a: begin isolation level serializable read only deferrable; show transaction_deferrable; select count(*) from t; commit -> BEGIN; on; 2; COMMIT
    a: begin not deferrable; set transaction deferrable; show transaction_deferrable -> BEGIN; SET; on
    a: select 1; set transaction not deferrable -> 1; 25001 SET TRANSACTION [NOT] DEFERRABLE must be called before any query
    a: rollback; start transaction deferrable; set transaction_deferrable = off; show transaction_deferrable -> ROLLBACK; START TRANSACTION; SET; off`);
});
