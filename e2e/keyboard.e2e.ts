// E20: without a pointer: crash, partition, step, share, a lesson, the inspector, undo. Nothing here uses the mouse.

import type { Page } from '@playwright/test';
import { expect, test } from './support/lab-fixture.ts';
import { leaveByEscape, link, node, pressUntilFocused, runState, waitForLive } from './support/lab-page.ts';

/** Tab until the element of this name and role has the focus. */
async function tabTo(page: Page, role: 'button' | 'link', name: RegExp): Promise<void> {
  const wanted = page.getByRole(role, { name }).first();
  for (let i = 0; i < 120; i++) {
    if (await wanted.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${role} ${String(name)}`);
}

test('E20 keyboard only', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await page.evaluate(() => {
    for (const kind of ['pointerdown', 'mousedown', 'click'] as const)
      addEventListener(kind, (event) => {
        if (event instanceof MouseEvent && event.detail > 0) Object.assign(window, { usedPointer: true });
      });
  });

  // The map is one stop; arrows move between its nodes, M opens the menu of the one that has the focus.
  const focused = page.locator('[data-map-node]:focus');
  const inMap = page.locator('[data-region="map"] :focus');
  for (let i = 0; i < 5 && (await inMap.count()) === 0; i++) await page.keyboard.press('F6');
  for (let i = 0; i < 30 && (await focused.count()) === 0; i++) await page.keyboard.press('Tab');
  await expect(focused).toHaveCount(1);
  for (let i = 0; i < 8; i++) {
    if ((await page.locator('[data-map-node]:focus').getAttribute('data-map-node')) === 'store-2') break;
    await page.keyboard.press(i < 3 ? 'ArrowDown' : 'ArrowRight');
  }
  await expect(page.locator('[data-map-node="store-2"]:focus')).toHaveCount(1);
  // Keys are for the card that has the focus, whatever is selected.
  await page.keyboard.press('Enter');
  await expect(node(page, 'store-2')).toHaveAttribute('data-selected', 'true');
  await page.locator('[data-map-node="store-1"]').focus();
  await page.keyboard.press('m');
  await leaveByEscape(page, page.getByRole('menu', { name: 'store-1' }));
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-map-node="store-2"]:focus')).toHaveCount(1);
  await page.keyboard.press('m');
  await leaveByEscape(page, page.getByRole('menu', { name: 'store-2' }));
  await expect(page.locator('[data-map-node="store-2"]:focus')).toHaveCount(1);
  await page.keyboard.press('m');
  await expect(page.getByRole('menu')).toBeVisible();
  await pressUntilFocused(
    page,
    'ArrowDown',
    page.getByRole('menuitem', { name: 'Crash (power cut)', exact: true }),
  );
  await page.keyboard.press('Enter');
  await expect(node(page, 'store-2')).toHaveAccessibleName(/, down,/);
  await expect(page.locator('[data-map-node="store-2"]:focus')).toHaveCount(1);
  await page.keyboard.press('r');
  await expect(node(page, 'store-2')).not.toHaveAccessibleName(/, down,/);
  await page.keyboard.press('c');
  await expect(node(page, 'store-2')).toHaveAccessibleName(/, down,/);

  // Undo takes the crash back on a new branch; redo is the crash again.
  await page.keyboard.press('Control+z');
  await expect(node(page, 'store-2')).not.toHaveAccessibleName(/, down,/);
  await waitForLive(page);

  // Partition by its panel, and by the palette.
  await page.keyboard.press('p');
  const panel = page.getByRole('form', { name: 'Partition' });
  await expect(panel).toBeVisible();
  const side = panel.getByRole('radiogroup', { name: 'side of store-3' });
  await pressUntilFocused(page, 'Tab', side.getByRole('radio', { checked: true }));
  await page.keyboard.press('ArrowRight');
  await expect(side.getByRole('radio', { name: 'B' })).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(panel).toHaveCount(0);
  await expect(link(page, 'rw-1', 'store-3')).toHaveAccessibleName(/cut/);
  await page.keyboard.press('h');
  await expect(link(page, 'rw-1', 'store-3')).not.toHaveAccessibleName(/cut/);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Commands' })).toBeFocused();
  await page.keyboard.type('isolate: store-3');
  await expect(page.getByRole('option', { name: /^Isolate: store-3$/i, selected: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(link(page, 'rw-1', 'store-3')).toHaveAccessibleName(/cut/);
  await page.keyboard.press('h');
  await expect(link(page, 'rw-1', 'store-3')).not.toHaveAccessibleName(/cut/);

  // Time: stop, step, back, the present again.
  await page.keyboard.press(' ');
  await expect(runState(page)).toHaveText('PAUSED');
  await page.keyboard.press('.');
  await page.keyboard.press(',');
  await expect(runState(page)).toContainText('REVIEW');
  await page.keyboard.press('End');
  await expect(runState(page)).toHaveText('PAUSED');

  // Help, and out again; share, and out again.
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Terms and keys' });
  // A key is given another place, from here on it works there alone.
  await help.getByRole('button', { name: 'Run until …: U. Give it another key' }).focus();
  await page.keyboard.press('Enter');
  await expect(help.getByRole('button', { name: /^Run until …/ })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('q');
  await expect(help.getByRole('status', { name: 'What has changed' })).toHaveText('Run until …: now Q');
  await leaveByEscape(page, help);
  await page.keyboard.press('q');
  await leaveByEscape(page, page.getByRole('dialog', { name: 'Run until …' }));
  await tabTo(page, 'button', /^Share/);
  await page.keyboard.press('Enter');
  await leaveByEscape(page, page.getByRole('dialog', { name: 'Share this run' }));

  // A lesson, chosen from the rail.
  await tabTo(page, 'button', /^Lessons/);
  await page.keyboard.press('Enter');
  const lessons = page.getByRole('complementary', { name: 'Lessons' });
  await expect(lessons.getByRole('link', { name: /^Open H01 / })).toBeVisible();
  await tabTo(page, 'link', /^Open H01 /);
  await page.keyboard.press('Enter');
  await expect(lessons.getByRole('heading', { name: 'H01' })).toBeVisible();
  expect(await page.evaluate(() => Reflect.get(window, 'usedPointer') ?? false)).toBe(false);
});
