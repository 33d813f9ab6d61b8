// Every message of the cluster, its fields and its codec (wal.md §3, holes.md §6, failover.md §1, pcs.md for metadata).
// A frame is [crc32c u32][version u8][traceId][message]; a damaged frame is dropped by the receiver, which stays up.

import {
  BadBytes,
  makeReader,
  makeWriter,
  readU8,
  readU32,
  readUint,
  resetWriter,
  takeBytes,
  writeU8,
  writeU32,
  writeUint,
} from '../../base/bytes.ts';
import {
  blob,
  bool,
  branded,
  type Codec,
  type Infer,
  int,
  list,
  nullable,
  oneOf,
  pair,
  struct,
  text,
  uint,
  union,
} from '../../base/codec.ts';
import { crc32c } from '../../base/crc32c.ts';
import type { PageKey } from '../page/page-key.ts';
import { epochs, floors, group, lsn, node, type Refusal, refused, term } from './fields.ts';
import { sqlReply, sqlRequest, writeAck, writeBatch } from './hot-codecs.ts';

const blockKey = branded<PageKey>(uint);
const range = pair(uint, uint);

/** Entry of a term history (terms.md: history). */
const historyEntry = struct({ term, startLsn: lsn, prevEnd: lsn });
export type HistoryEntry = Infer<typeof historyEntry>;
export const historyCodec: Codec<HistoryEntry[]> = list(historyEntry);

/** A group's committed sets, learners, epochs and key range (wal.md §3). */
const descriptor = struct({
  group,
  sets: list(list(node)),
  learners: list(node),
  memberEpoch: uint,
  geoEpoch: uint,
  keyFirst: uint,
  keyEnd: uint,
  baseLsn: lsn,
  vw: uint,
  vr: uint,
});
export type Descriptor = Infer<typeof descriptor>;
export const descriptorCodec: Codec<Descriptor> = descriptor;

/** HOLE-26. */
const peerStatus = struct({ ncl: lsn, nwl: lsn, pgcl: lsn, volumeEpoch: term, bootEpoch: uint });
export type PeerStorageStatus = Infer<typeof peerStatus>;

/** HOLE-28. */
const reqId = struct({ node, boot: uint, counter: uint });
export type ReqId = Infer<typeof reqId>;

export type { Refusal };

/** What a store says of a replica that it hosts (pcs.md PCS-96). */
const replicaReport = struct({
  group,
  memberEpoch: uint,
  volumeEpoch: term,
  /** Of its durable superblock: raised with every promise. */
  sequence: uint,
  scl: lsn,
  nwl: lsn,
  /** It stopped serving for good: to be removed and added again (WAL-71). */
  failed: bool,
});
export type ReplicaReport = Infer<typeof replicaReport>;

/** The most that the metadata has heard of a replica, which its disk therefore held (WAL-75). */
const replicaKnown = struct({ group, memberEpoch: uint, sequence: uint, volumeEpoch: term, scl: lsn });
export type ReplicaKnown = Infer<typeof replicaKnown>;

/** A page of a base image, at its own pageLsn ≤ the image's LSN (WAL-71). */
const basePage = struct({ blockKey, lsn, page: blob });
export type BasePage = Infer<typeof basePage>;
/** What a new replica takes over from its donor beside the pages. */
const baseHead = struct({
  volume: text,
  maxToken: term,
  volumeEpoch: term,
  openToken: term,
  history: historyCodec,
  maxNwl: lsn,
  knownVdl: lsn,
  groupTail: lsn,
  pgmrpl: lsn,
});
export type BaseHead = Infer<typeof baseHead>;

/** Why the object store did not do it (wal.md §11), or empty. */
const objectError = oneOf(
  '',
  'TOKEN_STALE',
  'VERSION_CONFLICT',
  'STALE_ARCHIVER',
  'NO_SUCH_OBJECT',
  'BAD_OBJECT',
  'BUSY',
  'EIO',
  'DISK_FULL',
);
export type ObjectError = Infer<typeof objectError>;
const asker = oneOf('store', 'meta');
export type ObjectAsker = Infer<typeof asker>;

const recordSummary = struct({ lsn, prevVolume: lsn, cpl: bool });

/** A part of a gap reply: `records` (framed, end to end) are all of the group with first ≤ lsn < last (HOLE-32). */
const gapPart = struct({ first: uint, last: uint, records: blob });
export type GapPart = Infer<typeof gapPart>;

