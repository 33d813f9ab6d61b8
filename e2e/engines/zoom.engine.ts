// Zoom from 50 to 200 % of a window of 1440 × 900, in every engine: the page has as many CSS px as it has when it is zoomed. At each
// everything has room, and what is pressed is done.
import { roomFaults } from '../../scripts/room.mjs';
import { deep } from '../support/deep.ts';
import type { EnginePage } from './engine.ts';
import { expect, test } from './engine-fixture.ts';
import { waitForLive } from './engine-page.ts';

const WINDOW = { width: 1440, height: 900 } as const;
const zooms = [50, 75, 100, 125, 150, 200] as const;

/** A phone, a tablet upright and on its side, a small laptop, CSS px. */
const devices = [
  [390, 844],
  [820, 1180],
  [1180, 820],
  [1366, 768],
] as const;

/** CSS px: no window of WebKitGTK is narrower than this. */
const LEAST_IN_WEBKIT = 447;

const isPlaying = (page: EnginePage): Promise<boolean> => page.evaluate(() => window.lab.run().playing);

test(
  'E42 zoomed from 50 to 200 % everything has room and is pressed where it stands',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    for (const zoom of zooms)
      await test.step(`${zoom} %`, async () => {
        const px = (all: number): number => Math.round((all * 100) / zoom);
        await page.resize(px(WINDOW.width), px(WINDOW.height));
        await expect.poll(() => page.evaluate(() => innerWidth)).toBe(px(WINDOW.width));
        await expect.poll(() => roomFaults(page), `${zoom} %`).toEqual([]);
        await page.click({ role: 'button', name: 'Pause' });
        await expect.poll(() => isPlaying(page)).toBe(false);
        await page.click({ role: 'button', name: 'Play' });
        await expect.poll(() => isPlaying(page)).toBe(true);
        await page.screenshot(test.info().outputPath(`zoom-${zoom}.png`));
      });
    expect(await page.evaluate(() => window.lab.frame()?.violations)).toEqual([]);
  },
);

test(
  'E42 at the sizes of a phone, a tablet and a small laptop everything has room',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    const least = test.info().project.name === 'webkit' ? LEAST_IN_WEBKIT : 0;
    for (const [width, height] of devices.filter(([across]) => across >= least))
      await test.step(`${width} × ${height}`, async () => {
        await page.resize(width, height);
        await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width);
        await expect.poll(() => roomFaults(page), `${width} × ${height}`).toEqual([]);
        await page.screenshot(test.info().outputPath(`size-${width}.png`));
      });
    expect(await page.evaluate(() => window.lab.frame()?.violations)).toEqual([]);
  },
);
