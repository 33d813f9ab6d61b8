// What a chunk server knows: of every chunk that the cluster gives it a Raft log, a replica, and who waits for what (chunk-role.ts).

import type { GroupId, NodeId } from '../../base/ids.ts';
import { nextUint32 } from '../../base/prng.ts';
import type { MemberId } from '../consensus/configuration.ts';
import type { Greeting, Heard } from '../consensus/greeting.ts';
import { firstIdentity, nodeOfMember } from '../consensus/identities.ts';
import { makeNodeLog, type NodeLog } from '../consensus/node-log.ts';
import type { RaftLimits } from '../consensus/raft-types.ts';
import { type JournalPlace, type JournalRead, placeAbove, readJournal } from '../consensus/stored.ts';
import type { DiskImage, NodeConfig } from '../kernel/door.ts';
import type { Limits } from '../kernel/limits.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { chunkGeometry, chunksOf } from './device-spec.ts';
import { type ChunkReplica, loadBlocks, makeReplica } from './replica.ts';

const KIB = 1024;
const limits: RaftLimits = {
  maxMembers: 5,
  maxEntryBytes: 256 * KIB,
  maxAppendBytes: 128 * KIB,
  maxInflightAppends: 8,
  maxInflightBytes: 512 * KIB,
  maxUncommittedBytes: 1024 * KIB,
  maxLogBytes: 16 * 1024 * KIB,
  retainedEntries: 16,
  maxSnapshotBytes: 1024 * KIB,
  snapshotChunkBytes: 64 * KIB,
  maxPendingReads: 64,
  maxOutstandingWrites: 64,
  promotionLag: 64,
};

export interface Asked {
  readonly from: NodeId;
  readonly token: number;
  readonly seq: number;
}

interface Reading {
  readonly from: NodeId;
  readonly message: MessageOf<'ChunkRead'>;
  /** Served once so much is applied; −1: Raft has not said yet. */
  index: number;
}

export interface Hosted {
  readonly group: GroupId;
  /** The first identities are their places (FS-79). */
  readonly replicas: readonly NodeId[];
  readonly scope: string;
  readonly log: NodeLog;
  journal: JournalRead | null;
  /** Where a new identity's journal goes on. */
  readonly place: JournalPlace;
  /** Until it is known whether the disk is the replica's own. */
  greeting: Greeting | null;
  /** PCS-120: whether it may be made from nothing; null: the metadata has not said. */
  mayMake: boolean | null;
  /** Leader: lives of nodes without an identity, and the one that each is given. */
  readonly idle: Map<NodeId, { readonly life: number; member: MemberId | null }>;
  readonly replica: ChunkReplica;
  /** Leader: who waits for which entry. */
  readonly asked: Map<number, Asked>;
  readonly reading: Map<number, Reading>;
  nextRead: number;
  /** Term that it leads in, 0 none. */
  leads: number;
  flush: {
    readonly storeId: number;
    readonly blocks: readonly number[];
    readonly summary: Uint8Array;
    readonly index: number;
  } | null;
  /** What it heard of the others in this life. */
  readonly heard: Map<MemberId, Heard>;
  attempts: number;
  isFetchArmed: boolean;
}

export interface ChunkState {
  readonly nodeId: NodeId;
  readonly bootEpoch: number;
  /** Names this life of the node; 0 until it has begun. */
  life: number;
  readonly metadata: NodeId | null;
  readonly broken: readonly string[];
  readonly chunks: Map<GroupId, Hosted>;
  readonly retryUs: number;
  readonly limits: Pick<Limits, 'chunkEntries'>;
}

export function openChunks(config: NodeConfig, disk: DiskImage, bootEpoch: number): ChunkState {
  const { nodeId, cluster, params, prng, broken } = config;
  const chunks = new Map<GroupId, Hosted>();
  for (const [i, { id: group, replicas }] of chunksOf(cluster).entries()) {
    if (!replicas.includes(nodeId)) continue;
    const prefix = `chunk/${group}/`;
    const journal = readJournal(disk, prefix);
    const stored = journal.kind === 'stored' ? journal.stored.member : null;
    const isOwn = stored !== null && nodeOfMember(replicas, stored) === nodeId;
    const replica = makeReplica(chunkGeometry(cluster), prefix, 0, broken);
    const { raftHeartbeatMs, electionMinMs, electionMaxMs, nodeHeartbeatMs } = params;
    const log = makeNodeLog({
      prefix,
      config: {
        self: isOwn ? stored : firstIdentity(replicas, nodeId),
        timing: {
          heartbeatUs: raftHeartbeatMs * 1000,
          electionMinUs: electionMinMs * 1000,
          electionMaxUs: electionMaxMs * 1000,
        },
        limits,
        broken,
      },
      bootEpoch,
      seed: nextUint32({ ...prng }),
      stream: group,
      retryUs: nodeHeartbeatMs * 1000,
    });
    loadBlocks(replica, disk);
    chunks.set(group, {
      group,
      replicas,
      scope: `#${i}`,
      log,
      journal,
      place: placeAbove(disk, prefix),
      greeting: null,
      mayMake: null,
      idle: new Map(),
      replica,
      asked: new Map(),
      reading: new Map(),
      nextRead: 1,
      leads: 0,
      flush: null,
      heard: new Map(),
      attempts: 0,
      isFetchArmed: false,
    });
  }
  const metadata = cluster.nodes.find(({ roles }) => roles.includes('meta'))?.id ?? null;
  const retryUs = params.nodeHeartbeatMs * 1000;
  const own = { chunkEntries: params.chunkEntries };
  return { nodeId, bootEpoch, life: 0, metadata, broken, chunks, retryUs, limits: own };
}
