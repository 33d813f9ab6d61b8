// A served cluster and node-postgres, which nobody here wrote: a socket, the protocol, the real nodes, and the run played again from its
// tape without the client.

import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client, Pool, type QueryResult } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import Cursor from 'pg-cursor';
import { serialize } from 'pg-protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { freshTape, setupRun } from '../../sim/run-setup.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { known } from '../../stacks/known.ts';
import { presets } from '../../stacks/presets.ts';
import { tapes } from '../../stacks/tapes.ts';
import { type PgServer, servePg } from './pg-server.ts';
import { expectReplay } from './replay-fixture.ts';
import { makeServedCluster, type ServedCluster, tapeOf } from './served-cluster.ts';

let cluster: ServedCluster;
let server: PgServer;

async function start(preset: string): Promise<void> {
  const tape = freshTape(presets, preset, 7);
  if ('error' in tape) throw new Error(tape.error);
  const result = setupRun(known, { ...tape, actions: [] });
  if (!result.ok) throw new Error(result.error);
  cluster = await makeServedCluster(result.setup, true);
  server = await servePg(cluster, 0, { kind: 'hold' });
}

const address = (database = 'lab'): string => `postgresql://me@127.0.0.1:${server.port}/${database}`;

async function connected(database?: string): Promise<Client> {
  const client = new Client(address(database));
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** What libpq does for Ctrl C. */
function cancel(client: Client): void {
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
  connect(server.port, '127.0.0.1').end(serialize.cancel(processID, secretKey));
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;
const failing = (query: Promise<QueryResult>): Promise<unknown> => query.then(() => 'no error', codeOf);

describe('cynosdb', () => {
  beforeEach(() => start('cynosdb'));
  afterEach(() => server.stop());

  test('values of every type go in and come back, and the run is played again without the client', async () => {
    const client = await connected();
    await client.query(
      'create table k (id int primary key, v varchar(9), n numeric(9,2), f float8, r float4, ts timestamptz, d date, b bytea, u uuid, t bool, l bigint)',
    );
    const values = [
      1,
      'é',
      '1.50',
      2.5,
      0.5,
      new Date(0),
      '2026-02-03',
      Buffer.from([0, 255]),
      '12345678-1234-1234-1234-123456789abc',
      true,
      '9007199254740993',
    ];
    const marks = values.map((_, i) => `$${i + 1}`).join(', ');
    const { rows, command, rowCount } = await client.query({
      text: `insert into k values (${marks}) returning *`,
      values,
      rowMode: 'array',
    });
    expect([command, rowCount]).toEqual(['INSERT', 1]);
    expect(
      rows[0]?.map((value: unknown) => (value instanceof Date ? value.toISOString() : value)),
    ).toMatchObject([
      1,
      'é',
      '1.50',
      2.5,
      0.5,
      '1970-01-01T00:00:00.000Z',
      new Date(2026, 1, 3).toISOString(),
      Buffer.from([0, 255]),
      values[8],
      true,
      values[10],
    ]);
    const { rows: same } = await client.query({
      name: 'named',
      text: 'select id, n, l from k where id = $1',
      values: [1],
    });
    expect(same).toEqual([{ id: 1, n: '1.50', l: '9007199254740993' }]);
    const { rows: nothing } = await client.query('select $1::int4 + 1 as x, $2 as y', [41, null]);
    expect(nothing).toEqual([{ x: 42, y: null }]);
    await client.end();
    await expectReplay(tapeOf(cluster));
  });

  test('errors have their code, place and constraint; a failed block says so', async () => {
    const client = await connected();
    await client.query('create table t (id int primary key check (id > 0), x text not null)');
    const error = await client.query("insert into t values (-1, 'x')").catch((one: unknown) => one);
    expect(error).toMatchObject({ severity: 'ERROR', code: '23514', table: 't', constraint: 't_id_check' });
    expect(await client.query('insert into t values (1)').catch((one: unknown) => one)).toMatchObject({
      code: '23502',
      column: 'x',
    });
    expect(await client.query('select 1 + nope from t').catch((one: unknown) => one)).toMatchObject({
      code: '42703',
      position: '12',
    });
    await client.query('begin');
    expect(await failing(client.query('select 1/0'))).toBe('22012');
    expect(await failing(client.query('select 1'))).toBe('25P02');
    expect(await client.query('commit')).toMatchObject({ command: 'ROLLBACK' });
    await client.end();
  });

  test('a cursor, COPY both ways, and a pool', async () => {
    const pool = new Pool({ connectionString: address(), max: 5 });
    const client = await pool.connect();
    await client.query('create table t (id int primary key, x text)');
    const lines = Array.from(
      { length: 4000 },
      (_, i) => `${i}\trow ${i} of many that fill more than one part\n`,
    );
    await pipeline(Readable.from(lines), client.query(copyFrom('copy t from stdin')));
    let out = '';
    for await (const part of client.query(copyTo('copy (select id from t where id < 3) to stdout')))
      out += String(part);
    expect(out).toBe('0\n1\n2\n');
    const cursor = client.query(new Cursor('select id from t where id < $1 order by id', [5]));
    expect(
      [await cursor.read(2), await cursor.read(2), await cursor.read(9)].map((part) => part.length),
    ).toEqual([2, 2, 1]);
    await cursor.close();
    client.release();
    const counts = await Promise.all(Array.from({ length: 20 }, () => pool.query('select count(*) from t')));
    expect(new Set(counts.map(({ rows }) => rows[0].count))).toEqual(new Set(['4000']));
    await pool.end();
    await expectReplay(tapeOf(cluster));
  });

  test('time stands still while a statement waits for the lock of a client that thinks; cancel; a client that vanishes', async () => {
    const [one, two] = [await connected(), await connected()];
    await one.query('create table t (id int primary key, x int)');
    await one.query('insert into t values (1, 0)');
    await one.query('begin');
    await one.query('update t set x = 1');
    const waiting = two.query('update t set x = x + 1');
    await expect.poll(() => server.pacer.isHeld).toBe(true);
    const stands = cluster.world.fabric.now;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(cluster.world.fabric.now).toBe(stands);
    await one.query('commit');
    await waiting;
    expect((await one.query('select x from t')).rows).toEqual([{ x: 2 }]);

    await one.query('begin');
    await one.query('update t set x = 10');
    const cancelled = failing(two.query('update t set x = 20'));
    await expect.poll(() => server.pacer.isHeld).toBe(true);
    cancel(two);
    expect(await cancelled).toBe('57014');
    const { stream } = (one as unknown as { connection: { stream: { destroy(): void } } }).connection;
    stream.destroy();
    expect((await two.query('update t set x = x + 1 returning x')).rows).toEqual([{ x: 3 }]);
    await two.end();
    await expectReplay(tapeOf(cluster));
  });

  test('FENCE-47 a write that is cancelled while it waits: its writer does not apply it, and the answer says that nobody knows', async () => {
    const [one, two] = [await connected(), await connected()];
    await one.query('create table t (id int primary key, x int)');
    await one.query('insert into t values (1, 0)');
    await one.query('begin');
    await one.query('update t set x = 1');
    const cancelled = two.query('update t set x = x + 10').catch((one: unknown) => one);
    await expect.poll(() => server.pacer.isHeld).toBe(true);
    cancel(two);
    expect(await cancelled).toMatchObject({ code: '57014', message: 'cancelled; the outcome is unknown' });
    await one.query('commit');
    await one.query('call lab.wait(100)');
    expect((await one.query('select x from t')).rows).toEqual([{ x: 1 }]);
    await one.query('begin');
    await one.query('update t set x = 20');
    const inBlock = two.query('begin').then(() => two.query('update t set x = x + 10'));
    const refused = inBlock.catch((one: unknown) => one);
    await expect.poll(() => server.pacer.isHeld).toBe(true);
    cancel(two);
    expect(await refused).toMatchObject({ code: '57014', message: 'cancelled; nothing was applied' });
    await one.query('commit');
    expect(await two.query('commit')).toMatchObject({ command: 'ROLLBACK' });
    expect((await one.query('select x from t')).rows).toEqual([{ x: 20 }]);
    await Promise.all([one.end(), two.end()]);
    await expectReplay(tapeOf(cluster));
  });

  test('an exception in the engine: who waits hears that the cluster has stopped, the process goes on', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue(undefined);
    const [one, two] = [await connected(), await connected()];
    await one.query('create table t (id int primary key, x int)');
    await one.query('begin; insert into t values (1, 0)');
    const waiting = failing(two.query('insert into t values (1, 0)'));
    await expect.poll(() => server.pacer.isHeld).toBe(true);
    Object.assign(cluster.host, {
      onTrace: () => {
        throw new TypeError('a planted fault');
      },
    });
    const error = await one.query('select 1').catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'XX000', severity: 'ERROR' });
    expect(String(error)).toMatch(
      /the cluster has stopped at [\d.]+ ms, by an internal error: a planted fault/,
    );
    expect(await waiting).toBe('XX000');
    expect(await failing(two.query("call lab.crash('rw-1')"))).toBe('XX000');
    expect(await failing(one.query('select 1'))).toBe('XX000');
    expect(await failing(two.query('call lab.wait(1)'))).toBe('XX000');
    await expect(connected()).rejects.toMatchObject({ code: '57P03' });
    await Promise.all([one.end(), two.end()]);
    expect(said).toHaveBeenCalledOnce();
    said.mockRestore();
    const tape = parseTape(tapes, tapeOf(cluster));
    expect(tape.ok && tape.tape.header.end).toBe(null);
  });

  test('faults and views by SQL: every action of a tape is a procedure', async () => {
    const client = await connected();
    await client.query('create table t (id int primary key)');
    const down = async () =>
      (await client.query("select node from lab.nodes where status = 'down' order by node")).rows.map(
        ({ node }) => node,
      );
    await client.query("call lab.crash('store-3')");
    expect(await down()).toEqual(['store-3']);
    await client.query('insert into t values (1)');
    await client.query("call lab.restart(node => 'store-3')");
    await client.query("call lab.cut('rw-1 | store-1', for_ms => 5)");
    await client.query("call lab.disk_slow('store-2', 200, 6)");
    await client.query('call lab.heal()');
    await client.query("call lab.at(1000000, 'crash store-1')");
    await client.query('call lab.wait(20)');
    expect(await down()).toEqual([]);
    const { rows } = await client.query(
      "select count(*) > 0 as ok from lab.events e where e.kind = 'node.down'",
    );
    expect(rows).toEqual([{ ok: true }]);
    expect((await client.query('select * from lab.violations')).rows).toEqual([]);
    expect(
      (
        await client.query(
          'select n.node, m.kind from lab.nodes n left join lab.messages m on m.sender = n.node',
        )
      ).rows.length,
    ).toBeGreaterThan(5);
    expect(await failing(client.query("call lab.crash('nobody')"))).toBe('22023');
    expect(await failing(client.query("call lab.explode('rw-1')"))).toBe('42883');
    expect(await failing(client.query('call other()'))).toBe('42883');
    expect(await client.query('select nope from lab.nodes').catch((one: unknown) => one)).toMatchObject({
      code: '42703',
      position: '8',
    });
    await client.end();
    await expectReplay(tapeOf(cluster));
  });

  test('a writer that crashes under a transaction: the client has its error, and what was acknowledged is there', async () => {
    const [client, other] = [await connected(), await connected()];
    await client.query('create table t (id int primary key)');
    await client.query('insert into t values (1)');
    await client.query('begin');
    await client.query('insert into t values (2)');
    await other.query("call lab.crash('rw-1', for_ms => 20)");
    expect(await failing(client.query('insert into t values (3)'))).toMatch(/^(?:40|08|57)/);
    await client.query('rollback');
    expect((await client.query('select id from t')).rows).toEqual([{ id: 1 }]);
    await client.end();
    await other.end();
    await expectReplay(tapeOf(cluster));
  });

  test('a thousand connections come and go, 200 at a time, and nothing is left of them', async () => {
    for (let round = 0; round < 5; round++) {
      const clients = await Promise.all(Array.from({ length: 200 }, () => connected()));
      await Promise.all(clients.map((client) => client.query('begin; select 1')));
      await Promise.all(clients.map((client) => client.end()));
    }
    const client = await connected();
    await client.query('call lab.wait(5)');
    expect((await client.query('select count(*) from pg_stat_activity')).rows).toEqual([{ count: '1' }]);
    expect([server.clients.size, cluster.open.size]).toEqual([1, 0]);
    const gone = once(
      (client as unknown as { connection: { stream: NodeJS.EventEmitter } }).connection.stream,
      'close',
    );
    await client.end();
    await gone;
  });
});

