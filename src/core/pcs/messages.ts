// Messages to and from the metadata (pcs.md); requests are idempotent by reqId.

import {
  bool,
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
import { joinFields, knownFields, memberCodec, raftFields, startFields } from '../consensus/wire.ts';
import {
  descriptor,
  group,
  groupRoute,
  historyCodec,
  lsn,
  node,
  replicaKnown,
  replicaReport,
  requestNumber,
  tableEntry,
  term,
} from '../kernel/fields.ts';
import { answer, message } from '../kernel/message-table.ts';
import { orderCodec } from './operator-order.ts';

const viewRows = struct({ view: text, rows: list(list(nullable(text))) });

/**
 * READ-1: who may receive the volume's log from its writer since nodes were added or removed, and who was removed; null in a message:
 * as the cluster was laid out.
 */
const receivers = struct({ mapVersion: uint, nodes: list(node), removed: list(node) });
export type Receivers = Infer<typeof receivers>;

/** Roles that keep a copy of the map. */
const router = oneOf('driver', 'compute');

export const pcsMessages = {
  // metadata; requests are idempotent by reqId
  /** A compute node asks what the metadata knows of a volume. */
  GetMeta: message(24, 'meta', 'control', { volume: text }),
  /** Answer to GetMeta: token, writer, state and groups of the volume. */
  MetaState: message(25, 'compute', 'control', {
    volume: text,
    token: term,
    holder: nullable(node),
    writer: nullable(node),
    state: oneOf('CREATING', 'FENCING', 'RECOVERING', 'OPEN', 'FREEZING'),
    created: bool,
    mapVersion: uint,
    groups: list(descriptor),
  }),
  /** PCS-109: what one entry changed, to the volume's writer; a whole `MetaState` grows with the number of groups. */
  GroupChanged: message(
    100,
    'compute',
    'control',
    { volume: text, token: term, mapVersion: uint, descriptor },
    ({ descriptor: { group } }) => ({ group }),
  ),
  /** A compute node asks for a new token of the volume; `expect`: the one that it knows (FENCE-2). */
  GrantToken: message(26, 'meta', 'control', {
    reqId: uint,
    boot: uint,
    volume: text,
    expect: nullable(term),
  }),
  /** Answer to GrantToken. */
  TokenGranted: message(27, 'compute', 'control', {
    reqId: uint,
    boot: uint,
    volume: text,
    token: term,
    created: bool,
    groups: list(descriptor),
    error: oneOf('', 'TOKEN_RACE'),
    receivers: nullable(receivers),
  }),
  /** A writer reports that it recovers the volume, or that it is open, under its term. */
  SetWriter: message(28, 'meta', 'control', {
    reqId: uint,
    boot: uint,
    volume: text,
    term,
    state: oneOf('RECOVERING', 'OPEN'),
  }),
  /** Answer to SetWriter. */
  WriterSet: message(29, 'compute', 'control', {
    reqId: uint,
    boot: uint,
    volume: text,
    term,
    error: oneOf('', 'STALE_TERM'),
  }),
  /**
   * The heartbeat of a node. `mapVersion`: the last one the node received, so that the metadata knows what it knew when it sent this. `asks`: names
   * this life of a node whose replicas wait to be compared with what is known of them; 0: none waits.
   */
  NodeBeat: message(30, 'meta', 'heartbeat', {
    boot: uint,
    mapVersion: uint,
    asks: uint,
    groups: list(replicaReport),
  }),
  /**
   * Answer to NodeBeat. `bootFloor`: the highest boot epoch received of this node; one that opens below it has lost its disk (F24). `answers`: the
   * `asks` of the heartbeat, with what is known if it is not 0.
   */
  NodeBeatOk: message(31, 'compute', 'heartbeat', {
    mapVersion: uint,
    bootFloor: uint,
    created: bool,
    answers: uint,
    known: list(replicaKnown),
  }),
  /** PCS-1: the nodes that hold the metadata, with each answer to a heartbeat while they are others than those of the layout. */
  PcsNodes: message(94, 'meta', 'heartbeat', { nodes: list(node) }),
  /** A driver asks for the writer of a volume; the answer is pushed as well when it changes. `exists`: the metadata knows it. */
  GetRoute: message(32, 'meta', 'control', { volume: text }),
  /** Answer to GetRoute: who writes the volume, under which token. */
  Route: message(33, 'driver', 'control', {
    volume: text,
    exists: bool,
    mapVersion: uint,
    writer: nullable(node),
    token: term,
    /** READ-46: whom to read from; null: as the cluster was laid out. */
    readers: nullable(list(node)),
  }),
  // nodes that come and go while the cluster runs (PCS-3, PCS-79)
  /** A node makes itself known. Of a node that was added, beside each heartbeat until it is answered. */
  Join: message(85, 'meta', 'control', {
    boot: uint,
    volume: text,
    zone: text,
    roles: list(text),
    isReader: bool,
  }),
  /** Answer to Join. */
  Joined: message(97, 'compute', 'control', { boot: uint, code: oneOf('', 'TOO_MANY_READERS') }),
  /** The node serves no more, and ends. */
  NodeRemoved: message(98, 'compute', 'control', { node }),
  /** READ-1: who may receive the volume's log from its writer; sent when they change, and with each heartbeat since. */
  ReadersAre: message(83, 'compute', 'control', { volume: text, receivers }),
  /** WAL-40: who archives the group; sent with every heartbeat of a replica of it. */
  NameArchiver: message(49, 'store', 'control', {
    volume: text,
    group,
    archiver: node,
    appointment: uint,
    /** Every member has declined: what this one lacks of the log is gone. */
    isLast: bool,
  }),
  /** WAL-40: the archiver lacks log that the archive needs next, which another member may have. `floor`: it lacks log above archivedTo for good; `behind`: it has long lacked log below its group's tail. */
  ArchiverDeclined: message(50, 'meta', 'control', {
    group,
    appointment: uint,
    why: oneOf('floor', 'behind'),
  }),
  // wal.md WAL-45: a volume restored beside its source; sent again with every heartbeat until it is done
  /** What a replica of the new group is loaded from, up to `lsn`: parts of the base image at `base`, then log segments. */
  RestoreReplica: message(51, 'store', 'archive', {
    volume: text,
    source: text,
    sourceGroup: group,
    descriptor,
    lsn,
    history: historyCodec,
    base: lsn,
    parts: list(text),
    logs: list(text),
    archive: node,
    /** Boot epoch of the store that it is meant for: one that begins again, with or without its disk, waits for a new order. */
    boot: uint,
  }),
  /** How far the replica is: objects that are durable here; `object` and `code`: what it cannot have, and why. */
  RestoreReport: message(52, 'meta', 'archive', {
    volume: text,
    group,
    phase: oneOf('waiting', 'loading', 'failed'),
    done: uint,
    total: uint,
    bytes: uint,
    object: text,
    code: text,
  }),
  /** The group's volume is gone, or opened without this replica: what is here goes; one that was made only with `isMade`. */
  DropReplica: message(53, 'store', 'archive', { volume: text, group, isMade: bool }),
  /** An attachment that waits asks for a volume; `held`: the volumes of the node’s other attachments. The answer is empty while there is none. */
  GetVolume: message(54, 'meta', 'control', { held: list(text) }),
  /** Answer to GetVolume. `first`: its first group, whose name is of this volume for ever, while another may be called as it is. */
  VolumeGiven: message(55, 'compute', 'control', { volume: text, first: text }),
  /** An operator's order, repeated by a driver until it is answered; done once by (driver, boot, reqId). */
  RestoreOrder: message(60, 'meta', 'control', {
    boot: uint,
    reqId: uint,
    source: text,
    to: union({ lsn: variant(0, { lsn: int }), time: variant(1, { at: int }) }),
    volume: text,
  }),
  /** An operator’s order to give up a restore or to delete a restored volume, repeated until it is answered. */
  VolumeOrder: message(61, 'meta', 'control', {
    boot: uint,
    reqId: uint,
    what: oneOf('cancelRestore', 'dropVolume'),
    volume: text,
  }),
  /** What the order came to, once that is durable; `code` is empty when it was done. */
  VolumeAnswer: message(62, 'driver', 'control', { boot: uint, reqId: uint, code: text }),
  /** Groups of volumes that are gone: a spare node that writes one of them ends its writer, and waits for another volume. */
  VolumeTaken: message(63, 'compute', 'control', { groups: list(group) }),
  /** Between the members of the metadata's log. */
  Raft: message(64, 'meta', 'control', raftFields),
  /** The node that was asked does not lead; `leader`: who does, as far as it knows. */
  NotLeader: message(65, 'compute', 'control', { leader: nullable(node), term: uint }),
  /**
   * A member of the metadata's log is about to run, in this life; the others say what they know of it. `member` 0: the node has no
   * identity, and asks for one for this `life`.
   */
  MemberStarts: message(66, 'meta', 'control', startFields),
  /** Answer to MemberStarts. `boot`: as it was asked; `term`: the sender's own; `heard…`: the most that the asker is known to have promised the sender. */
  MemberKnown: message(67, 'meta', 'control', knownFields),
  /** PCS-105: the identity that this life of the node was given. */
  JoinAs: message(68, 'meta', 'control', joinFields),
  /** PCS-107: by what is committed the member is none any more. */
  MemberGone: message(69, 'meta', 'control', { member: memberCodec }),
  /** An order of an operator, sent on to who leads until it is answered; `at`: when it was given, part of its id. */
  OperatorOrder: message(70, 'meta', 'control', { at: uint, order: orderCodec }),
  // failover.md: who writes a volume that several nodes may write
  /** Of a node in the volume's HA group, with each of its heartbeats (FENCE-20). `token`: the greatest it knows. */
  AttachmentReport: message(77, 'meta', 'heartbeat', {
    volume: text,
    boot: uint,
    mode: oneOf('rw', 'ro'),
    token: term,
    applyLsn: lsn,
    isFrozen: bool,
    /** FENCE-57: for how many µs no write quorum of some group has answered the node, counted from the last answer; null: it does not know. */
    quorumUs: nullable(uint),
  }),
  /** FENCE-57: the writer may be cut off from its stores; whether a write quorum of these groups answers you? Said in the next reports. */
  CheckReach: message(149, 'compute', 'control', { volume: text, token: term, groups: list(descriptor) }),
  /** The token was granted to this life of the node, which recovers the volume with it (H2 to H8); sent until it claims it. */
  Promote: message(78, 'compute', 'control', {
    volume: text,
    boot: uint,
    token: term,
    created: bool,
    groups: list(descriptor),
    receivers: nullable(receivers),
  }),
  /** The volume is open under this token: readers join its writer, an older one is fenced (FENCE-14). */
  WriterIs: message(79, 'compute', 'control', { volume: text, writer: node, token: term }),
  /** W2: the writer is to end what runs, within `drainMs`, and then to hand over; `thaw`: to go on (FENCE-34). */
  Freeze: message(80, 'compute', 'control', {
    volume: text,
    token: term,
    what: oneOf('freeze', 'thaw'),
    drainMs: uint,
  }),
  /** W3: all that the writer has allocated is durable, and it allocates no more. */
  Handoff: message(81, 'meta', 'control', { volume: text, token: term, vdl: lsn }),
  /**
   * PCS-98: rows of SQL views for a statement at `volume`. `stale`: of any PCS node's own copy (PCS-21), but of one that has
   * applied `atLeast` (PCS-61): the newest entry that the node which asks was ever shown.
   */
  GetViews: message(101, 'meta', 'control', {
    reqId: requestNumber,
    volume: text,
    stale: bool,
    atLeast: uint,
    views: list(text),
  }),
  /** Answer to GetViews. All of one version, that after the entry `applied`. `code`: why there are none. Values in the text form of their types, in the order of pcs-views.ts. */
  Views: answer(
    message(102, 'compute', 'control', {
      reqId: requestNumber,
      volume: text,
      code: oneOf('', 'TOO_MANY_ROWS', 'PCS_LOADING'),
      applied: uint,
      tables: list(viewRows),
    }),
  ),
  // where tables are cut into tablets
  /**
   * PCS-87: with each heartbeat of a compute node, the schema version that it is at: no statement of an older one runs there. `at`: the
   * number of the report, which the answer repeats: so long as answers come the node may serve.
   */
  SchemaReport: message(107, 'meta', 'heartbeat', {
    boot: uint,
    version: uint,
    at: uint,
    /** PCS-96: requests that the node has taken as primary of each group, in the last window; PCS-74: of one that may be hot by key. */
    loads: list(
      struct({
        group,
        load: uint,
        buckets: list(struct({ key: text, load: uint })),
        /** FENCE-57: for how long no write quorum has answered. */
        silentUs: uint,
      }),
    ),
  }),
  /** PCS-96: bytes of the replicas that a store has, with each of its heartbeats; of a base image that is to be one, as much as is durable. */
  GroupSizes: message(124, 'meta', 'heartbeat', { sizes: list(struct({ group, size: uint })) }),
  /** PCS-85: the tables as of a version, to a node that is at another one; null: it has them. `boot`, `at`: of the report that it answers. */
  SchemaIs: message(108, 'compute', 'control', {
    boot: uint,
    version: uint,
    at: uint,
    tables: nullable(list(tableEntry)),
  }),
  /** Tables and groups; `make`: the tablet of this relation is to get its group (PCS-39), 0: none. `asker`: who routes by it (PCS-97). */
  GetMap: message(109, 'meta', 'control', { reqId: uint, make: uint, asker: router }),
  /** Answer to GetMap. One version (PCS-58); sent to everybody who has asked whenever it changes. `nodes`: those that compute, in order. */
  MapIs: message(110, ({ asker }) => asker, 'control', {
    reqId: uint,
    asker: router,
    mapVersion: uint,
    schemaVersion: uint,
    tables: list(tableEntry),
    groups: list(groupRoute),
    nodes: list(node),
  }),
  /** PCS-85, a definition outside of transactions; repeated until it is answered. */
  DefineTable: message(111, 'meta', 'control', {
    boot: uint,
    reqId: uint,
    what: oneOf('create', 'drop'),
    name: text,
    definition: text,
    bounds: list(text),
  }),
  /** Answer to DefineTable. Empty `code`: every node knows it, or answers nobody. */
  TableDefined: message(112, 'driver', 'control', { boot: uint, reqId: uint, code: text }),
  /** PCS-42: the open shard is to end here; the answer is `ShardIs`. */
  RollShard: message(115, 'meta', 'control', { volume: text, group, term, end: lsn }),
  /** PCS-120: a store that has no replica of the group was ordered to make one from nothing. `at`: its clock, which the answer repeats. */
  GetCreation: message(117, 'meta', 'control', { group, at: uint }),
  /** Answer to GetCreation. `isOpen`: nobody has ever opened the group's volume, and the store is one of the group's. */
  CreationIs: message(118, 'store', 'control', { group, at: uint, isOpen: bool }),
  /** The open shard of a group, to who writes it. */
  ShardIs: message(116, 'compute', 'control', { volume: text, group, shard: uint, first: lsn }),
  /** What an OperatorOrder came to, back to the member that sent it on. */
  OrderAnswered: message(71, 'meta', 'control', { at: uint, order: orderCodec }),
};

declare module '../kernel/messages.ts' {
  interface MessageTables {
    pcs: typeof pcsMessages;
  }
}
