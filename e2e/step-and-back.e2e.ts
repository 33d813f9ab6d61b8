// E17: the past is there again, exactly, by stepping back.
import type { Page } from '@playwright/test';
import { expect, test } from './support/lab-fixture.ts';
import { pause, runState, waitForLive } from './support/lab-page.ts';

/** Every watermark the screen shows. */
const outputs = (page: Page): Promise<readonly string[]> =>
  page
    .getByRole('region', { name: 'WAL & holes' })
    .locator('output')
    .evaluateAll((all) => all.map((one) => `${one.getAttribute('aria-label')} ${one.textContent}`));

const shownTime = (page: Page): Promise<number> => page.evaluate(() => window.lab.frame()?.time ?? -1);

test('E17 ten steps on and ten back show what was shown at the start', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await pause(page);
  const atStart = await outputs(page);
  expect(atStart.length).toBeGreaterThan(10);
  for (let i = 0; i < 10; i++) {
    const before = await shownTime(page);
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await expect.poll(() => shownTime(page)).toBeGreaterThan(before);
  }
  await expect.poll(() => outputs(page)).not.toEqual(atStart);
  for (let i = 0; i < 10; i++) {
    const before = await shownTime(page);
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await expect.poll(() => shownTime(page)).toBeLessThan(before);
  }
  await expect(runState(page)).toHaveText(/^REVIEW −/);
  await expect.poll(() => outputs(page)).toEqual(atStart);
  await page.getByRole('button', { name: 'Return to live' }).click();
  await expect(runState(page)).toHaveText('PAUSED');
  await expect.poll(() => outputs(page)).not.toEqual(atStart);
});
