// Three projects: `engine` and `unit` are quick; `worlds` holds the seeded worlds and sweeps (x.world.test.ts).
import { defineConfig } from 'vitest/config';
import { lessons } from './scripts/lessons.mjs';
import { presets } from './scripts/presets.mjs';
import { words } from './scripts/words.mjs';

/** Their modules keep nothing between calls (tidy.test.ts), so their tests may share what is loaded, which costs as much as they do; the others load theirs anew. */
const engine = 'src/{core,sim,run-model,presets}/**/*.test.ts';
const worlds = '**/*.world.test.ts';

/**
 * For what hangs, never for what is slow: a loaded machine takes many times as long. A hook that makes a world takes as long
 * as a test does.
 */
const quick = { testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  plugins: [words(), lessons(), presets()],
  // The examples name the package as an application does; here it is its source.
  resolve: { alias: { 'postdb-lab/testing': new URL('src/cli/serve/testing.ts', import.meta.url).pathname } },
  test: {
    environment: 'node',
    // One less would be left idle on the two processors of a small machine, where one file after the other would run.
    maxWorkers: '100%',
    expect: { poll: { timeout: quick.testTimeout } },
    projects: [
      {
        extends: true,
        test: {
          name: 'engine',
          include: [engine],
          exclude: [worlds],
          isolate: false,
          ...quick,
        },
      },
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', '{bench,scripts,examples}/**/*.test.ts'],
          exclude: [engine, worlds],
          isolate: false,
          setupFiles: ['src/testing/fresh-modules.ts'],
          ...quick,
        },
      },
      {
        extends: true,
        test: {
          name: 'worlds',
          include: ['src/**/*.world.test.ts'],
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
        },
      },
    ],
  },
});
