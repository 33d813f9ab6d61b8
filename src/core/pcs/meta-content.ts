// The metadata as it is replicated (docs/spec/pcs.md PCS-32): what an entry of the log asks for, and the state that entries are
// applied to, in binary form. Who leads remembers more, and hears it anew (meta-state.ts).

import {
  bool,
  branded,
  type Codec,
  type Decoded,
  decodeWhole,
  encodeWhole,
  type Infer,
  int,
  list,
  nullable,
  oneOf,
  struct,
  text,
  uint,
  union,
  variant,
} from '../../base/codec.ts';
import type { GroupId, Lsn, NodeId, Term } from '../../base/ids.ts';
import {
  configurationCodec as agentConfiguration,
  noConfiguration,
  settingCodec,
} from '../agent/settings.ts';
import { configurationCodec, memberCodec } from '../consensus/wire.ts';
import { descriptor, historyCodec } from '../kernel/fields.ts';
import { openWith, sealWith } from '../kernel/framing.ts';
import { noStorage, type StoragePlacement, storageCodec } from './chunk-moves.ts';
import { computeGroupsCodec } from './compute-groups.ts';
import { joinedCodec } from './joined-nodes.ts';
import { type Sharding, shardingCodec } from './sharding.ts';

const VERSION = 7;
/** With the placement of chunks (FS-77) and stores (PCS-100), which is there once a chunk server has come, or one of either is to go. */
const STORAGE_VERSION = 8;

const node = branded<NodeId>(text);
const term = branded<Term>(uint);
const group = branded<GroupId>(text);
const lsn = branded<Lsn>(int);
const requestId = { from: node, boot: uint, reqId: uint };

/** What one group of a restored volume is made from: the newest usable base and the log above it (WAL-43). */
const restoreGroup = struct({
  group,
  source: group,
  /** LSN of the base image and the names of its parts. */
  base: lsn,
  parts: list(text),
  /** Names of the log objects in LSN order. */
  logs: list(text),
});

/** A restore to a point in time (WAL-45): begun with its volume, over when every replica is loaded. */
const restorePlan = {
  volume: text,
  source: text,
  lsn,
  /** The source's history cut at `lsn`, and the entry that the new volume begins with. */
  history: historyCodec,
  groups: list(restoreGroup),
};
const restore = struct({
  ...restorePlan,
  state: oneOf('loading', 'done', 'failed'),
  /** What stopped it, empty while nothing has: a code, the object and the group that lack it. */
  code: text,
  object: text,
  group: text,
  since: uint,
});
export type Restore = Infer<typeof restore>;

