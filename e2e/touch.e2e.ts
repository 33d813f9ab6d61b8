// E42, E20: fingers. On a phone one part at a time, whole, by tabs; on phones and tablets nothing lies over anything and what is
// pressed has 44 px (boxes measured); a tap selects the nearest, a long press opens the menu, two fingers pan and pinch, and the
// keyboard on the screen hides no console. Every lens, list and dialog at each size: `npm run shots`, in `npm run deep`.

import type { Locator, Page } from '@playwright/test';
import { roomFaults } from '../scripts/room.mjs';
import { type Fingers, makeFingers, middleOf, type Point } from './support/fingers.ts';
import { expect, test } from './support/lab-fixture.ts';
import { leaveByEscape, pause, runState, stepUntilFlight, waitForLive } from './support/lab-page.ts';

const phone = { width: 390, height: 844 } as const;
/** What is left of a phone above its keyboard. */
const aboveKeyboard = { width: 390, height: 508 } as const;
const tablets = [
  { width: 820, height: 1180 },
  { width: 1180, height: 820 },
  { width: 1366, height: 768 },
] as const;

const part = (page: Page, name: string): Locator => page.getByRole('tab', { name, exact: true });

async function expectRoom(page: Page, what: string): Promise<void> {
  await expect.poll(() => roomFaults(page), what).toEqual([]);
}

/** The node that is selected on the map. */
const isSelected = (page: Page, id: string): Locator =>
  page.locator(`main [data-map-node="${id}"][data-selected="true"]`);

/** What of a node is drawn: its card is as large as the map's scale has it. */
const cardOf = (page: Page, id: string): Locator =>
  page.locator(`main [data-map-node="${id}"] :is(.card, .card-fit, .card-dot)`);

async function expectMenu(page: Page, fingers: Fingers, at: Point, name: string | RegExp): Promise<void> {
  await fingers.down(at);
  const menu = page.getByRole('menu', { name });
  await expect(menu).toBeVisible();
  await fingers.up();
  // The finger that goes up presses nothing of it.
  await expect(menu).toBeVisible();
  await leaveByEscape(page, menu);
}

/** Where a message that stands is drawn: its share of the way on its link's line. */
const placeOfFlight = (page: Page, id: string): Promise<Point> =>
  page.evaluate((wanted) => {
    const frame = window.lab.frame();
    const flight = frame?.flights.find((one) => one.id === wanted);
    if (frame === null || flight === undefined) throw new Error('it has arrived');
    const line = [...document.querySelectorAll<SVGPathElement>('main path[data-hover^="link "]')].find(
      ({ dataset }) => dataset.hover?.includes(flight.from) && dataset.hover.includes(flight.to),
    );
    const matrix = line?.getScreenCTM();
    if (line === undefined || !matrix) throw new Error('its link is not drawn');
    const share = (frame.time - flight.sentAt) / (flight.arrivesAt - flight.sentAt);
    const isBack = line.dataset.hover?.startsWith(`link ${flight.to}`) === true;
    const at = line
      .getPointAtLength(line.getTotalLength() * (isBack ? 1 - share : share))
      .matrixTransform(matrix);
    return { x: at.x, y: at.y };
  }, id);

const zoomOf = async (page: Page): Promise<number> =>
  Number.parseInt(
    (await page
      .locator('main')
      .getByText(/^\d+ %$/)
      .textContent()) ?? '',
    10,
  );

/** Two fingers, from this far apart to that, and their middle from here to there. */
const pair = ({ x, y }: Point, apart: number): readonly Point[] => [
  { x: x - apart / 2, y },
  { x: x + apart / 2, y },
];

async function usePhone(page: Page): Promise<void> {
  for (const name of ['Map', 'Story', 'Lens', 'Time']) {
    await part(page, name).tap();
    await expect(part(page, name)).toHaveAttribute('aria-selected', 'true');
    // It is whole: from the strip to the tabs, and no other is there.
    const panes = page.locator('#map-pane, #side-pane, #right-pane, #dock-pane').filter({ visible: true });
    await expect(panes).toHaveCount(1);
    await expectRoom(page, name);
  }
  await test.step('the tabs are one stop of the keyboard, arrows go through them', async () => {
    await part(page, 'Time').press('ArrowLeft');
    await expect(page.locator('#right-pane')).toBeVisible();
    await part(page, 'Lens').press('Home');
    await expect(page.locator('#map-pane')).toBeVisible();
  });
}

