// Virtual time beside clients that think: an application's own tests of timeouts and deadlocks end, and their runs play again.

import { Client, Pool } from 'pg';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectReplay } from './replay-fixture.ts';
import type { TestCluster } from './test-api.ts';
import { startCluster } from './testing.ts';

let cluster: TestCluster;
let clients: Client[];

async function begin(pace?: 'hold'): Promise<void> {
  clients = [];
  cluster = await startCluster({ seed: 5, ...(pace && { pace }) });
  const setup = await connected();
  await setup.query('create table t (id int primary key, x int); insert into t values (1, 0), (2, 0)');
}

async function connected(): Promise<Client> {
  const client = new Client({ connectionString: cluster.connectionString });
  await client.connect();
  clients.push(client);
  return client;
}

/** It has a row of its own locked, and says nothing more. */
async function thinking(id: number): Promise<Client> {
  const client = await connected();
  await client.query('begin');
  await client.query('update t set x = 1 where id = $1', [id]);
  return client;
}

const codeOf = (query: Promise<unknown>): Promise<string> =>
  query.then(
    () => 'done',
    ({ code }: { code: string }) => code,
  );

const wallMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('asked: time goes with the clock while open statements only wait for a client that thinks', () => {
  beforeEach(() => begin());
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.end()));
    await expectReplay(await cluster.stop());
  });

  test.each([
    ["set lock_timeout = '300ms'", '55P03'],
    ["set statement_timeout = '300ms'", '57014'],
  ])('%s, and a wait for its lock', async (setting, code) => {
    await thinking(1);
    const waiter = await connected();
    await waiter.query(setting);
    const from = cluster.now();
    expect(await codeOf(waiter.query('update t set x = 2 where id = 1'))).toBe(code);
    expect(cluster.now() - from).toBeGreaterThanOrEqual(300);
  });

  test('postgres.js: NOWAIT, and a lock that is waited for until its client goes on', async () => {
    const one = await thinking(1);
    const sql = postgres(cluster.connectionString, { max: 1, onnotice: () => undefined });
    expect(await codeOf(sql`select x from t where id = 1 for update nowait`)).toBe('55P03');
    const waiting = sql`update t set x = x + 10 where id = 1 returning x`;
    const shown = waiting.then(([row]) => row?.x as number);
    await wallMs(60);
    await one.query('commit');
    expect(await shown).toBe(11);
    await sql.end();
  });

  test('a deadlock with a client that thinks before it closes the circle', async () => {
    const [one, two] = [await thinking(1), await thinking(2)];
    const first = codeOf(one.query('update t set x = 2 where id = 2'));
    await wallMs(60);
    const second = codeOf(two.query('update t set x = 2 where id = 1'));
    expect([await first, await second].toSorted()).toEqual(['40P01', 'done']);
  });

  test("a pool's wait for a client that waits for another's lock", async () => {
    await thinking(1);
    const pool = new Pool({
      connectionString: cluster.connectionString,
      max: 1,
      connectionTimeoutMillis: 80,
    });
    const client = await pool.connect();
    await client.query("set lock_timeout = '400ms'");
    const waiting = codeOf(client.query('update t set x = 2 where id = 1'));
    await expect(pool.connect()).rejects.toThrow(/timeout exceeded/);
    expect(await waiting).toBe('55P03');
    client.release();
    await pool.end();
  });

  test('while nothing is asked it stands', async () => {
    await thinking(1);
    const stands = cluster.now();
    await wallMs(40);
    expect(cluster.now()).toBe(stands);
  });
});

test('pg_sleep: virtual time passes, at full speed', async () => {
  await begin();
  const client = await connected();
  const from = cluster.now();
  const { rows, fields } = await client.query('select pg_sleep(2)');
  expect([rows, fields[0]?.dataTypeID]).toEqual([[{ pg_sleep: '' }], 2278]);
  expect((await client.query('select pg_catalog.pg_sleep($1) as slept', [0.5])).rows).toEqual([
    { slept: '' },
  ]);
  expect((await client.query('select pg_sleep(null)')).rows).toEqual([{ pg_sleep: null }]);
  expect(cluster.now() - from).toBeGreaterThanOrEqual(2500);
  await expect(client.query("select pg_sleep('x')")).rejects.toMatchObject({ code: '22P02' });
  await expect(client.query('select pg_sleep(1e9)')).rejects.toMatchObject({ code: '22023' });
  await Promise.all(clients.map((one) => one.end()));
  await expectReplay(await cluster.stop());
});

test('hold: it stands in such a wait, until somebody says something', async () => {
  await begin('hold');
  const one = await thinking(1);
  const waiter = await connected();
  await waiter.query("set lock_timeout = '5s'");
  const waiting = codeOf(waiter.query('update t set x = 2 where id = 1'));
  const passes = async (): Promise<number> => {
    const before = cluster.now();
    await wallMs(40);
    return cluster.now() - before;
  };
  await expect.poll(passes).toBe(0);
  expect(await passes()).toBe(0);
  await one.query('rollback');
  expect(await waiting).toBe('done');
  await Promise.all(clients.map((client) => client.end()));
  await cluster.stop();
});