const operation = union({
  grantToken: variant(0, { ...requestId, volume: text, expect: nullable(term) }),
  setWriter: variant(1, { ...requestId, volume: text, term, state: oneOf('RECOVERING', 'OPEN') }),
  /** A replica is to move; to its own node: made anew there. Times are the proposer's (PCS-32). */
  beginMove: variant(2, {
    ...requestId,
    group,
    source: node,
    to: node,
    isLost: bool,
    at: uint,
    deadline: uint,
  }),
  memberStep: variant(3, {
    ...requestId,
    group,
    step: oneOf('leaveJoint', 'addLearner', 'enterJoint', 'abort', 'finish', 'switch'),
    memberEpoch: uint,
  }),
  /** WAL-45: the new volume and what it is loaded from, as read of one manifest. */
  beginRestore: variant(4, {
    ...requestId,
    ...restorePlan,
    descriptors: list(descriptor),
    writer: node,
    /** Spare attachments of the writer's node. */
    attachments: uint,
    at: uint,
  }),
  endRestore: variant(5, {
    ...requestId,
    volume: text,
    outcome: oneOf('done', 'failed', 'cancelled'),
    code: text,
    object: text,
    group: text,
  }),
  /** WAL-40: a replica archives the group from here on. */
  nameArchiver: variant(6, { ...requestId, group, to: node, isLast: bool, why: text }),
  /** An order that cannot be done: so that it is answered once, and never done later. */
  refuseOrder: variant(7, { ...requestId, volume: text, source: text, code: text, lsn: int, detail: text }),
  /** A restored volume and all that it holds is given up. */
  dropVolume: variant(8, { ...requestId, volume: text }),
  /** A person's order about who holds this log (PCS-106). `isIdle`: the node says that it runs under no identity. */
  changePcs: variant(9, { ...requestId, node, want: oneOf('in', 'out'), isIdle: bool, at: uint }),
  /** A new identity for this life of the node (PCS-105). */
  admitPcs: variant(10, { ...requestId, node, incarnation: uint }),
  endPcsChange: variant(11, { ...requestId, node }),
  /** PCS-92: one key; `expect`: refused with STALE_VERSION unless that is the newest version. */
  putConfig: variant(12, { ...requestId, scope: text, key: text, value: text, expect: nullable(uint) }),
  /** H1 by the PCS (FENCE-20): a token for this life of the node that it chose. */
  promote: variant(20, { ...requestId, volume: text, holder: node, holderBoot: uint, expect: term }),
  /** The volume's state goes back to OPEN: a switchover is given up (FENCE-34). */
  setState: variant(21, { ...requestId, volume: text, term, state: oneOf('OPEN') }),
  /** A person's order: the volume is FREEZING, and `target` is to write it next (FENCE-33). */
  switchover: variant(22, { ...requestId, volume: text, target: node }),
  /** A person's order: a reader becomes a standby (FENCE-18). */
  moveToHa: variant(23, { ...requestId, volume: text, node, priority: uint }),
  /** PCS-3: a node that was added; a reader enters the RO group. `listed`: readers that the cluster was laid out with. */
  joinNode: variant(30, {
    ...requestId,
    node,
    volume: text,
    zone: text,
    roles: list(text),
    isReader: bool,
    listed: list(node),
  }),
  /** A person's order: the node serves no more and ends; its name is not used again (PCS-79). */
  removeNode: variant(31, { ...requestId, node, volume: text, listed: list(node) }),
  // where tables are cut into tablets (sharding.ts)
  /** PCS-85: the first step of a definition. `bounds`: where its tablets begin, but for the first. */
  prepareTable: variant(40, {
    ...requestId,
    what: oneOf('create', 'drop'),
    name: text,
    definition: text,
    bounds: list(text),
  }),
  /** Every compute node is at this version, or answers nobody (PCS-87). */
  activateTable: variant(41, { ...requestId, version: uint }),
  /** PCS-39: the tablet's group, volume and first shard, where the planner placed them (PCS-73). */
  makeGroup: variant(42, {
    ...requestId,
    relation: uint,
    voters: list(node),
    leader: node,
    vw: uint,
    vr: uint,
  }),
  rollShard: variant(43, { ...requestId, group, end: lsn, term }),
  /** PCS-48: a token of which it is not decided yet who is to have it. */
  fenceVolume: variant(44, { ...requestId, volume: text, expect: term, target: nullable(node) }),
  /** PCS-49, FENCE-21: who has it, once the replicas under it were heard. */
  setLeader: variant(45, { ...requestId, volume: text, leader: node, leaderBoot: uint, term }),
  /** PCS-79: replicas are to leave the node, or may come again. `code`: why not, as who leads knows it. */
  setOffline: variant(46, {
    ...requestId,
    node,
    isOffline: bool,
    code: oneOf('', 'NOT_MEMBER', 'PCS_VOTER', 'INSUFFICIENT_NODES'),
  }),
  /** PCS-46: the child's group is made; nobody routes to it yet. `leader`: who is asked first to lead it. */
  beginSplit: variant(50, {
    ...requestId,
    group,
    key: text,
    leader: nullable(node),
    deadline: uint,
    why: oneOf('order', 'load'),
  }),
  /** The keys change hands: one entry. `lsn`: the barrier in the parent's log. */
  cutSplit: variant(51, { ...requestId, id: uint, token: term, childToken: term, key: text, lsn }),
  /** PCS-122: two neighbours are to be one; `code`: why not, as who leads knows it. */
  beginMerge: variant(53, {
    ...requestId,
    group,
    other: group,
    leader: nullable(node),
    deadline: uint,
    why: oneOf('order', 'cold'),
    code: text,
  }),
  /** The keys of both change hands: one entry. `lsn`, `otherLsn`: the barriers in their logs. */
  cutMerge: variant(54, {
    ...requestId,
    id: uint,
    token: term,
    otherToken: term,
    childToken: term,
    lsn,
    otherLsn: lsn,
  }),
  /** It is given up, and what was copied with it. */
  endSplit: variant(52, { ...requestId, id: uint, code: text }),
  // where chunks lie on servers that come and go (chunk-moves.ts)
  /** FS-76: the chunk's leader is ordered a replica on `to`, and then none on `source`. */
  beginChunkMove: variant(60, {
    ...requestId,
    group,
    source: nullable(node),
    to: nullable(node),
    why: text,
    at: uint,
    deadline: uint,
  }),
  endChunkMove: variant(61, { ...requestId, group, outcome: oneOf('done', 'failed') }),
});
export type MetaOperation = Infer<typeof operation>;