async function useMap(page: Page, fingers: Fingers): Promise<void> {
  await test.step('a tap selects, one beside takes the nearest, and a drag moves no card', async () => {
    const { x, y } = await middleOf(cardOf(page, 'store-2'));
    await page.touchscreen.tap(x, y);
    await expect(isSelected(page, 'store-2')).toHaveCount(1);
    // Beside its lower corner, where no link is nearer.
    const box = await cardOf(page, 'store-3').boundingBox();
    if (box === null) throw new Error('store-3 is not drawn');
    await page.touchscreen.tap(box.x - 15, box.y + box.height - 8);
    await expect(isSelected(page, 'store-3')).toHaveCount(1);
    const from = await middleOf(cardOf(page, 'store-1'));
    await expect(async () => {
      // A machine that is busy makes of the drag's beginning a finger that rests, which opens a menu.
      if (await page.getByRole('menu').isVisible()) await page.keyboard.press('Escape');
      await fingers.drag([from], [{ x: from.x, y: from.y - 60 }]);
      await expect(page.getByRole('menu')).toHaveCount(0);
    }).toPass();
    await expect.poll(async () => (await middleOf(cardOf(page, 'meta-1'))).y).toBeLessThan(from.y - 40);
  });
  await test.step('pinching zooms, two fingers pan', async () => {
    await page.getByRole('button', { name: 'Show everything' }).tap();
    const zoom = await zoomOf(page);
    const middle = await middleOf(page.locator('main'));
    await fingers.drag(pair(middle, 80), pair(middle, 160));
    await expect.poll(() => zoomOf(page)).toBeGreaterThan(zoom * 1.6);
    expect(await zoomOf(page)).toBeLessThan(zoom * 2.4);
    const before = await middleOf(cardOf(page, 'rw-1'));
    await fingers.drag(pair(middle, 100), pair({ x: middle.x + 40, y: middle.y + 60 }, 100));
    await expect.poll(async () => Math.round((await middleOf(cardOf(page, 'rw-1'))).y - before.y)).toBe(60);
    await page.getByRole('button', { name: 'Show everything' }).tap();
  });
  await test.step('a long press opens the menu of a node, of a link and of a message', async () => {
    await expectMenu(page, fingers, await middleOf(cardOf(page, 'store-3')), 'store-3');
    const line = await page.locator('main path[data-hover^="link "]').first().getAttribute('data-hover');
    const [, a = '', b = ''] = (line ?? '').split(' ');
    await expectMenu(
      page,
      fingers,
      await middleOf(page.getByRole('button', { name: `link ${a}–${b}` })),
      `${a}–${b}`,
    );
    const { id } = await stepUntilFlight(page, { from: 'rw-1', family: 'wal' });
    await page.evaluate(() => window.lab.step('every'));
    await expectMenu(page, fingers, await placeOfFlight(page, id), /^W /);
  });
}

/** What is pressed may have to be loaded first, which takes its time on a slow machine: that it is on its way is seen. */
async function seeItComing(page: Page): Promise<void> {
  const wanted = '**/palette-*.js';
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(wanted, async (route) => {
    await held;
    await route.continue();
  });
  const sign = page.getByRole('progressbar', { name: 'Working …' });
  await page.getByRole('button', { name: 'Commands' }).tap();
  await expect(sign).toBeVisible();
  letGo();
  const palette = page.getByRole('dialog');
  await expect(palette).toBeVisible();
  await expect(sign).toHaveCount(0);
  await page.unroute(wanted);
  await leaveByEscape(page, palette);
}

