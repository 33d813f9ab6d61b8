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

/** Ten presses of a button, each waited for by the time it shows. */
async function press(page: Page, name: 'Step' | 'Back'): Promise<void> {
  for (let i = 0; i < 10; i++) {
    const before = await shownTime(page);
    await page.getByRole('button', { name, exact: true }).click();
    const reached = expect.poll(() => shownTime(page), { intervals: [20] });
    await (name === 'Step' ? reached.toBeGreaterThan(before) : reached.toBeLessThan(before));
  }
}

/** The writer's tail moves with records that are not yet worth a step. */
const isMeaningful = (output: string): boolean => !output.startsWith('tail of');

test('E17 ten steps on and ten back show what was shown at the start', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await pause(page);
  const time = await page.evaluate(() => window.lab.run().liveTime);
  await expect.poll(() => shownTime(page)).toBe(time);
  const atStart = await outputs(page);
  expect(atStart.length).toBeGreaterThan(10);
  await press(page, 'Step');
  await expect.poll(() => outputs(page)).not.toEqual(atStart);
  // The clock may be a picture ahead of the lens: the lens has it once it shows the picture's own VDL.
  await expect
    .poll(async () => {
      const vdl = await page.evaluate(() => window.lab.frame()?.metrics.vdl);
      return (await outputs(page)).includes(`VDL of v1 ${vdl}`);
    })
    .toBe(true);
  const live = await outputs(page);
  await press(page, 'Back');
  await expect(runState(page)).toHaveText(/^REVIEW −/);
  await expect
    .poll(async () => (await outputs(page)).filter(isMeaningful))
    .toEqual(atStart.filter(isMeaningful));
  // The same ten events again, now simulated: what the live cluster showed after them, to the last number.
  await press(page, 'Step');
  await expect.poll(() => outputs(page)).toEqual(live);
  await page.getByRole('button', { name: 'Return to live' }).click();
  await expect(runState(page)).toHaveText('PAUSED');
});
