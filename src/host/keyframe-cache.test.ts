// The keyframe cache stays within its limit whatever is put on it, and knows how far a run had come at a time.

import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { makePrng, nextBelow, type Prng } from '../base/prng.ts';
import { type KeyframeCache, makeKeyframeCache } from './keyframe-cache.ts';

const LIMIT = 400_000;

test('P6 the keyframe cache never takes more than its limit, and its keyframes stay close to even', () => {
  const cache = makeKeyframeCache(LIMIT);
  const prng = makePrng(1, 'shelf');
  for (let i = 1; i <= 400; i++) {
    const noise = Uint8Array.from({ length: 2000 }, () => nextBelow(prng, 256));
    cache.add({ time: i * 1000, inputs: i * 10 }, { i, noise });
    expect(cache.bytes()).toBeLessThanOrEqual(LIMIT);
  }
  const inputs = cache.moments().map((moment) => moment.inputs);
  expect(inputs.length).toBeGreaterThan(100);
  const gaps = inputs.slice(1).map((at, i) => at - (inputs[i] ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(4 * Math.min(...gaps));
});

test('P6 what is taken from the keyframe cache is what was put on it; copies of one page, a little apart, take little room', () => {
  const page = 8192;
  const changed = (bytes: Uint8Array, places: number, prng: Prng): Uint8Array => {
    const next = bytes.slice();
    for (let n = 0; n < places; n++) next[nextBelow(prng, page)] = nextBelow(prng, 256);
    return next;
  };
  const made = (copies: number): { cache: KeyframeCache; values: Uint8Array[][][] } => {
    const cache = makeKeyframeCache(Number.POSITIVE_INFINITY);
    const prng = makePrng(2, 'pages');
    let pages = Array.from({ length: 40 }, () => changed(new Uint8Array(page), 2 * page, prng));
    const values = Array.from({ length: 4 }, (_, i) => {
      pages = pages.map((bytes) => changed(bytes, 400, prng));
      // On disks there are a few bytes before the page.
      const value = Array.from({ length: copies }, (_, copy) =>
        pages.map((bytes) =>
          Uint8Array.from([...Array<number>(copy % 2 ? 5 : 0).fill(copy), ...changed(bytes, 5, prng)]),
        ),
      );
      cache.add({ time: i, inputs: i }, value);
      return value;
    });
    return { cache, values };
  };
  const { cache, values } = made(4);
  for (const [i, moment] of cache.moments().entries())
    expect(isDeepStrictEqual(cache.open(moment), values[i])).toBe(true);
  // Three more copies of forty pages take less than the one does.
  expect(cache.bytes()).toBeLessThan(2 * made(1).cache.bytes());
});

test('inputs at a time: between cache as if they came evenly, beyond the last at the pace so far', () => {
  const cache = makeKeyframeCache(LIMIT);
  const now = { time: 4000, inputs: 800 };
  expect(cache.inputsAt(2000, now)).toBe(400);
  expect(cache.inputsAt(2000, { time: 0, inputs: 0 })).toBe(Number.POSITIVE_INFINITY);
  cache.add({ time: 1000, inputs: 100 }, {});
  cache.add({ time: 2000, inputs: 500 }, {});
  expect(cache.inputsAt(500, now)).toBe(50);
  expect(cache.inputsAt(1500, now)).toBe(300);
  expect(cache.inputsAt(2000, now)).toBe(400);
  expect(cache.inputsAt(8000, now)).toBe(1600);
});
