// E23: what axe finds serious or critical on the screen or in a part of it, in both themes. The elements are the same in
// both, so the second theme is asked about colours only.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const colourRules = ['color-contrast', 'link-in-text-block'];

/** What fades in has its colours once it is there; axe would measure it half way. */
const settle = (page: Page): Promise<unknown> =>
  page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));

async function analyse(
  page: Page,
  part: string | null,
  rules: readonly string[],
): Promise<readonly string[]> {
  await settle(page);
  // There are no frames to gather results from, which is what the other mode opens a second tab for.
  const builder = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
  if (part !== null) builder.include(part);
  if (rules.length > 0) builder.withRules([...rules]);
  const { violations } = await builder.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** A page that follows the system's theme is left in the light one. `part`: a selector; absent, the whole page. */
export async function seriousFindings(page: Page, part: string | null = null): Promise<readonly string[]> {
  const light = await analyse(page, part, []);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
  const dark = await analyse(page, part, colourRules);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'light');
  return [...light.map((one) => `light: ${one}`), ...dark.map((one) => `dark: ${one}`)];
}
