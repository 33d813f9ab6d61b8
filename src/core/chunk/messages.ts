// Messages of chunk groups (docs/spec/polarfs.md §7): between a mount and the chunk servers, and among the replicas of a chunk.

import { blob, list, nullable, struct, text, uint } from '../../base/codec.ts';
import { memberCodec, messageCodec as raftMessage } from '../consensus/wire.ts';
import type { Role } from '../kernel/door.ts';
import { group, node, term } from '../kernel/fields.ts';
import { message } from '../kernel/message-table.ts';
import { pieceCodec } from './commands.ts';

/** Why it is refused: `NOT_LEADER`, `TOKEN_STALE`, `BUSY`; empty: it is done. */
const why = text;

export const chunkMessages = {
  /** `seq`: of this writer's writes to the chunk under this token. */
  ChunkWrite: message(126, 'chunk', 'wal', { group, token: term, seq: uint, pieces: list(pieceCodec) }),
  /** FS-81. */
  ChunkToken: message(127, 'chunk', 'fence', { group, token: term }),
  ChunkAck: message(128, 'fs', 'ack', {
    group,
    token: term,
    /** 0: of an installed token. */
    seq: uint,
    why,
    leader: nullable(node),
    maxToken: term,
  }),
  ChunkRead: message(129, 'chunk', 'pageRead', {
    group,
    reqId: uint,
    places: list(struct({ at: uint, length: uint })),
  }),
  ChunkData: message(130, 'fs', 'pageReply', {
    group,
    reqId: uint,
    parts: list(blob),
    why,
    leader: nullable(node),
    maxToken: term,
  }),
  ChunkRaft: message(131, 'chunk', 'control', { group, boot: uint, message: raftMessage }),
  /** FS-75, FS-78: a block that the sender lacks, at least as new as this entry. */
  ChunkFetch: message(132, 'chunk', 'holeRequest', { group, block: uint, atLeast: uint }),
  ChunkBlock: message(133, 'chunk', 'holeFill', { group, block: uint, index: uint, bytes: blob }),
  /** FS-79: a replica starts. `member` 0: it runs under no identity in this life of its node, and asks for one. */
  ChunkStarts: message(139, 'chunk', 'control', { group, boot: uint, member: uint, life: uint }),
  /** `boot`: as it was asked; `term`: the sender's own; `heard…`: the most that the asker is known to have promised the sender. */
  ChunkKnown: message(140, 'chunk', 'control', {
    group,
    boot: uint,
    term: uint,
    heardBoot: uint,
    heardTerm: uint,
    heardMatch: uint,
  }),
  ChunkJoinAs: message(141, 'chunk', 'control', { group, life: uint, member: memberCodec }),
  /** A learner holds every block that its log speaks of. */
  ChunkWhole: message(142, 'chunk', 'control', { group, member: memberCodec }),
};

/** The same where another role hosts the mount: chunk servers answer it. */
export const chunkMessagesTo = (to: Role): typeof chunkMessages => ({
  ...chunkMessages,
  ChunkAck: { ...chunkMessages.ChunkAck, to },
  ChunkData: { ...chunkMessages.ChunkData, to },
});

declare module '../kernel/messages.ts' {
  interface StackMessages {
    chunk: typeof chunkMessages;
  }
}
