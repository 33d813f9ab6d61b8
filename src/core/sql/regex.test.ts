// What a pattern may cost. That what it matches is as in PostgreSQL is held by sql-drawn-functions.world.test.ts.

import { expect, test } from 'vitest';
import { SqlFailure } from './failure.ts';
import { charactersOf, isMatch, matchesOf } from './regex.ts';
import { PLAIN_OPTIONS } from './regex-lex.ts';

function refused(run: () => unknown): string {
  try {
    run();
    return 'not refused';
  } catch (thrown) {
    if (!(thrown instanceof SqlFailure)) throw thrown;
    return `${thrown.sqlstate}: ${thrown.message}`;
  }
}

const spans = (text: string, pattern: string) =>
  matchesOf(charactersOf(text), pattern, {
    options: PLAIN_OPTIONS,
    from: 0,
    isGlobal: true,
    withGroups: true,
  });

test('patterns that make a backtracking matcher hang take steps in proportion to the text', () => {
  const text = 'a'.repeat(20_000);
  for (const pattern of ['(a*)*b', '(a|a)*b', '(a|aa)+$b', '^(a+)+$b', '(.*)(.*)(.*)b'])
    expect(isMatch(text, pattern)).toBe(false);
  expect(spans(text, '(.*)(.*)(.*)(a)')).toEqual([
    [
      [0, 20_000],
      [0, 19_999],
      [19_999, 19_999],
      [19_999, 19_999],
      [19_999, 20_000],
    ],
  ]);
});

test('a search that takes too many steps ends in an error, at the same step each time', () => {
  const run = (): unknown => spans('a'.repeat(3000), '(a*)(a*)(a*)(a*)\\1\\2\\3\\4b|(?<=^.*a)a');
  const error = '54000: regular expression takes more than 10000000 steps';
  expect(refused(run)).toBe(error);
  expect(refused(run)).toBe(error);
});

test('a pattern that is too large, or stands too deep in itself, is refused', () => {
  const error = '2201B: invalid regular expression: regular expression is too complex';
  expect(refused(() => isMatch('a', '((a{255}){255}){255}'))).toBe(error);
  expect(refused(() => isMatch('a', `${'('.repeat(10_000)}${')'.repeat(10_000)}`))).toBe(error);
  expect(refused(() => isMatch('a', '(a)'.repeat(10_000)))).toBe(error);
  expect(refused(() => isMatch('a', '(?=('.repeat(1000)))).toBe(error);
});

test('characters are code points', () => {
  expect(spans('😀a😀', '.')).toEqual([[[0, 1]], [[1, 2]], [[2, 3]]]);
  expect(spans('x😀', '\\U0001f600')).toEqual([[[1, 2]]]);
});
