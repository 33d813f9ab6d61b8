// E16: one tab drives a cluster; another is told, and may watch, take over, or start a lab of its own.
import { expect, test } from './support/lab-fixture.ts';
import {
  expectToPass,
  pause,
  readNumber,
  runState,
  standingFrame,
  waitForLive,
  waitForPicture,
  watermark,
} from './support/lab-page.ts';

const elsewhere = { name: 'This run is open in another tab' } as const;

test('E16 a second tab watches, a third takes over', async ({ lab }) => {
  const owner = await lab.goto();
  await waitForLive(owner);
  const watcher = await lab.newTab();
  await watcher.getByRole('dialog', elsewhere).getByRole('button', { name: 'Watch' }).click();
  await expect(runState(watcher)).toHaveText('MIRROR');
  await pause(owner);
  const { time, metrics } = await standingFrame(owner);
  const { vdl } = metrics;
  await waitForPicture(watcher, time);
  await expect.poll(() => readNumber(watermark(watcher, 'VDL', 'v1')).catch(() => -1)).toBe(vdl);

  const taker = await lab.newTab();
  await taker.getByRole('dialog', elsewhere).getByRole('button', { name: 'Take over' }).click();
  await waitForLive(taker);
  await expect(runState(owner)).toHaveText('MIRROR');
  const taken = watermark(taker, 'VDL', 'v1');
  await expectToPass(taken, await readNumber(taken));
  // Both tabs that watch now see the new owner's cluster.
  for (const tab of [owner, watcher])
    await expect.poll(() => readNumber(watermark(tab, 'VDL', 'v1')).catch(() => -1)).toBeGreaterThan(vdl);
});

test('E16 a separate lab has disks of its own', async ({ lab }) => {
  const first = await lab.goto();
  await waitForLive(first);
  await first.evaluate(() =>
    window.lab.sql('test', 'create table only_here(id int primary key)', { runToReply: true }),
  );
  const second = await lab.newTab();
  await second.getByRole('dialog', elsewhere).getByRole('button', { name: 'Separate lab' }).click();
  await expect(second).toHaveURL(/\?lab=lab-/);
  await waitForLive(second);
  const answer = await second.evaluate(() =>
    window.lab.sql('test', 'select * from only_here', { runToReply: true }),
  );
  expect(answer.result.statements[0]).toMatchObject({ kind: 'error', sqlstate: '42P01' });
  await expect(runState(first)).toHaveText(/^(LIVE|PAUSED)$/);
});
