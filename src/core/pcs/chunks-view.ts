// Placement of chunks as it is shown (docs/spec/polarfs.md FS-77): servers that are drained, exchanges with their phase, and what is planned. Pure.

import type { Time } from '../../base/ids.ts';
import { placedGroups } from '../placement/operators.ts';
import { planPlacement } from '../placement/plan-placement.ts';
import type { ChunkPlacement } from './chunk-moves.ts';
import { chunkPhase, plannedChunks } from './chunk-placement.ts';
import type { MetaState } from './meta-state.ts';
import { isLeading } from './pcs-raft.ts';
import type { ChunksView } from './pcs-view.ts';
import { opView } from './plan-view.ts';

/** Operators shown of a plan, the first to be begun. */
const MAX_SHOWN = 64;

export function chunksView(
  state: MetaState,
  { offline, moves }: ChunkPlacement,
  now: Time,
  detail: boolean,
): ChunksView {
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

function planned(state: MetaState, now: Time): ChunksView['plan'] {
  const cluster = plannedChunks(state, now);
  const { config, nodes } = cluster;
  const { ops } = planPlacement({ config, nodes, groups: placedGroups(cluster) });
  return ops
    .slice(0, MAX_SHOWN)
    .map((op) => opView(op, op.kind === 'move' || op.kind === 'blocked' ? op.reason : 'REPAIR'));
}
