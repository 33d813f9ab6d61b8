// A message that flies over a suggestion or a control takes no press from it; on the map's own cards and links it does.

import { expect, test } from 'vitest';
import { isForControl } from './for-control.ts';

/** From the inside to the outside: each a tag, a class (`.legend`) or an attribute (`[data-suggestion]`). */
const under = (...around: readonly string[]): Pick<Element, 'closest'> => ({
  closest: (selectors: string) =>
    around.some((each) => selectors.split(', ').includes(each)) ? ({} as Element) : null,
});

test.each([
  ['a suggestion on a link', under('button', '[data-suggestion]', '.react-flow__renderer'), true],
  ['the words of a suggestion', under('span', '[data-suggestion]', '.react-flow__renderer'), true],
  ['a row of the legend', under('button', '.legend'), true],
  ['a field of the legend', under('input', '.legend'), true],
  ['the overview', under('svg', '.overview'), true],
  ['a control of the map', under('button'), true],
  ['a chip for what is outside of the view', under('span', 'button'), true],
  ['the pane', under('div', '.react-flow__renderer'), false],
  ['a card', under('div', '.react-flow__renderer'), false],
  ['the button of a link', under('button', '.react-flow__renderer'), false],
])('a press on %s', (_what, target, isControls) => {
  expect(isForControl(target)).toBe(isControls);
});
