import { expect, test } from 'vitest';
import { groupDigits } from '../kit/format.ts';
import { shareOf, speedText, wholeOf } from './speed-text.ts';

test('E62 a figure of less than ten has a tenth, larger ones are whole', () => {
  expect([2.04, 9.96, 12.5, 1234.4].map(wholeOf)).toEqual(['2', '10', '13', groupDigits(1234)]);
});

test('E62 the longest bar is the largest figure, and what is not measured has none', () => {
  expect([shareOf(50, [50, 200]), shareOf(200, [50, 200]), shareOf(0, [])]).toEqual([0.25, 1, 0]);
  expect(shareOf(Number.NaN, [1])).toBe(0);
});

test('E62 as text: the machine, a line for each figure, a dash where there is none', () => {
  const figure = { kind: 'figure', figure: { value: 153, worst: 425, of: null } } as const;
  const lines = [
    { label: 'Undo a crash', one: figure, value: '153 ms', more: '95 of 100 within 425 ms' },
    { label: 'PGlite', one: { kind: 'without', error: 'no room' }, value: '–', more: null },
    { label: 'Frames', one: undefined, value: '–', more: null },
  ] as const;
  expect(speedText('PostDB Lab, engine 1; 2 cores; Mozilla', lines)).toBe(
    'PostDB Lab, engine 1; 2 cores; Mozilla\nUndo a crash: 153 ms (95 of 100 within 425 ms)\nPGlite: –\nFrames: –',
  );
});
