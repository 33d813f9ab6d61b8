// Every preset that people are offered is said in one plain line, in both languages.

import { expect, test } from 'vitest';
import { wordsIn } from '../../../scripts/words.mjs';
import { offeredPresets } from '../../stacks/preset-names.ts';
import { presetLineOf } from './preset-line.ts';
import { presetLine } from './run-tables.ts';

/** Of the list of presets, with the longest name before it. */
const longest = 64;

test.each(offeredPresets)('preset %s has a line in English and Chinese', (preset) => {
  const { en, zh } = presetLineOf(preset) ?? { en: '', zh: '' };
  expect(en).toMatch(/\w{3,} \w/);
  expect(en.length).toBeLessThanOrEqual(longest);
  expect(zh).toMatch(/\p{Script=Han}/u);
  expect(presetLine(preset)).toBe(en);
});

test('no line is of a preset that nobody is offered', () => {
  const lines = [...wordsIn('en').keys()].flatMap((key) => /^presetLine\.(.+)\.what$/.exec(key)?.[1] ?? []);
  expect(lines.toSorted()).toEqual(offeredPresets.toSorted());
});
