// Static servers that people use, as they come: each serves a build under a sub-path, and knows nothing of the lab.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findFreePort } from './preview.mjs';

const require = createRequire(import.meta.url);

const servers = {
  'sirv-cli': {
    script: join(dirname(require.resolve('sirv-cli/package.json')), 'bin.js'),
    args: (/** @type {string} */ folder, /** @type {number} */ port) =>
      `${folder} --host 127.0.0.1 --port ${port} --etag --quiet`,
  },
  serve: {
    script: join(dirname(require.resolve('serve/package.json')), 'build', 'main.js'),
    args: (/** @type {string} */ folder, /** @type {number} */ port) =>
      `--no-clipboard --listen tcp://127.0.0.1:${port} ${folder}`,
  },
  'http-server': {
    script: join(dirname(require.resolve('http-server/package.json')), 'bin', 'http-server'),
    args: (/** @type {string} */ folder, /** @type {number} */ port) =>
      `${folder} -a 127.0.0.1 -p ${port} --silent`,
  },
};

/** @typedef {keyof typeof servers} CommonHost */

export const commonHosts = /** @type {readonly CommonHost[]} */ (['sirv-cli', 'serve', 'http-server']);

/** @param {string} address */
const answers = (address) =>
  fetch(address).then(
    ({ ok }) => ok,
    () => false,
  );

/**
 * Where `subPath` (without slashes at its ends) is served, and how that is ended.
 * @param {CommonHost} host
 * @param {string} subPath
 * @param {string} [build]
 * @returns {Promise<{readonly address: string, close(): Promise<void>}>}
 */
export async function serveCommonly(host, subPath, build = 'dist') {
  const { script, args } = servers[host];
  const folder = mkdtempSync(join(tmpdir(), 'postdb-lab-host-'));
  cpSync(build, join(folder, subPath), { recursive: true });
  const port = await findFreePort();
  // `serve` would ask its registry for a newer self.
  const env = { ...process.env, NO_UPDATE_CHECK: '1' };
  const child = spawn(process.execPath, [script, ...args(folder, port).split(' ')], { stdio: 'ignore', env });
  const ended = new Promise((done) => child.once('exit', done));
  const address = `http://localhost:${port}/${subPath}/`;
  while (!(await answers(address))) {
    if (child.exitCode !== null) throw new Error(`${host} ended with exit code ${child.exitCode}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  return {
    address,
    async close() {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
