// The lenses: the table says the same numbers as the picture, a copy stays when time goes on, exports are files, what a
// client waits for and what its isolation permits is shown. That each opens by its key: accessibility.e2e.ts.
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { seriousFindings } from '../scripts/axe.mjs';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  act,
  leaveByEscape,
  pause,
  readNumber,
  setSpeed,
  stepUntilHole,
  virtualTime,
  waitForLive,
} from './support/lab-page.ts';

const lens = (page: Page, title: string): Locator => page.getByRole('region', { name: title, exact: true });

async function open(page: Page, key: string, title: string): Promise<Locator> {
  await page.keyboard.press(key);
  const region = lens(page, title);
  await expect(region).toBeVisible();
  return region;
}

const titles = {
  '2': 'MTR and CPL',
  '4': 'Page versions',
  '5': 'WAL & holes',
  '8': 'Storage chains',
} as const;

test(
  'the space-time lens; a frozen copy keeps its time; SVG, PNG and table are saved; the WAL lens: table and picture agree on a hole',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await pause(page);
    await test.step('the space-time lens: its canvas is drawn, an export has the same as SVG, its table says how many events it lists', () =>
      readSpaceTime(page));
    await test.step('a frozen copy stands beside the live lens and keeps its time', async () => {
      const region = await open(page, '2', titles['2']);
      await region.getByRole('button', { name: 'Freeze a copy' }).click();
      const copy = region.getByRole('region', { name: /^Frozen at / });
      const at = await copy.getByRole('heading').textContent();
      await expect(region.locator('svg[data-plot]')).toHaveCount(2);
      await page.evaluate(() => window.lab.step('meaningful'));
      await expect(copy.getByRole('heading')).toHaveText(at ?? '');
      await copy.getByRole('button', { name: 'Close the frozen copy' }).click();
      await expect(copy).toHaveCount(0);
    });
    await test.step('a lens is exported as SVG, as PNG and as a table', async () => {
      const region = await open(page, '8', titles['8']);
      await expect(region.locator('svg[data-plot]')).toBeVisible();
      const save = async (what: string, from = region): Promise<Buffer> => {
        await from.getByRole('button', { name: 'Export' }).click();
        const download = page.waitForEvent('download');
        const kinds = page.getByRole('dialog', { name: 'Export' });
        await kinds.getByRole('button', { name: what, exact: true }).click();
        const file = await (await download).path();
        await leaveByEscape(page, kinds);
        return readFileSync(file);
      };
      const svg = (await save('SVG')).toString();
      expect(svg).toMatch(/^<svg [^>]*xmlns=.*oldest read of all \d+.*hook-hole · seed 7/s);
      // Outside of the page words have the size that they say.
      expect(svg.match(/<text(?![^>]* font-size=)[^>]*>/g)).toBeNull();
      expect([...(await save('PNG 2×')).subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
      const rows = (await save('Table as CSV')).toString().trim().split('\r\n');
      expect(rows[0]).toBe('page,chain,above it,may go');
      expect(rows.length).toBe((await region.locator('table[data-twin] tbody tr').count()) + 1);
      // The numbers are saved without the table being shown.
      const metrics = await open(page, '-', 'Metrics');
      expect((await save('SVG', metrics)).toString()).toMatch(
        /^<svg [^>]*xmlns=.*Commits\/s.*<path d="M[\d.]+ [\d.]+[L"].*hook-hole · seed 7/s,
      );
      expect((await save('Table as CSV', metrics)).toString()).toMatch(/^timeMs,commitsPerSecond,/);
    });
    await test.step('the WAL lens: table and picture agree on a hole, a step list tells how it came, a range finds its sends', () =>
      readHole(page));
  },
);

