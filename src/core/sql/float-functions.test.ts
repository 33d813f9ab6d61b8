import { expect, test } from 'vitest';
import { makePrng, nextUint32 } from '../../base/prng.ts';
import {
  arcTangent,
  cubeRoot,
  exponential,
  hyperbolic,
  inverseHyperbolic,
  naturalLogarithm,
  power,
  trigonometric,
} from './float-functions.ts';

const NEAR = 2 ** -51;

test('functions of doubles of any size are within an ulp of the platform’s', () => {
  const prng = makePrng(1, 'doubles');
  const draw = (most: number): number =>
    (nextUint32(prng) % 2 === 0 ? 1 : -1) *
    (nextUint32(prng) / 2 ** 32) *
    2 ** ((nextUint32(prng) % most) - most / 2);
  const near = (ours: number, theirs: number): void =>
    expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(Math.abs(theirs) * NEAR);
  for (let i = 0; i < 300; i++) {
    const x = draw(18);
    const large = draw(200);
    const size = Math.abs(large);
    near(exponential(x), Math.exp(x));
    near(naturalLogarithm(size), Math.log(size));
    near(cubeRoot(large), Math.cbrt(large));
    near(trigonometric('sin', x), Math.sin(x));
    near(trigonometric('cos', large), Math.cos(large));
    near(arcTangent(x, large, false), Math.atan2(x, large));
    near(hyperbolic('tanh', x), Math.tanh(x));
    near(inverseHyperbolic('asinh', large), Math.asinh(large));
    near(power(size, 3), size ** 3);
  }
});

test('an exact result is exact, also at the ends of the range', () => {
  expect([power(2, -1074), power(2, 1023), power(3, 33), power(10, 22), power(4, 0.5)]).toEqual([
    Number.MIN_VALUE,
    2 ** 1023,
    5_559_060_566_555_523,
    1e22,
    2,
  ]);
  expect(() => power(2, 1024)).toThrow('value out of range: overflow');
  expect(() => power(2, -1076)).toThrow('value out of range: underflow');
  expect(cubeRoot(-(2 ** 99))).toBe(-(2 ** 33));
});
