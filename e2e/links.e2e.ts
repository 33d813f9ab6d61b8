// E07, E08, E09: links are cut, in one direction too, and messages are dropped.
import { expect, test } from './support/lab-fixture.ts';
import {
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

test('E07 a partition without dragging is one action, and its links are cut', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
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
});

test('E08 a one-way cut lets the acknowledgements of the other way through', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await pause(page);
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
  await expect(list.getByRole('listitem', { name: /^W .* rw-1 to store-3, lost$/ }).first()).toBeVisible();
});

test('E09 a dropped message is lost, and its receiver finds the hole', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
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
});
