// Zoom from 50 to 200 % of a window of 1440 × 900, in every engine: the page has as many CSS px as it has when it is zoomed. At each
// everything has room, and what is pressed is done.
import { roomFaults } from '../../scripts/room.mjs';
import { deep } from '../support/deep.ts';
import type { EnginePage } from './engine.ts';
import { expect, test } from './engine-fixture.ts';
import { waitForLive } from './engine-page.ts';

const WINDOW = { width: 1440, height: 900 } as const;
const zooms = [50, 75, 100, 125, 150, 200] as const;

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
