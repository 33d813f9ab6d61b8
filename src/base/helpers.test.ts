// The small pure helpers that determinism rests on: checksum vectors, streams, clones that share bytes, the queue.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32c } from './crc32c.ts';
import { hashHex, hashText, makeHash } from './hash.ts';
import { clonePlain, digestPlain } from './plain.ts';
import { popQueue, pushQueue } from './priority-queue.ts';
import { makePrng, nextBelow, nextBetween, nextUint32 } from './prng.ts';
import { countBefore } from './sorted.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('crc32c', () => {
  // RFC 3720 B.4 and the check value of the catalogue of parametrised CRC algorithms.
  test.each([
    ['123456789', ascii('123456789'), 0xe306_9283],
    ['32 zeros', new Uint8Array(32), 0x8a91_36aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8_ab43],
    ['0…31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd_794e],
  ])('%s', (_name, bytes, expected) => expect(crc32c(bytes)).toBe(expected));

  test('a part of a buffer has the checksum of its copy; one flipped bit changes it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(), fc.nat(), (bytes, from, bit) => {
        const start = from % bytes.length;
        expect(crc32c(bytes, start)).toBe(crc32c(bytes.slice(start)));
        const flipped = bytes.slice();
        const place = bit % (bytes.length * 8);
        flipped[place >> 3] = (flipped[place >> 3] ?? 0) ^ (1 << (place & 7));
        expect(crc32c(flipped)).not.toBe(crc32c(bytes));
      }),
    );
  });

  const bitwise = (bytes: Uint8Array): number => {
    let crc = -1;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
    }
    return ~crc >>> 0;
  };

  test('long ranges, wherever they begin and lie in their buffer, give what one bit after the other gives', () => {
    const long = Uint8Array.from({ length: 9000 }, (_, i) => (i * 31) ^ (i >> 3));
    for (let skew = 0; skew < 9; skew++) {
      for (const length of [380, 384, 385, 397, 1000, 8192]) {
        const part = long.subarray(skew, skew + length);
        expect(crc32c(part)).toBe(bitwise(part));
        expect(crc32c(part, 5)).toBe(bitwise(part.subarray(5)));
        expect(crc32c(long, skew + 1, skew + length)).toBe(bitwise(part.subarray(1)));
      }
    }
  });

  test('so do runs of zeros of every length, at the beginning, in between and at the end', () => {
    const zeros = new Uint8Array(700);
    expect(crc32c(zeros)).toBe(bitwise(zeros));
    for (let length = 0; length <= 640; length += 7) {
      const page = Uint8Array.from({ length: 1500 }, (_, i) => (i * 29) | 1);
      page.fill(0, 0, length >> 2);
      page.fill(0, 400, 400 + length);
      page.fill(0, 1500 - (length >> 1));
      expect(crc32c(page)).toBe(bitwise(page));
    }
  });
});

describe('prng', () => {
  test('a stream depends on seed, id and life, and on nothing else', () => {
    const draw = (seed: number, id: string, life: number) =>
      Array.from(
        { length: 4 },
        (
          (p) => () =>
            nextUint32(p)
        )(makePrng(seed, id, life)),
      );
    expect(draw(7, 'rw-1', 1)).toEqual(draw(7, 'rw-1', 1));
    const all = [
      draw(7, 'rw-1', 1),
      draw(8, 'rw-1', 1),
      draw(7, 'rw-2', 1),
      draw(7, 'rw-1', 2),
      draw(2 ** 40 + 7, 'rw-1', 1),
    ];
    expect(new Set(all.map((one) => one.join())).size).toBe(all.length);
  });

  test('draws stay in their bounds and reach them', () => {
    const prng = makePrng(1, 'bounds');
    const seen = new Set(Array.from({ length: 1000 }, () => nextBetween(prng, -2, 2)));
    expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    const buckets = [0, 0, 0, 0];
    for (let i = 0; i < 8000; i++) {
      const at = nextBelow(prng, 4);
      buckets[at] = (buckets[at] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 2000)).toBeLessThan(250);
  });
});

describe('plain data', () => {
  test('a clone shares byte arrays and nothing else', () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const value = {
      list: [1, { x: 2n }],
      map: new Map([['k', { bytes }]]),
      set: new Set([1]),
      floats: new Float64Array([0.5]),
    };
    const copy = clonePlain(value);
    expect(copy).toEqual(value);
    expect(copy.map.get('k')).not.toBe(value.map.get('k'));
    expect(copy.map.get('k')?.bytes).toBe(bytes);
    expect(copy.floats).not.toBe(value.floats);
  });

  test('a function or a class instance inside is an assertion failure', () => {
    expect(() => clonePlain({ f: () => 1 })).toThrow('function');
    expect(() => clonePlain({ d: new Date(0) })).toThrow('class instance');
    expect(() => digestPlain({ f: () => 1 })).toThrow('function');
  });

  test('digests agree for equal values whatever the order of an object’s keys, and differ otherwise', () => {
    expect(digestPlain({ a: 1, b: [true, null, -0.5] })).toBe(digestPlain({ b: [true, null, -0.5], a: 1 }));
    const differing = [
      { a: 1 },
      { a: 2 },
      { a: '1' },
      { a: [1] },
      { a: null },
      { a: undefined },
      { a: 1n },
      { b: 1 },
      {},
      new Map([['a', 1]]),
    ];
    expect(new Set(differing.map(digestPlain)).size).toBe(differing.length);
  });
});

test('a hash of texts tells where one ends', () => {
  const of = (...texts: string[]): string => {
    const h = makeHash();
    for (const one of texts) hashText(h, one);
    return hashHex(h);
  };
  expect(of('ab', 'c')).not.toBe(of('a', 'bc'));
  expect(of('ab', 'c')).toMatch(/^[0-9a-f]{16}$/);
});

test('the queue hands items out in order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), (items) => {
      const heap: number[] = [];
      const compare = (a: number, b: number): number => a - b;
      for (const item of items) pushQueue(heap, item, compare);
      const out = items.map(() => popQueue(heap, compare));
      expect(out).toEqual([...items].sort(compare));
      expect(popQueue(heap, compare)).toBeUndefined();
    }),
  );
});

describe('countBefore', () => {
  test('is how many are below in any sorted list, with the same one twice, and empty', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 })),
        fc.integer({ min: -1, max: 21 }),
        (items, at) => {
          const sorted = items.sort((a, b) => a - b);
          expect(countBefore(sorted, (item) => item < at)).toBe(sorted.filter((item) => item < at).length);
          expect(countBefore(sorted, (item) => item <= at)).toBe(sorted.filter((item) => item <= at).length);
        },
      ),
    );
  });

  test('asks of few', () => {
    let asked = 0;
    const items = Array.from({ length: 1024 }, (_, i) => i);
    expect(countBefore(items, (item) => ++asked > 0 && item < 700)).toBe(700);
    expect(asked).toBeLessThanOrEqual(11);
  });
});
