// F24, the other half: where a scenario gives the victim an empty disk, every second time its disk is put back to a
// snapshot instead. The stream is one of its own, so that all else of a seed stays as it was.

import type { Time } from '../../base/ids.ts';
import { makePrng, nextChance } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { TapeAction } from '../tape-actions.ts';
import { drawLog, storesOf } from './draw-tools.ts';

/** Ages of snapshots, µs. */
const YOUNGEST_US = 1_000;
const OLDEST_US = 2_000_000;

export function drawRollbacks(
  seed: number,
  cluster: ClusterSpec,
  actions: readonly TapeAction[],
): TapeAction[] {
  const prng = makePrng(seed, 'rollback');
  const stores = storesOf(cluster);
  return actions.flatMap((action) => {
    if (action.kind !== 'wipeDisk' || !stores.includes(action.node) || nextChance(prng, 1, 2))
      return [action];
    const { at, node, forUs } = action;
    const from = Math.max(0, at - drawLog(prng, YOUNGEST_US, OLDEST_US)) as Time;
    return [
      { kind: 'snapshotDisk', at: from, node },
      { kind: 'rollbackDisk', at, node, forUs },
    ];
  });
}
