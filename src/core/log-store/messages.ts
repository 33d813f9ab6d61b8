// Messages between a writer, the stores of its groups, and stores among themselves (wal.md §3, holes.md §6).

import { blob, bool, type Infer, int, list, nullable, oneOf, struct, text, uint } from '../../base/codec.ts';
import {
  baseHead,
  basePage,
  blockKey,
  descriptor,
  epochs,
  floors,
  group,
  historyCodec,
  lsn,
  node,
  peerStatus,
  range,
  refused,
  reqId,
  requestNumber,
  term,
} from '../kernel/fields.ts';
import { writeAck, writeBatch } from '../kernel/hot-codecs.ts';
import { answer, broadcast, codedMessage, message } from '../kernel/message-table.ts';

const recordSummary = struct({ lsn, prevVolume: lsn, cpl: bool });

/** A part of a gap reply: `records` (framed, end to end) are all of the group with first ≤ lsn < end (HOLE-32). */
const gapPart = struct({ first: uint, end: uint, records: blob });
export type GapPart = Infer<typeof gapPart>;

/** From the first part to the last. */
const gapLabel = ({
  parts,
}: {
  readonly parts: readonly GapPart[];
}): { range: readonly [number, number] | null } => {
  const [first, last] = [parts[0], parts[parts.length - 1]];
  return { range: first && last ? [first.first, last.end] : null };
};

/** What a replica has installed. */
const installed = { maxToken: term, volumeEpoch: term, memberEpoch: uint, geoEpoch: uint };

