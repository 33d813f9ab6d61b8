// E43: fifty nodes and a thousand messages in flight: it runs, it pans, it steps.
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { pause, waitForLive } from './support/lab-page.ts';

test(
  'E43 the stress preset runs, pans and steps with a thousand messages in flight',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await page.evaluate(() => window.lab.startRun({ preset: 'stress-50', seed: 7 }));
    await expect.poll(() => page.evaluate(() => window.lab.frame()?.preset)).toBe('stress-50');
    await waitForLive(page);
    await expect(page.getByRole('main').getByRole('group', { name: /^store-\d+, / })).toHaveCount(45);
    await expect
      .poll(() => page.evaluate(() => window.lab.frame()?.flights.length ?? 0))
      .toBeGreaterThanOrEqual(1000);
    // The list and the legend count what the fabric has.
    await page.getByRole('button', { name: 'Legend' }).click();
    await expect(page.getByRole('button', { name: /^WAL append: [1-9]\d* in flight$/ })).toBeVisible();
    await pause(page);
    const card = page.getByRole('main').getByRole('group', { name: /^store-20, / });
    const before = await card.boundingBox();
    // Above the frames, where nothing but the pane is.
    const map = await page.getByRole('main').boundingBox();
    const [x, y] = [(map?.x ?? 0) + 260, (map?.y ?? 0) + 44];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 100, y + 20, { steps: 10 });
    await page.mouse.up();
    await expect
      .poll(async () => Math.round(((await card.boundingBox())?.x ?? 0) - (before?.x ?? 0)))
      .toBe(100);
    const time = await page.evaluate(() => window.lab.frame()?.time ?? 0);
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await expect.poll(() => page.evaluate(() => window.lab.frame()?.time ?? 0)).toBeGreaterThan(time);
    // The meter says what this machine makes of it.
    await page.keyboard.press('-');
    const metrics = page.getByRole('region', { name: 'Metrics' });
    await expect(metrics.getByRole('status', { name: 'Frame time p95, ms' })).toHaveText(/^\d+\.\d$/);
    await expect(metrics.getByRole('status', { name: 'Events/s' })).toHaveText(/^\d/);
  },
);

test(
  'E43 two hundred nodes of a sharded cluster, in one worker and in memory; a reload goes on with the saved cluster',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await page.evaluate(() => window.lab.startRun({ preset: 'postdb-v4-200', seed: 7 }));
    await expect.poll(() => page.evaluate(() => window.lab.frame()?.preset)).toBe('postdb-v4-200');
    await waitForLive(page);
    await expect(page.getByRole('main').getByRole('group', { name: /^n\d+, / })).toHaveCount(199);
    await expect(page.getByText('memory only', { exact: true })).toBeVisible();
    const commits = () => page.evaluate(() => window.lab.frame()?.metrics.commits ?? 0);
    const before = await commits();
    await expect.poll(commits).toBeGreaterThan(before);
    expect(await page.evaluate(() => window.lab.frame()?.violations)).toEqual([]);
    await page.reload();
    await waitForLive(page);
    expect(await page.evaluate(() => window.lab.frame()?.preset)).toBe('hook-hole');
  },
);
