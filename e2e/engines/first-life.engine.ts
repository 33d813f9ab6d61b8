// E18, E19 in every engine: a first visit comes to live, a crash by the palette and its undo, and a reload opens each node from its disk.

import type { EnginePage } from './engine.ts';
import { expect, test } from './engine-fixture.ts';
import { command, node, undo, waitForLive, waitForRecovery } from './engine-page.ts';

/** What the page says is live after an undo while its map still shows the run before, in which store-2 is down. */
const watchLies = (page: EnginePage): Promise<void> =>
  page.evaluate(() => {
    const before = window.lab.run().runId;
    const seen = { looks: 0, lies: 0 };
    Object.assign(window, { seen });
    const look = (): void => {
      const isLive = document.querySelector('[aria-label="run state"]')?.textContent === 'LIVE';
      const isDown = document.querySelector('[role=group][aria-label^="store-2, "][aria-label*=", down"]');
      if (isLive && window.lab.run().runId !== before) {
        seen.looks++;
        if (isDown !== null) seen.lies++;
      }
      requestAnimationFrame(look);
    };
    look();
  });

test('E19 a first visit is live, a crash is undone, a reload opens from the disks, and again', async ({
  lab,
}) => {
  const page = await lab.goto();
  await waitForLive(page);
  await command(page, 'crash store-2', /^Crash \(power cut\): store-2/);
  await page.count(node('store-2', 'down'), 1);
  await watchLies(page);
  await undo(page);
  await waitForLive(page);
  await page.count(node('store-2', 'up'), 1);
  const seen = () => page.evaluate(() => Reflect.get(window, 'seen'));
  await expect.poll(async () => (await seen()).looks).toBeGreaterThan(0);
  expect((await seen()).lies, 'frames that say LIVE over the run before').toBe(0);
  const { runId } = await page.evaluate(() => window.lab.run());
  for (const _visit of ['first', 'second']) {
    await page.reload();
    await waitForRecovery(page);
    expect((await page.evaluate(() => window.lab.run())).runId).toBe(runId);
  }
});
