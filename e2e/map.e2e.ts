// The map as a tool: E06 the lasso, E10 a late second answer to a hole request, the canvas part of E39, what folds, lights
// and filters, and faults that wait for their moment.
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { parseTape } from '../src/sim/tape-parse.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  act,
  chooseFromMenu,
  exportTape,
  leaveByEscape,
  link,
  node,
  pause,
  stepUntilFlight,
  stepUntilHole,
  waitForLive,
} from './support/lab-page.ts';

const actionsOf = async (page: Page): Promise<readonly string[]> => {
  const read = parseTape(await exportTape(page));
  if (!read.ok) throw new Error(read.error);
  return read.tape.actions.map(({ kind }) => kind);
};

const boxOf = async (one: Locator) => {
  const box = await one.boundingBox();
  if (box === null) throw new Error('it is not on screen');
  return box;
};

test('E06 a lasso round a node cuts all its links, as one action', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await pause(page);
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
  await expect(panel.getByText('3 links are cut')).toBeVisible();
  await expect(
    panel.getByRole('radiogroup', { name: 'side of store-3' }).getByRole('radio', { name: 'B' }),
  ).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(panel).toBeHidden();
  for (const peer of ['rw-1', 'store-1', 'store-2'])
    await expect(link(page, peer, 'store-3')).toHaveAccessibleName(`link ${peer}–store-3, cut`);
  expect((await actionsOf(page)).filter((kind) => kind === 'partition')).toHaveLength(1);
  // The same entry that the panel makes (E07), and one event.
  expect(await exportTape(page)).toMatch(/^\S+ partition .*rw-1.* \| store-3$/m);
  await page.getByRole('tab', { name: 'Events' }).click();
  await expect(
    page.getByRole('log', { name: 'Events' }).getByRole('button', { name: /partition/ }),
  ).toHaveCount(1);
});

test('E10 a second, late answer to a hole request is ignored', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await pause(page);
  const { id } = await stepUntilFlight(page, { family: 'wal', from: 'rw-1', to: 'store-3' });
  await act(page, `dropMessage ${id}`);
  await stepUntilHole(page, 'store-3');
  await page.getByRole('tab', { name: /^In flight/ }).click();
  const answer = await stepUntilFlight(page, { family: 'holeFill', to: 'store-3' });
  const item = page
    .getByRole('list', { name: 'In flight' })
    .getByRole('listitem', { name: /^H .* to store-3/ })
    .first();
  await item.getByRole('button', { name: /^Actions on / }).click();
  await page.getByRole('menuitem', { name: 'Duplicate', exact: true }).click();
  await expect.poll(() => actionsOf(page)).toContain('duplicateMessage');
  // The copy takes longer than filling the hole does.
  const copy = answer.id.replace(/\d+$/, '1');
  await stepUntilFlight(page, { id: copy });
  await act(page, `delayMessage ${copy} 5 ms`);
  await page.evaluate(() => window.lab.runUntil('hole.ignored'));
  await page.getByRole('tab', { name: 'Events' }).click();
  await expect(page.getByRole('log', { name: 'Events' }).getByText('hole.ignored').first()).toBeVisible();
  await expect(node(page, 'store-3')).toHaveAccessibleName(/SCL \d+ and \d+$/);
  const ranges = page
    .getByRole('region', { name: 'WAL & holes' })
    .getByRole('table', { name: /^Ranges of / });
  await expect(ranges.getByRole('row', { name: /^store-3 \[\d+,\d+\) data$/ })).toHaveCount(1);
  await expect(ranges.getByRole('row', { name: /^store-3 .* hole/ })).toHaveCount(0);
});

