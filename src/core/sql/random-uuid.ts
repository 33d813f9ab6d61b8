// gen_random_uuid() and random(): bits that follow from what no two calls have in common, so that a replay draws the same.

import { makePrng, nextUint32 } from '../../base/prng.ts';

/** 32 hexadecimal digits with the version and variant of RFC 9562. `what`, the time and the number of the call are no other's. */
export function randomUuid(now: number, what: string, call: number): string {
  const prng = makePrng(now, `uuid ${what}`, call);
  const word = (): string => nextUint32(prng).toString(16).padStart(8, '0');
  const digits = word() + word() + word() + word();
  const variant = '89ab'.charAt(Number.parseInt(digits.charAt(16), 16) & 3);
  return `${digits.slice(0, 12)}4${digits.slice(13, 16)}${variant}${digits.slice(17)}`;
}

/** From 0 up to, and without, 1. */
export function randomNumber(now: number, what: string, call: number): number {
  const prng = makePrng(now, `random ${what}`, call);
  return (nextUint32(prng) * 0x10_0000 + (nextUint32(prng) >>> 12)) / 0x10_0000_0000_0000;
}
