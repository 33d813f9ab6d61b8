// An item of `npm run deep` on a worker: by its name, from the list that the worker's own files make.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ItemAnswer } from '../jobs/answers.ts';

/** Of what it printed, the last characters. */
const TAIL = 4000;

/** @throws when the item's process says no outcome */
export async function runItem(item: string): Promise<ItemAnswer> {
  const folder = mkdtempSync(join(tmpdir(), 'postdb-lab-item-'));
  const path = join(folder, 'outcome.json');
  try {
    const child = spawn(process.execPath, [join('scripts', 'deep.mjs'), '--item', item, '--outcome', path], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let tail = '';
    const add = (chunk: Buffer): void => {
      tail = (tail + chunk.toString()).slice(-TAIL);
    };
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    await new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()));
    const { passed, failed, skipped, seconds } = JSON.parse(readFileSync(path, 'utf8'));
    return { passed, failed, skipped, seconds, tail };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
