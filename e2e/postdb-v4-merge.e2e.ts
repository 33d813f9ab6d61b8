// Two neighbouring tablets of `postdb-v4` become one: by the menu of one of them, and by the planner once the load that had a tablet split is
// over. The lens, the views and the captions show it; the past has both tablets, and a link plays all of it to the same disks.
import { seriousFindings } from '../scripts/axe.mjs';
import type { Time } from '../src/base/ids.ts';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  act,
  chooseFromMenu,
  exportTape,
  passTime,
  playLink,
  runState,
  runUntil,
  virtualTime,
} from './support/lab-page.ts';
import { accounts, expectWhole, HEAT, lensOf, rowOf, standOnTablets, WHOLE } from './support/tablets.ts';

test.use({ browserOptions: { viewport: { width: 1280, height: 800 } } });

test(
  'PCS-122 two tablets are merged from a menu, and by the planner when both stay cold',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await standOnTablets(page);
    const lens = lensOf(page);
    expect(await accounts(page)).toEqual(WHOLE);
    const before = await virtualTime(page);

    await test.step('by the menu of a group: its keys and those of the tablet after it are one’s', async () => {
      const tile = lens.locator('[data-replica^="g2 "]').first();
      await chooseFromMenu(page, tile, 'Merge it with the tablet after it, g3');
      await expect.poll(() => exportTape(page)).toMatch(/ mergeGroups g2 g3\n/);
      await runUntil(page, 'merge.cut');
      await expect(page.locator('[data-caption="merge.cut"]')).toContainText(/Old routes get WRONG_EPOCH/);
      await passTime(page, 60_000);
      await expect(rowOf(page, 'g5')).toContainText('accounts [26, 76)');
      for (const gone of ['g2', 'g3']) await expect(rowOf(page, gone)).toHaveCount(0);
      expect(await seriousFindings(page, '[data-region="lens"]')).toEqual([]);
      expect(await accounts(page)).toEqual(WHOLE);
    });

    await test.step('the past has both tablets, and the present one', async () => {
      await page.evaluate((at) => window.lab.seek(at as Time), before);
      await expect(runState(page)).toHaveText(/^REVIEW/);
      for (const there of ['g2', 'g3']) await expect(rowOf(page, there)).toHaveCount(1);
      await expect(rowOf(page, 'g5')).toHaveCount(0);
      await page.getByRole('button', { name: 'Return to live' }).click();
      await expect(rowOf(page, 'g5')).toHaveCount(1);
    });

    await test.step('a range that is hot is split by itself, and merged again by itself when nobody asks for it', async () => {
      await act(page, HEAT);
      await runUntil(page, 'split.cut');
      await expect(rowOf(page, 'g6')).toContainText(/accounts \[[2-5], 26\)/);
      await act(page, 'workloadStop d1 hot');
      await act(page, 'workloadStop d1');
      await runUntil(page, 'merge.begin');
      await expect(page.locator('[data-caption="merge.begin"]')).toContainText(/stay small and cold/);
      await runUntil(page, 'merge.cut');
      await passTime(page, 60_000);
      await expect(rowOf(page, 'g7')).toContainText('accounts [−∞, 26)');
      for (const gone of ['g1', 'g6']) await expect(rowOf(page, gone)).toHaveCount(0);
    });

    await test.step('nothing is lost, no rule broken; a link and a replay without a browser come to the same disks', async () => {
      await expectWhole(page);
      const guest = await playLink(page, await lab.newTab());
      await guest.keyboard.press('3');
      await expect(rowOf(guest, 'g7')).toContainText('accounts [−∞, 26)');
      await guest.close();
    });
  },
);
