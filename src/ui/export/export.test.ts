// What an exported drawing must not keep of the page: mixed colours and addresses of patterns.

import { expect, test } from 'vitest';
import { mustSay, pictureWidth, plainValue } from './standalone-svg.ts';

test.each([
  ['color(srgb 0.2 0.4 1)', 'rgb(51,102,255)'],
  ['color(srgb 0.2 0.4 1 / 0.5)', 'rgba(51,102,255,0.5)'],
  ['rgb(1, 2, 3)', 'rgb(1, 2, 3)'],
  ['url("http://localhost:4173/#run-volatile")', 'url(#run-volatile)'],
  ['url("#run-volatile")', 'url(#run-volatile)'],
])('%s is written as %s', (value, expected) => {
  expect(plainValue(value)).toBe(expected);
});

test('a picture is as wide as its drawing, or as the line that says what it is', () => {
  expect(pictureWidth(800, 'WAL · seed 7')).toBe(800);
  const long = 'History and checks · hook-hole · seed 7 · t = 130.000 ms · run 1a2814dc · PostDB Lab';
  expect(pictureWidth(300, long)).toBeGreaterThan(long.length * 6);
  expect(pictureWidth(300, '存储链')).toBe(300);
});

test.each([
  ['stroke', 'none', null, false],
  ['stroke', 'rgb(1, 2, 3)', null, true],
  // Words in a group that has a stroke would be outlined as well.
  ['stroke', 'none', 'rgb(1, 2, 3)', true],
  ['stroke', 'rgb(1, 2, 3)', 'rgb(1, 2, 3)', false],
  // Groups do not say how large their words are.
  ['font-size', '13px', '13px', true],
  ['text-anchor', 'end', 'end', true],
  ['opacity', '0.5', '0.5', true],
  ['opacity', '1', '0.5', false],
  ['fill', 'rgb(0, 0, 0)', null, true],
  ['fill', '', null, false],
] as const)('%s %j in a part that has %j is written: %s', (name, value, around, isWritten) => {
  expect(mustSay(name, value, around)).toBe(isWritten);
});
