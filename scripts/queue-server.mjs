// A server of a queue on this loopback, and processes of the lab beside it, for the drill. Only what was started here is ended here.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { simFlags } from './bundle-sim.mjs';

/** @returns {string | undefined} Valkey, or Redis, where one is installed */
export const findServer = () =>
  ['valkey-server', 'redis-server'].find((name) => spawnSync(name, ['--version']).status === 0);

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/**
 * With an append-only file in a folder of its own, so that it can be stopped and started again.
 * @param {string} program
 */
export async function startServer(program) {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'postdb-lab-queue-'));
  const start = () =>
    spawn(
      program,
      ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--save', ''],
      { stdio: 'ignore' },
    );
  let child = start();
  const end = async (/** @type {'SIGTERM' | 'SIGKILL'} */ signal) => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  };
  await sleep(500);
  return {
    url: `redis://127.0.0.1:${port}`,
    /** Away for so long, ms, and back with what its file has. */
    restart: async (/** @type {number} */ awayMs) => {
      await end('SIGTERM');
      await sleep(awayMs);
      child = start();
    },
    /** Processor time of the server that runs now, seconds; 0 where the system does not say. */
    cpuSeconds: () => {
      try {
        const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
        return (Number(fields[11]) + Number(fields[12])) / 100;
      } catch {
        return 0;
      }
    },
    stop: async () => {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A process of the lab, without the one of `npm run sim` above it: what kills it kills it.
 * @param {string} bundle
 * @param {string[]} args
 * @param {string} log file to which all that it prints is added
 */
export function startSim(bundle, args, log) {
  const out = openSync(log, 'a');
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', ...simFlags, join(bundle, 'main.mjs'), ...args],
    { stdio: ['ignore', out, out] },
  );
  closeSync(out);
  const ended = new Promise((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'gone')),
  );
  return { child, ended };
}

/**
 * @param {string} bundle
 * @param {string[]} args
 * @param {string} log
 */
export const runSim = (bundle, args, log) => startSim(bundle, args, log).ended;
