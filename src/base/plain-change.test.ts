// A change that is applied gives what it was made for, whatever the two states are; and what did not change is the same object.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyChange, changeOf } from './plain-change.ts';

/** A copy of it, with the change as it arrives in another thread. */
function arrived(before: unknown, next: unknown): unknown {
  const change = structuredClone(changeOf(before, next));
  return change === null ? before : applyChange(before, change);
}

const records = (from: number, to: number): readonly { lsn: number; kind: string }[] =>
  Array.from({ length: to - from }, (_, i) => ({ lsn: from + i, kind: 'row' }));

test('any two states: what arrives is the next one, with its keys in their order', () => {
  const { plain } = fc.letrec((tie) => ({
    leaf: fc.oneof(
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom('a', 'b', null, undefined, Number.NaN, -0),
    ),
    plain: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      tie('leaf'),
      fc.array(tie('plain'), { maxLength: 6 }),
      fc.dictionary(fc.constantFrom('k', 'l', 'm'), tie('plain'), { maxKeys: 3, noNullPrototype: true }),
      fc.uint8Array({ maxLength: 2 }),
    ),
  }));
  let changed = 0;
  fc.assert(
    fc.property(plain, plain, (before, next) => {
      const result = arrived(before, next);
      expect(result).toStrictEqual(next);
      expect(JSON.stringify(result)).toBe(JSON.stringify(next));
      if (changeOf(before, next) !== null) changed++;
    }),
    { numRuns: 2000, seed: 7 },
  );
  expect(changed).toBeGreaterThan(500);
});

test('of a window over a log only what is new is sent', () => {
  const before = { now: 1, log: records(10, 60) };
  const next = { now: 2, log: records(15, 63) };
  expect(changeOf(before, next)).toEqual({
    kind: 'fields',
    fields: {
      now: { kind: 'whole', value: 2 },
      log: { kind: 'slid', skip: 5, keep: 45, more: records(60, 63) },
    },
  });
  const result = arrived(before, next) as typeof next;
  expect(result).toEqual(next);
  expect(result.log[0]).toBe(before.log[5]);
});

test('a field deep inside: all beside it is the same object', () => {
  const before = {
    groups: [
      { id: 'g1', runs: [1, 2], scl: 5 },
      { id: 'g2', runs: [3], scl: 9 },
    ],
    disk: { bytes: 1 },
  };
  const next = {
    groups: [
      { id: 'g1', runs: [1, 2], scl: 6 },
      { id: 'g2', runs: [3], scl: 9 },
    ],
    disk: { bytes: 1 },
  };
  const result = arrived(before, next) as typeof next;
  expect(result).toEqual(next);
  expect(result.disk).toBe(before.disk);
  expect(result.groups[1]).toBe(before.groups[1]);
  expect(result.groups[0]?.runs).toBe(before.groups[0]?.runs);
});

test('the same again is no change', () => {
  expect(changeOf({ a: [1, { b: 2 }], c: [] }, { a: [1, { b: 2 }], c: [] })).toBeNull();
});

test('a change of something else is refused', () => {
  expect(() => applyChange([1], { kind: 'slid', skip: 1, keep: 1, more: [] })).toThrow();
  expect(() => applyChange(null, { kind: 'fields', fields: {} })).toThrow();
});
