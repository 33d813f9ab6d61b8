// random() behind setseed(): the stream of PostgreSQL's pg_prng (xoroshiro128**), so that a seed gives the same numbers there and here.

import { fail } from './failure.ts';

export interface RandomStream {
  s0: bigint;
  s1: bigint;
}

const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotated = (value: bigint, bits: bigint): bigint => wrap((value << bits) | (value >> (64n - bits)));

function splitMix(state: bigint): bigint {
  let value = wrap((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
  value = wrap((value ^ (value >> 27n)) * 0x94d049bb133111ebn);
  return value ^ (value >> 31n);
}

/** Of a seed from −1 to 1. */
export function seededStream(seed: number): RandomStream {
  if (!(seed >= -1 && seed <= 1))
    fail('22023', `setseed parameter ${shortText(seed)} is out of allowed range [-1,1]`);
  const whole = wrap(BigInt(Math.trunc(0xf_ffff_ffff_ffff * seed)));
  const first = wrap(whole + 0x9e3779b97f4a7c15n);
  return { s0: splitMix(first), s1: splitMix(wrap(first + 0x9e3779b97f4a7c15n)) };
}

/** The next number from 0 up to, and without, 1. */
export function nextOfStream(stream: RandomStream): number {
  const { s0 } = stream;
  const mixed = stream.s1 ^ s0;
  const value = wrap(rotated(wrap(s0 * 5n), 7n) * 9n);
  stream.s0 = rotated(s0, 24n) ^ mixed ^ wrap(mixed << 16n);
  stream.s1 = rotated(mixed, 37n);
  return Number(value >> 12n) / 0x10_0000_0000_0000;
}

/** As `%g` writes it. */
function shortText(value: number): string {
  if (!Number.isFinite(value)) return `${value}`;
  const text = Number(value.toPrecision(6));
  if (Math.abs(text) < 1e6) return `${text}`;
  return text.toExponential().replace(/e\+(\d)$/, 'e+0$1');
}
