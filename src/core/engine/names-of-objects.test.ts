// Casts to regclass and its brothers: what has no such name is refused as PostgreSQL refuses it, and what has no such id is its digits.

import { beforeAll, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check } = makeTranscripts(parseSql);

it('a name of nothing is refused when the cast is reached', () => {
  check(`
    a: select 'nothing'::regclass -> 42P01 relation "nothing" does not exist
    a: select 'NoThing'::regclass -> 42P01 relation "nothing" does not exist
    a: select ('not' || 'hing')::regclass -> 42P01 relation "nothing" does not exist
    a: select 'public.nothing'::regclass -> 42P01 relation "public.nothing" does not exist
    a: select 'nix.t'::regclass -> 3F000 schema "nix" does not exist
    a: select '"t'::regclass -> 42602 invalid name syntax
    a: select ''::regclass -> 42602 invalid name syntax
    a: select 'nothing'::regtype -> 42704 type "nothing" does not exist
    a: select 'nix.mood'::regtype -> 3F000 schema "nix" does not exist
    a: select ('not' || 'hing')::regtype -> 42704 type "nothing" does not exist
    a: select 'public.mood'::regtype -> 42704 type "public.mood" does not exist
    a: select 'nothing'::regproc -> 42883 function "nothing" does not exist
    a: select 'lower'::regproc -> 0A000 type regproc is not supported
    a: select 'nothing'::regrole -> 42704 role "nothing" does not exist
    a: select 'nothing'::regnamespace -> 3F000 schema "nothing" does not exist
    a: select case when true then 1 else 'nothing'::regclass end; select null::text::regclass is null -> 1; t
    a: select count(*) from t where 'nothing'::regclass = v -> 42P01 relation "nothing" does not exist`);
});

it('a name of something is its id, and an id of nothing its digits', () => {
  check(`
    a: select 't'::regclass = oid, 'T'::regclass = oid, ('"t' || '"')::regclass = oid, oid::regclass from pg_class where relname = 't' -> t,t,t,t
    a: select '-'::regclass, 0::regclass, 999999::regclass, 999999::regtype, 999999::regnamespace, '77'::regclass -> 0,-,999999,999999,999999,77
    a: select 'pg_class'::regclass, 'pg_catalog.pg_type'::regclass, ('pg_catalog.' || 'pg_type')::regclass -> 1259,1247,1247
    a: select 'int'::regtype, ' Double  Precision '::regtype, 'varchar(3)'::regtype, 'int4[]'::regtype, 'timestamp (3) with time zone'::regtype -> 23,701,1043,1007,1184
    a: select 'pg_catalog.int4'::regtype, 'character varying'::regtype::oid, 'decimal(9,2)[]'::regtype -> 23,1043,1231
    a: create type mood as enum ('sad'); select 'mood'::regtype = oid, 'public.mood[]'::regtype = typarray from pg_type where typname = 'mood' -> CREATE TYPE; t,t
    a: select 'postgres'::regrole, 10::regrole, 'public'::regnamespace, 2200::regnamespace -> 10,postgres,2200,public
    a: select to_regclass('t'), to_regclass('public.t'), to_regclass('nothing') is null, to_regnamespace('public') -> t,t,t,public`);
});