test('E39 the map: frames fold, what is selected is lit everywhere, and it is saved as PNG and as SVG', async ({
  lab,
}) => {
  const page = await lab.goto();
  await waitForLive(page);
  await pause(page);
  await test.step('a frame folds to a card with totals, by key and by pointer; a node is shown with its neighbours alone', async () => {
    const map = page.getByRole('main');
    await map.getByRole('button', { name: 'AZ a: 4 nodes' }).focus();
    await page.keyboard.press('-');
    const folded = map.getByRole('group', { name: /^AZ a: 4 nodes, folded up, 4\/4 up/ });
    await expect(folded).toBeVisible();
    await expect(node(page, 'rw-1')).toHaveCount(0);
    await folded.dblclick();
    await expect(node(page, 'rw-1')).toBeVisible();
    await node(page, 'store-2').dblclick();
    await expect(node(page, 'd1')).toHaveCount(0);
    await expect(node(page, 'store-3')).toBeVisible();
    await map.getByRole('button', { name: 'Show everything' }).first().click();
    await expect(node(page, 'd1')).toBeVisible();
    // By key: what is selected is let go first, then the neighbourhood.
    await node(page, 'store-2').dblclick();
    await expect(node(page, 'd1')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(node(page, 'store-2')).toHaveAttribute('data-selected', 'false');
    await expect(node(page, 'd1')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(node(page, 'd1')).toBeVisible();
  });
  await test.step('the menu of a node in the middle of the window is there whole', async () => {
    await node(page, 'store-1').click({ button: 'right' });
    const menu = page.getByRole('menu', { name: 'store-1' });
    await expect(menu.getByRole('menuitem', { name: 'Inspect' })).toBeInViewport({ ratio: 1 });
    expect(await menu.evaluate((one) => one.scrollHeight <= one.clientHeight)).toBe(true);
    await leaveByEscape(page, menu);
  });
  await test.step('as store-3 knows them the cards have a name and a number, each by itself', async () => {
    await node(page, 'store-3').focus();
    await page.keyboard.press('o');
    await expect(page.getByRole('status', { name: 'NCL g2 of store-1 as store-3 knows it' })).toBeVisible();
    await expect(node(page, 'store-1').getByText('store-1', { exact: true })).toBeVisible();
    await page.keyboard.press('o');
    await expect(page.getByRole('status', { name: /as store-3 knows it$/ })).toHaveCount(0);
  });
  await test.step('what is selected anywhere is lit everywhere, and Back returns to it; the legend filters', async () => {
    await node(page, 'rw-1').click();
    await page.getByRole('tab', { name: /^In flight/ }).click();
    await stepUntilFlight(page, { family: 'wal', from: 'rw-1', to: 'store-2' });
    const list = page.getByRole('list', { name: 'In flight' });
    await list
      .getByRole('button', { name: /^W .* rw-1 to store-2$/ })
      .first()
      .click();
    await expect(node(page, 'store-2')).not.toHaveClass(/dim/);
    await expect(node(page, 'd1')).toHaveClass(/dim/);
    await page.getByRole('tab', { name: 'Inspector' }).click();
    await page.getByRole('button', { name: 'Back to rw-1' }).click();
    await expect(node(page, 'd1')).not.toHaveClass(/dim/);
    await expect(page.getByRole('complementary').getByRole('heading', { name: 'rw-1' })).toBeVisible();
    await page.getByRole('button', { name: 'Legend' }).click();
    await page.getByRole('button', { name: /^WAL append: / }).click();
    await expect(list.getByRole('listitem', { name: /^W / })).toHaveCount(0);
    await page.getByRole('button', { name: 'Show all messages' }).click();
    await expect(list.getByRole('listitem', { name: /^W / }).first()).toBeVisible();
  });
  await test.step('PNG and SVG have the legend and the run they show', async () => {
    await act(page, 'cut rw-1 | store-3');
    const save = async (entry: string) => {
      await page.getByRole('button', { name: 'More of the map' }).click();
      const started = page.waitForEvent('download');
      await page.getByRole('menuitem', { name: entry, exact: true }).click();
      const file = await started;
      return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
    };
    const png = await save('PNG, 2 times');
    expect(png.name).toMatch(/^hook-hole-7-.*map@2x\.png$/);
    expect(png.bytes.subarray(0, 8)).toEqual(Buffer.from('89504e470d0a1a0a', 'hex'));
    expect(png.bytes.readUInt32BE(16)).toBeGreaterThan(2000);
    const svg = await save('SVG');
    const text = svg.bytes.toString();
    expect(svg.name).toMatch(/map\.svg$/);
    for (const words of ['store-3', 'WAL append', 'seed 7', 'AZ b', '>cut<']) expect(text).toContain(words);
    // It stands alone: no variable, class or address of the page.
    expect(text).not.toMatch(/var\(--|class=|url\(http/);
    const parts = await page.evaluate((source) => {
      const read = new DOMParser().parseFromString(source, 'image/svg+xml');
      return {
        error: read.querySelector('parsererror')?.textContent ?? null,
        root: read.documentElement.localName,
      };
    }, text);
    expect(parts).toEqual({ error: null, root: 'svg' });
  });
});

test('a crash waits for its moment, and a message can be run to just before it arrives', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await pause(page);
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
});
