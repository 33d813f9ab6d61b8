// Binary forms: exact round trips over the whole range, and malformed input as errors, never as values.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BadBytes,
  makeReader,
  makeWriter,
  readInt,
  readText,
  readUint,
  takeBytes,
  writeInt,
  writeText,
  writeUint,
} from './bytes.ts';
import {
  blob,
  bool,
  type Codec,
  decodeWhole,
  encodeWhole,
  int,
  list,
  nullable,
  oneOf,
  struct,
  text,
  uint,
  union,
  variant,
} from './codec.ts';

const MAX = Number.MAX_SAFE_INTEGER;

describe('bytes', () => {
  test('unsigned integers to 2^53 − 1 and text of any length come back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.maxSafeNat()),
        fc.array(fc.string({ unit: 'grapheme', maxLength: 200 })),
        (numbers, texts) => {
          const w = makeWriter(1);
          for (const n of numbers) writeUint(w, n);
          for (const t of texts) writeText(w, t);
          const r = makeReader(takeBytes(w));
          expect(numbers.map(() => readUint(r))).toEqual(numbers);
          expect(texts.map(() => readText(r))).toEqual(texts);
          expect(r.at).toBe(r.end);
        },
      ),
    );
  });

  test.each([0, 1, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32, MAX])('the edge %d', (n) => {
    const w = makeWriter();
    writeUint(w, n);
    writeInt(w, -Math.floor(n / 2));
    const r = makeReader(takeBytes(w));
    expect(readUint(r)).toBe(n);
    expect(readInt(r)).toBe(0 - Math.floor(n / 2));
  });

  test.each([-1, 0.5, Number.NaN, MAX + 1, Number.POSITIVE_INFINITY])('%d is no unsigned integer', (n) => {
    expect(() => writeUint(makeWriter(), n)).toThrow(`${n} cannot be written as an integer`);
  });

  test('a signed integer reaches to 2^52 − 1 on both sides', () => {
    const edge = 2 ** 52 - 1;
    const w = makeWriter();
    for (const n of [edge, -edge]) writeInt(w, n);
    const r = makeReader(takeBytes(w));
    expect([readInt(r), readInt(r)]).toEqual([edge, -edge]);
    for (const n of [edge + 1, -edge - 1, MAX, 0.5, Number.NaN])
      expect(() => writeInt(makeWriter(), n)).toThrow('cannot be written as an integer');
  });

  test('an integer above 2^53, one that never ends, and text that is not UTF-8 are refused', () => {
    expect(() => readUint(makeReader(new Uint8Array([255, 255, 255, 255, 255, 255, 255, 127])))).toThrow(
      BadBytes,
    );
    expect(() => readUint(makeReader(new Uint8Array(9).fill(0x80)))).toThrow(BadBytes);
    expect(() => readText(makeReader(new Uint8Array([2, 0xc3, 0x28])))).toThrow(BadBytes);
    expect(() => readText(makeReader(new Uint8Array([5, 65])))).toThrow(BadBytes);
  });
});

interface Sample {
  id: number;
  delta: number;
  name: string;
  flags: boolean[];
  ratio: number | null;
  colour: 'red' | 'green';
  body: { kind: 'a'; bytes: Uint8Array } | { kind: 'b'; n: number };
}

const sample: Codec<Sample> = struct({
  id: uint,
  delta: int,
  name: text,
  flags: list(bool),
  ratio: nullable(uint),
  colour: oneOf('red', 'green'),
  body: union({ a: variant(0, { bytes: blob }), b: variant(1, { n: uint }) }),
}) as Codec<Sample>;

const samples = fc.record({
  id: fc.maxSafeNat(),
  delta: fc.integer({ min: -(2 ** 51), max: 2 ** 51 }),
  name: fc.string({ unit: 'grapheme' }),
  flags: fc.array(fc.boolean()),
  ratio: fc.option(fc.maxSafeNat()),
  colour: fc.constantFrom('red' as const, 'green' as const),
  body: fc.oneof(
    fc.uint8Array().map((bytes) => ({ kind: 'a' as const, bytes: new Uint8Array(bytes) })),
    fc.nat().map((n) => ({ kind: 'b' as const, n })),
  ),
});

describe('codec', () => {
  test('what is encoded is decoded', () => {
    fc.assert(
      fc.property(samples, (value) => {
        expect(decodeWhole(sample, encodeWhole(sample, value))).toEqual({ ok: true, value });
      }),
    );
  });

  test('any mutation, cut or extension gives a value or an error, never a throw or a hang', () => {
    let errors = 0;
    fc.assert(
      fc.property(samples, fc.nat(), fc.nat(255), fc.nat(), (value, place, byte, cut) => {
        const whole = encodeWhole(sample, value);
        const bytes = whole.slice();
        bytes[place % bytes.length] = byte;
        if (!decodeWhole(sample, bytes).ok) errors++;
        // Of the bytes as they were: a length that was made smaller may end just where they are cut.
        expect(decodeWhole(sample, whole.slice(0, cut % whole.length)).ok).toBe(false);
        expect(decodeWhole(sample, new Uint8Array([...whole, 0])).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
    expect(errors).toBeGreaterThan(50);
  });

  test('a hostile length reserves no memory', () => {
    const w = makeWriter();
    writeUint(w, MAX);
    expect(decodeWhole(list(uint), takeBytes(w)).ok).toBe(false);
  });
});
