// What keeps the keyboard from a page as it stands: controls that Tab does not stop at, and stops that are out of sight or under
// something else while they have the focus.

import type { Page } from '@playwright/test';

/** Marks every control that has to be a stop. Of what arrow keys go through (tabs, a tree, radio buttons, the map) one is, by its own rules. */
const markStops = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const controls =
      'button, a[href], input, select, textarea, summary, [tabindex="0"], [role="slider"], [contenteditable="true"]';
    const isGathered =
      '.react-flow, [role="tablist"], [role="tree"] *, [role="radiogroup"], [role="menu"], [type="radio"], [role="group"] > dfn';
    const stops = [...document.querySelectorAll(controls)].filter((control) => {
      if (control.closest(isGathered) !== null || control.matches('[tabindex="-1"], :disabled')) return false;
      const { width, height } = control.getBoundingClientRect();
      return control.checkVisibility({ visibilityProperty: true }) && width > 1 && height > 1;
    });
    for (const old of document.querySelectorAll('[data-stop]')) old.removeAttribute('data-stop');
    stops.forEach((stop, i) => {
      stop.setAttribute('data-stop', String(i));
    });
    return stops.length;
  });

interface Stop {
  readonly id: string | null;
  readonly name: string;
  readonly isSeen: boolean;
}

/** Where the focus is; null: in no part of the page. */
const stopNow = (page: Page): Promise<Stop | null> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return null;
    // A text of two lines has a box for each; cards of a map are brought into its view by the map.
    const isOnMap = element.closest('.react-flow') !== null;
    const isSeen =
      isOnMap ||
      [...element.getClientRects()].some(({ left, right, top, bottom }) => {
        const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
        const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
        // In a window of 200 px a name's explanation may lie over the name, which is its heading.
        const hit = document.elementsFromPoint(x, y).find((one) => one.closest('[role="tooltip"]') === null);
        return hit !== undefined && (element.contains(hit) || hit.contains(element));
      });
    const name = element.getAttribute('aria-label') ?? element.textContent?.slice(0, 60) ?? '';
    return {
      id: element.getAttribute('data-stop'),
      name: `${element.tagName.toLowerCase()} ${name}`,
      isSeen,
    };
  });

export async function tabFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  const count = await markStops(page);
  const faults: string[] = [];
  const met = new Set<string>();
  let wraps = 0;
  // What opens by the focus, and what is no control by name, are stops as well.
  for (let i = 0; i < 2 * count + 60 && wraps < 2; i++) {
    await page.keyboard.press('Tab');
    const stop = await stopNow(page);
    if (stop === null) {
      wraps++;
      continue;
    }
    if (!stop.isSeen) faults.push(`out of sight: ${stop.name}`);
    if (stop.id !== null) met.add(stop.id);
  }
  const missed = await page.evaluate(
    (ids) =>
      [...document.querySelectorAll('[data-stop]')].flatMap((stop) =>
        ids.includes(stop.getAttribute('data-stop') ?? '')
          ? []
          : [
              `${stop.tagName.toLowerCase()} ${stop.getAttribute('aria-label') ?? stop.textContent?.slice(0, 60) ?? ''}`,
            ],
      ),
    [...met],
  );
  return [...new Set(faults), ...missed.map((name) => `no stop: ${name}`)];
}