export const logStoreMessages = {
  // wal.md §3
  /** Records of a group, from the writer to every replica (WAL-74), with its watermarks and floors. */
  WriteBatch: broadcast(
    codedMessage(0, 'store', 'wal', writeBatch, ({ first, end }) => ({ range: [first, end] })),
  ),
  /** To each group that got nothing for writerHeartbeatMs, so that an idle group’s knownVdl and floors move too; answered by WriteAck. */
  Heartbeat: broadcast(message(1, 'store', 'heartbeat', { volume: text, group, ...epochs, ...floors })),
  /** A replica’s SCL, once the batch is durable there (WAL-28). `token`: its maxToken; `archivedTo`: of the group’s archiver, else −1. */
  WriteAck: codedMessage(2, 'compute', 'ack', writeAck, ({ scl }) => ({ range: [scl, scl + 1] })),
  /** A compute node asks for a page as of a read point (WAL-34). */
  ReadPage: message(3, 'store', 'pageRead', {
    volume: text,
    group,
    reqId: requestNumber,
    blockKey,
    rp: lsn,
    groupRp: lsn,
    memberEpoch: uint,
    geoEpoch: uint,
  }),
  /** The page, or why the replica does not give it. */
  PageReply: answer(
    message(4, 'compute', 'pageReply', {
      group,
      reqId: requestNumber,
      blockKey,
      page: blob,
      pageLsn: lsn,
      scl: lsn,
      maxToken: term,
      refused: nullable(refused),
    }),
  ),
  /** A recovery installs its token at the replicas (WAL-50). */
  InstallToken: message(5, 'store', 'fence', { volume: text, token: term, descriptor }),
  /** Answer to InstallToken: what the replica has installed. */
  InstallAck: message(6, 'compute', 'fence', { group, ...installed, refused: nullable(refused) }),
  /** A recovery asks for what the replica holds. */
  RecoveryRead: message(7, 'store', 'fence', { group, ...epochs }),
  /** Answer to RecoveryRead. `scl`: the largest record up to which it holds all above min(SCL, knownVdl); `records`: all above knownVdl, and the last one at or below it. */
  RecoveryInfo: message(8, 'compute', 'fence', {
    group,
    ...installed,
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
  /** The history that the recovery has computed; the replica deletes what it annuls (WAL-56), and fills up to `maxNwl` from `peers`. */
  InstallHistory: message(9, 'store', 'fence', {
    group,
    ...epochs,
    history: historyCodec,
    maxNwl: lsn,
    peers: list(struct({ peer: node, status: peerStatus })),
  }),
  /** Answer to InstallHistory: how far the replica is, and what it lacks. */
  HistoryAck: message(10, 'compute', 'fence', {
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
  /** The history is at the write quorum: the replica serves under the new token. */
  OpenVolume: message(11, 'store', 'fence', { group, ...epochs, vdl: lsn, startLsn: lsn }),
  /** Answer of OpenVolume and of the creation of a volume (WAL-4). `token`: the maxToken. */
  OpenAck: message(12, 'compute', 'fence', { group, token: term, scl: lsn, refused: nullable(refused) }),
  /** PCS-49: H2 by the PCS. The token is durable before the answer, which says what the replica holds under it. */
  FenceReplica: message(105, 'store', 'fence', { volume: text, token: term, descriptor }),
  /** Answer to FenceReplica. */
  ReplicaFenced: message(106, 'meta', 'fence', {
    group,
    maxToken: term,
    /** Term of its last record, and the last LSN up to which it lacks none (WAL-61). */
    tailTerm: term,
    ncl: lsn,
    refused: nullable(refused),
  }),
  /** WAL-4: the genesis record on a fresh replica; repeated until every replica has it. */
  CreateReplica: message(13, 'store', 'fence', { volume: text, token: term, descriptor, genesis: blob }),
  /** A membership step (WAL-62), from the metadata or forwarded by a writer that knows it; the answer says to whom it goes. */
  InstallMembers: message(14, 'store', 'control', {
    volume: text,
    descriptor,
    origin: oneOf('meta', 'writer'),
  }),
  /** Answer to InstallMembers. */
  MembersAck: message(15, ({ origin }) => (origin === 'writer' ? 'compute' : 'meta'), 'control', {
    group,
    origin: oneOf('meta', 'writer'),
    ...installed,
    scl: lsn,
    refused: nullable(refused),
  }),
  /** WAL-71: the next pages of a base image, after page key `after` (−1: from the start); `base` −1: the donor chooses; `volumeEpoch` 0: of a new replica. */
  BaseReq: message(16, 'store', 'control', {
    group,
    reqId: requestNumber,
    volumeEpoch: term,
    memberEpoch: uint,
    base: lsn,
    after: int,
  }),
  /** Answer to BaseReq: pages of the image, and with the first of them `head`: what a new replica takes over. */
  BaseChunk: answer(
    message(17, 'store', 'control', {
      group,
      reqId: requestNumber,
      base: lsn,
      pages: list(basePage),
      total: uint,
      done: bool,
      head: nullable(baseHead),
      refused: nullable(refused),
    }),
  ),
  /** FENCE-13: whether a primary is one still; the answer repeats `token` and `round`. */
  Confirm: message(18, 'store', 'fence', {
    volume: text,
    group,
    token: term,
    memberEpoch: uint,
    round: uint,
  }),
  /** Answer to Confirm. */
  ConfirmReply: message(19, 'compute', 'fence', {
    group,
    token: term,
    ok: bool,
    maxToken: term,
    round: uint,
  }),
  // holes.md §6
  /** A replica asks a peer for the records of a hole (HOLE-24). */
  GapReq: message(
    20,
    'store',
    'holeRequest',
    {
      reqId,
      group,
      volumeEpoch: term,
      memberEpoch: uint,
      first: uint,
      end: uint,
      mode: oneOf('normal', 'recovery'),
    },
    ({ first, end }) => ({ range: [first, end] }),
  ),
  /** Answer to GapReq: the parts that the peer holds. */
  GapReply: message(
    21,
    'store',
    'holeFill',
    {
      reqId,
      group,
      volumeEpoch: term,
      parts: list(gapPart),
      done: bool,
      status: peerStatus,
      refused: nullable(refused),
      /** What of the request the responder holds, over all its replies to it: the rest it lacks (HOLE-38). */
      held: list(range),
    },
    gapLabel,
  ),
  /** A replica asks a peer how far its log reaches. */
  StatusReq: message(22, 'store', 'control', { group, volumeEpoch: term, memberEpoch: uint }),
  /** Answer to StatusReq. */
  StatusReply: message(23, 'store', 'control', {
    group,
    volumeEpoch: term,
    status: nullable(peerStatus),
    refused: nullable(refused),
  }),
  /** A replica that lost a page version asks a peer for the page at a point of its group (WAL-39). */
  PageFetch: message(37, 'store', 'pageRead', {
    group,
    volumeEpoch: term,
    memberEpoch: uint,
    blockKey,
    rp: lsn,
  }),
  /** Answer to PageFetch. */
  PageCopy: message(38, 'store', 'pageReply', {
    group,
    volumeEpoch: term,
    blockKey,
    page: blob,
    pageLsn: lsn,
    refused: nullable(refused),
  }),
};

declare module '../kernel/messages.ts' {
  interface MessageTables {
    logStore: typeof logStoreMessages;
  }
}
