// Connections of Debian's psycopg for the player of interleavings (spec.mjs), in a process of its own for each permutation.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { controlOf } from './control.mjs';

/**
 * @param {string} python
 * @param {string} url
 * @returns {Promise<import('./spec.mjs').Connections>}
 */
export async function connectPsycopg(python, url) {
  const script = new URL('connections.py', import.meta.url).pathname;
  const child = spawn(python, [script, url], { stdio: ['pipe', 'pipe', 'inherit'] });
  /** @type {Map<number, (answer: import('./spec.mjs').Answer) => void>} */
  const asked = new Map();
  createInterface(child.stdout).on('line', (line) => {
    const { id, ...answer } = JSON.parse(line);
    asked.get(id)?.(answer);
    asked.delete(id);
  });
  let last = 0;
  /** @param {string} session @param {string} sql @returns {Promise<import('./spec.mjs').Answer>} */
  const ask = (session, sql) =>
    new Promise((resolve) => {
      const id = ++last;
      asked.set(id, resolve);
      child.stdin.write(`${JSON.stringify({ id, session, sql })}\n`);
    });
  return {
    ask,
    ...controlOf(ask),
    close: async () => {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