/** A membership change that is open (wal.md §10). */
const move = struct({
  group,
  from: node,
  to: node,
  phase: oneOf('removing', 'removed', 'learner', 'joint', 'leaving', 'aborting'),
  /** The sets before the present step: it is complete when vw of each of them and of each present set have it (WAL-62). */
  before: list(list(node)),
  isLost: bool,
  /** The volume's token at the present step: a greater one that is OPEN has passed R6 in this state (WAL-64). */
  token: term,
  since: uint,
  deadline: uint,
});
export type Move = Infer<typeof move>;

/** The archiver of a group, and the number of its appointment. `isLast`: every member had declined. */
const archiver = struct({ group, node, appointment: uint, isLast: bool });
export type ArchiverEntry = Infer<typeof archiver>;

const volumeState = {
  token: term,
  holder: nullable(node),
  writer: nullable(node),
  state: oneOf('CREATING', 'FENCING', 'RECOVERING', 'OPEN', 'FREEZING'),
  created: bool,
  mapVersion: uint,
  groups: list(descriptor),
  /** At most one for each group (WAL-69). */
  moves: list(move),
};
const volumeContent = struct({
  name: text,
  /** Nodes that may write it. */
  writers: list(node),
  ...volumeState,
});
export type VolumeContent = Infer<typeof volumeContent>;

/** What a request came to: the answer to a repeated one. `value`: the token that was granted. */
const requestResult = struct({ reqId: uint, code: text, value: uint });
export type RequestResult = Infer<typeof requestResult>;
const requestClient = struct({ client: text, boot: uint, results: list(requestResult) });
export type RequestClient = Infer<typeof requestClient>;

/** The newest identity of a node as a member of this log, and the life of the node that it was given to. */
const identity = struct({ node, member: memberCodec, incarnation: uint });

/** The replicated state: what every entry is applied to. */
const content = struct({
  /** Index of the last entry of the log that is in it. */
  applied: uint,
  /** Of the history so far (meta-apply.ts). */
  sum: uint,
  /** The first is the one the cluster was made with. */
  volumes: list(volumeContent),
  restores: list(restore),
  /** Groups of restores that are over without a volume: stores that still host one are instructed to delete it. */
  dropped: list(struct({ volume: text, group })),
  /** Of the backed up volume's groups, at most one each. */
  archivers: list(archiver),
  /** Map versions of volumes that are gone: the map version that nodes receive never goes back. */
  mapBase: uint,
  /** Number of groups ever made: a name is used once. */
  groupsMade: uint,
  /** PCS-30: one table for all that is asked. */
  requests: list(requestClient),
  /** The nodes that may hold this log, in the order that members' numbers go by. */
  pcs: list(node),
  /** Who was ever given an identity (PCS-105), and the newest configuration that is committed. */
  members: list(identity),
  config: configurationCodec,
  /** The change of members that is open (PCS-106); `member`: the identity that is to come in, once it was given. */
  change: nullable(struct({ node, want: oneOf('in', 'out'), member: nullable(memberCodec), since: uint })),
});

