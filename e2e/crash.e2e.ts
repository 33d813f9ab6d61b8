// E03, E04, E05: nodes crash and come back, by the menus that a person uses.
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/lab-fixture.ts';
import {
  chooseFromMenu,
  expectToPass,
  node,
  readNumber,
  runOn,
  setSpeed,
  waitForLive,
  watermark,
} from './support/lab-page.ts';

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

test('E03, E04, E05 a storage node crashes by its context menu, commits go on; it comes back and catches up; without a write quorum commits wait', async ({
  lab,
}) => {
  const page = await lab.goto();
  await waitForLive(page);
  await crash(page, 'store-2');
  await expect(node(page, 'store-2')).toHaveAccessibleName(/, down,/);
  await setSpeed(page, 'max');
  const vdl = watermark(page, 'VDL', 'v1');
  for (let i = 0; i < 3; i++) await expectToPass(vdl, await readNumber(vdl));
  await expect(node(page, 'store-2')).toHaveAccessibleName(/, down,/);

  const atCrash = await readNumber(vdl);
  await expectToPass(vdl, atCrash + 20);
  await restart(page, 'store-2');
  const bar = page.getByRole('progressbar', { name: 'Recovery of store-2' });
  await expect(bar).toBeVisible();
  await expect
    .poll(async () => {
      const [done, of] = [await bar.getAttribute('aria-valuenow'), await bar.getAttribute('aria-valuemax')];
      return done !== null && done === of;
    })
    .toBe(true);
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
});

/** The cluster plays. */
async function loseWriteQuorum(page: Page): Promise<void> {
  await crash(page, 'store-2');
  await crash(page, 'store-3');
  await expect(node(page, 'store-3')).toHaveAccessibleName(/, down,/);
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
