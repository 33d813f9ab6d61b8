// Does a transfer happen once, whatever is lost on the way? Fifty clusters, and in each of them a link that fails at an instant of its own.

import { Pool } from 'pg';
import { everySeed, startCluster } from 'postdb-lab/testing';
import { expect, test } from 'vitest';
import { retries, retriesById, type Transfer } from './transfer.ts';

// #region happens-once
const happensOnce = (transfer: Transfer) =>
  everySeed(1, 50, async (seed) => {
    const cluster = await startCluster({ preset: 'cynosdb', seed });
    const pool = new Pool({ connectionString: cluster.connectionString });
    await pool.query('create table accounts (id int primary key, balance int)');
    await pool.query('create table transfers (id text primary key)');
    await pool.query('insert into accounts values (1, 100), (2, 100)');
    cluster.cut('rw-1 > d1', { inMs: cluster.random() * 40, forMs: 1500 });
    await transfer(pool, 'rent');
    cluster.run(40);
    cluster.heal();
    const { rows } = await pool.query('select balance from accounts order by id');
    await pool.end();
    expect(rows).toEqual([{ balance: 90 }, { balance: 110 }]);
    expect(cluster.check()).toMatchObject({ violations: [], isolation: [], linearizability: [] });
  });
// #endregion

test('one that tries again whatever the error was pays twice, and a link shows how', async () => {
  await expect(happensOnce(retries)).rejects.toThrow(/^seed \d+: expected .*\n {2}the run: http/s);
}, 60_000);

test(
  'one that decides on the number of a transfer before it tries pays once',
  () => happensOnce(retriesById),
  60_000,
);
