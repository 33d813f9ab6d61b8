// The metadata's Raft log on a node (docs/spec/pcs.md §3): who its voters are, how big things may get, how its messages travel.

import type { NodeId } from '../../base/ids.ts';
import { nextUint32 } from '../../base/prng.ts';
import type { MemberId } from '../consensus/configuration.ts';
import { nodeOfMember } from '../consensus/identities.ts';
import { type LogPort, makeNodeLog, type NodeLog } from '../consensus/node-log.ts';
import type { RaftLimits, Message as RaftMessage } from '../consensus/raft-types.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { NodeConfig } from '../kernel/door.ts';

/** Keys of the journal. */
export const META_PREFIX = 'meta/';

const KIB = 1024;
const raftLimits: RaftLimits = {
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

export function makeMetaLog(
  { params, prng, broken }: NodeConfig,
  self: MemberId,
  bootEpoch: number,
): NodeLog {
  const { raftHeartbeatMs, electionMinMs, electionMaxMs, nodeHeartbeatMs } = params;
  return makeNodeLog({
    prefix: META_PREFIX,
    config: {
      self,
      timing: {
        heartbeatUs: raftHeartbeatMs * 1000,
        electionMinUs: electionMinMs * 1000,
        electionMaxUs: electionMaxMs * 1000,
      },
      limits: raftLimits,
      broken,
    },
    bootEpoch,
    seed: nextUint32({ ...prng }),
    stream: 'pcs',
    retryUs: nodeHeartbeatMs * 1000,
  });
}

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

/** Where the member runs; null: no entry that this node has names it, and it has sent nothing. */
export const nodeAt = ({ pcs, strangers }: Places, member: MemberId): NodeId | null =>
  nodeOfMember(pcs, member) ?? strangers.get(member) ?? null;

interface PortOf extends Places {
  readonly bootEpoch: number;
}

export const metaPort = (member: PortOf, ctx: RoleContext): LogPort => ({
  ctx,
  send: (message: RaftMessage) => {
    const to = nodeAt(member, message.to);
    if (to !== null) send(ctx, to, { kind: 'Raft', boot: member.bootEpoch, message });
  },
});
