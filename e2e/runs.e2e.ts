// The runs of a lab: named, pinned, opened and deleted in their panel, there again after a reload; and the search of a
// run's events with bookmarks of its moments. E19: the toast of an action takes it back.

import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  act,
  chooseFromMenu,
  endDigest,
  exportTape,
  node,
  pause,
  runOn,
  runState,
  waitForLive,
} from './support/lab-page.ts';
import { expectPassed, watchPassing } from './support/passing.ts';

test(
  'E19 the toast of an action takes it back, and no other; runs are named, pinned, opened, deleted, and survive a reload',
  deep,
  async ({ lab }) => {
    await watchPassing(lab.page(), { holdsToasts: true });
    const page = await lab.goto('#/lab');
    await waitForLive(page);
    await pause(page);
    await chooseFromMenu(page, node(page, 'store-3'), 'Crash (power cut)');
    const toast = page.locator('[data-sonner-toast]', { hasText: 'crash store-3' });
    await toast.first().hover();
    await expect(node(page, 'store-3')).toHaveAccessibleName(/, down/);
    const crashed = await endDigest(page);
    await toast.first().getByRole('button', { name: 'Undo' }).click();
    await expect(node(page, 'store-3')).toHaveAccessibleName(/, up/);
    await expectPassed(page, /^toast: Rewound before crash store-3; old branch kept in Runs/);
    await expect.poll(() => page.evaluate(() => window.lab.run().redo)).not.toBeNull();

    await page.goto(`${lab.address}#/runs`);
    const panel = page.getByRole('complementary', { name: 'Runs' });
    await panel.getByRole('button', { name: 'Rename hook-hole, seed 7' }).click();
    await panel.getByRole('textbox', { name: 'Name of hook-hole, seed 7' }).fill('The lost replica');
    await panel.getByRole('button', { name: 'Save the name' }).click();
    await panel.getByRole('button', { name: 'Pin The lost replica', exact: true }).click();
    await expect(panel.getByRole('listitem', { name: 'The lost replica' })).toContainText('pinned');

    await page.reload();
    await waitForLive(page);
    await pause(page);
    await expect(panel.getByRole('listitem', { name: 'The lost replica' })).toContainText('pinned');
    await panel.getByRole('button', { name: 'Open The lost replica' }).click();
    await expect(panel.getByRole('listitem', { name: 'The lost replica, on' })).toBeVisible();
    await expect(runState(page)).toHaveText('PAUSED');
    expect((await endDigest(page)).nodes).toEqual(crashed.nodes);

    await panel.getByRole('button', { name: 'Delete Before crash store-3' }).click();
    await panel.getByRole('button', { name: 'Delete for good?' }).click();
    await expect(panel.getByRole('listitem')).toHaveCount(1);
  },
);

test('a search goes through the whole run, to each match and back', deep, async ({ lab }) => {
  const page = await lab.goto('#/lab');
  await waitForLive(page);
  await act(page, 'crash store-3 for 2 ms');
  await runOn(page, 4000);
  await pause(page);
  await page.getByRole('tab', { name: 'Events' }).click();
  const field = page.getByRole('searchbox', { name: 'Search the whole run' });
  // What is nowhere in the run leaves nobody in its past.
  await field.fill('hole.ignored store-1');
  await field.press('Enter');
  await expect(page.getByRole('status', { name: 'Events found' })).toHaveText(
    'No event has all of these words',
  );
  await expect(runState(page)).toHaveText('PAUSED');
  await field.fill('node.open store-3');
  await field.press('Enter');
  await expect(page.getByRole('status', { name: 'Events found' })).toHaveText('2 found');
  await page.getByRole('button', { name: 'Previous match' }).click();
  await expect(runState(page)).toHaveText(/^REVIEW/);
  const current = page.getByRole('log', { name: 'Events' }).locator('[aria-current=true]');
  await expect(current).toContainText('incarnation 2');
  await page.getByRole('button', { name: 'Previous match' }).click();
  await expect(current).toContainText('incarnation 1');
  await page.getByRole('button', { name: 'Next match' }).click();
  await expect(current).toContainText('incarnation 2');
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await page.getByRole('button', { name: 'Add a bookmark here' }).click();
  await page.getByRole('button', { name: 'Return to live' }).click();
  await page.getByRole('button', { name: 'Bookmarks', exact: true }).click();
  await page.getByRole('textbox', { name: 'Name of the bookmark' }).fill('Back again');
  await page.getByRole('button', { name: /^Go to Back again at/ }).click();
  await expect(runState(page)).toHaveText(/^REVIEW/);
  // Bookmarks are the run's own: in its tape, and there after a reload.
  await expect.poll(() => exportTape(page)).toMatch(/^mark \d+\.\d{3} "Back again"$/m);
  await page.reload();
  await waitForLive(page);
  await page.getByRole('button', { name: 'Bookmarks', exact: true }).click();
  await expect(page.getByRole('textbox', { name: 'Name of the bookmark' })).toHaveValue('Back again');
});
