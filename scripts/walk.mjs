// `npm run walk`: the newcomer's walk through the first minute in a real browser, from the bare address to "a commit does
// not wait for the slowest replica", a hole that is found and filled, and what happens without a quorum. It presses what
// a newcomer is offered and nothing else, and prints every caption it reads as text.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { withPage } from './lab-page.mjs';
import { findFreePort, servePreview } from './preview.mjs';

const [language = 'en-GB'] = process.argv.slice(2);
const outDir = process.env.POSTDB_LAB_DIST ?? 'dist';

/** What is offered, in the order in which a newcomer meets it, and what the strip says once it has worked. */
const chips = [
  { chip: 'cut', until: 'hole.closed' },
  { chip: 'cutBoth', until: 'world.action' },
  { chip: 'heal', until: 'commit.ack' },
  { chip: 'whatIf', until: 'recovery.done' },
];

if (!existsSync(join(outDir, 'index.html'))) await build({ logLevel: 'warn' });
const server = await servePreview({ port: await findFreePort(), outDir });
const startedAt = Date.now();
/** @param {string} text */
const say = (text) => console.log(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}`);

/** @param {import('@playwright/test').Page} page */
async function readCaptions(page) {
  await page.exposeFunction('tellCaption', (/** @type {number} */ time, /** @type {string} */ text) =>
    say(`${(time / 1000).toFixed(3).padStart(8)} ms  ${text}`),
  );
  await page.addInitScript(() => {
    let last = '';
    const read = () => {
      const text = document.querySelector('[data-caption]')?.textContent ?? '';
      const time = window.lab?.frame()?.time ?? 0;
      if (text !== '' && text !== last) Reflect.get(window, 'tellCaption')?.(time, text);
      last = text;
    };
    new MutationObserver(read).observe(document, { subtree: true, childList: true, characterData: true });
  });
}

/** @param {import('@playwright/test').Page} page */
async function walk(page) {
  await readCaptions(page);
  await page.goto(server.address);
  say(`opened ${language}`);
  for (const { chip, until } of chips) {
    const offered = page.locator(`[data-coach="${chip}"] button`).first();
    await offered.waitFor({ timeout: 120_000 });
    say(`presses   [${(await offered.textContent())?.trim()}]`);
    await offered.click();
    await page.waitForFunction((kind) => document.querySelector(`[data-caption="${kind}"]`) !== null, until, {
      timeout: 120_000,
    });
  }
  await page.getByRole('button', { name: language.startsWith('zh') ? '为什么？' : 'Why?' }).click();
  await page.getByRole('dialog').locator('h3').waitFor();
  const why = await page.getByRole('dialog').locator('p, h3, .chip, dd:last-of-type').allTextContents();
  say(`asks why:\n${why.map((line) => `            ${line.trim()}`).join('\n')}`);
}

try {
  await withPage({ viewport: { width: 1920, height: 1080 }, locale: language }, walk);
} finally {
  await server.close();
}
