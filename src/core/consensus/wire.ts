// Binary forms of Raft's messages and of entries. Tags are explicit numbers and never used again; decoders treat their bytes as
// untrusted. What a member stores is made of them (`stored.ts`).

import { BadBytes, type ByteWriter, readU8, writeU8 } from '../../base/bytes.ts';
import {
  blob,
  bool,
  branded,
  type Codec,
  type Decoded,
  decodeWhole,
  encodeWhole,
  list,
  struct,
  uint,
} from '../../base/codec.ts';
import type { Configuration, MemberId } from './configuration.ts';
import type { Body, Entry, Message, MessageBody } from './raft-types.ts';

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

type BodyCodecs = {
  readonly [K in MessageBody['kind']]: readonly [tag: number, codec: Codec<Omit<Body<K>, 'kind'>>];
};

const bodies: BodyCodecs = {
  PreVote: [1, struct({ lastIndex: uint, lastTerm: uint })],
  PreVoteReply: [2, struct({ granted: bool })],
  RequestVote: [3, struct({ lastIndex: uint, lastTerm: uint, transfer: bool })],
  VoteReply: [4, struct({ granted: bool })],
  Append: [5, struct({ prevIndex: uint, prevTerm: uint, entries: entriesCodec, commit: uint, round: uint })],
  AppendReply: [
    6,
    struct({ ok: bool, match: uint, conflictTerm: uint, conflictFirst: uint, lastIndex: uint, round: uint }),
  ],
  Snapshot: [
    7,
    struct({
      lastIndex: uint,
      lastTerm: uint,
      config: configurationCodec,
      totalBytes: uint,
      crc: uint,
      offset: uint,
      bytes: blob,
    }),
  ],
  SnapshotReply: [8, struct({ lastIndex: uint, nextOffset: uint })],
  TimeoutNow: [9, struct({})],
};

const kindByTag = new Map(
  (Object.keys(bodies) as MessageBody['kind'][]).map((kind) => [bodies[kind][0], kind] as const),
);

/** What the caller's frame (checksum, boot epoch, group) goes around. */
export const messageCodec: Codec<Message> = {
  encode: (w, message) => {
    const [tag, body] = bodies[message.kind];
    writeU8(w, MESSAGE_VERSION);
    writeU8(w, tag);
    memberCodec.encode(w, message.from);
    memberCodec.encode(w, message.to);
    uint.encode(w, message.term);
    (body as Codec<unknown>).encode(w, message);
  },
  decode: (r) => {
    const version = readU8(r);
    const tag = readU8(r);
    const kind = kindByTag.get(tag);
    if (version !== MESSAGE_VERSION || kind === undefined)
      throw new BadBytes(`Raft message ${version}.${tag}`);
    const envelope = { from: memberCodec.decode(r), to: memberCodec.decode(r), term: uint.decode(r), kind };
    if (envelope.from === 0 || envelope.to === 0) throw new BadBytes('a member 0');
    const message = { ...envelope, ...(bodies[kind][1] as Codec<object>).decode(r) } as Message;
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

export const encodeMessage = (message: Message): Uint8Array => encodeWhole(messageCodec, message);
export const decodeMessage = (bytes: Uint8Array): Decoded<Message> => decodeWhole(messageCodec, bytes);
export const encodeConfiguration = (config: Configuration): Uint8Array =>
  encodeWhole(configurationCodec, config);
