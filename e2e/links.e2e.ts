// E06 to E10: links are cut, in one direction too, by a panel and by a lasso; messages are dropped, duplicated and delayed;
// faults wait for their moment.
import type { Locator, Page } from '@playwright/test';
import { parseTape } from '../src/sim/tape-parse.ts';
import { tapes } from '../src/stacks/tapes.ts';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  act,
  chooseFromMenu,
  exportTape,
  link,
  node,
  pause,
  stepUntilArrived,
  stepUntilFlight,
  stepUntilHole,
  waitForLive,
} from './support/lab-page.ts';

const actionsOf = async (page: Page): Promise<readonly string[]> => {
  const read = parseTape(tapes, await exportTape(page));
  if (!read.ok) throw new Error(read.error);
  return read.tape.actions.map(({ kind }) => kind);
};

const boxOf = async (one: Locator) => {
  const box = await one.boundingBox();
  if (box === null) throw new Error('it is not on screen');
  return box;
};

async function partitionByPanel(page: Page): Promise<void> {
  await page.keyboard.press('p');
  const panel = page.getByRole('form', { name: 'Partition' });
  await panel.getByRole('radiogroup', { name: 'side of store-3' }).getByRole('radio', { name: 'B' }).check();
  await panel.getByRole('button', { name: 'Partition' }).click();
  for (const [a, b] of [
    ['rw-1', 'store-3'],
    ['store-1', 'store-3'],
    ['store-2', 'store-3'],
  ] as const)
    await expect(link(page, a, b)).toHaveAccessibleName(`link ${a}–${b}, cut`);
  await expect(link(page, 'rw-1', 'store-1')).toHaveAccessibleName('link rw-1–store-1, up');
  const lines = (await exportTape(page)).split('\n').filter((line) => / partition /.test(line));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/ partition .*rw-1.* \| store-3$/);
}

async function partitionByLasso(page: Page): Promise<void> {
  await page.keyboard.press('p');
  const panel = page.getByRole('form', { name: 'Partition' });
  await expect(panel.getByText('Put nodes on two sides')).toBeVisible();
  await expect(page.getByRole('img', { name: 'Draw round the nodes of side B' })).toBeVisible();
  const { x, y, width, height } = await boxOf(node(page, 'store-3'));
  const corners = [
    [x - 12, y - 12],
    [x + width + 12, y - 12],
    [x + width + 12, y + height + 12],
    [x - 12, y + height + 12],
  ] as const;
  await page.mouse.move(...corners[0]);
  await page.mouse.down();
  for (const corner of [...corners.slice(1), corners[0]]) await page.mouse.move(...corner, { steps: 6 });
  await page.mouse.up();
  await expect(panel.getByText('5 links are cut')).toBeVisible();
  await expect(
    panel.getByRole('radiogroup', { name: 'side of store-3' }).getByRole('radio', { name: 'B' }),
  ).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(panel).toBeHidden();
  for (const peer of ['rw-1', 'store-1', 'store-2'])
    await expect(link(page, peer, 'store-3')).toHaveAccessibleName(`link ${peer}–store-3, cut`);
  // The same entry that the panel makes, and one event.
  const entries = (await exportTape(page)).split('\n').filter((line) => / partition /.test(line));
  expect(entries).toHaveLength(2);
  expect(entries[1]?.replace(/^\S+/, '')).toBe(entries[0]?.replace(/^\S+/, ''));
  await page.getByRole('tab', { name: 'Events' }).click();
  await expect(
    page.getByRole('log', { name: 'Events' }).getByRole('button', { name: /partition/ }),
  ).toHaveCount(2);
}

test(
  'E06, E07, E08 a partition without dragging, and a lasso round a node, are one action; a one-way cut lets the acknowledgements of the other way through; a crash waits for its moment, and a message can be run to just before it arrives',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await page.keyboard.press('5');
    await pause(page);
    await test.step('E07 by the panel', () => partitionByPanel(page));
    await act(page, 'healAll');
    await test.step('E06 by a lasso', () => partitionByLasso(page));
    await act(page, 'healAll');
    await test.step('E08 one way', () => cutOneWay(page));
    await act(page, 'healAll');
    await test.step('a crash waits for its moment, and a message can be run to just before it arrives', () =>
      waitForTheMoment(page));
  },
);

/** The cluster stands. */
async function cutOneWay(page: Page): Promise<void> {
  await page.getByRole('tab', { name: /^In flight/ }).click();
  // store-3 has taken records and not acknowledged them when it is cut off from the writer's words.
  const records = { family: 'wal', from: 'rw-1', to: 'store-3' } as const;
  const { id } = await stepUntilFlight(page, records);
  await stepUntilArrived(page, id);
  await chooseFromMenu(page, link(page, 'rw-1', 'store-3'), 'Cut rw-1 to store-3');
  await expect(link(page, 'rw-1', 'store-3')).toHaveAccessibleName('link rw-1–store-3, cut rw-1 to store-3');
  const cutAt = await page.evaluate(() => window.lab.run().liveTime);
  const ack = await stepUntilFlight(page, { family: 'ack', from: 'store-3', to: 'rw-1', sentAfter: cutAt });
  const list = page.getByRole('list', { name: 'In flight' });
  await expect(list.getByRole('listitem', { name: /^A .* store-3 to rw-1$/ }).first()).toBeVisible();
  expect(await stepUntilArrived(page, ack.id)).not.toContain('lost');
  // The other way is dead: what the writer sends next does not arrive.
  const lost = await stepUntilFlight(page, { ...records, sentAfter: cutAt, fate: 'lost' });
  expect(lost.id).toMatch(/^rw-1\./);
  // It shows where it is lost, at the break, not when it is sent.
  await page.evaluate(async (wanted) => {
    const { arrivesAt = 0 } = window.lab.frame()?.flights.find(({ id }) => id === wanted) ?? {};
    await window.lab.runUntil(`time >= ${((arrivesAt - 1) / 1000).toFixed(3)}`);
  }, lost.id);
  const ended = page.getByRole('list', { name: 'Lost just now' });
  await expect(ended.getByRole('listitem', { name: /^W .* rw-1 to store-3, lost$/ }).first()).toBeVisible();
}

