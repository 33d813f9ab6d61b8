// The examples of examples/, as somebody has them who put their lab's address in: a deck of reveal.js and a page of Markdown.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import type { FrameLocator } from '@playwright/test';
import { marked } from 'marked';
import { deep } from './support/deep.ts';
import { type ForeignPage, serveForeignPage, serveForeignSite } from './support/foreign-page.ts';
import { expect, type Lab, test } from './support/lab-fixture.ts';

const example = (name: string, { address }: Lab): string =>
  readFileSync(join('examples', name), 'utf8').replaceAll('https://lab.example/', address);

/** The folder of the package, as somebody unpacks it. */
const reveal = dirname(dirname(createRequire(import.meta.url).resolve('reveal.js')));

const types: Readonly<Record<string, string>> = { '.css': 'text/css', '.mjs': 'text/javascript' };

/** The deck beside reveal.js, as its own instructions have it. */
const serveDeck = (lab: Lab): Promise<ForeignPage> =>
  serveForeignSite((path) => {
    if (path === '/') return { type: 'text/html; charset=utf-8', body: example('reveal.html', lab) };
    const file = join(reveal, path);
    const type = types[extname(path)];
    return type !== undefined && path.startsWith('/dist/') && existsSync(file)
      ? { type, body: readFileSync(file) }
      : null;
  });

const ms = async (embed: FrameLocator): Promise<number> =>
  Number.parseFloat((await embed.getByRole('status', { name: 'virtual time' }).textContent()) ?? '');

test(
  'a deck of reveal.js: a run starts on the slide that is seen, and stands on the next; the deck’s keys stay its own',
  deep,
  async ({ lab }) => {
    const page = lab.page();
    const deck = await serveDeck(lab);
    try {
      await page.goto(deck.address);
      const run = page.frameLocator('iframe').nth(0);
      const lesson = page.frameLocator('iframe').nth(1);
      await expect(page.getByRole('heading', { name: 'Two of three' })).toBeVisible();
      // Nothing plays that nobody sees.
      await expect(run.getByText(/cynosdb · seed 7 · 58 ms/)).toBeAttached();
      expect(page.workers()).toEqual([]);
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => ms(run)).toBeGreaterThan(58.5);
      expect(await page.evaluate(() => location.hash)).toBe('#/1');
      await page.keyboard.press('ArrowRight');
      expect(await page.evaluate(() => location.hash)).toBe('#/2');
      const words = lesson.getByRole('region', { name: 'What the step says' });
      await expect(words).toContainText('Three replicas keep the log.');
      const stood = await ms(run);
      // By keys: the deck scales its slides, and a test's pointer does not follow into a frame that is scaled.
      await lesson.getByRole('button', { name: 'Play' }).press('Enter');
      await expect(words).toContainText('2 / 7');
      expect(await ms(run)).toBe(stood);
      // Who has pressed something in a frame goes back to the deck as in any page: by a press beside it.
      await page.getByRole('heading', { name: 'Birth of a hole' }).click();
      await page.keyboard.press('ArrowLeft');
      await expect.poll(() => page.evaluate(() => location.hash)).toBe('#/1');
      await expect.poll(() => ms(run)).toBeGreaterThan(stood);
    } finally {
      deck.close();
    }
  },
);

test(
  'a page of Markdown: what stands in it plays once it is seen, and the page scrolls under it',
  deep,
  async ({ lab }) => {
    const page = lab.page();
    const foreign = await serveForeignPage(await marked(example('course.md', lab)));
    try {
      await page.goto(foreign.address);
      const run = page.frameLocator('iframe').nth(0);
      await expect.poll(() => ms(run)).toBeGreaterThan(58.5);
      await page.locator('iframe').first().hover();
      await page.mouse.wheel(0, 600);
      await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(100);
      await expect(
        page.frameLocator('iframe').nth(1).getByText('Three replicas keep the log.'),
      ).toBeVisible();
    } finally {
      foreign.close();
    }
  },
);
