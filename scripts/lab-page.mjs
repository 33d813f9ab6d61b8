// The running lab for the scripts that look at it (shots, pictures, the newcomer's walk): the served build in a fresh
// profile, and what one does to a run by its text. Each resolves when the run stands where it was asked to stand.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { ensureBrowser, launchFlags } from './browser.mjs';

/** @typedef {import('@playwright/test').Page} Page */
/**
 * @typedef {object} Face
 * @property {{width: number, height: number}} viewport
 * @property {'light' | 'dark'} [theme]
 * @property {string} [locale]
 * @property {boolean} [isTouch] a finger is the pointer
 */

/**
 * A page in a profile of its own, which is gone afterwards.
 * @param {Face} face
 * @param {(page: Page) => Promise<void>} use
 */
export async function withPage({ viewport, theme = 'light', locale = 'en-GB', isTouch = false }, use) {
  const profile = mkdtempSync(join(tmpdir(), 'postdb-lab-page-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: ensureBrowser(),
    headless: true,
    args: launchFlags,
    viewport,
    colorScheme: theme,
    locale,
    hasTouch: isTouch,
    isMobile: isTouch,
    // It is gone before it is needed, and would load everything beside what is looked at.
    serviceWorkers: 'block',
  });
  try {
    await use(context.pages()[0] ?? (await context.newPage()));
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @type {(page: Page, address: string) => Promise<void>} */
export async function openLab(page, address) {
  await page.goto(address);
  await page.waitForFunction(() => window.lab?.run().mode === 'LIVE', undefined, { timeout: 90_000 });
}

/** @type {(page: Page, line: string) => Promise<void>} */
export async function act(page, line) {
  const done = await page.evaluate((text) => window.lab.act(text), line);
  if (!done.ok) throw new Error(`${line}: ${done.error}`);
}

/** @type {(page: Page, condition: string) => Promise<void>} */
export async function runUntil(page, condition) {
  const done = await page.evaluate((text) => window.lab.runUntil(text), condition);
  if (!done.ok) throw new Error(`${condition}: at character ${done.position}: ${done.error}`);
}

/** @type {(page: Page, us: number) => Promise<void>} */
export async function runOn(page, us) {
  const now = await page.evaluate(() => window.lab.run().liveTime);
  await runUntil(page, `time >= ${(now + us) / 1000}`);
}

/**
 * Until what was asked for is drawn: what fades has its colours, and the screen has had a frame for the last picture.
 * @type {(page: Page) => Promise<void>}
 */
export async function settle(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve(undefined)));
    await frame();
    await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
    await frame();
  });
}