/** What may stand after it, each until it is needed absent with all that follow: metadata of before is read, and written as it was. */
const later = {
  /** PCS-91: the newest version of it, and the entries that made it, for agents that lack some. */
  configuration: agentConfiguration,
  puts: list(settingCodec),
  /** Of volumes that several nodes may write. */
  computeGroups: computeGroupsCodec,
  /** Nodes that were added since, and every node that was removed. */
  joined: joinedCodec,
  removed: list(node),
} as const;
type Later = { -readonly [K in keyof typeof later]: Infer<(typeof later)[K]> } & {
  /** Only where tables are cut into tablets; then it is always there. */
  sharding?: Sharding;
  /** Only where chunks have a choice of servers, or a store was to be drained (PCS-100). */
  storage?: StoragePlacement;
};
const absent = (): Later => ({
  configuration: noConfiguration,
  puts: [],
  computeGroups: [],
  joined: [],
  removed: [],
});

export type MetaContent = Infer<typeof content> & Later;

const contentCodec: Codec<MetaContent> = {
  encode: (w, value) => {
    content.encode(w, value);
    const { configuration, puts, computeGroups, joined, removed, sharding } = value;
    const sizes = [configuration.version, puts.length, computeGroups.length, joined.length, removed.length];
    if (sharding !== undefined) sizes[4] = 1;
    const count = sizes.findLastIndex((size) => size > 0) + 1;
    if (count > 0) later.configuration.encode(w, configuration);
    if (count > 1) later.puts.encode(w, puts);
    if (count > 2) later.computeGroups.encode(w, computeGroups);
    if (count > 3) later.joined.encode(w, joined);
    if (count > 4) later.removed.encode(w, removed);
    if (sharding !== undefined) shardingCodec.encode(w, sharding);
  },
  decode: (r) => {
    const value: MetaContent = { ...content.decode(r), ...absent() };
    if (r.at < r.end) value.configuration = later.configuration.decode(r);
    if (r.at < r.end) value.puts = later.puts.decode(r);
    if (r.at < r.end) value.computeGroups = later.computeGroups.decode(r);
    if (r.at < r.end) value.joined = later.joined.decode(r);
    if (r.at < r.end) value.removed = later.removed.decode(r);
    if (r.at < r.end) value.sharding = shardingCodec.decode(r);
    return value;
  },
};
const withStorageCodec: Codec<MetaContent> = {
  encode: (w, value) => {
    storageCodec.encode(w, value.storage ?? noStorage());
    contentCodec.encode(w, value);
  },
  decode: (r) => {
    const storage = storageCodec.decode(r);
    return { ...contentCodec.decode(r), storage };
  },
};
const operationCodec: Codec<MetaOperation> = operation;

/** What an entry of the log carries. */
export const encodeOperation = (one: MetaOperation): Uint8Array => encodeWhole(operationCodec, one);
export const decodeOperation = (bytes: Uint8Array): Decoded<MetaOperation> =>
  decodeWhole(operationCodec, bytes);

/** What a snapshot of the log carries. */
export const sealContent = (state: MetaContent): Uint8Array =>
  state.storage === undefined
    ? sealWith(contentCodec, VERSION, state)
    : sealWith(withStorageCodec, STORAGE_VERSION, state);
export function openContent(bytes: Uint8Array): Decoded<MetaContent> {
  const opened = openWith(contentCodec, VERSION, bytes);
  return opened.ok ? opened : openWith(withStorageCodec, STORAGE_VERSION, bytes);
}
