// E42, E25: six widths without a horizontal scroll bar and with every control of the toolbar in sight, where nothing is cut or
// covered; the language changes everything that is read. One column, at 200 and 400 % zoom: zoom.e2e.ts. Every lens and state at
// every size: `npm run shots`.

import type { Page } from '@playwright/test';
import { roomFaults, wearLetters } from '../scripts/room.mjs';
import { deep } from './support/deep.ts';
import { expect, type Lab, test } from './support/lab-fixture.ts';
import { leaveByEscape, runState, waitForLive } from './support/lab-page.ts';

const isScrolled = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

/** Controls of the toolbar that stick out of the window. */
const outside = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('header button, header select, header input')].flatMap((element) => {
      const box = element.getBoundingClientRect();
      if (box.width === 0 || (box.left >= 0 && box.right <= window.innerWidth + 1)) return [];
      return [element.getAttribute('aria-label') ?? element.textContent ?? '?'];
    }),
  );

/** The bar holds all it has, and from 1280 px on time, events and speed are read. */
async function expectWholeBar(page: Page, width: number, what: string): Promise<void> {
  await expect.poll(() => isScrolled(page), what).toBe(false);
  await expect.poll(() => outside(page), what).toEqual([]);
  const bar = page.getByRole('banner');
  await expect
    .poll(() => bar.evaluate((header) => header.scrollWidth - header.clientWidth), what)
    .toBeLessThanOrEqual(0);
  await expect.poll(() => roomFaults(page), what).toEqual([]);
  if (width < 1280) return;
  await expect(bar.locator('output').first(), what).toHaveText(/^\d{2,}\.\d{3}\u2009\d{3}\u2009s$/);
  for (const readout of ['events', 'speed']) {
    const shown = bar.locator(`[data-readout=${readout}]`);
    await expect(shown, `${what} ${readout}`).toBeInViewport({ ratio: 1 });
    await expect(shown, `${what} ${readout}`).toHaveText(/\d/);
  }
}

/** Letters are wider where the bar has least room, and narrower where it has most. */
async function setWidth(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: Math.round((width * 9) / 16) });
  await wearLetters(page, width <= 1280 ? 'wider' : width >= 1920 ? 'narrower' : 'own');
}

/** Beside a lesson and the lens the map has names and numbers, and a form that is opened is seen to its end. */
async function lookBesideLessons(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('button', { name: 'Lessons' }).click();
  await expect(page.locator('.card-fit', { hasText: 'store-3' })).toHaveText(/has g\d up to\s*\d+/);
  await page.getByRole('button', { name: 'Save as lesson' }).click();
  const form = page.getByRole('form', { name: 'Save as lesson' });
  await expect(form.getByRole('button')).toBeInViewport({ ratio: 1 });
  await expect.poll(() => roomFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('menuitem', { name: 'Break the protocol' }).click();
  const rules = page.getByRole('form', { name: 'Break the protocol' });
  await expect(rules.getByRole('button', { name: /^Begin/ })).toBeInViewport({ ratio: 1 });
  await leaveByEscape(page, rules);
  await page.setViewportSize({ width: 1024, height: 576 });
  await expect.poll(() => roomFaults(page), 'a lesson and the drawer').toEqual([]);
  await page.getByRole('button', { name: 'Map', exact: true }).click();
}

test(
  'E42, E25 six widths; beside a lesson the map is read and forms are seen whole; in 中文 nothing is left in English',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    for (const width of [2560, 1920, 1600, 1440, 1280, 1024]) {
      await setWidth(page, width);
      const lens = page.getByRole('region', { name: 'Way of a statement' });
      if (width >= 1280) await expect(lens, `${width}`).toBeVisible();
      else {
        await expect(lens, `${width}`).toHaveCount(0);
        await page.getByRole('button', { name: /panel|Lens and inspector/i }).click();
        await expect(lens).toBeVisible();
      }
      await expectWholeBar(page, width, `live ${width}`);
    }
    await setWidth(page, 1280);
    await page.evaluate(() => window.lab.pause());
    await page.evaluate(() => window.lab.back('meaningful'));
    await expect(runState(page)).toHaveText(/^REVIEW/);
    // Each layout once where it is narrowest.
    for (const width of [1024, 1280, 1600]) {
      await setWidth(page, width);
      await expectWholeBar(page, width, `review ${width}`);
    }
    await page.evaluate(() => window.lab.fork());
    await expect(runState(page)).toHaveText(/^TWIN/);
    for (const width of [1600, 1280, 1024]) {
      await setWidth(page, width);
      await expectWholeBar(page, width, `twin ${width}`);
    }
    await page.evaluate(() => window.lab.returnToLive());
    await test.step('a lesson beside the map', () => lookBesideLessons(page));
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.evaluate(() => window.lab.play());
    await waitForLive(page);
    await test.step('E25 中文: language of the page, names of the toolbar, nothing that looks like a key', () =>
      readInChinese(lab, page));
  },
);

async function readInChinese(lab: Lab, page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('menuitemcheckbox', { name: '中文' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  const toolbar = page.getByRole('banner');
  await expect(toolbar.getByRole('button', { name: '暂停' })).toBeVisible();
  const names = await toolbar
    .getByRole('button')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? one.textContent ?? ''));
  expect(names.length).toBeGreaterThan(8);
  expect(names.filter((name) => !/[\u4e00-\u9fff]/.test(name))).toEqual([]);
  for (const width of [1600, 1280]) {
    await setWidth(page, width);
    await expectWholeBar(page, width, `中文 ${width}`);
  }
  const text = (await page.locator('body').textContent()) ?? '';
  expect(
    text
      .match(/\b[a-z]+\.[a-z]+[A-Z]?\w*\b/g)
      ?.filter((word) =>
        /^(?:lens|lenses|walMark|status|toolbar|map|card|dock|menu|caption|story|inspector|rail|tree|toast|banner|coach|share|spaced)\./.test(
          word,
        ),
      ) ?? [],
  ).toEqual([]);
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');

  // A link to where one stands has the language; who opens it reads it, whatever the browser prefers.
  await expect(toolbar.getByRole('button', { name: '暂停' })).toBeVisible();
  await page.evaluate(() => window.lab.pause());
  await page.getByRole('button', { name: '分享' }).click();
  const dialog = page.getByRole('dialog');
  const url = dialog.getByRole('textbox');
  await expect(url).toHaveValue(/&lang=zh$/);
  const elsewhere = await lab.browser().context.browser()?.newContext({ locale: 'en-GB' });
  if (elsewhere === undefined) throw new Error('the browser makes no context');
  const guest = await elsewhere.newPage();
  await guest.goto(await url.inputValue());
  await expect(guest.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(guest.getByRole('banner').getByRole('button', { name: '分享' })).toBeVisible();
  await elsewhere.close();
}
