// Settings of a start-up at whole clusters: they hold wherever a statement is carried out, and after its writer has changed.

import { Client, type ClientConfig } from 'pg';
import { expect, test } from 'vitest';
import type { TestCluster } from './test-api.ts';
import { startCluster } from './testing.ts';

async function open(cluster: TestCluster, more: ClientConfig = {}): Promise<Client> {
  const client = new Client({ connectionString: cluster.connectionString, ...more });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

const codeOf = (query: Promise<unknown>): Promise<string> =>
  query.then(
    () => 'done',
    ({ code }: { code: string }) => code,
  );

const shown = async (client: Client, name: string): Promise<string> =>
  Object.values((await client.query(`show ${name}`)).rows[0] as Record<string, string>)[0] ?? '';

test.each(['cynosdb-ha', 'polardb', 'postdb-v4'])(
  '%s: timeouts and the isolation of a start-up, before and after a failover',
  async (preset) => {
    const cluster = await startCluster({ preset, seed: 2 });
    const holder = await open(cluster);
    await holder.query('create table t (id int primary key, x int)');
    await holder.query('insert into t values (1, 0)');
    const waits = await open(cluster, { lock_timeout: 150 });
    const ends = await open(cluster, { statement_timeout: 150 });
    const serial = await open(cluster, { options: '-c default_transaction_isolation=serializable' });
    const hold = async (): Promise<void> => {
      await holder.query('begin');
      await holder.query('update t set x = 1 where id = 1');
      const wait = 'update t set x = 2 where id = 1';
      expect(await Promise.all([codeOf(waits.query(wait)), codeOf(ends.query(wait))])).toEqual([
        '55P03',
        '57014',
      ]);
      await holder.query('rollback');
      await serial.query('begin');
      await serial.query('select x from t where id = 1');
      expect(await shown(serial, 'transaction_isolation')).toBe('serializable');
      await serial.query('commit');
    };
    await hold();
    cluster.crash(preset === 'postdb-v4' ? 'n1' : 'rw-1', { forMs: 500 });
    await holder.query('select x from t where id = 1');
    await hold();
    expect([await shown(waits, 'lock_timeout'), await shown(ends, 'statement_timeout')]).toEqual([
      '150ms',
      '150ms',
    ]);
    await Promise.all([holder, waits, ends, serial].map((client) => client.end()));
    expect(cluster.check().violations).toEqual([]);
    await cluster.stop();
  },
);

test('an unknown setting refuses the connection, and says which', async () => {
  const cluster = await startCluster({ preset: 'cynosdb' });
  await expect(open(cluster, { options: '-c foo=1' })).rejects.toMatchObject({
    code: '42704',
    severity: 'FATAL',
    message: 'unrecognized configuration parameter "foo"',
  });
  const reading = await open(cluster, { options: '-c default_transaction_read_only=on' });
  expect(await codeOf(reading.query('create table t (id int)'))).toBe('25006');
  await reading.query('begin read write; create table t (id int); commit');
  await reading.end();
  await cluster.stop();
});
