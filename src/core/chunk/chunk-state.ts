// What a chunk server knows: of every chunk that the cluster gives it a Raft log, a replica, and who waits for what (chunk-role.ts).

import { present } from '../../base/assert.ts';
import type { GroupId, NodeId } from '../../base/ids.ts';
import type { MemberId } from '../consensus/configuration.ts';
import {
  type GroupMember,
  type GroupPort,
  type GroupWords,
  groupPort,
  makeGroupMember,
} from '../consensus/group-member.ts';
import { firstIdentity, nthIdentity } from '../consensus/identities.ts';
import type { RaftLimits } from '../consensus/raft-types.ts';
import { type JournalPlace, type JournalRead, placeAbove, readJournal } from '../consensus/stored.ts';
import type { ChunkSpec, ClusterSpec } from '../kernel/cluster-spec.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { DiskImage, NodeConfig } from '../kernel/door.ts';
import type { Limits } from '../kernel/limits.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import { memberPlaceIn } from './commands.ts';
import { chunkGeometry, chunksOf } from './device-spec.ts';
import {
  type ChunkReplica,
  goneThrough,
  hasRest,
  loadBlocks,
  makeReplica,
  serversIn,
  storedServers,
  takePlace,
} from './replica.ts';

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

/** FS-76: what the metadata asks of the group's leader: a replica on `to`, and then none on `from`. */
export interface Exchange {
  readonly to: NodeId | null;
  readonly from: NodeId | null;
}

/** The replica is deleted, step by step: what it promised counts for nothing any more, then it is gone from the disk. */
interface Leaving {
  readonly through: number;
  readonly step: 'ends' | 'marks' | 'deletes';
  readonly storeId: number;
}

/** A replica that this server has, and its Raft member. */
export interface Hosted extends GroupMember {
  readonly group: GroupId;
  readonly scope: string;
  /** PCS-120: whether it may be made from nothing; null: the metadata has not said. */
  mayMake: boolean | null;
  /** Leader: lives of nodes without an identity, and the one that each is given. */
  readonly idle: Map<NodeId, { readonly incarnation: number; member: MemberId | null }>;
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
  attempts: number;
  isFetchArmed: boolean;
  /** Servers by entries that its disk had and that may not be committed: by them voters are found. */
  readonly ahead: readonly NodeId[];
  /** Leader: of the metadata's newest order. */
  exchange: Exchange | null;
  /** The list of servers of one that was invited is being written. */
  inviting: number;
  leaving: Leaving | null;
  /** The members that it has traced as the leader; null: it has said nothing, they are the first. */
  traced: string | null;
  /** Requests that it has answered as leader in this window, and in the one before. */
  requests: number;
  load: number;
}

/** The servers of the group, by their places (FS-76): as far as is committed, and beyond that as the disk had it when the node started. */
export const serversOf = ({ replica: { servers }, ahead }: Hosted): readonly NodeId[] =>
  ahead.length > servers.length ? [...servers, ...ahead.slice(servers.length)] : servers;

/** A start, or the lack of an identity, is said again; a learner says again that it holds all. */
export const START_TIMER = 'start';

export function portOf({ nodeId, incarnation }: ChunkState, ctx: RoleContext, hosted: Hosted): GroupPort {
  const nodes = (): readonly NodeId[] => serversOf(hosted);
  return groupPort(hosted, {
    ctx,
    nodeId,
    incarnation,
    nodes,
    founders: nodes,
    say: (to, words) => send(ctx, to, messageOf(hosted.group, words)),
    startupProbeTimer: START_TIMER,
    identityTimer: START_TIMER,
  });
}

function messageOf(group: GroupId, words: GroupWords): Message {
  switch (words.kind) {
    case 'Raft':
      return { ...words, kind: 'ChunkRaft', group };
    case 'MemberStarts':
      return { ...words, kind: 'ChunkStarts', group };
    case 'MemberKnown':
      return { ...words, kind: 'ChunkKnown', group };
    case 'JoinAs':
      return { ...words, kind: 'ChunkJoinAs', group };
  }
}

export interface ChunkState {
  readonly nodeId: NodeId;
  readonly bootEpoch: number;
  /** Names this life of the node; 0 until it has begun. */
  incarnation: number;
  readonly metadata: NodeId | null;
  readonly mutants: Mutants;
  readonly chunks: Map<GroupId, Hosted>;
  readonly retryUs: number;
  readonly limits: Pick<Limits, 'chunkEntries'>;
  /** What a replica that is made later is made of. */
  readonly config: NodeConfig;
  /** Where the journal of a group that it has left would go on. */
  readonly places: Map<GroupId, JournalPlace>;
  /** Groups of which the disk says that it has left them, and has nothing more: through which entry. */
  readonly left: Map<GroupId, number>;
  /** Term of the metadata's leader whose order was the newest. */
  orderedIn: number;
  windowAt: number;
}

const prefixOf = (group: GroupId): string => `chunk/${group}/`;
const noDisk: DiskImage = new Map();

