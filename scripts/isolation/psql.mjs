// Connections of psql, in the form of node-postgres.mjs: one process for each session, which is given a statement once it has answered
// the one before.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { controlOf } from './control.mjs';

const END = '-- answered';

/**
 * @param {string} url
 * @returns {Promise<import('./spec.mjs').Connections>}
 */
export async function connectPsql(url) {
  /** @type {Map<string, ReturnType<typeof openSession>>} */
  const sessions = new Map();
  /** @param {string} session @param {string} sql */
  const ask = (session, sql) => {
    const known = sessions.get(session) ?? openSession(url);
    sessions.set(session, known);
    return known.ask(sql);
  };
  return {
    ask,
    ...controlOf(ask),
    close: async () => {
      for (const session of sessions.values()) await session.close();
    },
  };
}

/** @param {string} url */
function openSession(url) {
  const child = spawn('psql', ['-XAq', '-P', 'footer=off', url], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(child, 'close');
  /** @type {string[]} */
  let lines = [];
  /** @type {((answer: import('./spec.mjs').Answer) => void) | null} */
  let tell = null;
  /** @param {string} sqlstate @param {string} message */
  const answer = (sqlstate, message) => {
    const [names, ...rows] = lines.map((line) => line.split('|'));
    lines = [];
    tell?.({
      results: names === undefined ? [] : [{ names, rows }],
      error: sqlstate === '00000' ? null : message,
      sqlstate: sqlstate === '00000' ? null : sqlstate,
    });
    tell = null;
  };
  createInterface(child.stdout).on('line', (line) => {
    if (!line.startsWith(END)) lines.push(line);
    else answer(line.slice(END.length + 1, END.length + 6), line.slice(END.length + 7));
  });
  // It ends by itself where its connection is lost.
  child.once('close', () => answer('08006', 'psql has ended'));
  return {
    /** @param {string} sql @returns {Promise<import('./spec.mjs').Answer>} */
    ask: (sql) =>
      new Promise((resolve) => {
        tell = resolve;
        if (child.exitCode !== null) answer('08006', 'psql has ended');
        else child.stdin.write(`${sql};\n\\echo '${END}' :SQLSTATE :LAST_ERROR_MESSAGE\n`);
      }),
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
