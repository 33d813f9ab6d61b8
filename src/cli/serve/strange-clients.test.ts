// What programs that others wrote rest on, at a served cluster through node-postgres: temporary tables, the fields of errors.

import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestCluster } from './test-api.ts';
import { startCluster } from './testing.ts';

let cluster: TestCluster;
let clients: Client[] = [];

beforeEach(async () => {
  cluster = await startCluster({ seed: 4 });
});
afterEach(async () => {
  for (const client of clients) await client.end().catch(() => undefined);
  clients = [];
  expect(cluster.check()).toMatchObject({ violations: [], isolation: [], linearizability: [] });
  await cluster.stop();
});

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: cluster.connectionString });
  client.on('error', () => undefined);
  await client.connect();
  clients.push(client);
  return client;
}

const rowsOf = async (client: Client, text: string, values: unknown[] = []): Promise<unknown[]> =>
  (await client.query(text, values)).rows;

const errorOf = (client: Client, text: string): Promise<Record<string, unknown>> =>
  client.query(text).then(
    () => ({}),
    (error: Record<string, unknown>) => error,
  );

/** Waits until what a connection that has ended asked for is done. */
async function settled(client: Client, text: string, wanted: unknown): Promise<void> {
  for (let i = 0; i < 50; i++) {
    const [row] = await rowsOf(client, text);
    if (JSON.stringify(row) === JSON.stringify(wanted)) return;
    await client.query('call lab.wait(5)');
  }
  expect(await rowsOf(client, text)).toEqual([wanted]);
}

test('a temporary table is of its session, hides others, holds through a crash of the writer and ends with the session', async () => {
  const [one, two] = [await connect(), await connect()];
  await one.query('create table t (a int)');
  await one.query('create temp table t (id serial primary key, b text unique)');
  expect(await rowsOf(one, 'insert into t (b) values ($1) returning id', ['x'])).toEqual([{ id: 1 }]);
  expect(await rowsOf(one, 'select * from public.t')).toEqual([]);
  expect(await rowsOf(one, 'select b from pg_temp.t')).toEqual([{ b: 'x' }]);
  expect(await rowsOf(two, 'select * from t')).toEqual([]);
  expect(await rowsOf(one, "select relpersistence p from pg_class where relname = 't' order by 1")).toEqual([
    { p: 'p' },
    { p: 't' },
  ]);
  expect(await rowsOf(one, 'select current_schema() s')).toEqual([{ s: 'public' }]);
  expect(await errorOf(one, 'create table u (t int references pg_temp.t)')).toMatchObject({ code: '42P16' });
  expect(await errorOf(one, 'create view v as select * from t')).toMatchObject({ code: '0A000' });
  expect(await errorOf(two, 'create schema pg_temp_9')).toMatchObject({ code: '42939' });
  await two.query("call lab.crash('rw-1', for_ms => 20)");
  expect(await rowsOf(one, 'select b from t')).toEqual([{ b: 'x' }]);
  await one.end();
  await settled(two, "select count(*)::int n from pg_namespace where nspname like 'pg_temp%'", { n: 0 });
  expect(await rowsOf(two, 'select count(*)::int n from pg_class where relname = $1', ['t'])).toEqual([
    { n: 1 },
  ]);
});

test('ON COMMIT DROP, a rollback, DISCARD TEMP, and a name that is there already', async () => {
  const client = await connect();
  await client.query('begin; create temp table a (x int) on commit drop; insert into a values (1); commit');
  expect(await errorOf(client, 'select * from a')).toMatchObject({ code: '42P01' });
  await client.query('begin');
  await client.query('create temporary table a (x int) on commit drop');
  await client.query('rollback');
  await client.query('create temp table a (x int) on commit preserve rows');
  // What was rolled back is no table that a later commit drops, whether the block or a savepoint was.
  await client.query('begin');
  await client.query('savepoint s');
  await client.query('create temp table c (x int) on commit drop');
  await client.query('rollback to s');
  await client.query('create temp table c (x int)');
  await client.query('insert into a values (2)');
  await client.query('commit');
  expect(await rowsOf(client, 'select x, (select count(*)::int from c) n from a')).toEqual([{ x: 2, n: 0 }]);
  await client.query('create temp table d (x int) on commit drop');
  expect(await errorOf(client, 'select * from d')).toMatchObject({ code: '42P01' });
  expect(await errorOf(client, 'create temp table a (x int)')).toMatchObject({ code: '42P07' });
  expect(await errorOf(client, 'create temp table b (x int) on commit delete rows')).toMatchObject({
    code: '0A000',
    message: 'ON COMMIT DELETE ROWS is not supported',
  });
  await client.query('discard temp');
  expect(await errorOf(client, 'select * from a')).toMatchObject({ code: '42P01' });
});

