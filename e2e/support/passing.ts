// What passes by: captions, bars, toasts, a cut of some milliseconds and its hole are on the screen for some seconds of wall time, which a busy machine may spend
// on something else. The page itself notes each as it appears, and a journey asks whether it was there.
import { expect, type Page } from '@playwright/test';

/** Goes to the page as text, so it brings all that it needs. */
export function notePassing(isHeld: boolean): void {
  const passed: string[] = [];
  Object.assign(window, { passed });
  const note = (line: string): void => {
    if (passed.at(-1) !== line) passed.push(line);
  };
  const look = (): void => {
    for (const caption of document.querySelectorAll('p[data-caption]')) {
      const isWhole =
        caption.scrollWidth <= caption.clientWidth && caption.scrollHeight <= caption.clientHeight;
      note(`caption${isWhole ? '' : ' cut short'}: ${caption.textContent}`);
    }
    for (const bar of document.querySelectorAll('[role=progressbar]')) {
      const [name, now, max] = ['label', 'valuenow', 'valuemax'].map((key) =>
        bar.getAttribute(`aria-${key}`),
      );
      note(`bar: ${name} ${now !== null && now === max ? 'whole' : 'begun'}`);
    }
    const fleeting = '[aria-label^="link "][aria-label*=", cut"], [aria-label*=") hole"]';
    for (const one of document.querySelectorAll(fleeting)) note(`${one.getAttribute('aria-label')}`);
    for (const toast of document.querySelectorAll('[data-sonner-toast]')) {
      note(`toast: ${toast.textContent}`);
      if (isHeld) toast.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
    }
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: ['aria-label', 'aria-valuenow', 'aria-valuemax'],
  });
}

/** From the next page that is opened on. `holdsToasts`: they stay as under a pointer, for who wants to press a button in one. */
export const watchPassing = (page: Page, { holdsToasts = false } = {}): Promise<unknown> =>
  page.addInitScript(notePassing, holdsToasts);

/** Resolves when such a line was noted: `caption: …`, `bar: … whole`, `toast: …`, or the name of a link or a range. */
export const expectPassed = (page: Pick<Page, 'evaluate'>, line: RegExp): Promise<void> =>
  expect
    .poll(() => page.evaluate(() => Reflect.get(window, 'passed')), `${line} passed by`)
    .toContainEqual(expect.stringMatching(line));
