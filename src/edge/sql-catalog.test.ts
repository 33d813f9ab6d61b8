// What clients ask of a catalog before anything else, and the regular expressions by which they look for names.

import { beforeAll, expect, test } from 'vitest';
import { makeMemoryDatabase } from '../core/sql/testing/memory-database.ts';
import { type MemorySession, makeMemorySession, runStatement } from '../core/sql/testing/memory-session.ts';
import { loadSqlParser, parseSql } from './sql-parser.ts';

let session: MemorySession;

beforeAll(async () => {
  await loadSqlParser();
  session = makeMemorySession(makeMemoryDatabase());
});

function run(sql: string): readonly (string | null)[] | string {
  const [result] = parseSql(sql).map((statement) => runStatement(session, statement));
  if (result?.kind === 'rows') return result.rows[0] ?? [];
  return result?.kind === 'error' ? `${result.sqlstate} ${result.message}` : (result?.tag ?? '');
}

test.each([
  ['select version()', ['PostgreSQL 15.0 (PostDB Lab)']],
  [
    'select current_database(), current_schema(), current_user, session_user',
    ['lab', 'public', 'postgres', 'postgres'],
  ],
  ["select current_setting('server_version_num'), current_setting('no.such', true)", ['150000', null]],
  [
    'select pg_catalog.format_type(1043, 13), format_type(1700, 589830), format_type(20, -1)',
    ['character varying(9)', 'numeric(9,2)', 'bigint'],
  ],
  [
    "select array_position(current_schemas(true), 'public'), array_position(current_schemas(false), 'x')",
    ['2', null],
  ],
  [
    "select 'abc' ~ '^a.c$', 'abc' ~ 'b', 'abc' !~ '^b', 'ABC' ~* '^(x|abc)$', 'a_c' ~ '^a_', 'abc' ~ '^a_'",
    ['t', 't', 't', 't', 't', 'f'],
  ],
  [
    "select 'k' OPERATOR(pg_catalog.~) '^(k)$' COLLATE pg_catalog.default, 'pg_toast_1' !~ '^pg_toast'",
    ['t', 'f'],
  ],
  ["select 'x' ~ '(?e)[a-z]'", '0A000 a regular expression with option "e" is not supported'],
  ["select 'bc' ~ '(a|b)c'", ['t']],
  ['select max(n) from generate_series(1, 33) as s(n)', ['33']],
  ['select 1.5 & 1', '42883 operator does not exist: numeric & integer'],
  ["select current_setting('nope')", '42704 unrecognized configuration parameter "nope"'],
  ['create table f (id int primary key) with (fillfactor = 70, autovacuum_enabled = false)', 'CREATE TABLE'],
  ['create table g (id int primary key) with (nonsense = 1)', '22023 unrecognized parameter "nonsense"'],
])('%s', (sql, answer) => {
  expect(run(sql)).toEqual(answer);
});

test('casts to types of the catalog, and queries of catalogs that the lab does not have', () => {
  expect(run("select 23::regtype, 23::oid + 1, 'x'::name")).toEqual(['integer', '24', 'x']);
  expect(
    run("select acldefault('r', 10), acldefault('T', 10), acldefault('n', 6171), pg_get_userbyid(6171)"),
  ).toEqual([
    '{postgres=arwdDxt/postgres}',
    '{=U/postgres,postgres=U/postgres}',
    '{pg_database_owner=UC/pg_database_owner}',
    'pg_database_owner',
  ]);
  expect(run("select acldefault('x', 10)")).toBe('XX000 unrecognized object type abbreviation: x');
  expect(run('select 1 as a, 2 as b union all select amop, oid from pg_amop')).toEqual(['1', '2']);
  expect(run('select case when true then 0 else (select ftserver from pg_foreign_table) end')).toEqual(['0']);
  expect(run('select p.oid, nonsense[1] as n from pg_proc p, pg_class c order by 1')).toEqual([]);
  expect(run('select array(select rolname from pg_auth_members), (select x[1] from pg_policy)')).toEqual([
    '{}',
    null,
  ]);
  expect(run("select (select json_build_object('always', true, 'start', 1)) as options")).toEqual([
    '{"always" : true, "start" : 1}',
  ]);
  expect(run('select count(*) from pg_publication')).toBe('42P01 relation "pg_publication" does not exist');
  expect(run('select 1 from (select 1) c left join pg_policy p on true')).toMatch(/^42P01/);
});
