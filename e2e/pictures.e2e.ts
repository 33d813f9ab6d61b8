// Pictures for slides: the map and every lens in their own shape and in 16:9, and no words over other words in any of them.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { act, leaveByEscape, pause, standOn, waitForLive } from './support/lab-page.ts';

interface Saved {
  readonly name: string;
  readonly bytes: Buffer;
}

async function saveMap(page: Page, entry: string): Promise<Saved> {
  await page.getByRole('button', { name: 'More of the map' }).click();
  const started = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: entry, exact: true }).click();
  const file = await started;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** The lens has what it shows: it, and what it asks of the run, was on its way. */
async function expectDrawn(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await expect(page.locator('[data-region="lens"]').getByText('Loading', { exact: false })).toHaveCount(0);
}

/** Null: the lens has no drawing now. */
async function saveLens(page: Page, kind: string): Promise<Saved | null> {
  const lens = page.locator('[data-region="lens"]');
  await lens.getByRole('button', { name: 'Export', exact: true }).click();
  const kinds = page.getByRole('dialog', { name: 'Export', exact: true });
  await expect(kinds.getByRole('button', { name: 'Table as CSV' })).toBeVisible();
  const button = kinds.getByRole('button', { name: kind, exact: true });
  let saved: Saved | null = null;
  if ((await button.count()) > 0) {
    const started = page.waitForEvent('download');
    await button.click();
    const file = await started;
    saved = { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  }
  await leaveByEscape(page, kinds);
  return saved;
}

/** px by which boxes of words may touch: they are higher than the letters in them. */
const TOUCH = 3;

/** Words that lie over other words of a picture. */
const overprinted = async (reader: Page, { bytes }: Saved): Promise<readonly string[]> => {
  await reader.setContent(bytes.toString());
  return reader.evaluate((touch) => {
    const boxes = [...document.querySelectorAll('text')]
      .filter(
        (text) => (text.textContent ?? '').trim() !== '' && getComputedStyle(text).visibility === 'visible',
      )
      .map((text) => ({ words: text.textContent ?? '', box: text.getBoundingClientRect() }));
    return boxes.flatMap((a, i) =>
      boxes.slice(i + 1).flatMap((b) => {
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        return across > touch && down > touch ? [`${a.words} over ${b.words}`] : [];
      }),
    );
  }, TOUCH);
};

const shapeOf = ({ bytes }: Saved): number => {
  const [, width, height] = /^<svg [^>]*width="([\d.]+)" height="([\d.]+)"/.exec(bytes.toString()) ?? [];
  return Number(width) / Number(height);
};

const folder = process.env.POSTDB_LAB_PICTURES;
const keep = ({ name, bytes }: Saved): void => {
  if (folder !== undefined) writeFileSync(`${folder}/${name}`, bytes);
};

for (const preset of ['cynosdb', 'postdb-v4', 'polardb'])
  test(
    `${preset}: the map and every lens in their own shape and in 16:9; no words over other words`,
    deep,
    async ({ lab }) => {
      const page = await lab.goto();
      const reader = await lab.browser().context.newPage();
      await waitForLive(page);
      await standOn(page, preset);
      if (preset === 'cynosdb') await act(page, 'cut rw-1 | store-3 for 6 ms');
      await page.evaluate(() => window.lab.step('meaningful'));
      await pause(page);
      const found: string[] = [];
      const check = async (saved: Saved, isSlide: boolean): Promise<void> => {
        keep(saved);
        if (isSlide)
          expect([saved.name, Math.abs(shapeOf(saved) - 16 / 9) < 0.01]).toEqual([saved.name, true]);
        found.push(...(await overprinted(reader, saved)).map((words) => `${saved.name}: ${words}`));
      };
      await check(await saveMap(page, 'SVG'), false);
      await check(await saveMap(page, 'SVG for slides, 16:9'), true);
      const png = await saveMap(page, 'PNG for slides, 16:9');
      keep(png);
      expect([png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)]).toEqual([1920, 1080]);
      const lenses = await page.getByRole('combobox', { name: 'Lens', exact: true }).locator('option').all();
      const ids = await Promise.all(lenses.map((lens) => lens.getAttribute('value')));
      let drawn = 0;
      for (const id of ids) {
        await page.getByRole('combobox', { name: 'Lens', exact: true }).selectOption(id ?? '');
        await expectDrawn(page);
        const own = await saveLens(page, 'SVG');
        const slide = await saveLens(page, 'SVG for slides, 16:9');
        if (own === null || slide === null) continue;
        drawn++;
        await check(own, false);
        await check(slide, true);
      }
      expect(drawn).toBeGreaterThan(2);
      expect([...new Set(found)]).toEqual([]);
    },
  );
