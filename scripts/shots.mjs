// `npm run shots -- [DIR] [--only 1920-dark-en] [--state hole]`: screenshots of every lens and state at eight widths, in both themes and both
// languages, from the running app, each measured for what has no room (room.mjs). Names say what they show: `1920-dark-en-lens-wal-hole.png`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { act, openLab, runOn, runUntil, settle, withPage } from './lab-page.mjs';
import { findFreePort, servePreview } from './preview.mjs';
import { roomFaults } from './room.mjs';

/** @typedef {import('@playwright/test').Page} Page */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, state: { type: 'string' }, dist: { type: 'string' } },
});
const target = positionals[0] ?? join('test-results', 'shots');
/** `1920-dark-en`: one face; absent: all of them. */
const only = values.only ?? '';
/** Those below 1024 are 1920 × 1080 and 1280 × 800 at 200 and 400 % zoom. */
const widths = [320, 480, 640, 960, 1024, 1280, 1920, 2560];
/** Else 16:9. */
const heights = new Map([
  [320, 200],
  [640, 400],
  [1280, 800],
]);
/** For parts that are loaded on demand. */
const lazyMs = 500;

/** @type {(page: Page, key: string) => Promise<void>} */
const lens = (page, key) => page.keyboard.press(key);

/** @type {(page: Page, path: string) => Promise<void>} */
const route = async (page, path) => {
  await page.keyboard.press('Escape');
  await page.evaluate((to) => {
    location.hash = to;
  }, `#/${path}`);
};

/** @type {(page: Page, name: string) => Promise<void>} */
const dock = (page, name) => page.locator(`#dock-pane [role=tab][id$=trigger-${name}]`).click();

/** Opens the other branch beside the shown one, or closes it. @type {(page: Page) => Promise<void>} */
const beside = (page) => page.getByRole('button', { name: /^(Side by side|并排)$/ }).click();

/** @type {(page: Page) => Promise<void>} */
const close = async (page) => {
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
};

/** In this order: each goes on from the one before. @type {readonly (readonly [string, (page: Page) => Promise<void>])[]} */
const states = [
  ['idle', async (page) => runOn(page, 20_000)],
  ['lens-mtr', (page) => lens(page, '2')],
  ['lens-pages', (page) => lens(page, '4')],
  ['lens-pages-grid', (page) => page.locator('.segment [role=radio]').nth(1).click()],
  ['lens-pages-tree', (page) => page.locator('.segment [role=radio]').nth(2).click()],
  ['lens-space-time', (page) => lens(page, '7')],
  ['lens-chains', (page) => lens(page, '8')],
  ['lens-checks', (page) => lens(page, '0')],
  ['lens-checks-operations', (page) => page.getByRole('tab', { name: /^(Operations|操作)$/ }).click()],
  ['lens-metrics', (page) => lens(page, '-')],
  [
    'hole',
    async (page) => {
      await lens(page, '1');
      await act(page, 'cut rw-1 | store-3 for 6 ms');
      await runUntil(page, 'hole.open at store-3');
      await page.locator('[data-map-node="store-3"]').dispatchEvent('click');
      await runUntil(page, 'hole.sent at store-3');
    },
  ],
  ['hole-chains', (page) => lens(page, '8')],
  ['hole-space-time', (page) => lens(page, '7')],
  [
    'crash',
    async (page) => {
      await lens(page, '1');
      await act(page, 'crash store-2');
      await runOn(page, 4_000);
    },
  ],
  [
    'stall',
    async (page) => {
      await act(page, 'cut rw-1 | store-3');
      await runOn(page, 5_000);
    },
  ],
  ['stall-mtr', (page) => lens(page, '2')],
  ['stall-chains', (page) => lens(page, '8')],
  ['stall-metrics', (page) => lens(page, '-')],
  [
    'recovery',
    async (page) => {
      await lens(page, '1');
      await act(page, 'crash rw-1');
      await runOn(page, 1_000);
      await act(page, 'heal rw-1 | store-3');
      await act(page, 'restart store-2');
      await act(page, 'restart rw-1');
      await runUntil(page, 'recovery.computed');
    },
  ],
  ['recovery-steps', (page) => lens(page, '9')],
  [
    'inspector',
    async (page) => {
      await runOn(page, 30_000);
      await page.locator('[data-map-node="rw-1"]').dispatchEvent('click');
      await page.keyboard.press('i');
    },
  ],
  [
    'menu',
    async (page) => {
      await page.locator('[data-map-node="store-2"]').press('m');
      await page.getByRole('menu').waitFor();
    },
  ],
  [
    'palette',
    async (page) => {
      await close(page);
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').getByRole('combobox').fill('crash');
    },
  ],
  [
    'partition',
    async (page) => {
      await close(page);
      await page.keyboard.press('p');
    },
  ],
  [
    'sql',
    async (page) => {
      await close(page);
      await page.evaluate(async () => {
        await window.lab.sql('d1', 'SELECT * FROM accounts ORDER BY id LIMIT 5', { runToReply: true });
      });
      await dock(page, 'sql');
    },
  ],
  ['in-flight', (page) => dock(page, 'inFlight')],
  ['tape', (page) => dock(page, 'tape')],
  ['workload', (page) => dock(page, 'workload')],
  [
    'review',
    async (page) => {
      await dock(page, 'timeline');
      await lens(page, '7');
      await page.locator('#dock-pane [role=slider]').focus();
      for (let i = 0; i < 5; i++) await page.keyboard.press('PageUp');
      await page.waitForFunction(() => window.lab.run().mode === 'REVIEW', undefined, { timeout: 30_000 });
    },
  ],
  [
    'twin',
    async (page) => {
      await lens(page, '1');
      await page.keyboard.press('f');
      await page.waitForFunction(() => window.lab.run().mode === 'TWIN', undefined, { timeout: 30_000 });
      await act(page, 'crash store-2');
      for (let i = 0; i < 6; i++) await page.evaluate(() => window.lab.step('meaningful'));
    },
  ],
  ['twin-beside', (page) => beside(page)],
  [
    'lesson',
    async (page) => {
      await beside(page);
      await page.evaluate(() => window.lab.returnToLive());
      await route(page, 'lessons/H01');
      await page.locator('.lesson-panel [aria-current=step]').waitFor({ timeout: 45_000 });
    },
  ],
  ['runs', (page) => route(page, 'runs')],
  ['about', (page) => route(page, 'about')],
  [
    'restored',
    async (page) => {
      await route(page, 'lab');
      await page.evaluate(() => window.lab.startRun({ preset: 'cynosdb-backup', seed: 7 }));
      await page.waitForFunction(() => window.lab.run().mode === 'LIVE', undefined, { timeout: 60_000 });
      await page.evaluate(() => window.lab.pause());
      await lens(page, '8');
      await runUntil(page, 'time >= 160');
      await act(page, 'restore v1 to time 120.000 ms as v2');
      await runOn(page, 60_000);
    },
  ],
  [
    'pcs-log',
    async (page) => {
      await page.evaluate(() => window.lab.startRun({ preset: 'cynosdb-pcs', seed: 7 }));
      await page.waitForFunction(() => window.lab.run().mode === 'LIVE', undefined, { timeout: 60_000 });
      await page.evaluate(() => window.lab.pause());
      await lens(page, '6');
      await runUntil(page, 'time >= 120');
      await page.getByRole('button', { name: /^(Crash the PCS leader|让 PCS 领导者)/ }).click();
      await runOn(page, 100_000);
    },
  ],
  ['pcs-data', (page) => page.getByRole('tab', { name: /^(Metadata|元数据)$/ }).click()],
];

