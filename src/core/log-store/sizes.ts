// What a store reports of the sizes of its groups with each heartbeat (docs/spec/pcs.md PCS-96, placement.md PCS-76): figures of the planner, and how far
// the copy of a group that is to come here has got.

import type { GroupId, NodeId } from '../../base/ids.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { StoreState } from './replica/state.ts';

interface GroupSize {
  readonly group: GroupId;
  readonly size: number;
}

/** Sizes where somebody plans by them; how far a copy has come everywhere, for a change that goes on is not taken back. */
export function sendSizes(state: StoreState, ctx: RoleContext, metadata: NodeId): void {
  const isPlanned = state.creationsOf !== null;
  const sizes = [...(isPlanned ? sizesOf(state) : []), ...copiedOf(state)];
  if (isPlanned || sizes.length > 0) send(ctx, metadata, { kind: 'GroupSizes', sizes });
}

/** Bytes of the pages and the kept log of each replica here: what a copy of it takes. */
const sizesOf = ({ groups, params }: StoreState): GroupSize[] =>
  [...groups.values()].map(({ id, pages, log }) => ({
    group: id,
    size: pages.blocks.size * params.pageBytes + log.liveBytes,
  }));

/** Bytes that are durable of the base image of each group that is not here yet (WAL-71). */
export const copiedOf = ({ groups, imports }: StoreState): GroupSize[] =>
  [...imports].flatMap(([group, { bytes }]) => (groups.has(group) ? [] : [{ group, size: bytes }]));
