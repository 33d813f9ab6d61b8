// Keys that a person gave to other things: each key means one thing, and what it said is what it does.

import { describe, expect, test } from 'vitest';
import { chosenKey, keyText, meantKey, moveKey } from './key-map.ts';

const table = ['c', 'r', '.', ' '];

describe('a key that is moved', () => {
  test('does its thing under the new key, and the old one does nothing', () => {
    const map = moveKey({}, 'c', 'q', table);
    expect([meantKey('q', map), meantKey('c', map), meantKey('r', map)]).toEqual(['c', null, 'r']);
  });

  test('to where another is: the two change places', () => {
    const map = moveKey({}, 'c', 'r', table);
    expect([meantKey('r', map), meantKey('c', map)]).toEqual(['c', 'r']);
    // And on to a third place: the first is back where it was.
    const back = moveKey(map, 'r', 'r', table);
    expect(back).toEqual({});
  });

  test('each key means one thing at most, whatever was moved where', () => {
    let map = {};
    for (const [key, chosen] of [
      ['c', 'q'],
      ['r', 'c'],
      ['.', 'q'],
      [' ', 'r'],
      ['c', ' '],
      ['r', 'r'],
    ] as const)
      map = moveKey(map, key, chosen, table);
    const meant = table.map((key) => keyText(key, 'on', map));
    expect(new Set(meant).size).toBe(table.length);
    for (const key of table) expect(meantKey(chosenKey(key, map), map)).toBe(key);
  });
});

test('a key is written as it is pressed; one that is switched off is not written', () => {
  expect([keyText('c', 'on', {}), keyText('c', 'alt', {}), keyText('c', 'off', {})]).toEqual([
    'C',
    'Alt C',
    null,
  ]);
  expect([keyText(' ', 'on', {}), keyText('Home', 'off', {}), keyText('c', 'alt', { c: 'q' })]).toEqual([
    'Space',
    'Home',
    'Alt Q',
  ]);
});
