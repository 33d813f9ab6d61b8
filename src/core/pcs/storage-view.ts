// Placement on stores or chunk servers as it is shown (docs/spec/placement.md PCS-100; polarfs.md FS-77): which of them are drained, exchanges of
// chunks with their phase, and what is planned. Pure.

import type { Time } from '../../base/ids.ts';
import { placedGroups } from '../placement/operators.ts';
import { planPlacement } from '../placement/plan-placement.ts';
import { planReason } from '../placement/plan-reason.ts';
import type { StoragePlacement } from './chunk-moves.ts';
import { chunkPhase, plannedChunks } from './chunk-placement.ts';
import type { MetaState } from './meta-state.ts';
import { isLeading } from './pcs-raft.ts';
import type { StorageView } from './pcs-view.ts';
import { isCarriedOut, plannedCluster } from './placement-driver.ts';
import { opView } from './plan-view.ts';

/** Operators shown of a plan, the first to be begun. */
const MAX_SHOWN = 64;

export function storageView(
  state: MetaState,
  { offline, moves }: StoragePlacement,
  now: Time,
  detail: boolean,
): StorageView {
  const isPlanned = detail && isLeading(state);
  return {
    offline: [...offline],
    moves: moves.map((move) => {
      const { group, from, to, why } = move;
      return { group, from, to, why, phase: chunkPhase(state, move) };
    }),
    plan: isPlanned ? planned(state, now) : [],
  };
}

function planned(state: MetaState, now: Time): StorageView['plan'] {
  const isOfChunks = state.config.cluster.chunks !== undefined;
  const cluster = isOfChunks ? plannedChunks(state, now) : plannedCluster(state, now);
  const { config, nodes } = cluster;
  return planPlacement({ config, nodes, groups: placedGroups(cluster) })
    .ops.filter((op) => isOfChunks || op.kind === 'blocked' || isCarriedOut(state, op))
    .slice(0, MAX_SHOWN)
    .map((op) => opView(op, planReason(nodes, op)));
}
