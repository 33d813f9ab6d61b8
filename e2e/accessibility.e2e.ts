// E23: nothing serious or critical in either theme: idle, under a fault, with menus and panels, on every route and in
// every lens. The whole page is looked at where the whole page changes; of a panel that opens, the panel.
import { seriousFindings } from './support/axe.ts';
import { expect, test } from './support/lab-fixture.ts';
import { leaveByEscape, node, pause, waitForLive } from './support/lab-page.ts';

test('E23 no serious accessibility fault: idle, in the dock, in a menu, with a node that is down', async ({
  lab,
}) => {
  const page = await lab.goto();
  await waitForLive(page);
  await pause(page);
  expect(await seriousFindings(page)).toEqual([]);
  for (const tab of ['SQL', 'Metrics', 'Workload', 'Tape']) {
    await page.getByRole('tab', { name: tab }).click();
    await expect(page.getByRole('tabpanel', { name: tab })).toBeVisible();
    expect(await seriousFindings(page, '[data-region="dock"]'), tab).toEqual([]);
  }
  await node(page, 'store-2').click({ button: 'right' });
  await expect(page.getByRole('menu')).toBeVisible();
  expect(await seriousFindings(page, '[role="menu"]'), 'menu').toEqual([]);
  await page.getByRole('menuitem', { name: 'Crash (power cut)' }).click();
  await expect(node(page, 'store-2')).toHaveAccessibleName(/, down,/);
  expect(await seriousFindings(page), 'a node is down').toEqual([]);
});

test('E23 no serious accessibility fault: further lenses, palette, help and routes', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await pause(page);
  // The other lenses and the lessons have journeys of their own for this (lenses.e2e.ts, lessons.e2e.ts).
  for (const [key, title] of [
    ['7', 'Space-time'],
    ['0', 'History and checks'],
    ['-', 'Metrics'],
  ] as const) {
    await page.keyboard.press(key);
    const lens = page.locator('[data-region="lens"]').and(page.getByRole('region', { name: title }));
    await expect(lens).toBeVisible();
    await expect(lens.getByText('Loading', { exact: false })).toHaveCount(0);
    expect(await seriousFindings(page, '[data-region="lens"]'), `lens ${key}`).toEqual([]);
    const table = lens.getByRole('button', { name: 'Show as a table' });
    if ((await table.count()) > 0) {
      await table.click();
      expect(await seriousFindings(page, '[data-region="lens"]'), `lens ${key} as a table`).toEqual([]);
      await table.click();
    }
  }
  const dialog = page.getByRole('dialog');
  for (const [key, what] of [
    ['Control+k', 'palette'],
    ['?', 'help'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(dialog).toBeVisible();
    expect(await seriousFindings(page, '[role="dialog"]'), what).toEqual([]);
    await leaveByEscape(page, dialog);
  }
  for (const route of ['about', 'runs']) {
    await page.evaluate((path) => {
      location.hash = `#/${path}`;
    }, route);
    await expect(
      page
        .getByRole('heading', { level: 2 })
        .or(page.getByRole('heading', { level: 1 }))
        .first(),
    ).toBeVisible();
    expect(await seriousFindings(page), route).toEqual([]);
  }
});
