// Which part of a lens is shown: what is spoken of comes, and what a reader has chosen stays.

import { expect, test } from 'vitest';
import { isPartChosen, leaveSection, openPart, shownPart, showPart } from './lens-part.ts';

test('a section that was brought is in a link until the reader scrolls it away; then nothing but a new step or choice brings one', () => {
  openPart('chains', 'archive');
  expect([shownPart('chains'), isPartChosen('chains')]).toEqual(['archive', false]);
  leaveSection('chains');
  expect([shownPart('chains'), isPartChosen('chains')]).toEqual([null, true]);
  showPart('chains', 'points');
  expect([shownPart('chains'), isPartChosen('chains')]).toEqual(['points', true]);
});
