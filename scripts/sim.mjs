// `npm run sim -- …`: the headless lab. Bundles src/cli for Node when sources changed, then runs it.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundleForNode } from './bundle.mjs';

const cliFolder = join('src', 'cli');
const cannotStart = 70;
/**
 * A world makes much short-lived data: a larger nursery collects it in fewer turns (a sixth faster on bench-p2). A sweep has a
 * worker for each core, whose collectors' helpers only take time from each other.
 */
const nodeFlags = ['--max-semi-space-size=64', '--single-threaded-gc'];

function findEntries() {
  if (!existsSync(join(cliFolder, 'main.ts'))) {
    console.error(`${cliFolder}/main.ts is missing: there is no command line to run.`);
    process.exit(cannotStart);
  }
  const workers = readdirSync(cliFolder).filter((name) => name.endsWith('-worker.ts'));
  return ['main.ts', ...workers].map((name) => join(cliFolder, name));
}

/** @param {string} folder */
function runCli(folder) {
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', ...nodeFlags, join(folder, 'main.mjs'), ...process.argv.slice(2)],
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

runCli(await bundleForNode('sim', findEntries(), ['src']));
