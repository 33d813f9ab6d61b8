// Small limits (PRE-8): in every second seed most limits on size and count are near the least that works, so that a sweep meets
// what happens at them. From a stream of its own, so that the other seeds and the rest of these are as without it.

import { makePrng, nextChance } from '../../base/prng.ts';
import { limitNames, limitTable } from '../../core/kernel/limits.ts';
import { drawLog } from './draw-tools.ts';

/** Small values reach from the least to so many times it. */
const SPAN = 8;

export function drawLimits(seed: number): (readonly [name: string, value: number])[] {
  if (seed % 2 !== 0) return [];
  const prng = makePrng(seed, 'limits');
  return limitNames.flatMap((name) => {
    const [usual, least] = limitTable[name];
    const value = drawLog(prng, least, Math.min(usual, SPAN * least));
    return nextChance(prng, 3, 4) ? [[name, value] as const] : [];
  });
}
