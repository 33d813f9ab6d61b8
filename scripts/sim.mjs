// `npm run sim -- …`: the headless lab. Bundles src/cli for Node when sources changed, then runs it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundleSim, simFlags } from './bundle-sim.mjs';

/** @param {string} folder */
function runCli(folder) {
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', ...simFlags, join(folder, 'main.mjs'), ...process.argv.slice(2)],
    { stdio: 'inherit' },
  );
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    // A terminal gives its interrupt to the child as well.
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
  });
}

runCli(await bundleSim());
