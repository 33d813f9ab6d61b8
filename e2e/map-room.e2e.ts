// The map at three sizes in the default layout: no word on another, no link through a card, no tool over one, letters that can be
// read and cards that fill the pane, in every preset up to twelve nodes, beside a lesson, and after a scale-out to nine nodes
// (scripts/room.mjs measures it from boxes).

import type { Page } from '@playwright/test';
import { roomFaults, wearLetters } from '../scripts/room.mjs';
import { offeredPresets, stackOfPreset } from '../src/stacks/preset-names.ts';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { act, node, openPreset, passTime, standOn, waitForLive } from './support/lab-page.ts';

/** Wider letters where there is least room. */
const sizes = [
  { width: 1280, height: 800, letters: 'wider' },
  { width: 1440, height: 900, letters: 'own' },
  { width: 1920, height: 1080, letters: 'narrower' },
] as const;

async function expectRoom(page: Page, what: string): Promise<void> {
  for (const { width, height, letters } of sizes) {
    await page.setViewportSize({ width, height });
    await wearLetters(page, letters);
    await expect.poll(() => roomFaults(page), `${what} ${width} ${letters}`).toEqual([]);
  }
}

for (const stack of ['cynosdb', 'postdb-v4', 'polardb'])
  test(
    `${stack}: the map of every preset at three sizes, alone and beside the lessons`,
    deep,
    async ({ lab }) => {
      const page = await lab.goto();
      await waitForLive(page);
      const lessons = page.getByRole('button', { name: 'Lessons', exact: true });
      for (const preset of offeredPresets.filter((name) => stackOfPreset(name) === stack)) {
        await standOn(page, preset);
        await expectRoom(page, preset);
        await lessons.click();
        await expectRoom(page, `${preset} beside the lessons`);
        await page.getByRole('button', { name: 'Map', exact: true }).click();
      }
    },
  );

test('planted: a card’s figure that is cut by 3 px is found, although its title has it in full', async ({
  lab,
}) => {
  const page = await openPreset(lab, 'hook-hole');
  await page.setViewportSize({ width: 1440, height: 900 });
  const figure = node(page, 'rw-1').locator('.plain-figure b');
  await expect(figure).toHaveText(/^\d+$/);
  await expect.poll(() => roomFaults(page)).toEqual([]);
  await figure.evaluate((shown) => {
    if (!(shown instanceof HTMLElement)) throw new Error('the figure is no element');
    const { width } = shown.getBoundingClientRect();
    Object.assign(shown.style, { display: 'inline-block', overflow: 'hidden', whiteSpace: 'nowrap' });
    const scale = shown.getBoundingClientRect().width / shown.offsetWidth;
    shown.style.width = `${(width - 3) / scale}px`;
  });
  expect((await roomFaults(page)).join('\n')).toMatch(/cut by 3 px: <b> “\d+”/);
});

test('with many links cut their signs and words keep apart', deep, async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await act(page, 'partition store-2 store-3 | rw-1 d1 store-1 meta-1');
  await passTime(page, 5000);
  await expectRoom(page, 'two stores cut off');
});

test(
  'E43 fifty nodes have room, and a node says its name while it is pointed at or has the focus',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await standOn(page, 'stress-50');
    await expectRoom(page, 'stress-50');
    // Where they are dots.
    await page.setViewportSize({ width: 1440, height: 900 });
    const pointed = node(page, 'store-20');
    await expect(pointed.getByText('store-20')).toBeHidden();
    await pointed.hover();
    await expect(pointed.getByText('store-20')).toBeVisible();
    // By arrow keys to the next, from where the pointer is not.
    await page.mouse.move(0, 0);
    await pointed.focus();
    await page.keyboard.press('ArrowRight');
    const focused = page.locator('[data-map-node]:focus');
    await expect(focused).not.toHaveAccessibleName(/^store-20, /);
    await expect(focused.getByText(/^store-\d+$/)).toBeVisible();
  },
);

test('PCS-79 nine nodes after a scale-out are read at three sizes', deep, async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await standOn(page, 'postdb-v4');
  for (const [node, zone] of ['a', 'b', 'c', 'a', 'b', 'c'].map((zone, i) => [`n${i + 4}`, zone]))
    await act(page, `addNode ${node} node ${zone}`);
  await passTime(page, 60_000);
  await expect(page.locator('.card, .card-fit')).toHaveCount(10);
  await expectRoom(page, 'nine nodes');
});
