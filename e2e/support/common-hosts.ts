// Static servers that people use, as they come: each serves dist/ under a sub-path, and knows nothing of the lab.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findFreePort } from '../../scripts/preview.mjs';

const require = createRequire(import.meta.url);

interface CommonServer {
  readonly script: string;
  readonly args: (folder: string, port: number) => readonly string[];
}

const servers = {
  'sirv-cli': {
    script: join(dirname(require.resolve('sirv-cli/package.json')), 'bin.js'),
    args: (folder, port) => [folder, '--host', '127.0.0.1', '--port', String(port), '--etag', '--quiet'],
  },
  serve: {
    script: join(dirname(require.resolve('serve/package.json')), 'build', 'main.js'),
    args: (folder, port) => ['--no-clipboard', '--listen', `tcp://127.0.0.1:${port}`, folder],
  },
  'http-server': {
    script: join(dirname(require.resolve('http-server/package.json')), 'bin', 'http-server'),
    args: (folder, port) => [folder, '-a', '127.0.0.1', '-p', String(port), '--silent'],
  },
} satisfies Readonly<Record<string, CommonServer>>;

export type CommonHost = keyof typeof servers;
export const commonHosts: readonly CommonHost[] = ['sirv-cli', 'serve', 'http-server'];

const answers = (address: string): Promise<boolean> =>
  fetch(address).then(
    ({ ok }) => ok,
    () => false,
  );

/** Where `subPath` (without slashes at its ends) is served, and how that is ended. */
export async function serveCommonly(
  host: CommonHost,
  subPath: string,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  const { script, args }: CommonServer = servers[host];
  const folder = mkdtempSync(join(tmpdir(), 'postdb-lab-host-'));
  cpSync('dist', join(folder, subPath), { recursive: true });
  const port = await findFreePort();
  // `serve` would ask its registry for a newer self.
  const env = { ...process.env, NO_UPDATE_CHECK: '1' };
  const child = spawn(process.execPath, [script, ...args(folder, port)], { stdio: 'ignore', env });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
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
