// The strip of the space-time lens is drawn by a worker, as a bitmap that the page puts on the screen: in every engine it is there, and
// in another theme it is drawn in its colours.

import { deep } from '../support/deep.ts';
import type { EnginePage } from './engine.ts';
import { expect, test } from './engine-fixture.ts';
import { waitForLive } from './engine-page.ts';

/** Opaque pixels of the lens's canvas, and how bright they are, 0 to 255. */
const readCanvas = (page: EnginePage): Promise<{ readonly count: number; readonly ink: number }> =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-region="lens"] canvas');
    const copy = document.createElement('canvas');
    Object.assign(copy, { width: canvas?.width ?? 0, height: canvas?.height ?? 0 });
    const context = copy.getContext('2d');
    if (canvas === null || context === null || canvas.width === 0) return { count: 0, ink: 0 };
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    let [count, sum] = [0, 0];
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] !== 255) continue;
      count++;
      sum += ((data[i] ?? 0) + (data[i + 1] ?? 0) + (data[i + 2] ?? 0)) / 3;
    }
    return { count, ink: count === 0 ? 0 : sum / count };
  });

test(
  'the strip of the space-time lens is drawn in every engine, in the colours of the theme',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await page.evaluate(() => window.lab.pause());
    await page.evaluate(() =>
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '7', code: 'Digit7', bubbles: true })),
    );
    await expect.poll(async () => (await readCanvas(page)).count).toBeGreaterThan(100);
    const setTheme = (theme: string): Promise<unknown> =>
      page.evaluate((to) => Object.assign(document.documentElement.dataset, { theme: to }), theme);
    await setTheme('light');
    await expect.poll(async () => (await readCanvas(page)).ink).toBeLessThan(140);
    const { ink } = await readCanvas(page);
    await setTheme('dark');
    await expect.poll(async () => (await readCanvas(page)).ink).toBeGreaterThan(ink + 20);
  },
);