/** Each state goes on from the one before, so those before a single one are reached without a picture. */
const last = states.findIndex(([name]) => name === values.state);
if (values.state !== undefined && last === -1)
  throw new Error(`no state ${values.state}; there are ${states.map(([name]) => name).join(', ')}`);
const wanted = last === -1 ? states : states.slice(0, last + 1);

/**
 * @param {string} address
 * @param {number} width
 * @param {'light' | 'dark'} theme
 * @param {'en-GB' | 'zh-CN'} locale
 */
async function shoot(address, width, theme, locale) {
  const viewport = { width, height: heights.get(width) ?? Math.round((width * 9) / 16) };
  await withPage({ viewport, theme, locale }, async (page) => {
    page.on('pageerror', (error) => console.error(`page error: ${error.message}`));
    await openLab(page, address);
    for (const [name, reach] of wanted) {
      const file = `${width}-${theme}-${locale.slice(0, 2)}-${name}.png`;
      try {
        await reach(page);
        if (values.state !== undefined && name !== values.state) continue;
        await page.mouse.move(viewport.width / 2, 0);
        await page.waitForTimeout(lazyMs);
        await settle(page);
        await page.screenshot({ path: join(target, file) });
        console.log(file);
        for (const fault of await roomFaults(page)) {
          process.exitCode = 1;
          console.error(`${file}: ${fault}`);
        }
      } catch (error) {
        process.exitCode = 1;
        console.error(`${file}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
      }
    }
  });
}

if (values.dist === undefined) await build({ logLevel: 'warn' });
const server = await servePreview({
  port: await findFreePort(),
  ...(values.dist === undefined ? {} : { outDir: values.dist }),
});
mkdirSync(target, { recursive: true });
try {
  for (const width of widths)
    for (const theme of /** @type {const} */ (['dark', 'light']))
      for (const locale of /** @type {const} */ (['en-GB', 'zh-CN']))
        if (`${width}-${theme}-${locale.slice(0, 2)}`.includes(only))
          await shoot(server.address, width, theme, locale);
} finally {
  await server.close();
}
