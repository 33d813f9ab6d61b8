// `npm run picture`: the README's pictures, taken from the running app: a replica that falls behind while commits go on,
// the causal past of one commit, and a recovery of the writer under way. Each is a state that the run was stopped in.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { build } from 'vite';
import { ensureBrowser, launchFlags } from './browser.mjs';
import { findFreePort, servePreview } from './preview.mjs';

/** @typedef {import('@playwright/test').Page} Page */

const folder = join('docs', 'pictures');
const viewport = { width: 1600, height: 900 };

/** @type {(page: Page, line: string) => Promise<void>} */
const act = async (page, line) => {
  const done = await page.evaluate((text) => window.lab.act(text), line);
  if (!done.ok) throw new Error(`${line}: ${done.error}`);
};

/** @type {(page: Page, condition: string) => Promise<unknown>} */
const runUntil = (page, condition) => page.evaluate((text) => window.lab.runUntil(text), condition);

/** @type {(page: Page, us: number) => Promise<unknown>} */
const runOn = async (page, us) => {
  const now = await page.evaluate(() => window.lab.run().liveTime);
  return runUntil(page, `time >= ${(now + us) / 1000}`);
};

/** @type {readonly {readonly name: string, readonly theme: 'light' | 'dark', readonly reach: (page: Page) => Promise<void>}[]} */
const pictures = [
  {
    name: 'first-light',
    theme: 'light',
    async reach(page) {
      await act(page, 'cut rw-1 | store-3');
      await page
        .getByRole('main')
        .getByRole('group', { name: /^store-3, / })
        .click();
      await runOn(page, 14_000);
    },
  },
  {
    name: 'space-time',
    theme: 'dark',
    async reach(page) {
      await act(page, 'cut rw-1 | store-3 for 6 ms');
      await runUntil(page, 'hole.closed');
      await runUntil(page, 'commit.ack');
      await page.keyboard.press('7');
      const lens = page.getByRole('region', { name: 'Space-time' });
      await lens.getByRole('button', { name: 'Show as a table' }).click();
      await lens.getByRole('button', { name: 'commit.ack', exact: true }).last().click();
      await lens.getByRole('button', { name: 'Show as a table' }).click();
    },
  },
  {
    name: 'recovery',
    theme: 'light',
    async reach(page) {
      await act(page, 'crash rw-1');
      await runOn(page, 3_000);
      await act(page, 'restart rw-1');
      await runUntil(page, 'recovery.computed');
    },
  },
];

await build({ logLevel: 'warn' });
const server = await servePreview({ port: await findFreePort() });
mkdirSync(folder, { recursive: true });
try {
  for (const { name, theme, reach } of pictures) {
    const profile = mkdtempSync(join(tmpdir(), 'postdb-lab-picture-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: ensureBrowser(),
      headless: true,
      args: launchFlags,
      viewport,
      colorScheme: theme,
      locale: 'en-GB',
    });
    try {
      const page = context.pages()[0] ?? (await context.newPage());
      await page.goto(server.address);
      await page.waitForFunction(() => window.lab?.run().mode === 'LIVE', undefined, { timeout: 60_000 });
      await reach(page);
      await page.mouse.move(viewport.width / 2, 0);
      await page.waitForTimeout(500);
      const path = join(folder, `${name}.png`);
      await page.screenshot({ path });
      console.log(path);
    } finally {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  }
} finally {
  await server.close();
}
