// E42: a laptop at 200 % and at 400 % zoom (640 × 400 and 320 × 200 CSS px) operates everything in one column: transport, faults
// by the lists of the outline, inspector, lenses, SQL, lessons, dialogs; nothing is cut, covered or scrolled sideways.

import type { Page } from '@playwright/test';
import { seriousFindings } from '../scripts/axe.mjs';
import { roomFaults, wearLetters } from '../scripts/room.mjs';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { leaveByEscape, node, placeIn, runInConsole, runState, waitForLive } from './support/lab-page.ts';

const twice = { width: 640, height: 400 } as const;
const fourTimes = { width: 320, height: 200 } as const;

async function expectRoom(page: Page, what: string): Promise<void> {
  await expect.poll(() => roomFaults(page), what).toEqual([]);
}

const goDown = (page: Page, name: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name }).click();

test(
  'E42 at 200 % everything is operated in one column, at 400 % too, by keyboard and by lists',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await page.setViewportSize(twice);
    await waitForLive(page);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await expect(runState(page)).toHaveText('PAUSED');
    await wearLetters(page, 'wider');
    await expectRoom(page, 'map');

    await test.step('a fault by the outline’s list, and by the inspector that a node of it opens', async () => {
      await goDown(page, 'Tree');
      const tree = page.getByRole('tree');
      await tree.getByRole('button', { name: 'Actions on store-2' }).click();
      await page.getByRole('menuitem', { name: 'Crash (power cut)' }).click();
      await expect(node(page, 'store-2')).toHaveAccessibleName(/, down,/);
      await tree.locator('[data-id="store-2"]').click();
      const inspector = page.locator('[data-region="inspector"]');
      await expect(inspector).toBeInViewport();
      await expectRoom(page, 'inspector');
      await inspector.getByRole('button', { name: 'Restart' }).click();
      await expect(node(page, 'store-2')).not.toHaveAccessibleName(/, down,/);
    });

    await test.step('a lens by its key comes into view, the console by the row of views', async () => {
      await page.keyboard.press('2');
      await expect(page.getByRole('region', { name: 'MTR and CPL' })).toBeInViewport();
      await expectRoom(page, 'lens');
      await goDown(page, 'Dock');
      await expect(page.getByRole('region', { name: 'Dock' })).toBeInViewport();
      await page.getByRole('button', { name: 'Play', exact: true }).click();
      const answer = await runInConsole(page, 'select count(*) from accounts');
      await expect(answer.getByRole('cell', { name: '100' })).toBeVisible();
      await expectRoom(page, 'console');
      await page.getByRole('button', { name: 'Pause', exact: true }).click();
    });
    expect(await seriousFindings(page), '640 px').toEqual([]);

    await test.step('400 %: the nodes are a list that keys act on', async () => {
      await page.setViewportSize(fourTimes);
      await wearLetters(page, 'own');
      await goDown(page, 'Map');
      await page.getByRole('tree').focus();
      await page.keyboard.press('End');
      await expect(page.getByRole('tree').locator('[data-id="store-3"]')).toBeFocused();
      await page.keyboard.press('m');
      const menu = page.getByRole('menu', { name: 'store-3' });
      await expectRoom(page, 'menu at 400 %');
      await menu.getByRole('menuitem', { name: 'Crash (power cut)' }).press('Enter');
      await expect(node(page, 'store-3')).toHaveAccessibleName(/, down,/);
      await page.keyboard.press('.');
      await page.keyboard.press(',');
      await expect(runState(page)).toHaveText(/^REVIEW/);
      await page.keyboard.press('End');
      await expect(page.getByRole('tree').locator('[data-id="store-3"]')).toBeFocused();
      await page.getByRole('button', { name: 'Return to live' }).click();
      await expect(runState(page)).toHaveText('PAUSED');
    });
    await test.step('400 %: dialogs and forms are scrolled in the window, their ends in sight', async () => {
      await page.getByRole('button', { name: 'Share', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Share this run' });
      await expectRoom(page, 'share at 400 %');
      await leaveByEscape(page, dialog);
      await page.keyboard.press('p');
      const partition = page.getByRole('form', { name: 'Partition' });
      await expect(partition.getByRole('button', { name: 'Partition' })).toBeInViewport({ ratio: 1 });
      await expectRoom(page, 'partition at 400 %');
      await leaveByEscape(page, partition);
    });
    await test.step('400 %: a lesson is played up to its prediction, which can be committed in sight', () =>
      predict(page));
    expect(await seriousFindings(page), '320 px').toEqual([]);
  },
);

/** H01 up to its first question. */
async function predict(page: Page): Promise<void> {
  await page.evaluate(() => {
    location.hash = '#/lessons/H01';
  });
  const lesson = page.getByRole('complementary', { name: 'Lessons' });
  const form = lesson.getByRole('form', { name: /^Prediction/ });
  const onward = lesson.getByRole('button', { name: /^(Next|Do it)$/ }).and(page.locator(':enabled'));
  while ((await form.count()) === 0) {
    await expect(form.or(onward).first()).toBeVisible();
    if ((await form.count()) > 0) break;
    const before = await placeIn(lesson);
    await onward.first().click();
    // Pressed again before that has its effect, it would wait for a button that the prediction has no more.
    await expect.poll(() => placeIn(lesson)).not.toBe(before);
  }
  await expect(form.getByRole('button', { name: 'Commit the prediction' })).toBeInViewport({ ratio: 1 });
  await expectRoom(page, 'prediction at 400 %');
}
