// Fields that several messages share, and the types of what they carry.

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
} from '../../base/codec.ts';
import type { GroupId, Lsn, NodeId, RequestNumber, Term } from '../../base/ids.ts';
import type { PageKey } from '../page/page-key.ts';

export const group = branded<GroupId>(text);
export const node = branded<NodeId>(text);
/** LSNs and watermarks; −1 is "nothing yet". */
export const lsn = branded<Lsn>(int);
export const term = branded<Term>(uint);

/** Watermarks that a writer tells with every batch and heartbeat (WAL-30). `archivedTo` −1 never holds GC back when backup is off: it is sent as MAX. */
export const floors = { pgcl: lsn, vdl: lsn, groupTail: lsn, pgmrpl: lsn, archivedTo: lsn, holdTo: lsn };
export const epochs = { token: term, memberEpoch: uint, geoEpoch: uint };

const refusal = oneOf(
  'TOKEN_STALE',
  'STALE_EPOCH',
  'EPOCH_AHEAD',
  'NOT_READY',
  'E_BAD_RECORD',
  'E_DATA_DIVERGED',
  'E_CHAIN_CONFLICT',
  'E_BAD_MESSAGE',
  'E_TRUNCATE_BELOW_COMMIT',
  'E_RANGE',
  'LOG_GONE',
  'WRONG_GROUP',
  'STALE_READ_POINT',
  'READ_POINT_AHEAD',
  'NO_SUCH_PAGE',
  'EIO',
  'DISK_FULL',
  'NEED_BASE',
);
/** `which`: token, member, geo or volume, or empty; `current`: the receiver's value (floor, scl, logFloor, maxToken …). */
export const refused = struct({
  code: refusal,
  which: oneOf('', 'token', 'member', 'geo', 'volume'),
  current: int,
});
export type Refusal = Infer<typeof refused>;

export const blockKey = branded<PageKey>(uint);
export const range = pair(uint, uint);

/** Entry of a term history (terms.md: history). */
const historyEntry = struct({ term, startLsn: lsn, prevEnd: lsn });
export type HistoryEntry = Infer<typeof historyEntry>;
export const historyCodec: Codec<HistoryEntry[]> = list(historyEntry);

/** A group's committed sets, learners, epochs and key range (wal.md §3). */
export const descriptor = struct({
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

/** A table that is cut into tablets, as the metadata has it (pcs.md §3). */
export const tableEntry = struct({
  id: uint,
  name: text,
  /** Relations count from the first of each tablet (sql/tablets.ts). */
  definition: text,
  /** Schema version of its last step. */
  version: uint,
  state: oneOf('prepared', 'active', 'dropping'),
  /** In key order; `from`: least key in text form, of the first empty; `geoEpoch`: raised when its keys change (PCS-34). */
  tablets: list(struct({ relation: uint, from: text, geoEpoch: uint })),
});
export type TableEntry = Infer<typeof tableEntry>;

/** A group as drivers know it (PCS-36): which volume it is, and who writes that. */
export const groupRoute = struct({
  volume: text,
  leader: nullable(node),
  term,
  descriptor,
});

/** HOLE-26. */
export const peerStatus = struct({ ncl: lsn, nwl: lsn, pgcl: lsn, volumeEpoch: term, bootEpoch: uint });
export type PeerStorageStatus = Infer<typeof peerStatus>;

/** FENCE-59. */
export const requestNumber = branded<RequestNumber>(uint);

/** HOLE-28. */
export const reqId = struct({ node, boot: uint, counter: uint });
export type ReqId = Infer<typeof reqId>;

/** What a store says of a replica that it hosts (pcs.md PCS-96). */
export const replicaReport = struct({
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

/** The highest state of a replica that was reported to the metadata, which its disk therefore held (WAL-75). */
export const replicaKnown = struct({ group, memberEpoch: uint, sequence: uint, volumeEpoch: term, scl: lsn });
export type ReplicaKnown = Infer<typeof replicaKnown>;

/** A page of a base image, at its own pageLsn ≤ the image's LSN (WAL-71). */
export const basePage = struct({ blockKey, lsn, page: blob });
export type BasePage = Infer<typeof basePage>;
/** What a new replica takes over from its donor beside the pages. */
export const baseHead = struct({
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
