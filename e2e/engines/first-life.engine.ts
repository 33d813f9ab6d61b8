// E18, E19 in every engine: a first visit comes to live, a crash by the palette and its undo, and a reload opens each node from its disk.

import { expect, test } from './engine-fixture.ts';
import { command, node, undo, waitForLive, waitForRecovery } from './engine-page.ts';

test('E19 a first visit is live, a crash is undone, a reload opens from the disks, and again', async ({
  lab,
}) => {
  const page = await lab.goto();
  await waitForLive(page);
  await command(page, 'crash store-2', /^Crash \(power cut\): store-2/);
  await page.count(node('store-2', 'down'), 1);
  await undo(page);
  await waitForLive(page);
  await page.count(node('store-2', 'up'), 1);
  const { runId } = await page.evaluate(() => window.lab.run());
  for (const _visit of ['first', 'second']) {
    await page.reload();
    await waitForRecovery(page);
    expect((await page.evaluate(() => window.lab.run())).runId).toBe(runId);
  }
});
