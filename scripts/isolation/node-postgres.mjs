// Connections of node-postgres for the player of interleavings (spec.mjs).
import { Client } from 'pg';
import { controlOf } from './control.mjs';

/**
 * @param {string} connectionString
 * @param {import('./control.mjs').Controls} [controls]
 * @returns {Promise<import('./spec.mjs').Connections>}
 */
export async function connectNodePostgres(connectionString, controls) {
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
    ...controlOf(ask, controls),
    close: async () => {
      for (const client of clients.values()) await client.end();
    },
  };
}
