// State of the metadata role and how it is opened from its disk. Plain data: `content` is what the log says; all else is the
// memory of who leads: asked for or heard anew at each election, and at each start (PCS-96).

import type { Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import { type GroupMember, makeGroupMember } from '../consensus/group-member.ts';
import { firstIdentity } from '../consensus/identities.ts';
import type { Entry } from '../consensus/raft-types.ts';
import { type JournalRead, readJournal } from '../consensus/stored.ts';
import type { DiskImage, NodeConfig } from '../kernel/door.ts';
import type { Limits } from '../kernel/limits.ts';
import { has } from '../kernel/mutants.ts';
import { type AgentsDriver, makeAgentsDriver } from './agents-driver.ts';
import { initialContent } from './apply-meta.ts';
import { type ArchiverDriver, makeArchiverDriver } from './archivers.ts';
import { type ChunkDriver, makeChunkDriver } from './chunk-driver.ts';
import { type FailoverDriver, makeFailoverDriver } from './failover-state.ts';
import { type GroupFigures, makeGroupFigures } from './group-figures.ts';
import { type MapDriver, makeMapDriver, makeSchemaDriver, type SchemaDriver } from './map-state.ts';
import { decodeOperation, type MetaContent, type MetaOperation, openContent } from './meta-content.ts';
import type { HeldOrder } from './meta-orders.ts';
import type { Behind, Question } from './meta-queries.ts';
import { type MoveDriver, makeMoveDriver } from './move-driver.ts';
import { asLaidOut, initialPcs, withPlace } from './pcs-nodes.ts';
import { META_PREFIX, raftLimits } from './pcs-raft.ts';
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
  /** Nodes of the metadata that run under no identity, and in which life (PCS-105). */
  idle: Map<NodeId, number>;
  /** What stores that start are compared with. */
  known: KnownReplicas;
  moves: MoveDriver;
  restores: RestoreDriver;
  archivers: ArchiverDriver;
  /** What agents have of the configuration, and what operators asked of them. */
  agents: AgentsDriver;
  /** What nodes of HA groups have reported, and switchovers under way. */
  failover: FailoverDriver;
  /** Which definitions compute nodes have, and which drivers get the shard map. */
  schema: SchemaDriver;
  map: MapDriver;
  placement: PlacementDriver;
  chunks: ChunkDriver;
}

/** What is remembered of placement. */
interface PlacementDriver {
  /** When each volume's leadership was last moved, and for how many heartbeats it stays then. */
  readonly transfers: Map<string, { readonly at: Time; readonly beats: number }>;
  /** Which nodes there are and which of them are to leave; heartbeats since one came or was ordered to leave or to stay. */
  settled: { nodes: readonly string[]; beats: number };
  /** It has said that there is nothing to do. */
  isAtRest: boolean;
  readonly figures: GroupFigures;
  /** When each group was last to be split by load. */
  readonly splits: Map<string, Time>;
  /** How many heartbeats each group has been hot, under which token of its volume. */
  readonly hot: Map<string, { readonly beats: number; readonly token: number }>;
  /** PCS-122: heartbeats for which neighbours have been small and cold. */
  readonly cold: Map<string, number>;
  /** By split or merge under way: when the leader first heard of as many copied rows, and how far each source is, by its volume. */
  readonly copied: Map<
    number,
    {
      readonly at: Time;
      readonly of: Map<string, { readonly rows: number; readonly lsn: Lsn; readonly childToken: Term }>;
    }
  >;
}

/** Heartbeats a node may miss before it counts as down. */
export const MISSED_BEATS = 5;

