// `npm run picture`: the README's pictures, taken from the running app: a replica that falls behind while commits go on,
// the causal past of one commit, a recovery of the writer under way, the two other architectures at work, and a client's statement. Each is a state that the run
// was stopped in. `-- NAME …` makes only those.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { build } from 'vite';
import { act, openLab, runOn, runUntil, settle, withPage } from './lab-page.mjs';
import { listenForTab } from './pg-bridge.mjs';
import { findFreePort, servePreview } from './preview.mjs';

/** @typedef {import('@playwright/test').Page} Page */

const folder = join('docs', 'pictures');
const viewport = { width: 1600, height: 900 };
const settleMs = 800;

/** @type {readonly {readonly name: string, readonly theme: 'light' | 'dark', readonly reach: (page: Page, port: number) => Promise<void>}[]} */
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
  {
    name: 'postdb-v4',
    theme: 'light',
    async reach(page) {
      await page.evaluate(() => window.lab.startRun({ preset: 'postdb-v4', seed: 7 }));
      await runUntil(page, 'commit.ack');
      await runOn(page, 200_000);
    },
  },
  {
    name: 'polardb',
    theme: 'light',
    async reach(page) {
      await page.evaluate(() => window.lab.startRun({ preset: 'polardb', seed: 7 }));
      await runUntil(page, 'commit.ack');
      await runOn(page, 200_000);
    },
  },
  {
    name: 'clients',
    theme: 'light',
    async reach(page, port) {
      await page.getByRole('main').getByRole('group', { name: /^d1, / }).click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Inspect', exact: true }).click();
      const inspector = page.getByRole('region', { name: 'Inspector' });
      await inspector.getByText(`-p ${port}`).waitFor();
      await page.evaluate(() => window.lab.pause());
      const client = new Client(`postgresql://me@127.0.0.1:${port}/lab?application_name=shop`);
      await client.connect();
      // It is answered when the lab runs on, and ends with the page.
      client.on('error', () => undefined);
      client.query('update accounts set balance = balance - 10 where id = 7').catch(() => undefined);
      await inspector.getByText('balance - 10').first().waitFor();
      await runOn(page, 900);
    },
  },
];
const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !pictures.some((picture) => picture.name === name));
if (unknown !== undefined) throw new Error(`no picture ${unknown}`);

await build({ logLevel: 'warn' });
const server = await servePreview({ port: await findFreePort() });
const bridge = await listenForTab(server.http, 0);
mkdirSync(folder, { recursive: true });
try {
  for (const { name, theme, reach } of pictures.filter(
    ({ name }) => chosen.length === 0 || chosen.includes(name),
  ))
    await withPage({ viewport, theme }, async (page) => {
      await openLab(page, `${server.address}?pg=${bridge.token}`);
      await reach(page, bridge.port);
      await page.mouse.move(viewport.width / 2, 0);
      // The parts of the screen take a picture by turns: the last one has had its turn.
      await page.waitForTimeout(settleMs);
      await settle(page);
      const path = join(folder, `${name}.png`);
      await page.screenshot({ path });
      console.log(path);
    });
} finally {
  bridge.close();
  await server.close();
}
