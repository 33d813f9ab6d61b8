// What a page reads of the build that waits.

import { expect, test } from 'vitest';
import { buildQuestion, isBuildQuestion, opensRunsOf, readBuildFacts } from './build-facts.ts';

test('the question is known again, anything else is not', () => {
  expect(isBuildQuestion(structuredClone(buildQuestion))).toBe(true);
  for (const other of [null, 'whichBuild', {}, { type: 'SKIP_WAITING' }])
    expect(isBuildQuestion(other)).toBe(false);
});

test('an answer of another shape is none', () => {
  expect(readBuildFacts({ engine: '0.23.0', format: 3 })).toEqual({ engine: '0.23.0', format: 3 });
  for (const other of [
    null,
    7,
    {},
    { engine: 1, format: 2 },
    { engine: '1', format: '2' },
    { engine: 'x'.repeat(99), format: 2 },
  ])
    expect(readBuildFacts(other)).toBeNull();
});

test.each([
  ['the same', '0.19.0', 2, true],
  ['another engine', '0.23.0', 2, false],
  ['another format', '0.19.0', 3, false],
])('%s: %s, format %d: %s', (_what, engine, format, opens) => {
  expect(opensRunsOf({ engine, format }, { engine: '0.19.0', format: 2 })).toBe(opens);
});
