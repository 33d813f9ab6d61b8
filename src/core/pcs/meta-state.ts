// State of the metadata role and how it is opened from its disk. Plain data: `content` is what the log says, all
// else is of this life alone and is asked for or sent again.

import type { NodeId, Time } from '../../base/ids.ts';
import type { DiskImage, NodeConfig } from '../kernel/door.ts';
import type { Limits } from '../kernel/limits.ts';
import { applyMeta, initialContent } from './apply-meta.ts';
import { type ArchiverDriver, makeArchiverDriver } from './archivers.ts';
import { loadMeta, type MetaContent, type MetaOperation } from './meta-log.ts';
import { type MoveDriver, makeMoveDriver } from './move-driver.ts';
import type { KnownReplicas } from './replica-known.ts';
import { makeRestoreDriver, type RestoreDriver } from './restore-state.ts';

interface Pending {
  readonly operation: MetaOperation;
  readonly traceId: number;
}

export interface MetaState {
  readonly nodeId: NodeId;
  readonly bootEpoch: number;
  readonly nodes: readonly NodeId[];
  readonly beatUs: number;
  readonly limits: Limits;
  content: MetaContent;
  /** Loading failed: META_CORRUPT; nothing is answered. */
  readonly isCorrupt: boolean;
  /** Some snapshot is durable. */
  isReady: boolean;
  /** Slot of the newest durable snapshot, and what it and the one before it hold. */
  slot: number;
  snapshotIndex: number;
  /** Snapshot being written, or null. */
  snapshotWrite: { storeId: number; index: number } | null;
  /** Entries from this index on may be on disk. */
  firstKept: number;
  /** In order of arrival; the first is being written. */
  pending: Pending[];
  /** Store of the entry that is being written, or null. */
  entryWrite: number | null;
  /** Drivers that asked for a volume's route, by its name; not durable, they ask again. */
  readonly watchers: Map<string, Set<NodeId>>;
  beats: Map<NodeId, { boot: number; at: Time }>;
  /** What stores that start are compared with; not durable. */
  readonly known: KnownReplicas;
  readonly moves: MoveDriver;
  readonly restores: RestoreDriver;
  readonly archivers: ArchiverDriver;
  /** Number of its own proposals in this life. */
  ownRequests: number;
}

export function openMeta(config: NodeConfig, disk: DiskImage, bootEpoch: number): MetaState {
  const { snapshot, slot, entries, firstKept, error } = loadMeta(disk, config.broken);
  const content = snapshot ?? initialContent(config.cluster);
  const snapshotIndex = content.applied;
  for (const operation of entries) applyMeta(content, operation);
  return {
    nodeId: config.nodeId,
    bootEpoch,
    nodes: config.cluster.nodes.map((node) => node.id),
    beatUs: config.params.nodeHeartbeatMs * 1000,
    limits: config.params,
    content,
    isCorrupt: error !== null,
    isReady: snapshot !== null,
    slot,
    snapshotIndex,
    snapshotWrite: null,
    firstKept,
    pending: [],
    entryWrite: null,
    watchers: new Map(),
    beats: new Map(),
    known: new Map(),
    moves: makeMoveDriver(config.params.learnerLagLsns, config.params.moveTimeoutMs * 1000, config.broken),
    restores: makeRestoreDriver(config, bootEpoch),
    archivers: makeArchiverDriver(config.cluster, config.params.nodeHeartbeatMs * 1000),
    ownRequests: 0,
  };
}