test('errors of constraints have their fields', async () => {
  const client = await connect();
  await client.query('create schema s');
  await client.query(
    'create table s.p (id int primary key, u text constraint p_u unique, n int not null check (n > 0))',
  );
  await client.query('create table c (id int primary key, "P" int references s.p)');
  await client.query("insert into s.p values (1, 'a', 1)");
  await client.query('insert into c values (1, 1)');
  const fields = async (text: string): Promise<unknown[]> => {
    const { code, detail, schema, table, column, constraint } = await errorOf(client, text);
    return [code, detail, schema, table, column, constraint];
  };
  const none = undefined;
  expect(await fields("insert into s.p values (2, 'a', 1)")).toEqual([
    '23505',
    'Key (u)=(a) already exists.',
    's',
    'p',
    none,
    'p_u',
  ]);
  expect(await fields('update s.p set n = null where id = 1')).toEqual([
    '23502',
    'Failing row contains (1, a, null).',
    's',
    'p',
    'n',
    none,
  ]);
  expect(await fields(`insert into s.p values (2, '${'x'.repeat(70)}', 0)`)).toEqual([
    '23514',
    `Failing row contains (2, ${'x'.repeat(64)}..., 0).`,
    's',
    'p',
    none,
    'p_n_check',
  ]);
  expect(await fields('insert into c values (2, 7)')).toEqual([
    '23503',
    'Key (P)=(7) is not present in table "p".',
    'public',
    'c',
    none,
    'c_P_fkey',
  ]);
  expect(await fields('delete from s.p')).toEqual([
    '23503',
    'Key (id)=(1) is still referenced from table "c".',
    'public',
    'c',
    none,
    'c_P_fkey',
  ]);
  expect(await errorOf(client, 'select nope(1)')).toMatchObject({
    hint: 'No function matches the given name and argument types. You might need to add explicit type casts.',
  });
});

test('LISTEN and NOTIFY: what a transaction says comes once it is committed, and to who listens', async () => {
  const [one, two] = [await connect(), await connect()];
  const heard: string[] = [];
  one.on('notification', ({ channel, payload }) => void heard.push(`${channel}: ${payload}`));
  await one.query('listen a; listen "B"');
  await two.query("notify a, 'first'");
  await two.query('begin');
  await two.query("notify a, 'second'");
  await two.query("notify a, 'second'");
  await two.query('savepoint s');
  await two.query("select pg_notify('a', 'undone')");
  await two.query('rollback to s');
  await two.query('select pg_notify($1, $2)', ['B', 'third']);
  await one.query('select 1');
  expect(heard).toEqual(['a: first']);
  await two.query('commit');
  await two.query("begin; notify a, 'never'; rollback");
  await one.query('select 1');
  expect(heard).toEqual(['a: first', 'a: second', 'B: third']);
  await one.query('unlisten a');
  await two.query('notify a');
  await one.query('notify "B"');
  await one.query('select 1');
  expect(heard.slice(3)).toEqual(['B: ']);
});

test('pg_cancel_backend and pg_terminate_backend, by the number that pg_backend_pid has', async () => {
  const [one, two] = [await connect(), await connect()];
  const [{ pid }] = (await rowsOf(two, 'select pg_backend_pid() pid')) as [{ pid: number }];
  expect((two as unknown as { processID: number }).processID).toBe(pid);
  await one.query('create table t (a int)');
  await one.query('begin; lock table t');
  const waiting = errorOf(two, 'insert into t values (1)');
  await one.query('call lab.wait(5)');
  expect(await rowsOf(one, 'select pg_cancel_backend($1) ok', [pid])).toEqual([{ ok: true }]);
  expect(await waiting).toMatchObject({ code: '57014' });
  expect(await rowsOf(one, 'select pg_cancel_backend(1) ok')).toEqual([{ ok: false }]);
  await one.query('rollback');
  await two.query("set statement_timeout = '20ms'");
  expect(await errorOf(two, 'select pg_sleep(5)')).toMatchObject({ code: '57014' });
  await two.query('reset statement_timeout');
  const sleeping = errorOf(two, 'select pg_sleep(3000)');
  await one.query(`select pg_terminate_backend(${pid})`);
  expect(['57P01', undefined]).toContain((await sleeping).code);
  expect(
    await rowsOf(one, `select count(*)::int n from pg_stat_activity where pid = ${pid} and state = 'active'`),
  ).toEqual([{ n: 0 }]);
});

test('pg_dump: its queries of tables and of what depends on what, and what a dump does first', async () => {
  const client = await connect();
  await client.query(
    "create schema d; create table d.t (id serial primary key, k int check (k > 0)); create view d.v as select id from d.t; select pg_catalog.set_config('search_path', '', false)",
  );
  await client.query('begin');
  await client.query('set transaction isolation level repeatable read, read only');
  await client.query('lock table d.t in access share mode');
  const tables =
    "SELECT c.tableoid, c.relname, acldefault(CASE WHEN c.relkind = 'S' THEN 's'::\"char\" ELSE 'r'::\"char\" END, c.relowner) AS acldefault, CASE WHEN c.relkind = 'f' THEN (SELECT ftserver FROM pg_catalog.pg_foreign_table WHERE ftrelid = c.oid) ELSE 0 END AS foreignserver, array_remove(array_remove(c.reloptions,'check_option=local'),'check_option=cascaded') AS reloptions, d.refobjsubid AS owning_col FROM pg_class c LEFT JOIN pg_depend d ON (c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')) WHERE c.relkind IN ('r', 'S', 'v') ORDER BY c.relname";
  const fixed = { tableoid: '1259', foreignserver: 0, reloptions: null };
  const rights = '{postgres=arwdDxt/postgres}';
  expect(await rowsOf(client, tables)).toEqual([
    { ...fixed, relname: 't', acldefault: rights, owning_col: null },
    { ...fixed, relname: 't_id_seq', acldefault: '{postgres=rwU/postgres}', owning_col: 1 },
    { ...fixed, relname: 'v', acldefault: rights, owning_col: null },
  ]);
  const depend =
    "SELECT classid, refclassid, deptype FROM pg_depend WHERE deptype != 'p' AND deptype != 'e' UNION ALL SELECT 'pg_opfamily'::regclass AS classid, refclassid, deptype FROM pg_depend d, pg_amop o WHERE deptype NOT IN ('p', 'e', 'i') AND classid = 'pg_amop'::regclass AND objid = o.oid ORDER BY 1, 3";
  expect((await rowsOf(client, depend)).length).toBe(6);
  await client.query('commit');
});
