// E22, E24: who asked for less motion begins with a cluster that stands; every step is read out.
import { expect, test } from './support/lab-fixture.ts';
import { act, pause, readNumber, runState, waitForLive, watermark } from './support/lab-page.ts';

test('E22 with reduced motion it starts paused, the step has the focus and moves VDL', async ({ lab }) => {
  const page = lab.page();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await lab.goto();
  await expect(runState(page)).toHaveText('PAUSED', { timeout: 45_000 });
  const step = page.getByRole('button', { name: 'Step', exact: true });
  await expect(step).toBeFocused();
  const vdl = watermark(page, 'VDL', 'v1');
  const before = await readNumber(vdl);
  await expect
    .poll(async () => {
      await page.keyboard.press('Enter');
      return readNumber(vdl);
    })
    .toBeGreaterThan(before);
  await expect(runState(page)).toHaveText('PAUSED');
});

test('E24 a live region says what a step showed, and N goes through what is read out', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await pause(page);
  await act(page, 'cut rw-1 | store-3 for 6 ms');
  await page.evaluate(() => window.lab.runUntil('hole.open at store-3'));
  const regions = page.locator('[aria-live="polite"]');
  const said = async (): Promise<string> => (await regions.allTextContents()).join(' ');
  await expect.poll(said).toMatch(/store-3 found a hole: g\d \[\d+,\d+\) never arrived/);
  const before = await said();
  await page.keyboard.press('.');
  await expect.poll(said).not.toBe(before);

  await page.keyboard.press('n');
  await expect(page.getByText('Narration: meaningful events')).toBeVisible();
  await page.evaluate(() => window.lab.setSpeed(5000));
  await page.evaluate(() => window.lab.play());
  await expect(page.locator('[data-narration]')).not.toBeEmpty();
});
