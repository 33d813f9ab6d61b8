// Below 1024 px the lab is read and watched. The run plays and stands, captions, map, events and
// lessons are there, nothing acts on the cluster, nothing scrolls sideways.

import type { Page } from '@playwright/test';
import { seriousFindings } from './support/axe.ts';
import { expect, test } from './support/lab-fixture.ts';
import { exportTape, node, runState, waitForLive } from './support/lab-page.ts';

const isScrolled = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

const sizes = [
  { width: 800, height: 600 },
  { width: 390, height: 844 },
] as const;

/** At both sizes; the smaller stays. */
async function expectNoSideways(page: Page): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    expect(await isScrolled(page), `${size.width} px`).toBe(false);
  }
}

test('a window of 800 or 390 px: captions, map, events, lessons to read, play and pause, no fault', async ({
  lab,
}) => {
  const page = await lab.goto();
  await page.setViewportSize(sizes[0]);
  await waitForLive(page);
  await expect(page.getByText('1024 px')).toBeVisible();
  await expect(node(page, 'rw-1')).toHaveAccessibleName(/, up/);
  await expect(page.locator('[data-caption]')).not.toHaveText('');
  await expectNoSideways(page);
  await expect(page.getByText('1024 px')).toBeVisible();
  await expect(node(page, 'rw-1')).toHaveAccessibleName(/, up/);
  await expect(page.locator('[data-caption]')).not.toHaveText('');

  // A picture that stands, and nothing that a key or a long press could do to it.
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(runState(page)).toHaveText('PAUSED');
  const taped = await exportTape(page);
  await node(page, 'store-2').focus();
  await page.keyboard.press('c');
  await page.keyboard.press('Shift+F10');
  await node(page, 'store-2').click({ button: 'right' });
  await expect(page.getByRole('menu')).toHaveCount(0);
  expect(await exportTape(page)).toBe(taped);

  // An event leads to its own moment, and there is a way back.
  await page.getByRole('log', { name: 'Events' }).getByRole('button').first().click();
  await expect(runState(page)).toHaveText(/^REVIEW/);
  await page.getByRole('button', { name: 'Return to live' }).click();
  await expect(runState(page)).toHaveText('PAUSED');

  await page.getByRole('tab', { name: 'Lessons' }).click();
  await page.getByRole('link', { name: /H03/ }).click();
  const text = page.getByRole('article', { name: /^H03/ });
  await expect(text).toContainText('116–119 overtook them');
  await text.getByText('Show what is so').first().click();
  await expect(text.getByText('Both ends inherit')).toBeVisible();
  for (const size of sizes) {
    await page.setViewportSize(size);
    expect(await seriousFindings(page), `${size.width} px`).toEqual([]);
  }
  await expectNoSideways(page);

  await page.getByRole('link', { name: 'What is modelled' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expectNoSideways(page);
  await page.getByRole('button', { name: 'Back to the map' }).click();
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.getByRole('tab', { name: '课程' })).toBeVisible();
  await expectNoSideways(page);
});
