// Hash of a page's name for LogIndex: the slot of its chain and the bits of a bloom filter (LI-22, LI-29). FNV-1a over the
// text "rel:fork:block", folded digit by digit, because an insert must not build a string.

import type { PageKey } from '../page/page-key.ts';

export const FNV_START = 0x811c_9dc5;
const FNV_PRIME = 0x0100_0193;
const ZERO = 0x30;
const COLON = 0x3a;
const HASH_SIGN = 0x23;
const BLOCKS = 0x100_0000;
const FORKS = 4;

export const foldByte = (hash: number, byte: number): number => Math.imul(hash ^ byte, FNV_PRIME);

function foldDecimal(hash: number, value: number): number {
  let unit = 1;
  while (unit * 10 <= value) unit *= 10;
  let folded = hash;
  let rest = value;
  for (; unit >= 1; unit = (unit / 10) | 0) {
    const digit = (rest / unit) | 0;
    folded = foldByte(folded, ZERO + digit);
    rest -= digit * unit;
  }
  return folded;
}

/** FNV-1a-32 of "rel:fork:block". */
export function hashPage(page: PageKey): number {
  const place = Math.floor(page / BLOCKS);
  let hash = foldDecimal(FNV_START, (place / FORKS) | 0);
  hash = foldDecimal(foldByte(hash, COLON), place % FORKS);
  return foldDecimal(foldByte(hash, COLON), page % BLOCKS) >>> 0;
}

export const slotOfHash = (hash: number, slots: number): number => hash % slots;

export const BLOOM_BITS = 16_384;
const BLOOM_PROBES = 10;

/** LI-29: (h1 + i·h2) mod 16384 for ten i. The bits divide 2³², so 32-bit arithmetic keeps the remainder. */
export function bloomBitsOfHash(hash: number): number[] {
  const second = foldByte(hash, HASH_SIGN) | 1;
  const bits: number[] = [];
  for (let i = 0; i < BLOOM_PROBES; i++) bits.push((hash + Math.imul(i, second)) & (BLOOM_BITS - 1));
  return bits;
}
