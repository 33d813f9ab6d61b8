// An application whose commit gets no answer: one that tries again pays twice, one that looks first does not.

import { Client } from 'pg';
import { expect, test } from 'vitest';
import { parseTape } from '../../sim/tape-parse.ts';
import { tapes } from '../../stacks/tapes.ts';
import { everySeed, startCluster, type TestCluster } from './testing.ts';

type Pay = (client: Client, id: number) => Promise<void>;

async function once(client: Client, id: number): Promise<void> {
  await client.query(
    `begin; update account set balance = balance - 10 where id = 1; insert into paid values (${id}); commit`,
  );
}

/** The wrong one has no way to see that it has paid: its payment's number is a new one each time. */
const retriesAnything: Pay = async (client, id) => {
  await once(client, id).catch(() => retriesAnything(client, id + 1));
};

/** 08007: it may have been done, so it is looked for. */
const looksFirst: Pay = async (client, id) => {
  await once(client, id).catch(async () => {
    const { rowCount } = await client.query('select 1 from paid where id = $1', [id]);
    if (rowCount === 0) await looksFirst(client, id);
  });
};

// #region payment
/** The balance after one payment whose answers are lost for longer than the driver tries. */
async function balanceAfter(
  pay: Pay,
  seed: number,
  look: (cluster: TestCluster, tape: string) => void,
): Promise<number> {
  const cluster = await startCluster({ preset: 'cynosdb', seed });
  const client = new Client(cluster.connectionString());
  await client.connect();
  await client.query(
    'create table account (id int primary key, balance int); create table paid (id int primary key)',
  );
  await client.query('insert into account values (1, 100)');
  cluster.act('cut rw-1 > d1 for 1500.000 ms');
  await pay(client, 1);
  const { rows } = await client.query<{ balance: number }>('select balance from account');
  await client.end();
  look(cluster, await cluster.stop());
  return rows[0]?.balance ?? Number.NaN;
}
// #endregion

const isWhole = (cluster: TestCluster, tape: string): void => {
  expect(cluster.violations()).toEqual([]);
  expect(cluster.commits()).toBeGreaterThan(2);
  expect(parseTape(tapes, tape).ok).toBe(true);
};

test('the one that retries anything pays twice', () =>
  everySeed(1, 3, async (seed) =>
    expect(await balanceAfter(retriesAnything, seed, isWhole)).toBeLessThan(90),
  ));

test('the one that looks first pays once', () =>
  everySeed(1, 3, async (seed) => expect(await balanceAfter(looksFirst, seed, isWhole)).toBe(90)));

test('what is wrong is said', async () => {
  await expect(startCluster({ preset: 'nothing' })).rejects.toThrow('unknown preset nothing');
  const cluster = await startCluster({});
  expect(() => cluster.act('crash nobody')).toThrow('nobody');
  await cluster.stop();
  await expect(everySeed(4, 9, () => Promise.reject(new Error('no')))).rejects.toThrow('seed 4: no');
});