describe('a client that asks for much', () => {
  beforeEach(() => start('cynosdb'));
  afterEach(() => server.stop());

  const ASKED = 60;

  test('a burst of calls in one message is answered call by call', async () => {
    const client = await connected();
    await client.query("call lab.heal('rw-1 | store-1');".repeat(4000));
    expect((await client.query('select 1 as x')).rows).toEqual([{ x: 1 }]);
    await client.end();
  });

  test('what a client does not take is not asked for: the server keeps little of it', async () => {
    const client = await connected();
    await client.query('create table t (id int primary key, x text)');
    for (let i = 0; i < 200; i += 50) {
      const rows = Array.from({ length: 50 }, (_, k) => `(${i + k}, '${'x'.repeat(1000)}')`);
      await client.query(`insert into t values ${rows.join(', ')}`);
    }
    // Each a message of its own, 12 MB of answers: more than the sockets of a machine keep.
    const greedy = connect(server.port, '127.0.0.1');
    greedy.write(serialize.startup({ user: 'me', database: 'lab' }));
    for (let i = 0; i < ASKED; i++) greedy.write(serialize.query('select x from t'));
    const keptOf = (): number => Math.max(...[...server.clients].map(({ socket }) => socket.writableLength));
    const goOn = (): Promise<QueryResult> => client.query('call lab.wait(100)');
    for (let i = 0; i < 200 && keptOf() === 0; i++) await goOn();
    expect(keptOf()).toBeGreaterThan(0);
    for (let i = 0; i < 20; i++) await goOn();
    expect(keptOf()).toBeLessThan(1_000_000);
    const end = 'SELECT 200\0';
    let answers = 0;
    let rest = '';
    greedy.on('data', (bytes) => {
      const parts = `${rest}${bytes.toString('latin1')}`.split(end);
      answers += parts.length - 1;
      // One that the next piece ends counts then.
      rest = (parts.at(-1) ?? '').slice(1 - end.length);
    });
    await expect.poll(() => answers).toBe(ASKED);
    greedy.destroy();
    await client.end();
  });
});

test('the database says where statements go', async () => {
  await start('cynosdb-ro');
  const lab = await connected('lab');
  await lab.query('create table t (id int primary key)');
  const reader = await connected('ro');
  expect((await reader.query('select * from t')).rows).toEqual([]);
  expect(await failing(reader.query('insert into t values (1)'))).toBe('25006');
  const writer = await connected('rw');
  await writer.query('insert into t values (1)');
  await expect(connected('nowhere')).rejects.toMatchObject({ code: '3D000' });
  await Promise.all([lab.end(), reader.end(), writer.end()]);
  await expectReplay(tapeOf(cluster));
  await server.stop();
});
