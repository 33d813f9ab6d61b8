// E23: what axe finds serious or critical on the screen or in a part of it, in both themes; for journeys and `npm run shots`.
// The elements are the same in both themes, so the second is asked about colours only.
import AxeBuilder from '@axe-core/playwright';

/** @typedef {import('@playwright/test').Page} Page */

const colourRules = ['color-contrast', 'link-in-text-block'];

/** What fades in has its colours once it is there; axe would measure it half way. @type {(page: Page) => Promise<unknown>} */
const settle = (page) =>
  page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));

/** How often is asked again what stands on the screen, when a notice that has a fault went meanwhile. */
const MOST_LOOKS = 3;

/** @type {(page: Page, part: string | null, rules: readonly string[], looks?: number) => Promise<readonly string[]>} */
async function analyse(page, part, rules, looks = 1) {
  await settle(page);
  // There are no frames to gather results from, which is what the other mode opens a second tab for.
  const builder = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
  if (part !== null) builder.include(part);
  if (rules.length > 0) builder.withRules([...rules]);
  const { violations } = await builder.analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const targets = serious.flatMap(({ nodes }) => nodes.flatMap(({ target }) => target.map(String)));
  if (targets.length > 0 && looks < MOST_LOOKS && (await isGoing(page, targets)))
    return analyse(page, part, rules, looks + 1);
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** Is one of them half through its fade, or gone? @type {(page: Page, targets: readonly string[]) => Promise<boolean>} */
const isGoing = (page, targets) =>
  page.evaluate((selectors) => {
    const fading = document.getAnimations().flatMap(({ effect }) => {
      const target = effect instanceof KeyframeEffect ? effect.target : null;
      return target === null ? [] : [target];
    });
    return selectors.some((selector) => {
      const found = document.querySelector(selector);
      return found === null || fading.some((one) => one.contains(found));
    });
  }, targets);

/** Of a page that follows the system's theme, which is then this one. @type {(page: Page, theme: 'light' | 'dark') => Promise<void>} */
export async function setTheme(page, theme) {
  await page.emulateMedia({ colorScheme: theme });
  await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
  // What comes or goes meanwhile is half through its fade.
  await settle(page);
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
