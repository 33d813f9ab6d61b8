// The Chromium that the browser benches share: a persistent profile (an incognito one keeps IndexedDB in memory and
// would lie), the production build with its headers, and the reference pages from a plain static host.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { openLabBrowser } from '../e2e/support/lab-browser.ts';
import { serveStatically } from '../e2e/support/static-host.ts';
import { buildBenchPages } from '../scripts/bundle.mjs';
import { findFreePort, servePreview } from '../scripts/preview.mjs';
import type { references } from './browser/references.ts';

declare global {
  interface Window {
    readonly references: typeof references;
  }
}

export interface BenchAddresses {
  /** The production build. */
  readonly lab: string;
  /** bench/browser. */
  readonly references: string;
}

/** How often everything is measured: POSTDB_LAB_BENCH_ROUNDS, for a quick look. */
export const roundsOf = (usual: number): number => Number(process.env.POSTDB_LAB_BENCH_ROUNDS ?? usual);

/** Serves both for as long as `work` takes. */
export async function withAddresses<T>(work: (addresses: BenchAddresses) => Promise<T>): Promise<T> {
  const lab = await servePreview({ port: await findFreePort() });
  const pages = await serveStatically(await buildBenchPages(), '/');
  try {
    return await work({ lab: lab.address, references: pages.address });
  } finally {
    pages.close();
    await lab.close();
  }
}

/** A browser on a fresh profile, gone afterwards. */
export async function withFreshProfile<T>(work: (page: Page) => Promise<T>): Promise<T> {
  const profile = mkdtempSync(join(tmpdir(), 'postdb-lab-bench-'));
  const browser = await openLabBrowser({ profile, drawsEachFrame: true });
  try {
    return await work(browser.firstPage);
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
