// The seeded worlds of `npm test`: the tests of the vitest project `worlds`, each bundled before it runs. A module runner
// goes through a getter for whatever a module takes from another; within a bundle there are none.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { bundleForNode } from './bundle.mjs';

const entries = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.world.test.ts'))
  .map((path) => join('src', path))
  .sort();
const folder = await bundleForNode('worlds', entries, ['src']);

export default defineConfig({
  test: {
    name: 'worlds',
    include: [`${folder.replaceAll('\\', '/')}/*.world.test.mjs`],
    exclude: [],
    // What lies in node_modules is otherwise taken for a package, and its source maps are not read.
    server: { deps: { inline: [/[\\/]worlds-[^\\/]+[\\/]/] } },
    // As in vitest.config.ts: all processors, and a limit for what hangs.
    maxWorkers: '100%',
    // Their modules keep nothing between calls (tidy.test.ts): what one file has had compiled serves the next.
    isolate: false,
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
});