async function readHole(page: Page): Promise<void> {
  await page.keyboard.press('Escape'); // what was chosen before would narrow the table to itself
  const region = await open(page, '5', titles['5']);
  await region.getByRole('button', { name: 'Step list' }).click();
  await act(page, 'cut rw-1 | store-3 for 6 ms');
  await stepUntilHole(page, 'store-3');
  const row = region.getByRole('row', { name: /^store-3 \[\d+,\d+\) hole/ });
  await expect(row).toHaveCount(1);
  const range = /\[(\d+),(\d+)\)/.exec((await row.getAttribute('aria-label')) ?? '');
  const item = region
    .getByRole('region', { name: /^store-3 · status list of g/ })
    .getByRole('row')
    .filter({ hasText: 'HOLE' });
  await expect(item.filter({ hasText: `[${range?.[1]},${range?.[2]})` })).toHaveCount(1);
  const steps = region.getByRole('region', { name: /how the list of .* changed$/ });
  const before = steps.getByRole('button', { name: 'Step before' });
  // Which pictures reached the page decides whether found and asked for are one step or two: back to the one that says it.
  await expect(steps).toBeVisible();
  while ((await steps.filter({ hasText: /hole found|asked for/ }).count()) === 0) {
    const later = (await steps.textContent()) ?? '';
    await before.click();
    await expect(steps).not.toHaveText(later);
  }
  await region.getByRole('searchbox', { name: 'Filter the lens' }).fill('hole');
  await expect(region.locator('table[data-twin] tbody tr')).toHaveCount(1);
  await region.getByRole('button', { name: 'Range', exact: true }).click();
  await region.getByRole('spinbutton', { name: 'from' }).fill('0');
  await region.getByRole('spinbutton', { name: 'to', exact: true }).fill('100000');
  await expect(region.getByRole('button', { name: /^Drop its sends \(\d+\)$/ })).toBeVisible();
  await test.step('metrics: a peak leads to its moment, and a review of it keeps what came after', async () => {
    // Keys choose lenses outside of text fields.
    await region.getByRole('button', { name: 'Range', exact: true }).click();
    const metrics = await open(page, '-', 'Metrics');
    const later = ((await virtualTime(page)) + 20_000) / 1000;
    await page.evaluate((ms) => window.lab.runUntil(`time >= ${ms}`), later);
    await expect.poll(async () => (await virtualTime(page)) / 1000).toBeGreaterThanOrEqual(later);
    const peak = metrics.getByRole('button', { name: /^Commits\/s: peak \d+ at [\d.]+ ms/ });
    await expect(peak).toBeVisible();
    // The name arrives a moment after the sample: a click leads where it says by then.
    let at = 0;
    await expect(async () => {
      await peak.click();
      at = Number(/at ([\d.]+) ms/.exec((await peak.getAttribute('aria-label')) ?? '')?.[1]);
      expect(
        await page.evaluate(() => [window.lab.run().mode, (window.lab.frame()?.time ?? 0) / 1000]),
      ).toEqual(['REVIEW', at]);
    }).toPass();
    await metrics.getByRole('button', { name: 'Show as a table' }).click();
    const samples = metrics.getByRole('table', { name: 'Metrics' }).locator('tbody tr');
    const moment = (row: number): Promise<number> =>
      samples.nth(row).getByRole('button').textContent().then(Number);
    const newest = await moment(0);
    const older = await moment(5);
    expect(older).toBeLessThan(newest);
    await samples.nth(5).getByRole('button').click();
    await expect.poll(async () => (await virtualTime(page)) / 1000).toBe(older);
    expect(await moment(0)).toBe(newest);
  });
}

test(
  'WAL-36 a client holds a read point from the chains lens, GC waits for it, and goes on when it is released; C02 a cycle that isolation permits is drawn',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await setSpeed(page, 'max');
    const region = await open(page, '8', titles['8']);
    await region.getByRole('button', { name: 'Hold a read point' }).click();
    await expect(region.getByRole('cell', { name: 'reader-1', exact: true })).toBeVisible();
    await expect(region.getByText(/^GC goes on when reader-1 releases read point \d+\.$/)).toBeVisible();
    const held = await readNumber(region.getByRole('status', { name: /^PGMRPL of / }));
    await test.step('what is pressed stays under the pointer, its part of the screen keeps its picture while time passes', async () => {
      const release = region.getByRole('button', { name: 'Release the read point of reader-1' });
      await release.hover();
      await page.mouse.down();
      const box = await release.boundingBox();
      const table = region
        .getByRole('table')
        .filter({ has: page.getByRole('button', { name: 'Release the read point of reader-1' }) });
      const held = await table.textContent();
      const pressedAt = await virtualTime(page);
      await expect.poll(() => virtualTime(page)).toBeGreaterThan(pressedAt + 100_000);
      expect(await release.boundingBox()).toEqual(box);
      expect(await table.textContent()).toBe(held);
      await page.mouse.up();
    });
    await expect(region.getByRole('cell', { name: 'reader-1', exact: true })).toHaveCount(0);
    await expect
      .poll(() => readNumber(region.getByRole('status', { name: /^PGMRPL of / })))
      .toBeGreaterThan(held);
    await test.step('C02 clients that meet under repeatable read: the cycle that their isolation permits is drawn, no rule is broken', () =>
      drawCycle(page));
  },
);

