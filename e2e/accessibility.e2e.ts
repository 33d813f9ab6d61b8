// E23: nothing serious or critical in either theme: idle, under a fault, with menus and panels, on every route and in
// lenses. The whole page is looked at where the whole page changes; of a panel that opens, the panel. In `npm run deep`
// every lens at every width; otherwise the first one with its table and legend, and those of any architecture: the
// journeys that use a lens of one architecture look at it themselves.
import type { Page } from '@playwright/test';
import { seriousFindings } from '../scripts/axe.mjs';
import { deep, isDeep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { leaveByEscape, node, pause, waitForLive } from './support/lab-page.ts';
import { expectPassed, watchPassing } from './support/passing.ts';

/** The lenses that the page offers, by its table of them; space-time is looked at where it is used (lenses.e2e.ts), as lessons are. */
async function lensesOn(page: Page): Promise<readonly { id: string; key: string; title: string }[]> {
  const options = page.locator('[data-region="lens"] .panel-head select option');
  await expect(options.nth(4)).toBeAttached();
  const offered = await options.evaluateAll((all) =>
    all.map((option) => [option.getAttribute('value') ?? '', option.textContent ?? '']),
  );
  return offered.flatMap(([id = '', text = '']) => {
    const [, title = '', key = ''] = /^(.*) \((.)\)$/.exec(text) ?? [];
    return id === 'spaceTime' ? [] : [{ id, key, title }];
  });
}
/** Lenses of any architecture, whose legends name no rule of the log and whose drawings need more than a boot. */
const ofAll = ['checks', 'metrics'];
const isLookedAt = (id: string, key: string): boolean => isDeep || key === '1' || ofAll.includes(id);

async function lookAtParts(page: Page): Promise<void> {
  const dock = page.locator('[data-region="dock"]');
  expect(await seriousFindings(page)).toEqual([]);
  for (const tab of ['SQL', 'Metrics', 'Workload', 'Tape']) {
    await dock.getByRole('tab', { name: tab }).click();
    await expect(dock.getByRole('tabpanel', { name: tab })).toBeVisible();
    expect(await seriousFindings(page, '[data-region="dock"]'), tab).toEqual([]);
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
  await node(page, 'store-2').click({ button: 'right' });
  await expect(page.getByRole('menu')).toBeVisible();
  expect(await seriousFindings(page, '[role="menu"]'), 'menu').toEqual([]);
  await page.getByRole('menuitem', { name: 'Crash (power cut)' }).click();
  await expect(node(page, 'store-2')).toHaveAccessibleName(/, down,/);
  expect(await seriousFindings(page), 'a node is down').toEqual([]);
  // while it fades its contrast is nobody's
  await expectPassed(page, /^toast: .*crash store-2/);
  await expect(page.locator('[data-sonner-toast]')).toHaveCount(0);
  for (const [route, heading] of [
    ['about', 'What is modelled'],
    ['compare', 'Compare clusters'],
    ['runs', 'Runs'],
  ] as const) {
    await page.evaluate((path) => {
      location.hash = `#/${path}`;
    }, route);
    await expect(page.getByRole('heading', { name: heading, exact: true })).toBeVisible();
    expect(await seriousFindings(page), route).toEqual([]);
  }
}

async function lookAtLenses(page: Page): Promise<void> {
  for (const { id, key, title } of await lensesOn(page)) {
    if (!isLookedAt(id, key)) continue;
    await page.keyboard.press(key);
    const lens = page.locator('[data-region="lens"]').and(page.getByRole('region', { name: title }));
    await expect(lens).toBeVisible();
    await expect(lens.getByText('Loading', { exact: false })).toHaveCount(0);
    // A trace is drawn once one is opened: that of the newest statement.
    if (id === 'traces') {
      expect(await seriousFindings(page, '[data-region="lens"]'), `${title}, its way`).toEqual([]);
      await lens.getByRole('tab', { name: 'Trace' }).click();
      await lens.getByRole('combobox', { name: 'Statement' }).selectOption({ index: 1 });
    }
    const table = lens.getByRole('button', { name: 'Show as a table' });
    const hasTwin = !ofAll.includes(id) && (await table.count()) > 0;
    if (hasTwin) await expect(lens.locator('svg[data-plot]').first()).toBeVisible();
    expect(await seriousFindings(page, '[data-region="lens"]'), title).toEqual([]);
    if ((await table.count()) > 0) {
      await table.click();
      if (hasTwin) await expect(lens.locator('table[data-twin] tbody tr').first()).toBeVisible();
      if (!ofAll.includes(id))
        expect(await seriousFindings(page, '[data-region="lens"]'), `${title}, table`).toEqual([]);
      await table.click();
    }
    if (ofAll.includes(id)) continue;
    await lens.getByRole('button', { name: 'What the marks mean' }).click();
    const marks = page.getByRole('dialog', { name: 'What the marks mean' });
    await expect(marks).toContainText(/[A-Z]+-\d+/);
    await leaveByEscape(page, marks);
  }
}

for (const width of [1440, 320, 640, 960, 1280, 1920, 2560])
  test.describe(`${width} px`, width === 1440 ? {} : deep, () => {
    test.use({ browserOptions: { viewport: { width, height: Math.round(width * 0.625) } } });

    test('E23 no serious accessibility fault: idle, dock, palette, help, menu, each lens with its table twin, a node that is down, routes', async ({
      lab,
    }) => {
      await watchPassing(lab.page());
      const page = await lab.goto();
      await waitForLive(page);
      await pause(page);
      await lookAtLenses(page);
      await lookAtParts(page);
    });
  });
