// What happens round a page, in every engine: a machine that sleeps, the page before and after in the history, another tab in front, a
// private window. The run goes on, and what was acknowledged is there.
import { deep } from '../support/deep.ts';
import { query, setSpeed } from '../support/lab-page.ts';
import type { EnginePage } from './engine.ts';
import { expect, test } from './engine-fixture.ts';
import { waitForLive, waitForRecovery } from './engine-page.ts';

const liveTime = (page: EnginePage): Promise<number> => page.evaluate(() => window.lab.run().liveTime);

/** Virtual time passes, and a statement is answered. */
async function expectAlive(page: EnginePage, rows: number): Promise<void> {
  const before = await liveTime(page);
  await expect.poll(() => liveTime(page)).toBeGreaterThan(before);
  expect(await query(page, 'select count(*) from notes')).toEqual([[String(rows)]]);
  expect(await page.evaluate(() => window.lab.frame()?.violations)).toEqual([]);
}

async function begin(page: EnginePage): Promise<void> {
  await waitForLive(page);
  await query(page, 'create table notes(id int primary key)');
  await query(page, 'insert into notes values (1), (2), (3)');
}

test('a machine that sleeps for twenty seconds wakes to the same run', deep, async ({ lab }) => {
  const page = await lab.goto();
  await begin(page);
  const { runId } = await page.evaluate(() => window.lab.run());
  await setSpeed(page, 'max');
  await lab.sleep(20_000);
  await expectAlive(page, 3);
  expect((await page.evaluate(() => window.lab.run())).runId).toBe(runId);
});

test('back and forward: the run is there again, with what was acknowledged', deep, async ({ lab }) => {
  const page = await lab.goto();
  await begin(page);
  const { runId } = await page.evaluate(() => window.lab.run());
  for (const _time of ['once', 'twice']) {
    await page.open('about:blank');
    // it answers first, and goes then
    await page.evaluate(() => void setTimeout(() => history.back(), 0));
    await expect.poll(() => page.evaluate(() => 'lab' in window).catch(() => false)).toBe(true);
    await waitForLive(page);
    expect((await page.evaluate(() => window.lab.run())).runId).toBe(runId);
    await expectAlive(page, 3);
  }
});

test('another tab in front: virtual time goes on or stands, and nothing is lost', deep, async ({ lab }) => {
  const page = await lab.goto();
  await begin(page);
  const other = await lab.newTab('#/about');
  await new Promise((done) => setTimeout(done, 30_000));
  await other.close();
  await expectAlive(page, 3);
});

test.describe('private', () => {
  test.use({ isPrivate: true });
  test(
    'a private window runs on its disks, reloads from them, and says nothing false of them',
    deep,
    async ({ lab }) => {
      const page = await lab.goto();
      await begin(page);
      await page.reload();
      await waitForRecovery(page);
      await expectAlive(page, 3);
    },
  );
});