async function drawCycle(page: Page): Promise<void> {
  const region = await open(page, '0', 'History and checks');
  await region.getByRole('tab', { name: 'Isolation' }).click();
  const panel = region.getByRole('tabpanel', { name: 'Isolation' });
  await panel.getByRole('button', { name: 'Workload' }).click();
  const dock = page.getByRole('region', { name: 'Workload' });
  await dock.getByRole('combobox', { name: 'kind' }).selectOption('write-skew');
  await dock.getByRole('button', { name: 'Start on d1' }).click();
  await expect(panel).toContainText('They form a cycle that no order explains: write skew (G2).');
  await expect(panel.getByRole('img', { name: /write skew/ })).toContainText(/pairs: r [12], r [12], w [12]/);
  await pause(page);
  const rows = panel.getByRole('table', { name: 'The cycle' }).locator('tbody tr');
  await expect(rows).toHaveCount(2);
  for (const key of ['pairs/1', 'pairs/2'])
    await expect(rows.filter({ has: page.getByRole('cell', { name: key, exact: true }) })).toContainText(
      'rw',
    );
  await expect(page.getByRole('alert').filter({ hasText: /violat/i })).toHaveCount(0);
  await test.step('WAL-22 the pages of the run are checked where it stands', async () => {
    await region.getByRole('tab', { name: 'Rules' }).click();
    const check = region.getByRole('region', { name: 'Check the pages' });
    await check.getByRole('button', { name: 'Check the pages' }).click();
    await expect(check.getByRole('status')).toContainText(
      /v1 at LSN \d[\d\s]* \([\d.]+ ms\): \d+ pages are sound/,
    );
  });
  expect(await seriousFindings(page, '[data-region="lens"]')).toEqual([]);
}

/** The pixels of the lens's canvas, of whatever kind it is. */
const paintedPixels = (region: Locator): Promise<readonly number[]> =>
  region.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const copy = document.createElement('canvas');
    Object.assign(copy, { width: canvas.width, height: canvas.height });
    const context = copy.getContext('2d');
    context?.drawImage(canvas, 0, 0);
    return [...(context?.getImageData(0, 0, copy.width, copy.height).data ?? [])];
  });

/** How bright what is painted on a canvas is, 0 to 255. */
const meanInk = (region: Locator): Promise<number> =>
  paintedPixels(region).then((pixels) => {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < pixels.length; i += 4) {
      if (pixels[i + 3] !== 255) continue;
      sum += ((pixels[i] ?? 0) + (pixels[i + 1] ?? 0) + (pixels[i + 2] ?? 0)) / 3;
      count++;
    }
    return sum / count;
  });

