// Clients that send anything at all, at a cluster that is served: each is answered by an error or by the end of its connection, and the
// cluster goes on. In the test command some thousand messages, in the deep command a million.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Client } from 'pg';
import { serialize } from 'pg-protocol';
import { expect, test } from 'vitest';
import { makePrng, nextBelow, type Prng } from '../../base/prng.ts';
import { damaged, MESSAGES } from '../../pg/damaged-fixture.ts';
import { freshTape, setupRun } from '../../sim/run-setup.ts';
import { known } from '../../stacks/known.ts';
import { presets } from '../../stacks/presets.ts';
import { drawn } from '../../testing/depth.ts';
import { type PgServer, servePg } from './pg-server.ts';
import { makeServedCluster, type ServedCluster } from './served-cluster.ts';

const MESSAGES_WANTED = drawn(6_000, 1_000_000);
const MESSAGES_EACH = 20;
const AT_A_TIME = 32;

async function started(): Promise<{ cluster: ServedCluster; server: PgServer }> {
  const tape = freshTape(presets, 'cynosdb', 11);
  if ('error' in tape) throw new Error(tape.error);
  const result = setupRun(known, { ...tape, actions: [] });
  if (!result.ok) throw new Error(result.error);
  const cluster = await makeServedCluster(result.setup, false);
  return { cluster, server: await servePg(cluster, 0, { kind: 'hold' }) };
}

interface Seen {
  messages: number;
  errors: number;
  /** Connections that the server has ended by itself. */
  ends: number;
}

/** One connection: whatever it sends, it is over at the end, by the server or after its own Terminate. */
async function sendDamaged(port: number, prng: Prng, seen: Seen): Promise<void> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  let isEnded = false;
  socket.on('end', () => {
    isEnded = true;
  });
  socket.on('data', (bytes) => {
    if (['ERROR', 'FATAL'].some((word) => bytes.includes(word))) seen.errors++;
  });
  socket.write(damaged(prng, serialize.startup({ user: 'me', database: 'lab' }), 50));
  for (let i = 0; i < MESSAGES_EACH && !socket.destroyed && !isEnded; i++) {
    seen.messages++;
    socket.write(damaged(prng, MESSAGES[nextBelow(prng, MESSAGES.length)] ?? Buffer.alloc(0), 6));
    if (i % 5 === 4) await new Promise((resolve) => setImmediate(resolve));
  }
  if (isEnded || socket.destroyed) seen.ends++;
  // The other half stays open until the server has said all: a message that is cut off ends there.
  socket.end(serialize.end());
  await closed;
}

test('damaged messages of many clients: an error or the end of a connection, never of the cluster', async () => {
  const { cluster, server } = await started();
  const seen: Seen = { messages: 0, errors: 0, ends: 0 };
  const worker = async (by: number): Promise<void> => {
    const prng = makePrng(5, 'damaged clients', by);
    while (seen.messages < MESSAGES_WANTED) await sendDamaged(server.port, prng, seen);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, (_, by) => worker(by)));
  expect(seen.messages).toBeGreaterThanOrEqual(MESSAGES_WANTED);
  expect(seen.errors).toBeGreaterThan(MESSAGES_WANTED / 40);
  expect(cluster.stopped).toBe(null);
  expect(cluster.recorder.monitors.violations).toEqual([]);

  const client = new Client(`postgresql://me@127.0.0.1:${server.port}/lab`);
  await client.connect();
  await client.query('call lab.heal()');
  await client.query("call lab.restart('rw-1')").catch(() => undefined);
  await client.query('create table after_all (id int primary key)');
  await client.query('insert into after_all values (1)');
  expect((await client.query('select id from after_all')).rows).toEqual([{ id: 1 }]);
  await client.query('call lab.wait(100)');
  expect((await client.query('select count(*) from pg_stat_activity')).rows).toEqual([{ count: '1' }]);
  expect([server.clients.size, cluster.open.size, cluster.waits.length]).toEqual([1, 0, 0]);
  await client.end();
  await server.stop();
});

test('a thousand connections come and go, two hundred at a time, and nothing is left of them', async () => {
  const { cluster, server } = await started();
  for (let round = 0; round < 5; round++) {
    const clients = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const client = new Client(`postgresql://me@127.0.0.1:${server.port}/lab`);
        await client.connect();
        return client;
      }),
    );
    await Promise.all(clients.map((client) => client.query('begin; select 1')));
    expect(server.clients.size).toBe(200);
    await Promise.all(clients.map((client) => client.end()));
  }
  await expect.poll(() => server.clients.size).toBe(0);
  const client = new Client(`postgresql://me@127.0.0.1:${server.port}/lab`);
  await client.connect();
  await client.query('call lab.wait(100)');
  expect((await client.query('select count(*) from pg_stat_activity')).rows).toEqual([{ count: '1' }]);
  expect([cluster.open.size, cluster.waits.length]).toEqual([0, 0]);
  await client.end();
  await server.stop();
});