const messageMembers = {
  // wal.md §3
  WriteBatch: writeBatch,
  Heartbeat: struct({ volume: text, group, ...epochs, ...floors }),
  WriteAck: writeAck,
  ReadPage: struct({
    volume: text,
    group,
    reqId: uint,
    blockKey,
    rp: lsn,
    groupRp: lsn,
    memberEpoch: uint,
    geoEpoch: uint,
  }),
  PageReply: struct({
    group,
    reqId: uint,
    blockKey,
    page: blob,
    pageLsn: lsn,
    scl: lsn,
    maxToken: term,
    refused: nullable(refused),
  }),
  InstallToken: struct({ volume: text, token: term, descriptor }),
  InstallAck: struct({
    group,
    maxToken: term,
    volumeEpoch: term,
    memberEpoch: uint,
    geoEpoch: uint,
    refused: nullable(refused),
  }),
  RecoveryRead: struct({ group, ...epochs }),
  RecoveryInfo: struct({
    group,
    maxToken: term,
    volumeEpoch: term,
    memberEpoch: uint,
    geoEpoch: uint,
    scl: lsn,
    ncl: lsn,
    nwl: lsn,
    knownVdl: lsn,
    groupTail: lsn,
    pgmrpl: lsn,
    logFloor: lsn,
    history: historyCodec,
    records: list(recordSummary),
    refused: nullable(refused),
  }),
  InstallHistory: struct({
    group,
    ...epochs,
    history: historyCodec,
    maxNwl: lsn,
    peers: list(struct({ peer: node, status: peerStatus })),
  }),
  HistoryAck: struct({
    group,
    token: term,
    volumeEpoch: term,
    phase: oneOf('FILLING', 'BLOCKED', 'DONE'),
    removed: list(lsn),
    scl: lsn,
    ncl: lsn,
    nwl: lsn,
    missing: list(range),
    unfillable: list(range),
    refused: nullable(refused),
  }),
  OpenVolume: struct({ group, ...epochs, vdl: lsn, startLsn: lsn }),
  /** Answer of OpenVolume and of the creation of a volume (WAL-4). */
  OpenAck: struct({ group, token: term, scl: lsn, refused: nullable(refused) }),
  /** WAL-4: the genesis record on a fresh replica; repeated until every replica has it. */
  CreateReplica: struct({ volume: text, token: term, descriptor, genesis: blob }),
  /** A membership step (WAL-62), from the metadata or forwarded by a writer that knows it; the answer says to whom it goes. */
  InstallMembers: struct({ volume: text, descriptor, origin: oneOf('meta', 'writer') }),
  MembersAck: struct({
    group,
    origin: oneOf('meta', 'writer'),
    maxToken: term,
    volumeEpoch: term,
    memberEpoch: uint,
    geoEpoch: uint,
    scl: lsn,
    refused: nullable(refused),
  }),
  /** WAL-71: the next pages of a base image, after page key `after` (−1: from the start); `base` −1: the donor chooses. */
  BaseReq: struct({ group, reqId: uint, volumeEpoch: term, memberEpoch: uint, base: lsn, after: int }),
  BaseChunk: struct({
    group,
    reqId: uint,
    base: lsn,
    pages: list(basePage),
    total: uint,
    done: bool,
    head: nullable(baseHead),
    refused: nullable(refused),
  }),
  Confirm: struct({ volume: text, group, token: term }),
  ConfirmReply: struct({ group, ok: bool, maxToken: term }),
  // holes.md §6
  GapReq: struct({
    reqId,
    group,
    volumeEpoch: term,
    memberEpoch: uint,
    first: uint,
    last: uint,
    mode: oneOf('normal', 'recovery'),
  }),
  GapReply: struct({
    reqId,
    group,
    volumeEpoch: term,
    parts: list(gapPart),
    done: bool,
    status: peerStatus,
    refused: nullable(refused),
    /** What of the request the responder holds, over all its replies to it: the rest it lacks (HOLE-38). */
    held: list(range),
  }),
  StatusReq: struct({ group, volumeEpoch: term, memberEpoch: uint }),
  StatusReply: struct({ group, volumeEpoch: term, status: nullable(peerStatus), refused: nullable(refused) }),
  // metadata: one member now, a Raft log later; requests are idempotent by reqId
  GetMeta: struct({ reqId: uint }),
  MetaState: struct({
    reqId: uint,
    token: term,
    holder: nullable(node),
    writer: nullable(node),
    state: oneOf('CREATING', 'FENCING', 'RECOVERING', 'OPEN'),
    created: bool,
    mapVersion: uint,
    groups: list(descriptor),
  }),
  GrantToken: struct({ reqId: uint, boot: uint, volume: text, expect: nullable(term) }),
  TokenGranted: struct({
    reqId: uint,
    boot: uint,
    token: term,
    created: bool,
    groups: list(descriptor),
    error: oneOf('', 'TOKEN_RACE'),
  }),
  SetWriter: struct({ reqId: uint, boot: uint, volume: text, term, state: oneOf('RECOVERING', 'OPEN') }),
  WriterSet: struct({ reqId: uint, boot: uint, term, error: oneOf('', 'STALE_TERM') }),
  /**
   * `mapVersion`: the last one the node was told, so that the metadata knows what it knew when it sent this. `asks`: names
   * this life of a node whose replicas wait to be compared with what is known of them; 0: none waits.
   */
  NodeBeat: struct({ boot: uint, mapVersion: uint, asks: uint, groups: list(replicaReport) }),
  /**
   * `bootFloor`: the highest boot epoch heard of this node; one that opens below it has lost its disk (F24). `answers`: the
   * `asks` of the heartbeat, with what is known if it is not 0.
   */
  NodeBeatOk: struct({
    mapVersion: uint,
    bootFloor: uint,
    created: bool,
    answers: uint,
    known: list(replicaKnown),
  }),
  /** Driver asks for the writer; pushed as well when it changes. */
  GetRoute: struct({ reqId: uint }),
  Route: struct({ reqId: uint, mapVersion: uint, writer: nullable(node), token: term }),
  // clients
  SqlRequest: sqlRequest,
  SqlReply: sqlReply,
  SqlClose: struct({ session: text, incarnation: uint }),
  /** A replica that lost a page version asks a peer for the page at a point of its group (WAL-39). */
  PageFetch: struct({ group, volumeEpoch: term, memberEpoch: uint, blockKey, rp: lsn }),
  PageCopy: struct({
    group,
    volumeEpoch: term,
    blockKey,
    page: blob,
    pageLsn: lsn,
    refused: nullable(refused),
  }),
  // wal.md §7: the object store and the archivers; `for` is the role that asks and gets the answer
  /** Bytes of an object from `offset` on; taken when they follow those already there, counted whole when all are durable. */
  PutObject: struct({ reqId: uint, name: text, total: uint, offset: uint, bytes: blob }),
  /** `have`: bytes there now, so the next offset; `done`: the whole object is durable. */
  ObjectPut: struct({ reqId: uint, name: text, have: uint, done: bool, error: objectError }),
  GetObject: struct({ reqId: uint, for: asker, name: text, offset: uint }),
  ObjectPart: struct({
    reqId: uint,
    for: asker,
    name: text,
    offset: uint,
    total: uint,
    bytes: blob,
    error: objectError,
  }),
  GetManifest: struct({ reqId: uint, for: asker, volume: text }),
  /** `object`: the manifest's own object, empty when there is none yet (version 0). */
  ManifestIs: struct({
    reqId: uint,
    for: asker,
    volume: text,
    version: uint,
    token: term,
    object: text,
    error: objectError,
  }),
  /** WAL-42: compare-and-set; `object` is a manifest of version `expect` + 1 that was put before. */
  SetManifest: struct({ reqId: uint, volume: text, expect: uint, object: text }),
  /** `version`, `token`: of the manifest that stands now. */
  ManifestSet: struct({ reqId: uint, volume: text, version: uint, token: term, error: objectError }),
  /** Are these whole? Answered from what the store's own scrub knows (F31). */
  CheckObjects: struct({ reqId: uint, names: list(text) }),
  ObjectsMissing: struct({ reqId: uint, names: list(text) }),
  /** WAL-40: who archives the group; told with every heartbeat of a replica of it. */
  NameArchiver: struct({
    volume: text,
    group,
    archiver: node,
    appointment: uint,
    /** Every member has declined: what this one lacks of the log is gone. */
    isLast: bool,
  }),
  /** It lacks log that the archive needs next: another member may have it. */
  ArchiverDeclined: struct({ group, appointment: uint }),
  // wal.md WAL-45: a volume restored beside its source; told again with every heartbeat until it is done
  /** What a replica of the new group is loaded from, up to `lsn`: parts of the base image at `base`, then log segments. */
  RestoreReplica: struct({
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
    /** Boot epoch of the store that it is meant for: one that begins again, with or without its disk, waits to be told anew. */
    boot: uint,
  }),
  /** How far the replica is: objects that are durable here; `object` and `code`: what it cannot have, and why. */
  RestoreReport: struct({
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
  DropReplica: struct({ volume: text, group, isMade: bool }),
  /** A compute node without a volume asks for one; the answer is empty while there is none. */
  GetVolume: struct({}),
  /** `first`: its first group, whose name is of this volume for ever, while another may be called as it is. */
  VolumeGiven: struct({ volume: text, first: text }),
  /** As GetRoute and Route, for a volume by name; `exists`: the metadata knows it. */
  GetVolumeRoute: struct({ reqId: uint, volume: text }),
  VolumeRoute: struct({
    reqId: uint,
    volume: text,
    exists: bool,
    mapVersion: uint,
    writer: nullable(node),
    token: term,
  }),
  /** Objects that restores under way are made from, by volume: they stay, whatever the manifest says. Replaces what it named before. */
  PinObjects: struct({
    boot: uint,
    sequence: uint,
    pins: list(struct({ volume: text, names: list(text) })),
  }),
  /** `boot`, `sequence`: the order that holds now, durably; `missing`: objects of it that are not there. */
  ObjectsPinned: struct({ boot: uint, sequence: uint, missing: list(text) }),
  /** An operator's order, told by a driver until it is answered; done once by (driver, boot, reqId). */
  RestoreOrder: struct({
    boot: uint,
    reqId: uint,
    source: text,
    to: union({ lsn: struct({ lsn: int }), time: struct({ at: int }) }),
    volume: text,
  }),
  VolumeOrder: struct({ boot: uint, reqId: uint, what: oneOf('cancelRestore', 'dropVolume'), volume: text }),
  /** What the order came to, once that is durable; `code` is empty when it was done. */
  VolumeAnswer: struct({ boot: uint, reqId: uint, code: text }),
  /** Groups of volumes that are gone: a spare node that writes one of them ends its writer, and waits for another volume. */
  VolumeTaken: struct({ groups: list(group) }),
};
const messageCodec = union(messageMembers);

export type Message = Infer<typeof messageCodec>;
export type MessageKind = Message['kind'];
/** In the order of their index in a frame. */
export const messageKinds: readonly MessageKind[] = Object.keys(messageMembers) as MessageKind[];
export type MessageOf<K extends MessageKind> = Extract<Message, { kind: K }>;

/** Orders about volumes that a driver has out at once: the metadata knows which of them can still be waited for. */
export const MAX_ORDERS_OUT = 8;

const FRAME_VERSION = 2;
const scratch = makeWriter(4096);

export function encodeMessage(message: Message, traceId: number): Uint8Array {
  resetWriter(scratch);
  writeU32(scratch, 0);
  writeU8(scratch, FRAME_VERSION);
  writeUint(scratch, traceId);
  messageCodec.encode(scratch, message);
  const bytes = takeBytes(scratch);
  const crc = crc32c(bytes, 4);
  bytes[0] = crc;
  bytes[1] = crc >>> 8;
  bytes[2] = crc >>> 16;
  bytes[3] = crc >>> 24;
  return bytes;
}

export function decodeMessage(
  bytes: Uint8Array,
): { readonly message: Message; readonly traceId: number } | { readonly error: string } {
  const r = makeReader(bytes);
  try {
    if (readU32(r) !== crc32c(bytes, 4)) return { error: 'frame checksum mismatch' };
    const version = readU8(r);
    if (version !== FRAME_VERSION) return { error: `frame version ${version}` };
    const traceId = readUint(r);
    const message = messageCodec.decode(r);
    if (r.at !== r.end) return { error: `${r.end - r.at} bytes left over` };
    return { message, traceId };
  } catch (error) {
    if (error instanceof BadBytes) return { error: error.message };
    throw error;
  }
}