async function readSpaceTime(page: Page): Promise<void> {
  const region = await open(page, '7', 'Space-time');
  const caption = region.locator('table[data-twin] caption');
  await expect(caption).toHaveText(/^The newest \d+ of [1-9]\d* events\.$/);
  // Events of the past may still be on their way to the table.
  await expect
    .poll(async () => {
      const rows = await region.locator('table[data-twin] tbody tr').count();
      return (await caption.textContent())?.startsWith(`The newest ${rows} of `);
    })
    .toBe(true);
  const painted = async (): Promise<number> =>
    (await paintedPixels(region)).filter((value, i) => i % 4 === 3 && value > 0).length;
  await expect.poll(painted).toBeGreaterThan(100);
  await test.step('in another theme it is drawn in its colours, though nothing new happens', async () => {
    const inkInLight = await meanInk(region);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(() => meanInk(region)).toBeGreaterThan(inkInLight + 20);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => meanInk(region)).toBeLessThan(inkInLight + 20);
  });
  await region.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page
    .getByRole('dialog', { name: 'Export' })
    .getByRole('button', { name: 'SVG', exact: true })
    .click();
  const svg = readFileSync(await (await download).path()).toString();
  expect(svg.match(/a[\d.]+ [\d.]+ 0 1 0/g)?.length ?? 0).toBeGreaterThan(2);
  await expect(region.locator('svg[data-plot] path[d*="a"]')).toHaveCount(0);

  await test.step('lanes share the height, move by Alt and arrows and by drag, and stay reachable', async () => {
    const plot = region.locator('svg[data-plot]');
    const lane = (id: string): Locator =>
      region.getByRole('button', { name: new RegExp(`^Lane of ${id}, `) });
    expect((await plot.boundingBox())?.height ?? 0).toBeGreaterThan(32 + 6 * 44);
    await lane('store-1').focus();
    await page.keyboard.press('Alt+ArrowUp');
    const place = async (id: string): Promise<number> =>
      Number(/, (\d+) of/.exec((await lane(id).getAttribute('aria-label')) ?? '')?.[1]);
    const moved = await place('store-1');
    await expect(region.getByText(`store-1 is lane ${moved} of`)).toBeAttached();
    await expect(lane('store-1')).toBeFocused();
    await lane('store-1').hover();
    await page.mouse.down();
    const goal = await lane('d1').boundingBox();
    if (goal === null) throw new Error('the first lane');
    await page.mouse.move(goal.x + 20, goal.y + 4, { steps: 6 });
    await page.mouse.up();
    expect(await place('store-1')).toBe(1);
  });
  await test.step('families are left out one by one, a hidden lane leaves dashed lines, local events are one mark', async () => {
    const description = region.locator('p.visually-hidden');
    const messages = async (): Promise<number> =>
      Number(/ (\d+) messages/.exec((await description.textContent()) ?? '')?.[1]);
    await expect.poll(messages).toBeGreaterThan(0);
    const all = await messages();
    await region.getByText(/^Messages: 11 of 12 families$/).click();
    const wal = region.getByRole('group', { name: 'Families of messages' }).getByRole('button', {
      name: 'WAL append',
    });
    await wal.click();
    await expect(wal).toHaveAttribute('aria-pressed', 'false');
    await expect.poll(messages).toBeLessThan(all);
    await wal.click();
    await region.locator('summary').last().click();
    await region.getByRole('button', { name: 'Hide rw-1' }).click();
    await expect(description).toHaveText(/\d+ dashed lines go through hidden lanes\./);
    await region.getByRole('button', { name: 'Show rw-1' }).click();
    await expect(description).not.toHaveText(/dashed/);
    await region.getByRole('button', { name: 'Merge local events' }).click();
    await expect(region.getByRole('button', { name: 'Merge local events' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    expect(await seriousFindings(page, '[data-region="lens"]')).toEqual([]);
  });
  await test.step('a chosen event has its cones in words, and its vector clock in the inspector', async () => {
    await region.getByRole('button', { name: 'Show as a table' }).click();
    await region.locator('table[data-twin] tbody tr').last().getByRole('button').click();
    await expect(region.locator('p.visually-hidden')).toContainText('could have caused it');
    await region
      .locator('table[data-twin] tbody tr')
      .first()
      .getByRole('button')
      .click({ modifiers: ['Shift'] });
    await expect(region.getByRole('region', { name: 'The chosen event' })).toContainText(
      /happened (?:before|after|in one step)|are concurrent/,
    );
    await region.getByRole('button', { name: 'Show as a table' }).click();
    // The second event of a relation has a ring; all other marks are on the canvas.
    await expect(region.locator('svg[data-plot] circle')).toHaveCount(1);
    await page.getByRole('tab', { name: 'Inspector' }).click();
    await expect(page.getByRole('definition').filter({ hasText: /^(?:\S+ \d+ · ){5}\S+ \d+$/ })).toHaveCount(
      1,
    );
  });
}
