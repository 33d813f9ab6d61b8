// An application that moves ten from one account to another, and what it does when that fails.

import type { Pool } from 'pg';

export type Transfer = (pool: Pool, id: string) => Promise<void>;

const once: Transfer = async (pool, id) => {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('insert into transfers values ($1)', [id]);
    await client.query('update accounts set balance = balance - 10 where id = 1');
    await client.query('update accounts set balance = balance + 10 where id = 2');
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
};

/** Wrong: the answer to COMMIT may be lost, and the transfer made. */
export const retries: Transfer = (pool, id) => once(pool, id).catch(() => retries(pool, `${id} again`));

/** A transfer that was made is found by its number: its second insert is refused. */
export const retriesById: Transfer = (pool, id) =>
  once(pool, id).catch(async (error: { code?: string }) => {
    if (error.code !== '23505') await retriesById(pool, id);
  });
