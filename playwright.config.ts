// User journeys in a real Chromium with a persistent profile, against the production build.
import { defineConfig } from '@playwright/test';
import { isDeep } from './e2e/support/deep.ts';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.e2e.ts',
  globalSetup: './e2e/support/serve-build.ts',
  outputDir: 'test-results',
  timeout: 180_000,
  expect: { timeout: 15_000 },
  fullyParallel: true,
  ...(isDeep ? {} : { grepInvert: /@deep/ }),
  // One more than the cores of the smallest machine: a journey that waits for wall time leaves its core to another.
  workers: Number(process.env.POSTDB_LAB_E2E_WORKERS ?? 3),
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: { actionTimeout: 15_000, navigationTimeout: 30_000 },
});
