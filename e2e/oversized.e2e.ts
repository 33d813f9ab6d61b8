// E14: a run whose tape is too long for a link is shared as a file, and the file is the same run.
import { readFileSync } from 'node:fs';
import { expect, test } from './support/lab-fixture.ts';
import { endDigest, exportTape, leaveByEscape, pause, runState, waitForLive } from './support/lab-page.ts';

/** Lines enough that even deflated they are more than 8 KB. */
const LINES = 6000;

test('E14 a long run offers its tape as a file; opened again it has the same end', async ({ lab }) => {
  const page = await lab.goto('#/lab');
  await waitForLive(page);
  await pause(page);
  const added = await page.evaluate((count) => {
    let seed = 7;
    const next = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    const lines = Array.from(
      { length: count },
      () => `jitter rw-1 > store-${1 + next(3)} : 0.${100 + next(300)} ms`,
    );
    return window.lab.actAll(lines);
  }, LINES);
  expect(added.ok, JSON.stringify(added)).toBe(true);
  const hosted = await endDigest(page);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('longer than many programs keep');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download tape' }).click();
  const text = readFileSync(await (await download).path(), 'utf8');
  expect(text).toBe(await exportTape(page));
  await leaveByEscape(page, dialog);
  await page.evaluate((tape) => window.lab.openTape(tape), text);
  await page.evaluate(() => window.lab.setSpeed('max'));
  await expect(runState(page)).toHaveText('REPLAY');
  await expect
    .poll(() => page.evaluate(() => window.lab.frame()?.time), { timeout: 60_000 })
    .toBeGreaterThanOrEqual(hosted.time);
  await expect.poll(async () => (await page.evaluate(() => window.lab.endDigest())).hash).toBe(hosted.hash);
});