async function useConsole(page: Page, fingers: Fingers): Promise<void> {
  await part(page, 'Time').tap();
  await page.getByRole('tab', { name: 'In flight' }).tap();
  const row = page.getByRole('list', { name: 'In flight' }).getByRole('listitem').first();
  await expectMenu(page, fingers, await middleOf(row), /^\w+ .* to /);
  await page.getByRole('tab', { name: 'SQL' }).tap();
  const statement = page.getByRole('textbox', { name: 'SQL statement' });
  await statement.tap();
  await page.setViewportSize(aboveKeyboard);
  await expect(statement).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeInViewport({ ratio: 1 });
  await expectRoom(page, 'above the keyboard');
  await page.setViewportSize(phone);
}

/** A lesson says what to look at, which is another part. */
async function takeLesson(page: Page): Promise<void> {
  await page.evaluate(() => {
    location.hash = '#/lessons/H01';
  });
  await expect(part(page, 'Story')).toHaveAttribute('aria-selected', 'true');
  const panel = page.locator('.lesson-panel');
  const onward = panel.getByRole('button', { name: 'Next' });
  await expect(onward).toBeEnabled();
  await onward.tap();
  const first = panel.locator('li[data-state]').first();
  await expect(first).toHaveAttribute('data-state', 'done');
  await part(page, 'Map').tap();
  await expect(panel).toBeHidden();
  await part(page, 'Story').tap();
  await expect(panel).toBeVisible();
  // Begun anew it would stand at its first step.
  await expect(first).toHaveAttribute('data-state', 'done');
  await expectRoom(page, 'a lesson on a phone');
}

/** The page is scrolled by one finger, the map moved by two. */
async function useColumn(page: Page, fingers: Fingers): Promise<void> {
  const before = await middleOf(cardOf(page, 'rw-1'));
  await fingers.drag(pair(before, 100), pair({ x: before.x, y: before.y + 50 }, 100));
  await expect.poll(async () => Math.round((await middleOf(cardOf(page, 'rw-1'))).y - before.y)).toBe(50);
  const frame = page.locator('.frame');
  const top = await middleOf(page.locator('main'));
  await fingers.drag([top], [{ x: top.x, y: top.y - 200 }]);
  await expect.poll(() => frame.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(60);
  await frame.evaluate((element) => element.scrollTo(0, 0));
}

test.describe(() => {
  test.use({ browserOptions: { viewport: phone, isTouch: true } });
  test('E42, E20 a phone has one part at a time, fingers do what a mouse does; on tablets nothing lies over anything', async ({
    lab,
  }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await expectRoom(page, 'a phone, live');
    await pause(page);
    await usePhone(page);
    await test.step('what loads is seen to be on its way', () => seeItComing(page));
    const fingers = await makeFingers(page);
    await useMap(page, fingers);
    await test.step('a row has its menu; the console is above the keyboard', () => useConsole(page, fingers));
    await part(page, 'Map').tap();
    for (const size of tablets) {
      await page.setViewportSize(size);
      await expect(page.getByRole('tablist', { name: 'Parts of the lab' })).toHaveCount(0);
      await expectRoom(page, `${size.width}`);
      if (size.width < 1024)
        await test.step('one finger scrolls, two move the map', () => useColumn(page, fingers));
      if (size.width === 1180) {
        await page.getByRole('button', { name: 'Lens and inspector' }).tap();
        await expectRoom(page, 'with the drawer');
      }
    }
    await page.getByRole('button', { name: 'Play', exact: true }).tap();
    await expect(runState(page)).toHaveText('LIVE');
    await expectRoom(page, '1366, live');
    await page.setViewportSize(phone);
    await test.step('a lesson goes on while another part is looked at', () => takeLesson(page));
    await page.getByRole('button', { name: 'Menu' }).tap();
    await page.getByRole('menuitemcheckbox', { name: '中文' }).tap();
    await expect(page.getByRole('tablist', { name: '实验室的各部分' }).getByRole('tab')).toHaveText([
      '拓扑',
      '经过',
      '透镜',
      '时间',
    ]);
    await expectRoom(page, 'a phone, 中文');
  });
});
