// Pseudo-random streams as plain data (xoshiro128**), one per node, link, disk, client and fault action.
// A stream is keyed by (seed, stable id, life), so that a change in one place does not reshuffle the others.

/** Mutable generator state: four 32-bit words. Plain data, so a cloned world continues identically. */
export interface Prng {
  a: number;
  b: number;
  c: number;
  d: number;
}

/** A stream for (seed, id, life). Words come from splitmix32 over a hash of the key. */
export function makePrng(seed: number, id: string, life = 0): Prng {
  let state =
    (seed ^ Math.imul(Math.floor(seed / 0x1_0000_0000) | 0, 0x85eb_ca6b) ^ Math.imul(life + 1, 0x9e37_79b1)) |
    0;
  for (let i = 0; i < id.length; i++) state = Math.imul(state ^ id.charCodeAt(i), 0x0100_0193);
  const next = (): number => {
    state = (state + 0x9e37_79b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0_aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a_2d97);
    return z ^ (z >>> 15);
  };
  return { a: next(), b: next(), c: next(), d: next() | 1 };
}

/** The next 32 bits, as an unsigned integer. */
export function nextUint32(prng: Prng): number {
  const product = Math.imul(prng.b, 5);
  const result = Math.imul((product << 7) | (product >>> 25), 9);
  const shifted = prng.b << 9;
  prng.c ^= prng.a;
  prng.d ^= prng.b;
  prng.b ^= prng.c;
  prng.a ^= prng.d;
  prng.c ^= shifted;
  prng.d = (prng.d << 11) | (prng.d >>> 21);
  return result >>> 0;
}

/** Uniform integer in [0, bound), bound in 1 … 2^32. */
export function nextBelow(prng: Prng, bound: number): number {
  return Math.floor((nextUint32(prng) / 0x1_0000_0000) * bound);
}

/** Uniform integer in [low, high], both inclusive. */
export function nextBetween(prng: Prng, low: number, high: number): number {
  return low + nextBelow(prng, high - low + 1);
}

/** True with probability `parts` in `whole`. Draws exactly once. */
export function nextChance(prng: Prng, parts: number, whole: number): boolean {
  return nextBelow(prng, whole) < parts;
}
