// Whether a node counts as up for who chooses among nodes (docs/spec/pcs.md PCS-96): by its heartbeats to this leader alone.

import type { NodeId } from '../../base/ids.ts';
import type { RoleContext } from '../kernel/context.ts';
import { type MetaState, MISSED_BEATS } from './meta-state.ts';

export const isCandidateUp = (state: MetaState, ctx: Pick<RoleContext, 'now'>, node: NodeId): boolean => {
  const beat = state.beats.get(node);
  return beat !== undefined && ctx.now - beat.at < MISSED_BEATS * state.beatUs;
};
