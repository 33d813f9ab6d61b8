// E02: the first minute, by the chips that suggest it; and what stands behind a caption.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { expectToPass, leaveByEscape, readNumber, waitForLive, watermark } from './support/lab-page.ts';
import { expectPassed, watchPassing } from './support/passing.ts';

const caption = (page: Page) => page.getByRole('region', { name: 'Status' }).locator('[data-caption]');
const chip = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

test('E02 the chips in turn: a hole is found and filled, without a quorum VDL stands, healing loses nothing, a twin dies', async ({
  lab,
}) => {
  const page = lab.page();
  await page.setViewportSize({ width: 1280, height: 800 });
  await watchPassing(page);
  await lab.goto();
  await waitForLive(page);
  await page.keyboard.press('5');
  await page.getByRole('button', { name: 'Show as a table' }).click();
  await chip(page, 'Cut rw-1–store-3 for 6 ms').click();
  await expectPassed(page, /^link rw-1–store-3, cut$/);
  const vdl = watermark(page, 'VDL', 'v1');
  // All of it can be read beside what else the strip has; it is gone again soon after the commit that it tells.
  await Promise.all([
    expectPassed(
      page,
      /^caption: store-3 is cut off, yet record \d+ is on disk at 2 of 3: commit acknowledged/,
    ),
    readNumber(vdl).then((value) => expectToPass(vdl, value)),
  ]);
  const hole = page.getByRole('row', { name: /^store-3 \[\d+,\d+\) hole/ });
  await expectPassed(page, /^store-3 \[\d+,\d+\) hole/);
  await expectPassed(page, /^caption: .*store-3 missed \d+ records\. No client waited\./);
  await expect(hole).toHaveCount(0);

  await chip(page, 'Now cut off store-2, store-3').click();
  await expectPassed(page, /^caption: .*rw-1 reaches only 1 of 3 replicas of g1, it needs 2/);
  await expect(page.locator('[data-blocked]')).toContainText(/commits? of rw-1 waits? for (its|their) log/);
  await chip(page, 'Heal rw-1–store-2, rw-1–store-3').click();
  await expectPassed(page, /^caption: .*A quorum is back: .*None failed\./);

  await chip(page, 'What if rw-1 dies right now?').click();
  await expect(page.getByRole('status', { name: 'run state' })).toHaveText(/TWIN/);
  await expectPassed(page, /^caption: .*every acknowledged commit, the last at LSN \d+, is in it/);
});

test(
  'a chip that was put aside does not come again; run until an end or a condition; Why? names the rule and its source, Show raw the event’s fields',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await page.keyboard.press('5');
    await test.step('a chip that was put aside does not come again, until everything is forgotten', async () => {
      const cut = chip(page, 'Cut rw-1–store-3 for 6 ms');
      await expect(cut).toBeVisible();
      await page
        .locator('[data-coach="cut"]')
        .getByRole('button', { name: 'Do not suggest this again' })
        .click();
      await expect(cut).toHaveCount(0);
      expect(await page.evaluate(() => localStorage.getItem('postdb-lab:coach'))).toBe('["cut"]');
    });
    await test.step('run until: a usual end, a condition, and one that cannot be read', async () => {
      await page.keyboard.press('u');
      const menu = page.getByRole('dialog', { name: 'Run until …' });
      await menu.getByRole('button', { name: /^next acknowledged commit/ }).click();
      await expect(page.getByRole('status', { name: 'run state' })).toHaveText('PAUSED');
      await expect(caption(page)).toHaveAttribute('data-caption', 'commit.ack');
      await page.getByRole('button', { name: /^Run until/ }).click();
      await menu.getByRole('combobox', { name: 'Condition' }).fill('VDL(v1) >= many');
      await menu.getByRole('button', { name: 'Run' }).first().click();
      await expect(menu.getByRole('alert')).toContainText('At character 12');
      const target = (await readNumber(watermark(page, 'VDL', 'v1'))) + 30;
      await menu.getByRole('combobox', { name: 'Condition' }).fill(`VDL(v1) >= ${target}`);
      await menu.getByRole('button', { name: 'Run' }).first().click();
      await expect(menu).toHaveCount(0);
      await expect.poll(() => readNumber(watermark(page, 'VDL', 'v1'))).toBeGreaterThanOrEqual(target);
      await expect(page.getByRole('status', { name: 'run state' })).toHaveText('PAUSED');
      // One that is given up for another leaves the way out of the other; a time that has passed is no end.
      const given = await page.evaluate(async () => {
        const first = window.lab.runUntil('violation');
        void window.lab.runUntil('violation or violation');
        return await first;
      });
      expect(given).toMatchObject({ ok: true, end: 'cancelled' });
      const cancel = page.getByRole('button', { name: 'Cancel', exact: true });
      await cancel.click();
      await expect(page.getByRole('status', { name: 'run state' })).toHaveText('PAUSED');
      await expect(cancel).toHaveCount(0);
      await page.keyboard.press('u');
      await menu.getByRole('textbox', { name: 'Virtual time, ms' }).fill('1');
      await menu.getByRole('button', { name: 'Run' }).last().click();
      await expect(menu.getByRole('alert')).toContainText('already');
      await leaveByEscape(page, menu);
    });
    await test.step('Why? and Show raw, and the page says what is modelled', async () => {
      await page.evaluate(() => window.lab.pause());
      await page.evaluate(() => window.lab.runUntil('commit.ack'));
      await expect(caption(page)).toHaveAttribute('data-caption', 'commit.ack');
      await page.getByRole('button', { name: 'Show raw' }).click();
      const raw = page.getByRole('dialog', { name: 'The event behind this caption' });
      await expect(raw.getByRole('row', { name: /^scn \d/ })).toBeVisible();
      await leaveByEscape(page, raw);
      await page.getByRole('button', { name: 'Why?' }).click();
      const why = page.getByRole('dialog', { name: 'Why?' });
      await expect(why).toContainText('A commit waits for VDL');
      await expect(why).toContainText('WAL-19');
      await why.getByRole('button', { name: 'What is modelled' }).click();
      await expect(page.getByRole('heading', { name: 'What is modelled', level: 1 })).toBeVisible();
      await expect(page.getByRole('row', { name: /^Log and quorum/ })).toHaveAttribute(
        'aria-current',
        'true',
      );
      await page.getByRole('button', { name: 'Back to the lab' }).click();
      await expect(page.getByRole('main').getByRole('group', { name: /^rw-1, / })).toBeVisible();
    });
  },
);
