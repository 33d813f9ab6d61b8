// A cluster that is served to clients of Debian's, from its first client to the replay of what it recorded; and what they are seen to do.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { bundleSim, simFlags } from '../bundle-sim.mjs';

/** Tapes of the runs stand in it at the end: one of its own, or the one that somebody wants them in. */
export const folder = process.env.POSTDB_LAB_TAPES ?? mkdtempSync(join(tmpdir(), 'clients-'));
const main = join(await bundleSim(), 'main.mjs');
/** Longest time that a client may take, ms: what hangs is a failure. */
const limitMs = 300_000;

let failures = 0;
export const failureCount = () => failures;

/**
 * @param {string} what
 * @param {boolean} isGood
 * @param {string} [shown]
 */
export function check(what, isGood, shown = '') {
  if (!isGood) failures++;
  console.log(`${isGood ? 'ok  ' : 'FAIL'} ${what}${isGood || shown === '' ? '' : `\n${shown}`}`);
}

/**
 * `profile`: `bench` has disks for more rows. `trace`: where the events of the replay are written to.
 * @param {string} name
 * @param {string} preset
 * @param {(port: string) => Promise<void> | void} use
 * @param {{profile?: string, trace?: string}} [options]
 */
export async function served(name, preset, use, { profile = 'demo', trace } = {}) {
  const tape = join(folder, `${name}.tape`);
  const kind = ['--preset', preset, '--profile', profile];
  const args = [...simFlags, main, 'serve', ...kind, '--port', '0', '--record', tape];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  server.stdout.setEncoding('utf8').on('data', (part) => {
    said += part;
  });
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => server.once('exit', resolve));
  while (!said.includes('databases:')) await new Promise((resolve) => setTimeout(resolve, 50));
  const port = /127\.0\.0\.1:(\d+)/.exec(said)?.[1] ?? '';
  try {
    await use(port);
  } finally {
    server.kill('SIGTERM');
  }
  check(`${name}: no rule was violated`, (await ended) === 0);
  const traced = trace === undefined ? [] : ['--trace', trace];
  const replay = spawnSync(process.execPath, [...simFlags, main, 'run', tape, ...traced], {
    encoding: 'utf8',
  });
  check(
    `${name}: the tape plays to the same hash`,
    replay.status === 0 && replay.stdout.includes('as on the tape'),
    replay.stdout + replay.stderr,
  );
}

/** @param {string} port */
export const addressOf = (port, database = 'lab') => `postgresql://postgres@127.0.0.1:${port}/${database}`;

/** @param {string} port */
const environment = (port) => ({
  ...process.env,
  PGHOST: '127.0.0.1',
  PGPORT: port,
  PGUSER: 'postgres',
  PGCONNECT_TIMEOUT: '20',
  PGSSLMODE: 'disable',
});

/**
 * @param {string} port
 * @param {string} program
 * @param {string[]} args
 * @param {string} [input]
 */
export function run(port, program, args, input = '') {
  const env = environment(port);
  const { status, stdout, stderr } = spawnSync(program, args, {
    env,
    input,
    encoding: 'utf8',
    timeout: limitMs,
  });
  return { status, out: `${stdout}${stderr}`.trim() };
}

/**
 * As `run`, while this process goes on.
 * @param {string} port
 * @param {string} program
 * @param {string[]} args
 */
export async function runBeside(port, program, args) {
  const child = spawn(program, args, { env: environment(port), cwd: folder, timeout: limitMs });
  child.stdin.end();
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await ended, out: `${out}${err}`.trim() };
}

/** @param {string} port @param {string} input */
export const psql = (port, input) => run(port, 'psql', ['-XAt', '-v', 'ON_ERROR_STOP=0', 'lab'], input).out;
