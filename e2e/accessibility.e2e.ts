// E23: nothing serious or critical in either theme: idle, under a fault, with menus and panels, on every route and in
// every lens. Each theme takes other panes: both themes have the same elements and the same tokens.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/lab-fixture.ts';
import { node, pause, waitForLive } from './support/lab-page.ts';

/** What fades in has its colours once it is there; axe would measure it half way. */
const settle = (page: Page): Promise<unknown> =>
  page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));

async function findings(page: Page): Promise<readonly string[]> {
  await settle(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** Each theme with other panes of the dock: both themes have the same elements. */
const panes = { light: ['SQL', 'Metrics'], dark: ['Workload', 'Tape'] } as const;
/** The other lenses and the lessons have journeys of their own for this (lenses.e2e.ts, lessons.e2e.ts). */
const lensKeys = { light: ['7', '0'], dark: ['-'] } as const;
const routes = { light: ['about'], dark: ['runs'] } as const;

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(() => {
    test.use({ browserOptions: { colorScheme } });

    test(`E23 no serious accessibility fault in the ${colorScheme} theme`, async ({ lab }) => {
      const page = await lab.goto();
      await waitForLive(page);
      await pause(page);
      expect(await findings(page)).toEqual([]);
      for (const tab of panes[colorScheme]) {
        await page.getByRole('tab', { name: tab }).click();
        await expect(page.getByRole('tabpanel', { name: tab })).toBeVisible();
        expect(await findings(page), tab).toEqual([]);
      }
      await node(page, 'store-2').click({ button: 'right' });
      await expect(page.getByRole('menu')).toBeVisible();
      expect(await findings(page), 'menu').toEqual([]);
      await page.getByRole('menuitem', { name: 'Crash (power cut)' }).click();
      await expect(node(page, 'store-2')).toHaveAccessibleName(/, down,/);
      expect(await findings(page), 'a node is down').toEqual([]);
    });

    test(`E23 further lenses, routes and panels in the ${colorScheme} theme`, async ({ lab }) => {
      test.setTimeout(180_000);
      const page = await lab.goto();
      await waitForLive(page);
      await pause(page);
      for (const key of lensKeys[colorScheme]) {
        await page.keyboard.press(key);
        const lens = page.locator('[data-region="lens"]');
        await expect(lens).toBeVisible();
        await expect(lens.getByText('Loading', { exact: false })).toHaveCount(0);
        expect(await findings(page), `lens ${key}`).toEqual([]);
        const table = lens.getByRole('button', { name: 'Show as a table' });
        if ((await table.count()) > 0) {
          await table.click();
          expect(await findings(page), `lens ${key} as a table`).toEqual([]);
          await table.click();
        }
      }
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
      expect(await findings(page), 'palette').toEqual([]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await findings(page), 'help').toEqual([]);
      await page.keyboard.press('Escape');
      for (const route of routes[colorScheme]) {
        await page.evaluate((path) => {
          location.hash = `#/${path}`;
        }, route);
        await expect(
          page
            .getByRole('heading', { level: 2 })
            .or(page.getByRole('heading', { level: 1 }))
            .first(),
        ).toBeVisible();
        expect(await findings(page), route).toEqual([]);
      }
    });
  });
