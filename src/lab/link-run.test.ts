import { expect, test } from 'vitest';
import { refusal } from '../presets/refusals.ts';
import { runOfLink } from './link-run.ts';

const of = (...pairs: readonly (readonly [string, string])[]) => runOfLink(new Map(pairs));

test('a link begins a run of a preset, with its seed unless another is named', () => {
  expect(of(['at', '3'])).toBeNull();
  expect(of(['preset', 'polardb'])).toMatchObject({ ok: true, run: { preset: 'polardb' } });
  expect(of(['preset', 'postdb-v4'], ['seed', '12'])).toEqual({
    ok: true,
    run: { preset: 'postdb-v4', seed: 12 },
  });
});

test.each([
  [[['preset', 'mysql']], 'asks for the preset mysql, which there is not; presets: cynosdb'],
  [
    [
      ['preset', 'cynosdb'],
      ['seed', 'x'],
    ],
    'the seed of the link, x, is no whole number',
  ],
  [
    [
      ['preset', 'cynosdb'],
      ['seed', '-1'],
    ],
    'the seed of the link, -1',
  ],
  [
    [
      ['preset', 'cynosdb'],
      ['seed', ''],
    ],
    'is no whole number',
  ],
] as const)('a link with %j is refused in words', (pairs, words) => {
  const found = of(...pairs);
  expect(found?.ok === false ? refusal(found.why.kind, found.why.of).error : '').toContain(words);
});
