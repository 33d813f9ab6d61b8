// What a name on the screen means is said at it: under the pointer, at the keyboard's focus, under a finger. Figures are plain, or those
// of an expert, by one control for map, lenses and links; help begins with the glossary; Chinese captions gloss a term at its first use.

import type { Locator, Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { leaveByEscape, node, pause, waitForLive } from './support/lab-page.ts';
import { expectPassed, watchPassing } from './support/passing.ts';

const explanation = (page: Page): Locator => page.getByRole('tooltip');

/** Rests the pointer on it, from somewhere else. */
async function restOn(page: Page, place: Locator): Promise<void> {
  await page.mouse.move(2, 2);
  await expect(explanation(page)).toHaveCount(0);
  await place.hover();
}

test(
  'words: explained under pointer and focus; figures plain or an expert’s by one control; help begins with the glossary',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await pause(page);
    await page.keyboard.press('5');
    const figures = page.getByRole('region', { name: 'WAL & holes' }).locator('.marks dfn');
    const durable = figures.first();

    await test.step('a label in plain words: one sentence, its rules, its lens; it stays plain', async () => {
      await expect(durable).toHaveText('log safe up to');
      await expect(
        node(page, 'rw-1')
          .getByRole('term')
          .filter({ hasText: /^writer$/ }),
      ).toBeVisible();
      await expect(page.getByText('3 copies, 2 must answer')).toBeVisible();
      await restOn(page, durable);
      await expect(explanation(page)).toContainText(
        'VDLVolume durable LSN: Everything up to this LSN survives any crash',
      );
      await expect(explanation(page)).toContainText('WAL-17, WAL-19 · seen in WAL & holes, key 5');
      // The pointer may go onto it.
      await explanation(page).hover();
      await expect(explanation(page)).toBeVisible();
      await page.mouse.move(2, 2);
      await expect(explanation(page)).toHaveCount(0);
      await expect(durable).toHaveText('log safe up to');
    });

    await test.step('a name in a drawing and one in a sentence need no mark', async () => {
      await restOn(page, page.locator('svg[data-plot] text', { hasText: /^newest$/ }).first());
      await expect(explanation(page)).toContainText('Newest LSN that this copy has on disk');
      await page.mouse.move(2, 2);
    });

    await test.step('names in a drawing are listed for the keyboard', async () => {
      await page
        .getByRole('region', { name: 'WAL & holes' })
        .getByRole('button', { name: 'What the marks mean' })
        .press('Enter');
      const legend = page.getByRole('dialog', { name: 'What the marks mean' });
      await expect(legend.locator('dl')).toContainText('Names in this picture');
      await expect(legend.locator('dt', { hasText: /^NWL$/ })).toBeAttached();
      await leaveByEscape(page, legend);
    });

    await test.step('from a card on the map Tab goes to its names, which explain themselves and let go', async () => {
      await node(page, 'rw-1').focus();
      await page.keyboard.press('Tab');
      await expect(page.locator('dfn:focus')).toHaveText('writer');
      await expect(explanation(page)).toContainText('runs SQL and writes the log');
      await expect(page.locator('dfn:focus')).toHaveAccessibleDescription(/runs SQL and writes the log/);
      await page.keyboard.press('Escape');
      await expect(explanation(page)).toHaveCount(0);
      await expect(page.locator('dfn:focus')).toHaveCount(1);
      await page.keyboard.press('Tab');
      await expect(page.locator('dfn:focus')).not.toHaveText('writer');
    });

    await test.step('one control: the card of a node, the heading, the lens and a link', async () => {
      const wording = page.getByRole('combobox', { name: 'Figures' });
      const writer = node(page, 'rw-1');
      await expect(writer).toContainText(/log safe up to\s*\d+/);
      await expect(figures.nth(1)).toHaveText('at quorum up to');
      await wording.selectOption('expert');
      await expect(writer).toContainText(/VDL\s*\d+/);
      await expect(figures.nth(1)).toHaveText('VCL');
      await expect(page.getByText('N/Vw/Vr 3/2/2')).toBeVisible();
      await page.getByRole('button', { name: 'Share', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Share this run' });
      await expect(dialog.getByRole('textbox', { name: /^Link/ })).toHaveValue(/&figures=expert&/);
      await leaveByEscape(page, dialog);
      await wording.selectOption('plain');
      await expect(writer).toContainText(/log safe up to\s*\d+/);
      // Who looks at one node sees its further figures, in plain words too.
      await expect(writer).not.toContainText('written up to');
      await writer.click();
      await expect(writer).toContainText(/log safe up to\s*\d+.*at quorum up to\s*\d+.*written up to\s*\d+/s);
      await expect(writer).not.toContainText(/VDL|VCL|tail/);
      await page.keyboard.press('Escape');
      await expect(writer).not.toContainText('written up to');
    });

    await test.step('names in a drawing are a stop of the keyboard, which explains each', async () => {
      const lens = page.getByRole('region', { name: 'WAL & holes' });
      await lens.getByRole('button', { name: 'What the marks mean' }).focus();
      await page.keyboard.press('Tab');
      const names = lens.getByRole('group', { name: 'Names in this picture' });
      await expect(names).toBeInViewport({ ratio: 1 });
      const focused = names.locator('dfn:focus');
      await expect(focused).toHaveText('VDL');
      await expect(focused).toHaveAccessibleDescription(/survives any crash/);
      for (let i = 0; i < 20 && (await focused.textContent()) !== 'NWL'; i++)
        await page.keyboard.press('ArrowRight');
      await expect(explanation(page)).toContainText('Newest LSN that this copy has on disk');
      await page.keyboard.press('Tab');
      await expect(focused).toHaveCount(0);
      await expect(explanation(page)).toHaveCount(0);
    });

    await test.step('help: terms first, found by what they are called', async () => {
      await page.getByRole('button', { name: 'Help and keys' }).click();
      const help = page.getByRole('dialog', { name: 'Terms and keys' });
      const found = help.locator('dt');
      await expect(found.first()).toHaveText('LSN');
      await help.getByRole('searchbox', { name: 'Search the terms' }).fill('oldest read point');
      await expect(found).toHaveText(['PGMRPL', 'MRPL']);
      await help.getByRole('searchbox', { name: 'Search the terms' }).fill('undo');
      await expect(found).toHaveText(['rollback', 'undo']);
      await help.getByRole('searchbox', { name: 'Search the terms' }).fill('simplified');
      await expect(found).toHaveText(['What is modelled']);
      await leaveByEscape(page, help);
    });
  },
);

test.describe('in Chinese', () => {
  test.use({ browserOptions: { locale: 'zh-CN' } });

  test('the first caption that uses a term has its gloss', deep, async ({ lab }) => {
    const page = lab.page();
    await watchPassing(page);
    await lab.goto();
    await expectPassed(page, /[A-Z]{2,}（[^）]*(序号|位点|小事务|提交号)[^）]*）/);
    await page.keyboard.press('5');
    await expect(page.locator('.marks dfn').first()).toHaveText('已持久');
  });
});