async function waitForTheMoment(page: Page): Promise<void> {
  await node(page, 'store-2').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Crash before next' }).hover();
  await page.getByRole('menuitem', { name: 'Crash before its next acknowledgement' }).click();
  await expect.poll(() => actionsOf(page)).toContain('crashOn');
  await page.evaluate(() => window.lab.runUntil('node.down at store-2'));
  await expect(node(page, 'store-2')).toHaveAccessibleName(/, down,/);
  await chooseFromMenu(page, node(page, 'store-2'), 'Restart');
  await expect(node(page, 'store-2')).not.toHaveAccessibleName(/, down,/);

  const { id } = await stepUntilFlight(page, { family: 'wal', from: 'rw-1', to: 'store-1', fate: 'flying' });
  const arrivesAt = await page.evaluate(
    (wanted) => window.lab.frame()?.flights.find((one) => one.id === wanted)?.arrivesAt ?? 0,
    id,
  );
  await page.evaluate(async (at) => {
    await window.lab.runUntil(`time >= ${((at - 1) / 1000).toFixed(3)}`);
  }, arrivesAt);
  // The answer may be a picture ahead of the screen.
  await page.waitForFunction((at) => (window.lab.frame()?.time ?? 0) >= at - 1, arrivesAt);
  const shown = await page.evaluate((wanted) => {
    const frame = window.lab.frame();
    return { time: frame?.time ?? 0, isThere: frame?.flights.some((one) => one.id === wanted) };
  }, id);
  expect(shown.isThere).toBe(true);
  expect(shown.time).toBeLessThanOrEqual(arrivesAt);
  expect(shown.time).toBeGreaterThanOrEqual(arrivesAt - 1);
}

test(
  'E09, E10 a dropped message is lost, its receiver finds the hole; a second, late answer to a hole request is ignored',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await page.keyboard.press('5');
    await pause(page);
    await page.getByRole('tab', { name: /^In flight/ }).click();
    const { id } = await stepUntilFlight(page, { family: 'wal', from: 'rw-1', to: 'store-3' });
    const item = page
      .getByRole('list', { name: 'In flight' })
      .getByRole('listitem', { name: /^W .* rw-1 to store-3/ })
      .first();
    await expect(item).toBeVisible();
    const name = (await item.getAttribute('aria-label')) ?? '';
    await item.getByRole('button', { name: /^Actions on / }).click();
    await page.getByRole('menuitem', { name: 'Drop', exact: true }).click();
    await expect.poll(() => exportTape(page)).toContain(`dropMessage ${id}`);
    await stepUntilFlight(page, { id, fate: 'lost' });
    await expect(page.getByRole('listitem', { name: `${name}, lost` })).toBeVisible();
    await stepUntilHole(page, 'store-3');
    await expect(node(page, 'store-3')).toHaveAccessibleName(/, one hole$/);
    await expect(
      page.getByRole('table', { name: /^Ranges of / }).getByRole('row', { name: /^store-3 .* hole/ }),
    ).not.toHaveCount(0);
    await test.step('E10 a second, late answer to a hole request is ignored', () => answerTwice(page));
  },
);

async function answerTwice(page: Page): Promise<void> {
  const answer = await stepUntilFlight(page, { family: 'holeFill', to: 'store-3' });
  const fill = page
    .getByRole('list', { name: 'In flight' })
    .getByRole('listitem', { name: /^H .* to store-3/ })
    .first();
  await fill.getByRole('button', { name: /^Actions on / }).click();
  await page.getByRole('menuitem', { name: 'Duplicate', exact: true }).click();
  await expect.poll(() => actionsOf(page)).toContain('duplicateMessage');
  // The copy takes longer than filling the hole does.
  const copy = answer.id.replace(/\d+$/, '1');
  await stepUntilFlight(page, { id: copy });
  await act(page, `delayMessage ${copy} 5 ms`);
  await page.evaluate(() => window.lab.runUntil('hole.ignored'));
  await page.getByRole('tab', { name: 'Events' }).click();
  await expect(page.getByRole('log', { name: 'Events' }).getByText('hole.ignored').first()).toBeVisible();
  await expect(node(page, 'store-3')).toHaveAccessibleName(/has all up to \d+ and \d+$/);
  const ranges = page
    .getByRole('region', { name: 'WAL & holes' })
    .getByRole('table', { name: /^Ranges of / });
  await expect(ranges.getByRole('row', { name: /^store-3 \[\d+,\d+\) data$/ })).toHaveCount(1);
  await expect(ranges.getByRole('row', { name: /^store-3 .* hole/ })).toHaveCount(0);
}
