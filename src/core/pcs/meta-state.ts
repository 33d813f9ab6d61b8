// State of the metadata role and how it is opened from its disk. Plain data: `content` is what the log says; all else is the
// memory of who leads: asked for or heard anew at each election, and at each start (PCS-96).

import type { NodeId, Time } from '../../base/ids.ts';
import type { NodeLog } from '../consensus/node-log.ts';
import { type JournalRead, readJournal } from '../consensus/stored.ts';
import type { DiskImage, NodeConfig } from '../kernel/door.ts';
import type { Limits } from '../kernel/limits.ts';
import { initialContent } from './apply-meta.ts';
import { type ArchiverDriver, makeArchiverDriver } from './archivers.ts';
import type { Greeting, Heard } from './greeting.ts';
import { type MetaContent, type MetaOperation, openContent } from './meta-content.ts';
import type { Question } from './meta-queries.ts';
import { type MoveDriver, makeMoveDriver } from './move-driver.ts';
import { META_PREFIX, makeMetaLog, pcsNodes } from './pcs-raft.ts';
import type { KnownReplicas } from './replica-known.ts';
import { makeRestoreDriver, type RestoreDriver } from './restore-state.ts';

/** An entry that this node proposed as leader of `term` and has not applied. */
interface Pending {
  readonly operation: MetaOperation;
  readonly traceId: number;
  readonly index: number;
  readonly term: number;
}

/** A question that waits until the leader is known to be one still (PCS-20). */
export interface Query {
  readonly from: NodeId;
  readonly question: Question;
  readonly traceId: number;
  /** The state that it needs at least; null: its round is not over. */
  index: number | null;
}

/** What only the leader has, and only while it leads. */
export interface LeaderMemory {
  /** In the order of the log. */
  pending: Pending[];
  queries: Map<number, Query>;
  /** Drivers that asked for a volume's route, by its name; they ask again. */
  watchers: Map<string, Set<NodeId>>;
  beats: Map<NodeId, { boot: number; at: Time }>;
  /** What stores that start are compared with. */
  known: KnownReplicas;
  moves: MoveDriver;
  restores: RestoreDriver;
  archivers: ArchiverDriver;
}

export interface MetaState extends LeaderMemory {
  readonly config: NodeConfig;
  readonly nodeId: NodeId;
  readonly bootEpoch: number;
  readonly nodes: readonly NodeId[];
  /** Those that hold the metadata; their places are their numbers as members of the log. */
  readonly pcs: readonly NodeId[];
  readonly beatUs: number;
  readonly limits: Limits;
  readonly log: NodeLog;
  /** What the disk held, until the log runs. */
  journal: JournalRead | null;
  /** While the others are asked what they know of this member. */
  greeting: Greeting | null;
  /** What this node heard of the other members in this life. */
  readonly heard: Map<NodeId, Heard>;
  content: MetaContent;
  /** Loading failed: META_CORRUPT; nothing is answered. */
  isCorrupt: boolean;
  /** The term in which it leads and has applied all that was committed before, else 0 (PCS-7). */
  leads: number;
  /** Numbers of its own proposals and of questions, in this life. */
  ownRequests: number;
  asked: number;
}

/** `epoch`: of leaderships that follow each other, each has a greater one. */
export const makeMemory = (config: NodeConfig, epoch: number): LeaderMemory => ({
  pending: [],
  queries: new Map(),
  watchers: new Map(),
  beats: new Map(),
  known: new Map(),
  moves: makeMoveDriver(config.params.learnerLagLsns, config.params.moveTimeoutMs * 1000, config.broken),
  restores: makeRestoreDriver(config, epoch),
  archivers: makeArchiverDriver(config.cluster, config.params.nodeHeartbeatMs * 1000),
});

export function openMeta(config: NodeConfig, disk: DiskImage, bootEpoch: number): MetaState {
  const journal = readJournal(disk, META_PREFIX, !config.broken.includes('meta.entries-unchecked'));
  const content = contentOf(config, journal);
  return {
    config,
    nodeId: config.nodeId,
    bootEpoch,
    nodes: config.cluster.nodes.map((node) => node.id),
    pcs: pcsNodes(config.cluster),
    beatUs: config.params.nodeHeartbeatMs * 1000,
    limits: config.params,
    log: makeMetaLog(config, bootEpoch),
    journal,
    greeting: null,
    heard: new Map(),
    content: content ?? initialContent(config.cluster),
    isCorrupt: content === null,
    leads: 0,
    ownRequests: 0,
    asked: 0,
    ...makeMemory(config, bootEpoch),
  };
}

/** As of the log's snapshot; null: it cannot be had. */
function contentOf({ cluster }: NodeConfig, journal: JournalRead): MetaContent | null {
  if (journal.kind === 'damaged') return null;
  const snapshot = journal.kind === 'stored' ? journal.stored.snapshot : null;
  if (snapshot === null) return initialContent(cluster);
  const opened = openContent(snapshot.bytes);
  return opened.ok ? opened.value : null;
}
