// E23, as far as this version has screens: nothing serious or critical in either theme, idle, under a fault, with a menu.
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
  });
