// The bundle of the headless lab, and how Node runs it: the same for `npm run sim` and for whoever starts it by itself.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundleForNode } from './bundle.mjs';

const cliFolder = join('src', 'cli');
const cannotStart = 70;
/**
 * A world makes much short-lived data: a larger nursery collects it in fewer turns (a sixth faster on bench-p2). A sweep has a
 * worker for each core, whose collectors' helpers only take time from each other.
 */
export const simFlags = ['--max-semi-space-size=64', '--single-threaded-gc'];

function findEntries() {
  if (!existsSync(join(cliFolder, 'main.ts'))) {
    console.error(`${cliFolder}/main.ts is missing: there is no command line to run.`);
    process.exit(cannotStart);
  }
  const workers = readdirSync(cliFolder).filter((name) => name.endsWith('-worker.ts'));
  return ['main.ts', ...workers].map((name) => join(cliFolder, name));
}

/** @returns {Promise<string>} the folder with `main.mjs` and its workers */
export const bundleSim = () => bundleForNode('sim', findEntries(), ['src']);
