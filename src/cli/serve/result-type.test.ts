// A statement that was prepared keeps its result: what would give other columns than its client was told of is refused with PostgreSQL's
// words, whoever changed the definitions, wherever the statement is carried out (held against PostgreSQL 15).

import { Client, Pool } from 'pg';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import type { TestCluster } from './test-api.ts';
import { startCluster } from './testing.ts';

const CHANGED = '0A000 cached plan must not change result type';

async function open(cluster: TestCluster, database = 'lab'): Promise<Client> {
  const client = new Client({ connectionString: cluster.connectionStringOf(database) });
  await client.connect();
  return client;
}

/** Rows as text, the tag of what has none, or the error. */
const shown = (
  client: Client,
  query: string | { name: string; text: string; values?: unknown[] },
): Promise<string> =>
  client.query(query).then(
    ({ command, fields, rows }) =>
      fields.length === 0 ? command : rows.map((row) => JSON.stringify(row)).join() || 'no rows',
    ({ code, message }: { code: string; message: string }) => `${code} ${message}`,
  );

const named = (name: string, text: string, values: unknown[] = []) => ({ name, text, values });

/** What is changed, and what comes then of `SELECT *`, of named columns, and of RETURNING *. */
const CHANGES: readonly (readonly [change: string, all: string, some: string])[] = [
  ['alter table t add column c int', CHANGED, '{"id":1,"v":"a"}'],
  ['alter table t drop column c', '{"id":1,"v":"a"}', '{"id":1,"v":"a"}'],
  ['alter table t rename v to w', CHANGED, '42703 column "v" does not exist'],
  ['alter table t rename w to v', '{"id":1,"v":"a"}', '{"id":1,"v":"a"}'],
  ['alter table t alter v type varchar(30)', CHANGED, CHANGED],
  ['alter table t alter v type text', CHANGED, CHANGED],
  [
    "drop table t; create table t (id int primary key, v varchar(20)); insert into t values (1, 'a')",
    '{"id":1,"v":"a"}',
    '{"id":1,"v":"a"}',
  ],
  ['drop table t; create table t (id int primary key)', CHANGED, '42703 column "v" does not exist'],
  ['drop table t', '42P01 relation "t" does not exist', '42P01 relation "t" does not exist'],
];

test('SQL PREPARE and named statements, each definition changed by another session', async () => {
  const cluster = await startCluster({ preset: 'cynosdb', seed: 1 });
  const [one, other] = [await open(cluster), await open(cluster)];
  await other.query("create table t (id int primary key, v varchar(20)); insert into t values (1, 'a')");
  for (const text of [
    'prepare a as select * from t',
    'prepare s as select id, v from t',
    'prepare u(int) as update t set id = id where id = $1 returning *',
  ])
    expect(await shown(one, text)).toBe('PREPARE');
  const all = named('all', 'select * from t where id = $1', [1]);
  expect(await shown(one, all)).toBe('{"id":1,"v":"a"}');
  for (const [change, whole, some] of CHANGES) {
    await other.query(change);
    const came = [];
    for (const text of ['execute a', 'execute s', 'execute u(1)']) came.push(await shown(one, text));
    expect([change, ...came, await shown(one, all)]).toEqual([change, whole, some, whole, whole]);
  }
  await other.query('create table t (id int primary key, c int); insert into t values (1, 5)');
  expect(await shown(one, 'deallocate a')).toBe('DEALLOCATE');
  expect(await shown(one, 'prepare a as select * from t')).toBe('PREPARE');
  expect(await shown(one, 'execute a')).toBe('{"id":1,"c":5}');
  // nothing is done that is refused, and a block has failed as after any error, with its savepoints
  await other.query('alter table t add column d int default 7');
  const block = [
    'begin',
    'savepoint s',
    'execute u(1)',
    'select 1',
    'rollback to s',
    'update t set c = 6 where id = 1',
    'commit',
  ];
  const came = [];
  for (const text of block) came.push(await shown(one, text));
  expect(came).toEqual([
    'BEGIN',
    'SAVEPOINT',
    CHANGED,
    '25P02 current transaction is aborted, commands ignored until end of transaction block',
    'ROLLBACK',
    'UPDATE',
    'COMMIT',
  ]);
  expect(await shown(one, 'discard all')).toBe('DISCARD');
  expect(await shown(one, 'execute a')).toBe('26000 prepared statement "a" does not exist');
  await Promise.all([one.end(), other.end()]);
  await cluster.stop();
});

