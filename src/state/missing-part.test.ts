// Parts that could not be loaded.

import { expect, test } from 'vitest';
import { isMissingPart, missingStore, watchMissingParts } from './missing-part.ts';

test('the error of a part that could not be loaded is known again, any other is not', () => {
  const page = new EventTarget();
  watchMissingParts(page);
  const error = new TypeError('Failed to fetch dynamically imported module');
  expect(isMissingPart(error)).toBe(false);
  page.dispatchEvent(new Event('vite:preloadError'));
  expect(missingStore.getState().isAny).toBe(false);
  page.dispatchEvent(Object.assign(new Event('vite:preloadError'), { payload: error }));
  expect(isMissingPart(error)).toBe(true);
  expect(isMissingPart(new TypeError(error.message))).toBe(false);
  expect(isMissingPart('text')).toBe(false);
  expect(missingStore.getState().isAny).toBe(true);
});
