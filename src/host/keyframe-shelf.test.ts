// The shelf stays within its limit whatever is put on it, and knows how far a run had come at a time.

import { expect, test } from 'vitest';
import { makePrng, nextBelow } from '../base/prng.ts';
import { makeKeyframeShelf } from './keyframe-shelf.ts';

const LIMIT = 400_000;

test('P6 the shelf never takes more than its limit, and its keyframes stay close to even', () => {
  const shelf = makeKeyframeShelf(LIMIT);
  const prng = makePrng(1, 'shelf');
  for (let i = 1; i <= 400; i++) {
    const noise = Uint8Array.from({ length: 2000 }, () => nextBelow(prng, 256));
    shelf.add({ time: i * 1000, inputs: i * 10 }, { i, noise });
    expect(shelf.bytes()).toBeLessThanOrEqual(LIMIT);
  }
  const inputs = shelf.moments().map((moment) => moment.inputs);
  expect(inputs.length).toBeGreaterThan(100);
  const gaps = inputs.slice(1).map((at, i) => at - (inputs[i] ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(4 * Math.min(...gaps));
});

test('inputs at a time: between keyframes as if they came evenly, beyond the last at the pace so far', () => {
  const shelf = makeKeyframeShelf(LIMIT);
  const now = { time: 4000, inputs: 800 };
  expect(shelf.inputsAt(2000, now)).toBe(400);
  expect(shelf.inputsAt(2000, { time: 0, inputs: 0 })).toBe(Number.POSITIVE_INFINITY);
  shelf.add({ time: 1000, inputs: 100 }, {});
  shelf.add({ time: 2000, inputs: 500 }, {});
  expect(shelf.inputsAt(500, now)).toBe(50);
  expect(shelf.inputsAt(1500, now)).toBe(300);
  expect(shelf.inputsAt(2000, now)).toBe(400);
  expect(shelf.inputsAt(8000, now)).toBe(1600);
});
