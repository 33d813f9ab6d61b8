// Binary forms of Raft's messages and of entries. Tags are explicit numbers and never used again; decoders treat their bytes as
// untrusted. What a member stores is made of them (`stored.ts`).

import { BadBytes, type ByteWriter, readU8, writeU8 } from '../../base/bytes.ts';
import {
  blob,
  bool,
  branded,
  type Codec,
  encodeWhole,
  list,
  struct,
  uint,
  union,
  variant,
} from '../../base/codec.ts';
import type { Configuration, MemberId } from './configuration.ts';
import type { Entry, Message } from './raft-types.ts';

const MESSAGE_VERSION = 1;

export const memberCodec = branded<MemberId>(uint);

/** Ascending, so that no member counts twice. */
const members: Codec<readonly MemberId[]> = {
  encode: (w, ids) => list(memberCodec).encode(w, [...ids]),
  decode: (r) => {
    const ids = list(memberCodec).decode(r);
    if (ids.some((id, i) => id <= (ids[i - 1] ?? 0))) throw new BadBytes(`members out of order at ${r.at}`);
    return ids;
  },
};
export const configurationCodec: Codec<Configuration> = struct({
  voters: members,
  outgoing: members,
  learners: members,
});

const entryTags = { empty: 0, data: 1, config: 2 } as const;

/** An entry without its index, which its place says. */
function writeContent(w: ByteWriter, entry: Entry): void {
  uint.encode(w, entry.term);
  writeU8(w, entryTags[entry.kind]);
  if (entry.kind === 'data') blob.encode(w, entry.data);
  else if (entry.kind === 'config') configurationCodec.encode(w, entry.config);
}

/** Entries as a first index and their contents: no gap can be written or read. */
export const entriesCodec: Codec<readonly Entry[]> = {
  encode: (w, values) => {
    uint.encode(w, values[0]?.index ?? 0);
    uint.encode(w, values.length);
    for (const entry of values) writeContent(w, entry);
  },
  decode: (r) => {
    const first = uint.decode(r);
    const count = uint.decode(r);
    // The shortest entry has two bytes.
    if (count > (r.end - r.at) / 2 || count > 0 !== first > 0)
      throw new BadBytes(`${count} entries at ${r.at}`);
    const values: Entry[] = [];
    for (let i = 0; i < count; i++) {
      const index = first + i;
      const term = uint.decode(r);
      const tag = readU8(r);
      if (term < (values.at(-1)?.term ?? 1)) throw new BadBytes(`term ${term} at ${r.at}`);
      if (tag === entryTags.empty) values.push({ index, term, kind: 'empty' });
      else if (tag === entryTags.data) values.push({ index, term, kind: 'data', data: blob.decode(r) });
      else if (tag === entryTags.config)
        values.push({ index, term, kind: 'config', config: configurationCodec.decode(r) });
      else throw new BadBytes(`entry tag ${tag} at ${r.at}`);
    }
    return values;
  },
};

const sent = { from: memberCodec, to: memberCodec, term: uint };

const bodies: Codec<Message> = union({
  PreVote: variant(1, { ...sent, lastIndex: uint, lastTerm: uint }),
  PreVoteReply: variant(2, { ...sent, granted: bool }),
  RequestVote: variant(3, { ...sent, lastIndex: uint, lastTerm: uint, transfer: bool }),
  VoteReply: variant(4, { ...sent, granted: bool }),
  Append: variant(5, {
    ...sent,
    prevIndex: uint,
    prevTerm: uint,
    entries: entriesCodec,
    commit: uint,
    round: uint,
  }),
  AppendReply: variant(6, {
    ...sent,
    ok: bool,
    match: uint,
    conflictTerm: uint,
    conflictFirst: uint,
    lastIndex: uint,
    round: uint,
  }),
  Snapshot: variant(7, {
    ...sent,
    lastIndex: uint,
    lastTerm: uint,
    config: configurationCodec,
    totalBytes: uint,
    crc: uint,
    offset: uint,
    bytes: blob,
  }),
  SnapshotReply: variant(8, { ...sent, lastIndex: uint, nextOffset: uint }),
  TimeoutNow: variant(9, sent),
});

/** What the caller's frame (checksum, boot epoch, group) goes around. */
export const messageCodec: Codec<Message> = {
  encode: (w, message) => {
    writeU8(w, MESSAGE_VERSION);
    bodies.encode(w, message);
  },
  decode: (r) => {
    const version = readU8(r);
    if (version !== MESSAGE_VERSION) throw new BadBytes(`Raft message version ${version}`);
    const message = bodies.decode(r);
    if (message.from === 0 || message.to === 0) throw new BadBytes('a member 0');
    checkBody(message);
    return message;
  },
};

/** Relations between fields that no single decoder sees. */
function checkBody(message: Message): void {
  if (message.kind === 'Append') {
    const [first] = message.entries;
    if (first !== undefined && first.index !== message.prevIndex + 1)
      throw new BadBytes('entries off their place');
    if (first !== undefined && first.term < message.prevTerm) throw new BadBytes('a falling term');
    if ((message.entries.at(-1)?.term ?? message.prevTerm) > message.term)
      throw new BadBytes('a term of the future');
  } else if (message.kind === 'Snapshot') {
    const { offset, bytes, totalBytes, lastTerm, term, config } = message;
    if (offset + bytes.length > totalBytes || lastTerm > term) throw new BadBytes('a chunk off its snapshot');
    if (config.voters.length === 0) throw new BadBytes('a snapshot without voters');
  }
}

// Fields of the messages between nodes of a group (group-member.ts).

export const raftFields = { boot: uint, message: messageCodec };
/** `member` 0: the node has no identity, and asks for one for this `life`. */
export const startFields = { boot: uint, member: uint, incarnation: uint };
/** `boot`: as it was asked; `term`: the sender's own; `heard…`: the most that the asker is known to have promised the sender. */
export const knownFields = { boot: uint, term: uint, heardBoot: uint, heardTerm: uint, heardMatch: uint };
export const joinFields = { incarnation: uint, member: memberCodec };

export const encodeConfiguration = (config: Configuration): Uint8Array =>
  encodeWhole(configurationCodec, config);