export interface MetaState extends LeaderMemory, GroupMember {
  readonly config: NodeConfig;
  readonly nodeId: NodeId;
  readonly bootEpoch: number;
  /** Those that may hold the metadata; their places are part of their numbers as members of the log. */
  pcs: readonly NodeId[];
  /** Who holds the metadata now, by the leader's last `PcsNodes` (PCS-1): a node without a place in the log follows none that would say so. */
  pcsNodes: readonly NodeId[];
  readonly beatUs: number;
  readonly limits: Limits;
  /** It was never a member, and nobody has asked it to be one. */
  isSpare: boolean;
  /** Names this life of the node; 0 until it has begun. */
  incarnation: number;
  /** Orders of operators that are not known to be answered (meta-orders.ts). */
  readonly held: Map<string, HeldOrder>;
  /** Those that there was nothing to do for: other nodes hold them, too. */
  readonly vain: Set<string>;
  /** Stale questions that wait for entries (PCS-61), whoever leads. */
  behind: Behind[];
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
  idle: new Map(),
  known: new Map(),
  moves: makeMoveDriver(config.params.learnerLagLsns, config.params.moveTimeoutMs * 1000, config.mutants),
  restores: makeRestoreDriver(config, epoch),
  archivers: makeArchiverDriver(config.cluster, config.params.nodeHeartbeatMs * 1000),
  agents: makeAgentsDriver(),
  failover: makeFailoverDriver(),
  schema: makeSchemaDriver(),
  map: makeMapDriver(),
  placement: {
    transfers: new Map(),
    settled: { nodes: [], beats: 0 },
    isAtRest: false,
    figures: makeGroupFigures(),
    splits: new Map(),
    hot: new Map(),
    copied: new Map(),
    cold: new Map(),
  },
  chunks: makeChunkDriver(),
});

export function openMeta(installed: NodeConfig, disk: DiskImage, bootEpoch: number): MetaState {
  const config = { ...installed, cluster: asLaidOut(installed.cluster) };
  const journal = readJournal(
    disk,
    META_PREFIX,
    has(config.mutants, 'meta.entries-unchecked') ? 'unread' : 'whole',
  );
  const content = contentOf(config, journal);
  const entries = journal.kind === 'stored' ? journal.stored.entries : [];
  const pcs = withEntries((content ?? initialContent(config.cluster)).pcs, entries);
  const isInitial = initialPcs(config.cluster).includes(config.nodeId);
  return {
    config,
    nodeId: config.nodeId,
    bootEpoch,
    pcs,
    pcsNodes: [],
    beatUs: config.params.nodeHeartbeatMs * 1000,
    limits: config.params,
    ...makeGroupMember({
      config,
      disk,
      journal,
      nodes: pcs,
      first: firstIdentity(pcs, config.nodeId),
      prefix: META_PREFIX,
      limits: raftLimits,
      stream: 'pcs',
      bootEpoch,
    }),
    isSpare: journal.kind === 'new' && !isInitial,
    incarnation: 0,
    held: new Map(),
    vain: new Set(),
    behind: [],
    content: content ?? initialContent(config.cluster),
    isCorrupt: content === null,
    leads: 0,
    ownRequests: 0,
    asked: 0,
    ...makeMemory(config, bootEpoch),
  };
}

/** As far as entries go that a disk holds and that may not be committed: by them their voters are found. */
const withEntries = (pcs: readonly NodeId[], entries: readonly Entry[]): readonly NodeId[] =>
  entries.reduce((known, entry) => {
    if (entry.kind !== 'data') return known;
    const decoded = decodeOperation(entry.data);
    return decoded.ok && decoded.value.kind === 'joinNode'
      ? withPlace(known, decoded.value.node, decoded.value.roles)
      : known;
  }, pcs);

/** As of the log's snapshot; null: it cannot be had. */
function contentOf({ cluster }: NodeConfig, journal: JournalRead): MetaContent | null {
  if (journal.kind === 'damaged') return null;
  const snapshot = journal.kind === 'stored' ? journal.stored.snapshot : null;
  if (snapshot === null) return initialContent(cluster);
  const opened = openContent(snapshot.bytes);
  return opened.ok ? opened.value : null;
}