export function openChunks(config: NodeConfig, disk: DiskImage, bootEpoch: number): ChunkState {
  const { nodeId, cluster, params, mutants } = config;
  const metadata = cluster.nodes.find(({ roles }) => roles.includes('meta'))?.id ?? null;
  const state: ChunkState = {
    nodeId,
    bootEpoch,
    incarnation: 0,
    metadata,
    mutants,
    chunks: new Map(),
    retryUs: params.nodeHeartbeatMs * 1000,
    limits: { chunkEntries: params.chunkEntries },
    config,
    places: new Map(),
    left: new Map(),
    orderedIn: 0,
    windowAt: 0,
  };
  for (const { id: group, replicas } of chunksOf(cluster)) {
    const hosted = openHosted(state, group, replicas, disk);
    if (hosted !== null) state.chunks.set(group, hosted);
    else state.places.set(group, placeAbove(disk, prefixOf(group)));
  }
  return state;
}

/** Null: the server has nothing of it. What a crash has left of a replica that counts for nothing is opened to be deleted (FS-76). */
function openHosted(
  state: ChunkState,
  group: GroupId,
  replicas: readonly NodeId[],
  disk: DiskImage,
): Hosted | null {
  const prefix = prefixOf(group);
  const through = goneThrough(disk, prefix);
  const journal = readJournal(disk, prefix);
  const isGone = through > 0 && (journal.kind !== 'stored' || nthIdentity(journal.stored.member) <= through);
  const isFirst = replicas.includes(state.nodeId) && through === 0;
  if (isGone || (journal.kind === 'new' && !isFirst)) {
    if (has(state.mutants, 'chunk.keeps-rest')) return null;
    if (hasRest(disk, prefix))
      return {
        ...makeHosted(state, group, { kind: 'new' }, disk),
        leaving: { through, step: 'marks', storeId: -1 },
      };
    if (through > 0) state.left.set(group, through);
    return null;
  }
  const hosted = makeHosted(state, group, journal, disk);
  loadBlocks(hosted.replica, disk);
  return hosted;
}

const specAt = (cluster: ClusterSpec, group: GroupId): { readonly i: number; readonly spec: ChunkSpec } => {
  const i = chunksOf(cluster).findIndex(({ id }) => id === group);
  return { i, spec: present(chunksOf(cluster)[i], 'chunk', group) };
};

export const isChunkOf = ({ config: { cluster } }: ChunkState, group: GroupId): boolean =>
  chunksOf(cluster).some(({ id }) => id === group);

/** A replica that has nothing yet: the group's leader gives it an identity (FS-76, FS-79). */
export function makeInvited(state: ChunkState, group: GroupId, servers: readonly NodeId[]): Hosted {
  const hosted = makeHosted(state, group, { kind: 'new' }, noDisk);
  for (const [place, server] of servers.entries()) takePlace(hosted.replica, { place, server });
  const { log, place } = hosted;
  log.config = { ...log.config, self: firstIdentity(hosted.replica.servers, state.nodeId) };
  return { ...hosted, place: state.places.get(group) ?? place, journal: null };
}

/** What a disk says of the list of servers: in the replica what is committed; what may be is handed back. */
function attachmentAll(replica: ChunkReplica, disk: DiskImage, journal: JournalRead): readonly NodeId[] {
  const { snapshot = null, entries = [] } = journal.kind === 'stored' ? journal.stored : {};
  const known = [storedServers(disk, replica.prefix), snapshot === null ? [] : serversIn(snapshot.bytes)];
  for (const list of known)
    for (const [place, server] of list.entries()) takePlace(replica, { place, server });
  const ahead = [...replica.servers];
  for (const entry of entries) {
    const memberPlace = entry.kind === 'data' ? memberPlaceIn(entry.data) : null;
    if (memberPlace !== null && memberPlace.place <= ahead.length)
      ahead[memberPlace.place] = memberPlace.server;
  }
  return ahead;
}

function makeHosted(state: ChunkState, group: GroupId, journal: JournalRead, disk: DiskImage): Hosted {
  const { nodeId, config, bootEpoch, mutants } = state;
  const { cluster } = config;
  const { i, spec } = specAt(cluster, group);
  const prefix = prefixOf(group);
  const replica = makeReplica(chunkGeometry(cluster), prefix, 0, mutants, spec.replicas);
  const ahead = attachmentAll(replica, disk, journal);
  const first = firstIdentity(replica.servers, nodeId);
  const origin = { config, disk, journal, nodes: ahead, first, limits };
  const member = makeGroupMember({ ...origin, prefix, stream: group, bootEpoch });
  return {
    group,
    scope: `#${i}`,
    ...member,
    mayMake: null,
    idle: new Map(),
    replica,
    asked: new Map(),
    reading: new Map(),
    nextRead: 1,
    leads: 0,
    flush: null,
    attempts: 0,
    isFetchArmed: false,
    ahead,
    exchange: null,
    inviting: -1,
    leaving: null,
    traced: null,
    requests: 0,
    load: 0,
  };
}
