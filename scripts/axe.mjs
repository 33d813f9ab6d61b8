// E23: what axe finds serious or critical on the screen or in a part of it, in both themes; for journeys and `npm run shots`.
// The elements are the same in both themes, so the second is asked about colours only.
import AxeBuilder from '@axe-core/playwright';

/** @typedef {import('@playwright/test').Page} Page */

const colourRules = ['color-contrast', 'link-in-text-block'];

/** What fades in has its colours once it is there; axe would measure it half way. @type {(page: Page) => Promise<unknown>} */
const settle = (page) =>
  page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));

/** @type {(page: Page, part: string | null, rules: readonly string[]) => Promise<readonly string[]>} */
async function analyse(page, part, rules) {
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

/** Of a page that follows the system's theme, which is then this one. @type {(page: Page, theme: 'light' | 'dark') => Promise<void>} */
export async function setTheme(page, theme) {
  await page.emulateMedia({ colorScheme: theme });
  await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
  // What comes or goes meanwhile is half through its fade.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
}

/**
 * A page that follows the system's theme is left in the light one.
 * @param {Page} page
 * @param {string | null} part a selector; absent, the whole page
 * @returns {Promise<readonly string[]>}
 */
export async function seriousFindings(page, part = null) {
  await setTheme(page, 'light');
  const light = await analyse(page, part, []);
  await setTheme(page, 'dark');
  const dark = await analyse(page, part, colourRules);
  await setTheme(page, 'light');
  return [...light.map((one) => `light: ${one}`), ...dark.map((one) => `dark: ${one}`)];
}
