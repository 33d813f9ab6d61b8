// E16: one tab drives a cluster; another learns of it, and may watch, take over, or fork the run into a lab of its own.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, type Lab, test } from './support/lab-fixture.ts';
import {
  endDigest,
  expectToPass,
  pause,
  query,
  readNumber,
  runOn,
  runState,
  standingFrame,
  waitForLive,
  waitForPicture,
  watermark,
} from './support/lab-page.ts';

const elsewhere = { name: 'This run is open in another tab' } as const;

test('E16 a second tab watches, a third takes over, a fourth forks the run', async ({ lab }) => {
  const owner = await lab.goto();
  await waitForLive(owner);
  const watcher = await lab.newTab();
  await watcher.getByRole('dialog', elsewhere).getByRole('button', { name: 'Watch' }).click();
  await expect(runState(watcher)).toHaveText('MIRROR');
  await pause(owner);
  for (const tab of [owner, watcher]) await tab.keyboard.press('5');
  const { time, metrics } = await standingFrame(owner);
  const { vdl = -1 } = metrics;
  await waitForPicture(watcher, time);
  await expect.poll(() => readNumber(watermark(watcher, 'VDL', 'v1')).catch(() => -1)).toBe(vdl);

  const taker = await lab.newTab();
  await taker.getByRole('dialog', elsewhere).getByRole('button', { name: 'Take over' }).click();
  await waitForLive(taker);
  await taker.keyboard.press('5');
  await expect(runState(owner)).toHaveText('MIRROR');
  const taken = watermark(taker, 'VDL', 'v1');
  await expectToPass(taken, await readNumber(taken));
  // Both tabs that watch now see the new owner's cluster.
  for (const tab of [owner, watcher])
    await expect.poll(() => readNumber(watermark(tab, 'VDL', 'v1')).catch(() => -1)).toBeGreaterThan(vdl);
  await Promise.all([owner.close(), watcher.close()]);
  await test.step('a fork of the run goes on as a lab of its own, on disks of its own', () =>
    forkElsewhere(lab, taker));
});

async function forkElsewhere(lab: Lab, first: Page): Promise<void> {
  await query(first, 'create table shared(id int primary key)');
  await query(first, 'insert into shared values (1)');
  await pause(first);
  const { hash, time } = await endDigest(first);
  const second = await lab.newTab();
  const dialog = second.getByRole('dialog', elsewhere);
  await dialog.getByRole('button', { name: 'Fork here' }).click();
  // It stands where the other stands, and is the same run.
  await expect(runState(second)).toHaveText('PAUSED');
  await expect(dialog).toHaveCount(0);
  await expect(second).toHaveURL(/\?lab=lab-/);
  expect(await endDigest(second)).toMatchObject({ hash, time });
  await query(second, 'insert into shared values (2)');
  expect(await query(second, 'select id from shared order by id')).toEqual([['1'], ['2']]);
  // The other is not touched, and a reload opens the fork again.
  expect(await query(first, 'select id from shared')).toEqual([['1']]);
  await second.reload();
  await waitForLive(second);
  expect(await query(second, 'select id from shared order by id')).toEqual([['1'], ['2']]);
}

test('E13 a link is followed once: a tab that takes its run back goes on with it', deep, async ({ lab }) => {
  const page = await lab.goto('#/lab&preset=cynosdb&seed=9');
  await waitForLive(page);
  const runIdOf = (tab: Page): Promise<string> => tab.evaluate(() => window.lab.run().runId);
  const own = await runIdOf(page);
  const other = await lab.newTab();
  await other.getByRole('dialog', elsewhere).getByRole('button', { name: 'Take over' }).click();
  await waitForLive(other);
  expect(await runIdOf(other)).toBe(own);
  await other.close();
  await page.evaluate(() => window.lab.takeOver());
  await waitForLive(page);
  // A fresh run would stand before the time that this one has come to.
  await runOn(page, 1000);
  expect(await runIdOf(page)).toBe(own);
});
