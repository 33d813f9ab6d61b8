// Programs of Python's: their steps are in a file of theirs, which says a line for each.
import { spawnSync } from 'node:child_process';
import { python } from '../clients/programs.mjs';

/** @param {string} file @returns {import('./steps.mjs').Program} */
const fromFile =
  (file) =>
  async (step, { url }) => {
    const script = new URL(file, import.meta.url).pathname;
    const { stdout, stderr, status } = spawnSync(python, [script, url], {
      encoding: 'utf8',
      timeout: 300_000,
    });
    for (const line of stdout.trim().split('\n')) {
      const { name, error } = JSON.parse(line);
      await step(name, () => {
        if (error !== null) throw new Error(error);
      });
    }
    if (status !== 0)
      await step('ends', () => {
        throw new Error(stderr.slice(-400));
      });
  };

export const sqlalchemy = fromFile('sqlalchemy_steps.py');
export const asyncpg = fromFile('asyncpg_steps.py');