test.each([
  ['cynosdb-ha', 'lab', 'rw-1'],
  ['cynosdb-ro', 'ro', 'rw-1'],
  ['polardb', 'ro', 'rw-1'],
  ['polardb', 'lab', 'rw-1'],
] as const)(
  '%s, database %s: prepared before a failover or a crash, executed after it',
  async (preset, database, writer) => {
    const cluster = await startCluster({ preset, seed: 2 });
    const [one, other] = [await open(cluster, database), await open(cluster)];
    await other.query("create table t (id int primary key, v text); insert into t values (1, 'a')");
    const all = named('all', 'select * from t where id = $1', [1]);
    const some = named('some', 'select id from t where id = $1', [1]);
    expect([await shown(one, all), await shown(one, some)]).toEqual(['{"id":1,"v":"a"}', '{"id":1}']);
    await other.query('alter table t add column c int');
    cluster.crash(writer, { forMs: 400 });
    // the other one has read what is there now, so that a reader has it too
    expect(await shown(other, 'update t set c = 3 where id = 1 returning *')).toBe('{"id":1,"v":"a","c":3}');
    cluster.run(50);
    expect([await shown(one, all), await shown(one, some)]).toEqual([CHANGED, '{"id":1}']);
    await Promise.all([one.end(), other.end()]);
    expect(cluster.check().violations).toEqual([]);
    await cluster.stop();
  },
);

test('postdb-v4: a table that was made anew, through the metadata, by another client', async () => {
  const cluster = await startCluster({ preset: 'postdb-v4', seed: 3 });
  const [one, other] = [await open(cluster), await open(cluster, 'n2')];
  await other.query('create table before (id int primary key)');
  await other.query('create table t (id int primary key, v text)');
  await other.query("insert into t values (1, 'a')");
  const all = named('all', 'select * from t where id = $1', [1]);
  const gathered = named('gathered', 'select t.* from t left join before using (id)');
  expect(await shown(one, 'prepare p as select * from t')).toBe('PREPARE');
  expect([await shown(one, all), await shown(one, gathered)]).toEqual([
    '{"id":1,"v":"a"}',
    '{"id":1,"v":"a"}',
  ]);
  await other.query('drop table t');
  await other.query('create table t (id int primary key, v text, c int)');
  await other.query("insert into t values (1, 'a', 3)");
  expect([await shown(one, all), await shown(one, gathered), await shown(one, 'execute p')]).toEqual([
    CHANGED,
    CHANGED,
    CHANGED,
  ]);
  await Promise.all([one.end(), other.end()]);
  await cluster.stop();
});

test('a pool: each client has prepared for itself, and goes on once it prepares anew', async () => {
  const cluster = await startCluster({ preset: 'cynosdb', seed: 4 });
  const pool = new Pool({ connectionString: cluster.connectionString, max: 3 });
  await pool.query("create table t (id int primary key, v text); insert into t values (1, 'a')");
  const ask = () =>
    Promise.all(
      Array.from({ length: 6 }, () =>
        pool.query(named('all', 'select * from t')).then(
          ({ rows }) => JSON.stringify(rows[0]),
          ({ code }) => code,
        ),
      ),
    );
  expect(await ask()).toEqual(Array(6).fill('{"id":1,"v":"a"}'));
  await pool.query('alter table t add column c int');
  // a client whose statement has failed leaves the pool, and the one in its place prepares what is there now
  expect(await ask()).toEqual([...Array(3).fill('0A000'), ...Array(3).fill('{"id":1,"v":"a","c":null}')]);
  expect(await ask()).toEqual(Array(6).fill('{"id":1,"v":"a","c":null}'));
  await pool.end();
  await cluster.stop();
});

test('postgres.js goes by the routine of the error, prepares anew and never shows it', async () => {
  const cluster = await startCluster({ preset: 'cynosdb', seed: 5 });
  const other = await open(cluster);
  await other.query("create table t (id int primary key, v text); insert into t values (1, 'a')");
  const sql = postgres(cluster.connectionString, { max: 1, onnotice: () => undefined });
  const ask = async (): Promise<string> => JSON.stringify((await sql`select * from t where id = ${1}`)[0]);
  expect([await ask(), await ask()]).toEqual(Array(2).fill('{"id":1,"v":"a"}'));
  await other.query('alter table t add column c int');
  expect([await ask(), await ask()]).toEqual(Array(2).fill('{"id":1,"v":"a","c":null}'));
  await sql.end();
  const one = await open(cluster);
  await one.query(named('all', 'select * from t'));
  await other.query('alter table t drop column c');
  await expect(one.query(named('all', 'select * from t'))).rejects.toMatchObject({
    code: '0A000',
    routine: 'RevalidateCachedQuery',
  });
  await expect(one.query('execute nothing')).rejects.toMatchObject({
    code: '26000',
    routine: 'FetchPreparedStatement',
  });
  await Promise.all([one.end(), other.end()]);
  await cluster.stop();
});
