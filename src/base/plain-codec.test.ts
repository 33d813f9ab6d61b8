// Plain data comes back from its bytes as it was, byte arrays by the names they were given.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePlain, encodePlain } from './plain-codec.ts';

function roundTrip(value: unknown): unknown {
  const kept: Uint8Array[] = [];
  const bytes = encodePlain(value, (one) => kept.push(one) - 1);
  return decodePlain(bytes, (name) => kept[name] ?? new Uint8Array(0));
}

const leaf = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.string({ unit: 'binary' }),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.bigInt(),
  fc.uint8Array(),
  fc.float64Array({ maxLength: 4 }),
  fc.int32Array({ maxLength: 4 }),
  fc.uint32Array({ maxLength: 4 }),
);
const plain = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 4 }, leaf, tie('list'), tie('map'), tie('set'), tie('object')),
  list: fc.array(tie('any'), { maxLength: 5 }),
  map: fc.array(fc.tuple(leaf, tie('any')), { maxLength: 5 }).map((entries) => new Map(entries)),
  set: fc.array(leaf, { maxLength: 5 }).map((items) => new Set(items)),
  object: fc.dictionary(
    fc.string({ maxLength: 3 }).filter((key) => key !== '__proto__'),
    tie('any'),
    { maxKeys: 5, noNullPrototype: true },
  ),
})).any;

test('every plain value comes back as it was', () => {
  fc.assert(
    fc.property(plain, (value) => {
      expect(roundTrip(value)).toEqual(value);
    }),
  );
});

test('the largest time, minus nought, half a surrogate pair and the order of keys are kept', () => {
  const value = [Number.MAX_SAFE_INTEGER, -0, 'a\ud800', { b: 1, a: 2 }, { b: 3, a: 4 }];
  expect(roundTrip(value)).toEqual(value);
  expect(Object.keys((roundTrip(value) as Record<string, number>[])[4] ?? {})).toEqual(['b', 'a']);
});

test('objects of other keys are of another shape, however their keys are written', () => {
  const value = [{}, { '': {} }, { a: 1, 'b\nc': 2 }, { 'a\nb': 3, c: 4 }, { 'a\nb': 5 }, { a: 6, b: 7 }];
  expect(roundTrip(value)).toEqual(value);
});

test('byte arrays are shared, not copied', () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const [first, second] = roundTrip([bytes, bytes]) as readonly Uint8Array[];
  expect(first).toBe(bytes);
  expect(second).toBe(bytes);
});

test('what is no plain data is a fault of the programmer', () => {
  expect(() =>
    encodePlain(
      () => 1,
      () => 0,
    ),
  ).toThrow('inside plain data');
  expect(() => encodePlain(new Date(0), () => 0)).toThrow('a class instance');
});
