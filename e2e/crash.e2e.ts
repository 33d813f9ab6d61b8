// E03, E04, E05, E12: nodes crash and come back, by the menus that a person uses.
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/lab-fixture.ts';
import {
  chooseFromMenu,
  expectToPass,
  leaveByEscape,
  node,
  pause,
  query,
  readNumber,
  runOn,
  setSpeed,
  stepUntilFlight,
  waitForLive,
  watermark,
} from './support/lab-page.ts';
import { expectPassed, watchPassing } from './support/passing.ts';

const crash = (page: Page, id: string): Promise<void> =>
  chooseFromMenu(page, node(page, id), 'Crash (power cut)');
const restart = (page: Page, id: string): Promise<void> => chooseFromMenu(page, node(page, id), 'Restart');

const nameOf = async (one: Locator): Promise<string> => (await one.getAttribute('aria-label')) ?? '';

/** How many of its statements a driver has an acknowledgement of, as its card is read out. */
function okCount(name: string): number {
  const [, count] = /, (\d+) ok\b/.exec(name) ?? [];
  if (count === undefined) throw new Error(`no count in ${name}`);
  return Number(count);
}

test('E03, E04, E05 a storage node crashes by its context menu, commits go on; it comes back and catches up; without a write quorum commits wait; an outcome is unknown', async ({
  lab,
}) => {
  await watchPassing(lab.page());
  const page = await lab.goto();
  await waitForLive(page);
  await page.keyboard.press('5');
  await crash(page, 'store-2');
  await expect(node(page, 'store-2')).toHaveAccessibleName(/, down,/);
  await setSpeed(page, 'max');
  const vdl = watermark(page, 'VDL', 'v1');
  for (let i = 0; i < 3; i++) await expectToPass(vdl, await readNumber(vdl));
  await expect(node(page, 'store-2')).toHaveAccessibleName(/, down,/);

  const atCrash = await readNumber(vdl);
  await expectToPass(vdl, atCrash + 20);
  await restart(page, 'store-2');
  await expectPassed(page, /^bar: Recovery of store-2 whole$/);
  await expect(node(page, 'store-2')).toHaveAccessibleName(/, up,/);
  // Both numbers of one picture.
  const marks = (): Promise<readonly (string | undefined)[]> =>
    page.evaluate(() =>
      ['SCL of store-2', 'PGCL of g2'].map((name) =>
        document.querySelector(`output[aria-label="${name}"]`)?.textContent?.replace(/\D/g, ''),
      ),
    );
  await expect
    .poll(async () => {
      const [scl, pgcl] = await marks();
      return scl !== undefined && scl === pgcl && Number(scl) > atCrash;
    })
    .toBe(true);
  await test.step('E05 without a write quorum commits wait, and none is lost', () => loseWriteQuorum(page));
  await test.step('E12 an outcome that nobody can know is said to be unknown', () => crashUnanswered(page));
});

/** The cluster plays. */
async function loseWriteQuorum(page: Page): Promise<void> {
  await crash(page, 'store-2');
  await crash(page, 'store-3');
  await expect(node(page, 'store-3')).toHaveAccessibleName(/, down,/);
  // The toolbar's menu offers what may be done now, not what might have been when the page was opened.
  await page.getByRole('button', { name: 'Fault', exact: true }).click();
  await expect(page.getByRole('menuitem', { name: 'Restart every node that is down' })).toBeEnabled();
  await leaveByEscape(page, page.getByRole('menu', { name: 'Fault' }));
  await setSpeed(page, 'max');
  const waiting = page.getByRole('status', { name: /^\d+ commits? waiting$/ });
  await expect(waiting).toBeVisible();
  const vdl = watermark(page, 'VDL', 'v1');
  // An acknowledgement that was on its way when the quorum went still counts.
  await runOn(page, 5000);
  const vdlNow = (): Promise<number> => page.evaluate(() => window.lab.frame()?.metrics.vdl ?? -1);
  const standing = await vdlNow();
  await runOn(page, 20_000);
  expect(await vdlNow()).toBe(standing);
  await expect.poll(() => readNumber(vdl)).toBe(standing);
  await expect(waiting).toBeVisible();
  const okBefore = okCount(await nameOf(node(page, 'd1')));
  await restart(page, 'store-2');
  await restart(page, 'store-3');
  await expectToPass(vdl, standing);
  await expect(waiting).toHaveCount(0);
  await expect.poll(async () => okCount(await nameOf(node(page, 'd1')))).toBeGreaterThan(okBefore);
}

async function crashUnanswered(page: Page): Promise<void> {
  await query(page, 'create table notes(id int primary key, body text)');
  await pause(page);
  const before = await page.evaluate(() => window.lab.run().liveTime);
  await page.getByRole('tab', { name: 'SQL' }).click();
  await page.getByRole('textbox', { name: 'SQL statement' }).fill("insert into notes values (1, 'perhaps')");
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
}

const violations = (page: Page): Promise<readonly unknown[]> =>
  page.evaluate(() => window.lab.frame()?.violations ?? ['no picture']);
