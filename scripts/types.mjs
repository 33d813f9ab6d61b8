// `npm run types`: checks every TypeScript project, as many at once as there are cores; prints all errors, fails on any.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** @type {{references: {path: string}[]}} */
const solution = JSON.parse(readFileSync('tsconfig.json', 'utf8'));
const compiler = join('node_modules', 'typescript', 'bin', 'tsc');

/**
 * In one thread: several over one project check a part of it each, and much of it twice.
 * @param {string} path
 * @returns {Promise<{printed: string, isGreen: boolean}>}
 */
async function check(path) {
  const args = [compiler, '-p', path, '--pretty', 'false', '--singleThreaded'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { printed: out + err, isGreen: code === 0 };
}

// The order is tsconfig.json's, which names the longest first.
const waiting = [...solution.references];
let failed = 0;
async function checkInTurn() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { printed, isGreen } = await check(next.path);
    process.stdout.write(printed);
    if (!isGreen) failed += 1;
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, checkInTurn));
if (failed > 0) console.error(`${failed} of ${solution.references.length} TypeScript projects have errors.`);
process.exitCode = failed > 0 ? 1 : 0;
