// A blank has the keys of its shape in their order, is nobody else's, and whatever a key is called it is only a key.

import { expect, test } from 'vitest';
import { clonePlain } from './plain.ts';
import { blankOf, shapeOf } from './shapes.ts';

test('a shape is known by its keys in their order', () => {
  const shape = shapeOf(['b', 'a'], null);
  expect(shapeOf(['b', 'a'], { b: 1, a: '' })).toBe(shape);
  expect(shapeOf(['a', 'b'], null)).not.toBe(shape);
  expect(shapeOf(['b'], null)).not.toBe(shape);
  expect(Object.keys(blankOf(shape))).toEqual(['b', 'a']);
});

test('no two blanks are one', () => {
  const shape = shapeOf(['x', 'y'], { x: 0, y: null });
  const blanks = Array.from({ length: 300 }, () => blankOf(shape));
  expect(new Set(blanks).size).toBe(300);
  for (const blank of blanks) expect(blank).toEqual({ x: 0, y: null });
});

test('keys of any text and more shapes than are kept are cloned alike', () => {
  const odd = JSON.parse('{"__proto__":{"a":1},"":2,"7":3,"a\\"b\\n":4,"\\ud800":5}') as Record<
    string,
    unknown
  >;
  const copy = clonePlain(odd);
  expect(Object.entries(copy)).toEqual(Object.entries(odd));
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  const many = Array.from({ length: 10_000 }, (_, i) => ({ [`key-${i}`]: i }));
  expect(clonePlain(many)).toEqual(many);
  expect(clonePlain(many)).toEqual(many);
});
