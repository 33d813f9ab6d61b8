// What a chunk server knows: of every chunk that the cluster gives it a Raft log, a replica, and who waits for what (chunk-role.ts).

import type { GroupId, NodeId } from '../../base/ids.ts';
import { nextUint32 } from '../../base/prng.ts';
import { type MemberId, memberId } from '../consensus/configuration.ts';
import { makeNodeLog, type NodeLog } from '../consensus/node-log.ts';
import type { RaftLimits } from '../consensus/raft-types.ts';
import { type JournalRead, readJournal } from '../consensus/stored.ts';
import type { DiskImage, NodeConfig } from '../kernel/door.ts';
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
  /** Member n is the n-th of them. */
  readonly replicas: readonly NodeId[];
  readonly scope: string;
  readonly log: NodeLog;
  journal: JournalRead | null;
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
  readonly heard: Map<MemberId, number>;
  attempts: number;
  isFetchArmed: boolean;
}

export interface ChunkState {
  readonly nodeId: NodeId;
  readonly bootEpoch: number;
  readonly broken: readonly string[];
  readonly chunks: Map<GroupId, Hosted>;
  readonly retryUs: number;
}

export function openChunks(config: NodeConfig, disk: DiskImage, bootEpoch: number): ChunkState {
  const { nodeId, cluster, params, prng, broken } = config;
  const chunks = new Map<GroupId, Hosted>();
  for (const [i, { id: group, replicas }] of chunksOf(cluster).entries()) {
    const own = replicas.indexOf(nodeId);
    if (own < 0) continue;
    const prefix = `chunk/${group}/`;
    const replica = makeReplica(chunkGeometry(cluster), prefix, 0, broken);
    const { raftHeartbeatMs, electionMinMs, electionMaxMs, nodeHeartbeatMs } = params;
    const log = makeNodeLog({
      prefix,
      config: {
        self: memberId(own + 1),
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
      journal: readJournal(disk, prefix),
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
  return { nodeId, bootEpoch, broken, chunks, retryUs: params.nodeHeartbeatMs * 1000 };
}
