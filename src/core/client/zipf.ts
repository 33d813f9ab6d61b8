// Zipfian ranks (s ≈ 0.99, as YCSB uses) without floating-point logarithms, which differ between machines: ranks fall
// into octaves of equal weight (a Zipf law with s = 1 puts the same weight on [1,2), [2,4), [4,8) …), and inside an
// octave the weight falls as 1/rank, approximated by rejection on integers. Then ranks are scattered over the keys.

import { nextBelow, type Prng } from '../../base/prng.ts';

/** A row index in [0, rows): rank 0 is drawn most often; ranks are scattered by a fixed odd multiplier. */
export function zipfRank(prng: Prng, rows: number): number {
  const octaves = Math.max(1, 32 - Math.clz32(rows));
  for (let attempt = 0; attempt < 64; attempt++) {
    const low = 2 ** nextBelow(prng, octaves);
    const rank = low + nextBelow(prng, low);
    // Accept with probability low / rank: 1 at the octave's start, one half at its end.
    if (nextBelow(prng, rank) < low && rank <= rows) return scatter(rank - 1, rows);
  }
  return 0;
}

const SCATTER = 0x9e37_79b1;

/** Spreads neighbouring ranks over the key space; a bijection only in effect on popularity, not on keys. */
const scatter = (rank: number, rows: number): number => (Math.imul(rank, SCATTER) >>> 0) % rows;
