// A label in plain words gives way to its term as a reader meets it; the setting keeps it at both, or at terms.

import { afterEach, expect, test } from 'vitest';
import { resetSettings, settingsStore } from './settings-store.ts';
import { meetTerms, wordingOf } from './wording.ts';

afterEach(resetSettings);

test.each([
  ['plain', ['plain', 'both', 'term', 'term']],
  ['both', ['both', 'both', 'both', 'both']],
  ['term', ['term', 'term', 'term', 'term']],
] as const)('a label that begins as %s', (setting, written) => {
  expect([0, 1, 2, 3].map((met) => wordingOf(setting, met))).toEqual(written);
});

test('what is read counts twice, what a lesson says once', () => {
  const met = (): unknown => settingsStore.getState().met;
  meetTerms(['vdl', 'scl'], 1);
  meetTerms(['vdl'], 1);
  expect(met()).toEqual({ vdl: 1, scl: 1 });
  meetTerms(['vdl']);
  meetTerms(['vdl']);
  expect(met()).toEqual({ vdl: 2, scl: 1 });
});
