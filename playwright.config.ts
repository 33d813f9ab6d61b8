// User journeys against the production build: all of them in a real Chromium, those of e2e/engines in Firefox and WebKit.
import { register } from 'node:module';
import { defineConfig } from '@playwright/test';
import type { EngineOptions } from './e2e/engines/engine-fixture.ts';
import { isDeep } from './e2e/support/deep.ts';

/**
 * After how long what has not come about is said to be missing. No claim about speed: a machine with many times the work it
 * has processors for reaches every state in less, and no wait of a journey has a limit of its own.
 */
const STATE_MS = 120_000;

// A journey that names faults as the menus do reads the screen's words; one that knows a lesson's steps reads its files.
register('./scripts/words-loader.mjs', import.meta.url);

export default defineConfig<EngineOptions>({
  testDir: 'e2e',
  projects: [
    { name: 'chromium', testMatch: '**/*.e2e.ts' },
    { name: 'firefox', testMatch: '**/*.engine.ts', use: { engineName: 'firefox' } },
    {
      name: 'webkit',
      testMatch: '**/*.engine.ts',
      testIgnore: '**/kill.engine.ts',
      use: { engineName: 'webkit' },
    },
  ],
  globalSetup: './e2e/support/serve-build.ts',
  outputDir: 'test-results',
  // Of what is not a check: a journey that stands still for ever. The deep ones go through everything there is.
  timeout: (isDeep ? 45 : 10) * 60_000,
  expect: { timeout: STATE_MS, toPass: { timeout: STATE_MS } },
  fullyParallel: true,
  ...(isDeep ? {} : { grepInvert: /@deep/ }),
  // Twice the cores of the smallest machine: a journey that waits for wall time leaves its core to another.
  workers: Number(process.env.POSTDB_LAB_E2E_WORKERS ?? 4),
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: { actionTimeout: STATE_MS, navigationTimeout: STATE_MS },
});
