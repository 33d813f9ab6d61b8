// Crashes that say which unsynced writes survive (tape action `crashKeeping`), drawn for sweeps: by kinds of keys, all others,
// or the first so many, so that power also goes off between two writes of one step. From a stream of its own and in even
// seeds only: the other seeds, and all else of a seed, are as without them.

import type { Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { TapeAction } from '../tape-actions.ts';
import type { Kept } from '../types.ts';
import { pick } from './draw-tools.ts';

/** Parts of keys that name a kind of value; one that a node does not have keeps nothing, or all. */
const KINDS = ['/log', '/page', '/super', '/clean', '/restore', '/base', '/manifest'] as const;
const MOST_FIRST = 64;

/** Some in each even seed; `downUs`: how long a node is away at most. */
export function drawKeptWrites(
  seed: number,
  { nodes }: ClusterSpec,
  chaosUs: number,
  downUs: number,
): TapeAction[] {
  if (seed % 2 !== 0) return [];
  const prng = makePrng(seed, 'kept-writes');
  const able = nodes.filter(({ roles }) => !roles.includes('driver'));
  return Array.from({ length: nextBetween(prng, 2, 6) }, (): TapeAction => {
    const which = pick(prng, ['only', 'allBut', 'first'] as const);
    const kept: Kept =
      which === 'first' ? { which, count: nextBelow(prng, MOST_FIRST) } : { which, part: pick(prng, KINDS) };
    return {
      kind: 'crashKeeping',
      at: nextBetween(prng, Math.trunc(chaosUs / 20), chaosUs - 1) as Time,
      node: pick(prng, able).id,
      kept,
      forUs: nextBetween(prng, 1000, downUs),
    };
  });
}
