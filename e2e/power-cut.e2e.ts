// E11, E12: a reload or a closed tab is a power cut; what was acknowledged is there afterwards.
import type { Page } from '@playwright/test';
import { expect, test } from './support/lab-fixture.ts';
import {
  chooseFromMenu,
  node,
  pause,
  query,
  runInConsole,
  setSpeed,
  stepUntilFlight,
  waitForLive,
} from './support/lab-page.ts';

test.use({ storage: 'profile' });

const lives = (page: Page): Promise<Readonly<Record<string, number>>> =>
  page.evaluate(() =>
    Object.fromEntries((window.lab.frame()?.nodes ?? []).map((node) => [node.id, node.life])),
  );

const violations = (page: Page): Promise<readonly unknown[]> =>
  page.evaluate(() => window.lab.frame()?.violations ?? ['no picture']);

const recovered = (page: Page) =>
  page
    .getByRole('status')
    .filter({ hasText: /^Recovered after a power cut: 6 nodes opened from their disks/ });

test('E11, E12 a reload, and a tab closed in the middle of a commit, are power cuts: no acknowledged row is lost, none is split', async ({
  lab,
}) => {
  const page = await lab.goto();
  await waitForLive(page);
  const answer = await runInConsole(
    page,
    "create table notes(id int primary key, body text); insert into notes values (1, 'kept')",
  );
  await expect(answer).toContainText('INSERT 0 1');
  const before = await lives(page);
  await page.reload();
  await waitForLive(page);
  await expect(recovered(page)).toBeVisible();
  const found = await runInConsole(page, 'select body from notes where id = 1');
  await expect(found.getByRole('cell', { name: 'kept' })).toBeVisible();
  const expected = Object.fromEntries(Object.entries(before).map(([id, life]) => [id, life + 1]));
  expect(await lives(page)).toEqual(expected);
  expect(await violations(page)).toEqual([]);

  await query(page, "insert into notes values (2, 'acknowledged')");
  await pause(page);
  const asked = await page.evaluate(() => {
    // Nobody waits for this answer: the tab is closed before it can come.
    void window.lab.sql('test', "insert into notes values (3, 'half'), (4, 'half')", { runToReply: false });
    return window.lab.run().liveTime;
  });
  await stepUntilFlight(page, { family: 'wal', from: 'rw-1', to: 'store-1', sentAfter: asked });
  await page.close();
  const next = await lab.newTab();
  await waitForLive(next);
  await expect(recovered(next)).toBeVisible();
  const rows = (await query(next, 'select id from notes order by id')).map(([id]) => id);
  expect([
    ['1', '2'],
    ['1', '2', '3', '4'],
  ]).toContainEqual(rows);
  expect(await violations(next)).toEqual([]);
});

test.describe(() => {
  test.use({ storage: 'memory' });
  test('E12 an outcome that nobody can know is said to be unknown', async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await query(page, 'create table notes(id int primary key, body text)');
    await pause(page);
    const before = await page.evaluate(() => window.lab.run().liveTime);
    await page.getByRole('tab', { name: 'SQL' }).click();
    await page
      .getByRole('textbox', { name: 'SQL statement' })
      .fill("insert into notes values (1, 'perhaps')");
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await stepUntilFlight(page, { family: 'sqlRequest', from: 'd1', to: 'rw-1', sentAfter: before });
    await chooseFromMenu(page, node(page, 'rw-1'), 'Crash (power cut)');
    await expect(node(page, 'rw-1')).toHaveAccessibleName(/, down,/);
    await page.getByRole('button', { name: 'Cancel' }).click();
    const answer = page.getByRole('region', { name: 'Results' }).getByRole('article').last();
    await expect(answer).toContainText('Outcome unknown: it may or may not have been applied.');
    await setSpeed(page, 'max');
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await chooseFromMenu(page, node(page, 'rw-1'), 'Restart');
    await expect(node(page, 'rw-1')).toHaveAccessibleName(/, up,/);
    const rows = await query(page, 'select id from notes');
    expect([[], [['1']]]).toContainEqual(rows);
    expect(await violations(page)).toEqual([]);
  });
});
