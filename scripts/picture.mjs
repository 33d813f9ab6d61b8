// `npm run picture`: the README's picture, taken from the running app. Builds, serves, lets the hook's cluster work,
// cuts the writer's link to one store, and waits until that store lacks records while commits go on.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chromium } from '@playwright/test';
import { build } from 'vite';
import { ensureBrowser, launchFlags } from './browser.mjs';
import { findFreePort, servePreview } from './preview.mjs';

const target = join('docs', 'pictures', 'first-light.png');
const viewport = { width: 1600, height: 900 };
const fault = 'cut rw-1 | store-3';
/** Virtual µs after the cut at which the picture is taken: two transfers later. */
const laterUs = 14_000;

await build({ logLevel: 'warn' });
const server = await servePreview({ port: await findFreePort() });
const profile = mkdtempSync(join(tmpdir(), 'postdb-lab-picture-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: ensureBrowser(),
  headless: true,
  args: launchFlags,
  viewport,
  colorScheme: 'light',
  locale: 'en-GB',
});
try {
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(server.address);
  await page.waitForFunction(() => window.lab?.run().mode === 'LIVE', undefined, { timeout: 60_000 });
  const at = await page.evaluate(async (line) => {
    const done = await window.lab.act(line);
    if (!done.ok) throw new Error(done.error);
    return done.at;
  }, fault);
  await page
    .getByRole('main')
    .getByRole('group', { name: /^store-3, / })
    .click();
  await page.waitForFunction((time) => (window.lab.frame()?.time ?? 0) > time, at + laterUs, {
    timeout: 120_000,
  });
  await page.mouse.move(viewport.width / 2, 0);
  mkdirSync(dirname(target), { recursive: true });
  await page.screenshot({ path: target });
  console.log(target);
} finally {
  await context.close();
  await server.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
