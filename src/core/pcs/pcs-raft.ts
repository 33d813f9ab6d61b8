// The metadata's Raft log on a node (docs/spec/raft.md): who its voters are, how big things may get, how its messages travel.

import type { NodeId } from '../../base/ids.ts';
import type { MemberId } from '../consensus/configuration.ts';
import { type GroupPort, groupPort, nodeAt as nodeIn } from '../consensus/group-member.ts';
import type { NodeLog } from '../consensus/node-log.ts';
import type { RaftLimits } from '../consensus/raft-types.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { MetaState } from './meta-state.ts';
import { initialPcs } from './pcs-nodes.ts';

/** Keys of the journal. */
export const META_PREFIX = 'meta/';

const KIB = 1024;
export const raftLimits: RaftLimits = {
  maxMembers: 9,
  maxEntryBytes: 256 * KIB,
  maxAppendBytes: 64 * KIB,
  maxInflightAppends: 8,
  maxInflightBytes: 256 * KIB,
  maxUncommittedBytes: 1024 * KIB,
  maxLogBytes: 8 * 1024 * KIB,
  retainedEntries: 16,
  maxSnapshotBytes: 64 * 1024 * KIB,
  snapshotChunkBytes: 64 * KIB,
  maxPendingReads: 256,
  maxOutstandingWrites: 64,
  promotionLag: 64,
};

export const STARTUP_PROBE_TIMER = 'startupProbe';
export const IDENTITY_TIMER = 'idle';

export const isReplicated = ({ pcs }: { readonly pcs: readonly NodeId[] }): boolean => pcs.length > 1;

/** PCS-7: it leads, and has applied all that was committed before its term. */
export const isLeading = ({
  leads,
  log: { raft },
}: {
  readonly leads: number;
  readonly log: NodeLog;
}): boolean => leads !== 0 && raft !== null && raft.leadership !== null && raft.term === leads;

/** The node that leads, as far as this one knows, if it is another. */
export function nodeThatLeads(member: Places & { readonly log: NodeLog }): NodeId | null {
  const { raft } = member.log;
  return raft === null || raft.leader === null || raft.leadership !== null
    ? null
    : nodeAt(member, raft.leader);
}

interface Places {
  readonly pcs: readonly NodeId[];
  readonly strangers: ReadonlyMap<MemberId, NodeId>;
}

export const nodeAt = ({ pcs, strangers }: Places, member: MemberId): NodeId | null =>
  nodeIn(pcs, strangers, member);

export const metaPort = (state: MetaState, ctx: RoleContext): GroupPort =>
  groupPort(state, {
    ctx,
    nodeId: state.nodeId,
    incarnation: state.incarnation,
    nodes: () => state.pcs,
    founders: () => initialPcs(state.config.cluster),
    say: (to, words) => send(ctx, to, words),
    startupProbeTimer: STARTUP_PROBE_TIMER,
    identityTimer: IDENTITY_TIMER,
  });
