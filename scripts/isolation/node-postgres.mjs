// Connections of node-postgres for the player of interleavings (spec.mjs).
import { Client } from 'pg';

/** Virtual ms that pass before it is asked who waits: longer than a deadlock takes to be found. */
export const LOOK_MS = 50;
export const LET_PASS = `call lab.wait(${LOOK_MS})`;
export const COUNT_LOCKED = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'";

/**
 * @param {string} connectionString
 * @param {string} letPass What lets time pass on the control connection.
 * @returns {Promise<import('./spec.mjs').Connections>}
 */
export async function connectNodePostgres(connectionString, letPass = LET_PASS) {
  /** @type {Map<string, Client>} */
  const clients = new Map();
  /** @param {string} session */
  const clientOf = async (session) => {
    const known = clients.get(session);
    if (known !== undefined) return known;
    const types = { getTypeParser: () => (/** @type {string} */ value) => value };
    const client = new Client({ connectionString, types });
    clients.set(session, client);
    await client.connect();
    return client;
  };
  /** @param {string} session @param {string} sql @returns {Promise<import('./spec.mjs').Answer>} */
  const ask = async (session, sql) => {
    const client = await clientOf(session);
    try {
      const answer = await client.query({ text: sql, rowMode: 'array' });
      /** @type {import('pg').QueryArrayResult[]} */
      const answers = Array.isArray(answer) ? answer : [answer];
      const results = answers.flatMap(({ fields, rows }) =>
        fields.length === 0 ? [] : [{ names: fields.map(({ name }) => name), rows }],
      );
      return { results, error: null, sqlstate: null };
    } catch (error) {
      const { message, code } = /** @type {import('pg').DatabaseError} */ (error);
      return { results: [], error: message, sqlstate: code ?? '' };
    }
  };
  return {
    ask,
    locked: async () => {
      await ask('control', letPass);
      const { results } = await ask('control', COUNT_LOCKED);
      return Number(results[0]?.rows[0]?.[0]);
    },
    close: async () => {
      for (const client of clients.values()) await client.end();
    },
  };
}
