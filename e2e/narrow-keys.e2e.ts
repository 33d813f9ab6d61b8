// E42, E20: at 200 and 400 % zoom (640 and 320 CSS px) every control is a stop of the keyboard, in sight while it has the focus, and
// everything is done by keys alone: faults of nodes, links and messages, undo, runs, twin, past, lenses, SQL, lessons, language.
// In `npm run deep`; zoom.e2e.ts has the main actions with every change.

import type { Locator, Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  leaveByEscape,
  link,
  node,
  pause,
  pressUntilFocused,
  runState,
  stepUntilFlight,
  waitForLive,
} from './support/lab-page.ts';
import { tabFaults } from './support/tab-stops.ts';

const twice = { width: 640, height: 400 } as const;
const fourTimes = { width: 320, height: 200 } as const;

/** Types into the palette and presses Enter on what it has chosen, which is seen. */
async function command(page: Page, words: string, chosen: RegExp): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type(words);
  await expect(page.getByRole('option', { name: chosen, selected: true })).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Commands' })).toHaveCount(0);
}

/** Toasts lie over a small window for some seconds. */
async function expectStops(page: Page, what: string): Promise<void> {
  await expect(page.locator('[data-sonner-toast]')).toHaveCount(0);
  expect(await tabFaults(page), what).toEqual([]);
}

async function chooseByArrows(page: Page, menu: Locator, name: string): Promise<void> {
  const entry = menu.getByRole('menuitem', { name }).or(menu.getByRole('menuitemcheckbox', { name }));
  // It loads when it is first asked for: until it has the focus an arrow is for what opens it.
  await expect(menu.and(page.locator(':focus-within'))).not.toHaveCount(0);
  await pressUntilFocused(page, 'ArrowDown', entry);
  await expect(entry).toBeInViewport();
  await page.keyboard.press('Enter');
}

test(
  'E42, E20 at 200 and 400 % every control is a stop of the keyboard and in sight, every action is done by keys',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await page.evaluate(() => {
      addEventListener('pointerdown', () => Object.assign(window, { usedPointer: true }));
    });
    await page.setViewportSize(twice);
    await waitForLive(page);
    await pause(page);
    await test.step('every stop, with the inspector and with a lens', async () => {
      await page.keyboard.press('5');
      await expectStops(page, '640 px, lens');
      await page.setViewportSize(fourTimes);
      await expectStops(page, '320 px, lens');
      await page.keyboard.press('i');
      await expectStops(page, '320 px, inspector');
    });

    await test.step('faults of a node, a link and a message; undo', async () => {
      await command(page, 'crash: store-2', /^Crash \(power cut\): store-2/);
      await expect(node(page, 'store-2')).toHaveAccessibleName(/, down,/);
      await page.keyboard.press('Control+z');
      await expect(node(page, 'store-2')).not.toHaveAccessibleName(/, down,/);
      await pause(page);
      await command(page, 'cut this link: rw-1–store-3', /^Cut this link: rw-1–store-3/);
      await expect(link(page, 'rw-1', 'store-3')).toHaveAccessibleName(/cut/);
      await stepUntilFlight(page, { from: 'rw-1', to: 'store-1', family: 'wal' });
      // One that a cut link loses anyhow offers nothing.
      await command(page, 'dock: in flight', /^Dock: In flight/);
      const messages = page.getByRole('list', { name: 'In flight' });
      await messages
        .getByRole('button', { name: /^Actions on .* to store-1$/ })
        .first()
        .press('Enter');
      await chooseByArrows(page, page.getByRole('menu'), 'Drop');
      await expect(messages.getByText('lost').first()).toBeVisible();
    });

    await test.step('past, twin, differences; a new run', async () => {
      await command(page, 'dock: timeline', /^Dock: Timeline/);
      await page.getByRole('slider', { name: /^Playhead/ }).focus();
      await page.keyboard.press('PageUp');
      await expect(runState(page)).toHaveText(/^REVIEW/);
      await page.keyboard.press('f');
      await expect(runState(page)).toHaveText(/^TWIN/);
      const beside = page.getByRole('button', { name: 'Side by side' });
      await beside.press('Enter');
      await expect(page.locator('[data-region="diff"]')).toBeInViewport();
      await expectStops(page, '320 px, differences');
      await beside.press('Enter');
      await page.getByRole('button', { name: 'Return to live' }).press('Enter');
      await expect(runState(page)).toHaveText('PAUSED');
      await command(page, 'new run: hook-hole', /^New run: hook-hole/);
      await waitForLive(page);
      await page.keyboard.press('u');
      const until = page.getByRole('dialog', { name: 'Run until …' });
      await until.getByRole('button', { name: /^next acknowledged commit/ }).press('Enter');
      await expect(runState(page)).toHaveText('PAUSED');
    });

    await test.step('language by the menu, a lesson up to its first step', async () => {
      await page.getByRole('button', { name: 'Menu' }).press('Enter');
      await chooseByArrows(page, page.getByRole('menu'), '中文');
      await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
      await expectStops(page, '320 px, 中文');
      await command(page, 'English', /^English/);
      await page.getByRole('button', { name: 'Runs', exact: true }).press('Enter');
      await expect(page.locator('[data-region="runs"]')).toBeInViewport();
      await expectStops(page, '320 px, runs');
      await command(page, 'lesson: H01', /^Lesson: H01/);
      const lesson = page.getByRole('complementary', { name: 'Lessons' });
      await expect(lesson.locator('[aria-current=step]')).toBeInViewport();
      await expect(
        lesson.getByRole('button', { name: /^(Next|Do it)$/ }).and(page.locator(':enabled')),
      ).toBeVisible();
      await expectStops(page, '320 px, lesson');
      await page.keyboard.press('?');
      await leaveByEscape(page, page.getByRole('dialog', { name: 'Terms and keys' }));
    });
    expect(await page.evaluate(() => Reflect.get(window, 'usedPointer') ?? false)).toBe(false);
  },
);
