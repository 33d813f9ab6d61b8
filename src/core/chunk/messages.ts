// Messages of chunk groups (docs/spec/polarfs.md §7): between a mount and the chunk servers, and among the replicas of a chunk.

import { blob, list, nullable, struct, text, uint } from '../../base/codec.ts';
import { joinFields, knownFields, memberCodec, raftFields, startFields } from '../consensus/wire.ts';
import { group, node, requestNumber, term } from '../kernel/fields.ts';
import { answer, message } from '../kernel/message-table.ts';
import type { Role } from '../kernel/view.ts';
import { pieceCodec } from './commands.ts';

/** Why it is refused: `NOT_LEADER`, `TOKEN_STALE`, `BUSY`; empty: it is done. */
const why = text;

export const chunkMessages = {
  /** Bytes of a mount’s batch, to the leader of the chunk (FS-80). `seq`: of this writer's writes to the chunk under this token. */
  ChunkWrite: message(
    126,
    'chunk',
    'wal',
    { group, token: term, seq: uint, pieces: list(pieceCodec) },
    ({ pieces: [first, ...others] }) => (first === undefined || others.length > 0 ? {} : { place: first.at }),
  ),
  /** The token of a writer is to be installed at the chunk’s group (FS-81). */
  ChunkToken: message(127, 'chunk', 'fence', { group, token: term }),
  /** Answer to ChunkWrite and ChunkToken. */
  ChunkAck: message(128, 'fs', 'ack', {
    group,
    token: term,
    /** 0: of an installed token. */
    seq: uint,
    why,
    leader: nullable(node),
    maxToken: term,
  }),
  /** A mount reads bytes of a chunk. */
  ChunkRead: message(129, 'chunk', 'pageRead', {
    group,
    reqId: requestNumber,
    places: list(struct({ at: uint, length: uint })),
  }),
  /** Answer to ChunkRead. */
  ChunkData: answer(
    message(130, 'fs', 'pageReply', {
      group,
      reqId: requestNumber,
      parts: list(blob),
      why,
      leader: nullable(node),
      maxToken: term,
    }),
  ),
  /** Between the replicas of a chunk: a message of their Raft group. */
  ChunkRaft: message(131, 'chunk', 'control', { group, ...raftFields }),
  /** FS-75, FS-78: a block that the sender lacks, at least as new as this entry. */
  ChunkFetch: message(132, 'chunk', 'holeRequest', { group, block: uint, atLeast: uint }),
  /** Answer to ChunkFetch. */
  ChunkBlock: message(133, 'chunk', 'holeFill', { group, block: uint, index: uint, bytes: blob }),
  /** FS-79: a replica starts. `member` 0: it runs under no identity in this life of its node, and asks for one. */
  ChunkStarts: message(139, 'chunk', 'control', { group, ...startFields }),
  /** Answer to ChunkStarts. `boot`: as it was asked; `term`: the sender's own; `heard…`: the most that the asker is known to have promised the sender. */
  ChunkKnown: message(140, 'chunk', 'control', { group, ...knownFields }),
  /** The identity that this life of a replica was given (FS-79). */
  ChunkJoinAs: message(141, 'chunk', 'control', { group, ...joinFields }),
  /**
   * FS-76: with each heartbeat of a chunk server, once there is a choice of servers; the server answers with its report. `term`: of the
   * metadata's leader. An order is for the group's leader: a replica on `to`, and then none on `from`; `strays` have a replica that
   * is none of the group's, `lost` are members that have none. `found`: who has a group of which the server knows too little.
   */
  ChunkOrders: message(143, 'chunk', 'control', {
    term,
    orders: list(
      struct({ group, to: nullable(node), from: nullable(node), strays: list(node), lost: list(node) }),
    ),
    found: list(struct({ group, servers: list(node) })),
  }),
  /**
   * What a chunk server has: bytes stored in `size`. `member` 0: it runs under no identity. `leads`: the term in which it leads the group,
   * 0 none; only then come the members by `index`, the group's newest configuration that is committed, and requests in the last window.
   */
  ChunkReport: message(144, 'meta', 'heartbeat', {
    incarnation: uint,
    chunks: list(
      struct({
        group,
        member: uint,
        leads: uint,
        index: uint,
        voters: list(node),
        outgoing: list(node),
        learners: list(node),
        size: uint,
        load: uint,
      }),
    ),
  }),
  /** FS-76: of a group's leader: the server may begin a replica, and ask for an identity. */
  ChunkInvite: message(145, 'chunk', 'control', { group, servers: list(node) }),
  /** FS-76: every identity that the server was given up to this entry of the group's log is over: its replica goes. */
  ChunkGone: message(146, 'chunk', 'control', { group, through: uint }),
  /** FS-77: who has the chunks, to whoever mounts the device, with each heartbeat once these are others than at first. */
  ChunkServers: message(147, 'fs', 'control', { groups: list(struct({ group, servers: list(node) })) }),
  /** A learner holds every block that its log speaks of. */
  ChunkCaughtUp: message(142, 'chunk', 'control', { group, member: memberCodec }),
};

/** The same where another role hosts the mount: chunk servers answer it. */
export const chunkMessagesTo = (to: Role): typeof chunkMessages => ({
  ...chunkMessages,
  ChunkAck: { ...chunkMessages.ChunkAck, to },
  ChunkData: { ...chunkMessages.ChunkData, to },
  ChunkServers: { ...chunkMessages.ChunkServers, to },
});

declare module '../kernel/messages.ts' {
  interface MessageTables {
    chunk: typeof chunkMessages;
  }
}
