// Catalogs of more pages than the buffer has, and statements that need more pages at once than that.

import { beforeAll, expect, test } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import {
  begin,
  crash,
  type Fixture,
  makeFixture,
  replyOf,
  settleDurable,
  showReply,
} from './engine-fixture.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { run } = makeTranscripts(parseSql);

const BUFFER_PAGES = 36;
const TABLES = 80;

/** Each table, its sequence and its indexes take about half of a page of the catalog. */
function manyTables(): Fixture {
  const f = makeFixture({ bufferPages: BUFFER_PAGES });
  for (let i = 0; i < TABLES; i++)
    run(
      f,
      'a',
      `create table k${i} (id serial primary key, name varchar(20) not null unique, price numeric(10,2) default 1.5)`,
    );
  return f;
}

test('WAL-10 definitions are made, found, changed and listed in a catalog that is larger than the buffer', () => {
  const f = manyTables();
  expect(Number(run(f, 'a', "select relpages from pg_class where relname = 'k1'"))).toBe(0);
  const answers = (texts: readonly string[]): readonly string[] => texts.map((text) => run(f, 'a', text));
  expect(
    answers([
      'create table one (id int primary key)',
      'create view seen as select id from one',
      'create sequence counted',
      'create schema shelf',
      'create index on k3 (price)',
      'create table k5 (id int)',
      `select count(*) from k${TABLES - 1}`,
      'alter table k9 rename to nine',
      'begin; create table x (id int primary key references k2); drop table k7; insert into x select id from seen; commit',
      'drop table one',
      'drop table k10, k11, k12',
      'drop schema shelf',
      'drop sequence counted',
    ]),
  ).toEqual([
    'CREATE TABLE',
    'CREATE VIEW',
    'CREATE SEQUENCE',
    'CREATE SCHEMA',
    'CREATE INDEX',
    '42P07 relation "k5" already exists',
    '0',
    'ALTER TABLE',
    'BEGIN; CREATE TABLE; DROP TABLE; INSERT 0 0; COMMIT',
    '2BP01 cannot drop table one because other objects depend on it',
    'DROP TABLE',
    'DROP SCHEMA',
    'DROP SEQUENCE',
  ]);
  const counts = (g: Fixture) => run(g, 'b', 'select relkind, count(*) from pg_class group by 1 order by 1');
  const listed = counts(f);
  // all tables but four, and two that were made; two indexes each but for those two, and one more
  expect(listed).toBe(`S,${TABLES - 4} | i,${2 * (TABLES - 4) + 3} | r,${TABLES - 4 + 2} | v,1`);
  crash(f);
  expect(counts(f)).toBe(listed);
});

test('WAL-10 what two sessions define at once is defined by one of them', () => {
  const f = manyTables();
  const asked = ['a', 'b', 'c'].map((session) => {
    const sequence = begin(f, session, parseSql('create table same (id int primary key)'));
    return () => showReply(replyOf(f, session, sequence));
  });
  settleDurable(f, 20_000);
  expect(asked.map((answer) => answer()).toSorted()).toEqual([
    '42P07 relation "same" already exists',
    '42P07 relation "same" already exists',
    'CREATE TABLE',
  ]);
});

test('WAL-10 an index is built over pages without rows, more than the buffer has', () => {
  const f = makeFixture({ bufferPages: BUFFER_PAGES });
  run(f, 'a', 'create table t (id int primary key, v text)');
  for (let i = 0; i < 400; i += 50) {
    const rows = Array.from({ length: 50 }, (_, j) => `(${i + j}, repeat('x', 100))`);
    run(f, 'a', `insert into t values ${rows.join()}`);
  }
  run(f, 'a', 'delete from t');
  run(f, 'a', 'vacuum t');
  expect(
    run(f, 'a', "insert into t values (1, 'a'); create index on t (v); select id from t where v = 'a'"),
  ).toBe('INSERT 0 1; CREATE INDEX; 1');
});

test('WAL-10 a statement that needs more pages at once than the buffer has is refused, and others go on', () => {
  const f = makeFixture({ bufferPages: BUFFER_PAGES });
  for (let i = 0; i < 20; i++) {
    run(f, 'a', `create table k${i} (id int primary key)`);
    run(f, 'a', `insert into k${i} values (1)`);
  }
  const from = (count: number): string => Array.from({ length: count }, (_, i) => `k${i}`).join();
  expect(run(f, 'a', `begin; select 1 from ${from(20)}`)).toBe(
    `BEGIN; 53200 the statement needs more pages at once than the ${BUFFER_PAGES} that the buffer holds`,
  );
  expect(run(f, 'a', 'rollback')).toBe('ROLLBACK');
  expect(run(f, 'b', `select count(*) from ${from(8)}`)).toBe('1');
  expect(f.engine.tickets).toBe(0);
});
