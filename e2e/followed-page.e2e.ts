// A page that is followed: the map shows the version that each holder has at the moment that is looked at, after an undo, in the past and
// back at the newest instant.
import type { Locator, Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { node, pause, query, runState, standingFrame, waitForLive } from './support/lab-page.ts';

/** A page of the table that the preset's clients write; no lens of pages is open. */
const accounts = 4398583382019;

const lineOf = (page: Page, id: string): Locator => node(page, id).locator('.page-line');

/** LSN of the page in the writer's pool, as its card says it; −1: it says none. */
const lsnAt = async (page: Page): Promise<number> => {
  const text = await lineOf(page, 'rw-1').locator('b').textContent();
  return /\d/.test(text ?? '') ? Number(text?.replace(/\D/g, '')) : -1;
};

test(
  'E19 E17 the version of the page that is followed is that of the moment: after an undo, in the past and back again',
  deep,
  async ({ lab }) => {
    const page = await lab.goto(`#/lab&preset=cynosdb&seed=7&lens=wal&page=${accounts}`);
    await page.setViewportSize({ width: 1440, height: 900 });
    await waitForLive(page);
    await pause(page);
    for (const id of ['rw-1', 'store-1']) await expect(lineOf(page, id).locator('b')).toHaveText(/\d/);
    const { time: early } = await standingFrame(page);
    const earlyLsn = await lsnAt(page);

    await test.step('a change of the page makes a version', async () => {
      await query(page, 'update accounts set balance = balance + 1');
      await expect.poll(() => lsnAt(page)).toBeGreaterThan(earlyLsn);
    });
    const { time: late } = await standingFrame(page);

    await test.step('in the past the cards have the version of then, and back at the newest the newest', async () => {
      await page.evaluate((at) => window.lab.seek(at as never), early);
      await expect(runState(page)).toContainText('REVIEW');
      await expect.poll(() => lsnAt(page)).toBe(earlyLsn);
      await page.evaluate((at) => window.lab.seek(at as never), late);
      await expect.poll(() => lsnAt(page)).toBeGreaterThan(earlyLsn);
    });

    await test.step('an undo takes the version with it; the page is followed on the new branch', async () => {
      await page.keyboard.press('Control+z');
      await expect(runState(page)).toHaveText('PAUSED');
      await expect.poll(() => lsnAt(page)).toBe(earlyLsn);
      // The picture may be there before the undo is done.
      await expect.poll(() => page.evaluate(() => window.lab.run().redo)).not.toBeNull();
      await page.keyboard.press('Control+Shift+z');
      await expect.poll(() => lsnAt(page)).toBeGreaterThan(earlyLsn);
    });
  },
);
