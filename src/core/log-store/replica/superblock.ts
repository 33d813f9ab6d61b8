// What a replica promises, in one sealed value (WAL-48, WAL-72, FENCE-4, HOLE-57, HOLE-58): token, epochs, history,
// recovery mode, watermarks used by materialisation and GC. Two slots are written in turn, each as two copies: a torn
// write leaves the slot before it whole, and one damaged value never takes a promise back.

import {
  BadBytes,
  type ByteWriter,
  makeReader,
  makeWriter,
  readU32,
  readUint,
  resetWriter,
  writeInt,
  writeRaw,
  writeText,
  writeUint,
} from '../../../base/bytes.ts';
import {
  branded,
  type Codec,
  decodeWhole,
  encodeWhole,
  type Infer,
  int,
  oneOf,
  struct,
  text,
  uint,
} from '../../../base/codec.ts';
import type { GroupId, Lsn, Term } from '../../../base/ids.ts';
import { sameBytes } from '../../../base/same-bytes.ts';
import type { DiskImage, Write } from '../../kernel/door.ts';
import { descriptor, historyCodec } from '../../kernel/fields.ts';
import { makeValue, openValue, PAYLOAD_AT, sealInPlace } from '../../kernel/framing.ts';
import type { LogRecord } from '../../log/record.ts';
import { termAt } from '../../log/term-history.ts';
import { superKey } from './keys.ts';

const VERSION = 1;
const lsn = branded<Lsn>(int);
const term = branded<Term>(uint);

/** Why a replica stopped serving its group for good, or empty. */
const failure = oneOf('', 'E_DATA_DIVERGED', 'E_CHAIN_CONFLICT');
export type Failure = Infer<typeof failure>;

const mode = oneOf('normal', 'recovery');

export const superblockLayout = struct({
  sequence: uint,
  volume: text,
  descriptor,
  maxToken: term,
  volumeEpoch: term,
  /** The token whose OpenVolume was seen last (WAL-46 line 5). */
  openToken: term,
  history: historyCodec,
  mode,
  /** Upper bound of the last recovery's fill. */
  maxNwl: lsn,
  knownVdl: lsn,
  groupTail: lsn,
  pgmrpl: lsn,
  logFloor: lsn,
  nclCheckpoint: lsn,
  failed: failure,
});
export type Superblock = Readonly<Infer<typeof superblockLayout>>;

/** Values are padded to a multiple of this: on a full disk the next superblock must not need more room than the last. */
const PAD_BYTES = 512;
const scratch = makeWriter(1024);

/** Encoded forms of descriptors and histories, which stay the same objects from one superblock to the next and are never changed. */
const encodedParts = new WeakMap<object, Uint8Array>();

function writePart<T extends object>(w: ByteWriter, part: Codec<T>, value: T): void {
  let bytes = encodedParts.get(value);
  if (bytes === undefined) {
    bytes = encodeWhole(part, value);
    encodedParts.set(value, bytes);
  }
  writeRaw(w, bytes);
}

/** As the layout has it, written out: a superblock is written with every run of the background work (superblock.test.ts). */
function writeFields(w: ByteWriter, own: Superblock): void {
  writeUint(w, own.sequence);
  writeText(w, own.volume);
  writePart(w, descriptor, own.descriptor);
  writeUint(w, own.maxToken);
  writeUint(w, own.volumeEpoch);
  writeUint(w, own.openToken);
  writePart(w, historyCodec, own.history);
  mode.encode(w, own.mode);
  writeInt(w, own.maxNwl);
  writeInt(w, own.knownVdl);
  writeInt(w, own.groupTail);
  writeInt(w, own.pgmrpl);
  writeInt(w, own.logFloor);
  writeInt(w, own.nclCheckpoint);
  failure.encode(w, own.failed);
}

function encode(superblock: Superblock): Uint8Array {
  const w = scratch;
  resetWriter(w);
  writeFields(w, superblock);
  const { bytes, length } = w;
  const used = length + 4;
  const value = makeValue(VERSION, used + ((PAD_BYTES - (used % PAD_BYTES)) % PAD_BYTES));
  for (let i = 0; i < 4; i++) value[PAYLOAD_AT + i] = length >>> (8 * i);
  for (let i = 0; i < length; i++) value[PAYLOAD_AT + 4 + i] = bytes[i] as number;
  sealInPlace(value);
  return value;
}

/** A superblock has one form, padding included. */
function decode(value: Uint8Array): Superblock | null {
  return readPayload(value, (payload) => {
    const length = readU32(makeReader(payload));
    const decoded = decodeWhole(superblockLayout, payload, 4, 4 + length);
    return decoded.ok && sameBytes(encode(decoded.value), value) ? decoded.value : null;
  });
}

/** `sequence` is the first field, behind the length. */
const sequenceOf = (value: Uint8Array): number | null =>
  readPayload(value, (payload) => readUint(makeReader(payload, 4)));

/** Null: the checksum does not hold, or what is read is not there. */
function readPayload<T>(value: Uint8Array, read: (payload: Uint8Array) => T): T | null {
  const opened = openValue(VERSION, value);
  if (!opened.ok) return null;
  try {
    return read(opened.value);
  } catch (error) {
    if (error instanceof BadBytes) return null;
    throw error;
  }
}

/** The writes that make `superblock` durable. They replace the slot of the superblock before the previous one. */
export function superblockWrites(group: GroupId, superblock: Superblock): Write[] {
  const bytes = encode(superblock);
  const slot = superblock.sequence % 2;
  return [
    { key: superKey(group, slot, 'a'), bytes },
    { key: superKey(group, slot, 'b'), bytes },
  ];
}

/** The newest whole superblock of the group, or null when none was ever completed. */
export function readSuperblock(group: GroupId, disk: DiskImage): Superblock | null {
  let newest: Superblock | null = null;
  for (const slot of [0, 1]) {
    for (const copy of ['a', 'b'] as const) {
      const bytes = disk.get(superKey(group, slot, copy));
      const block = bytes ? decode(bytes) : null;
      if (block && (!newest || block.sequence > newest.sequence)) newest = block;
    }
  }
  return newest;
}

/** The group's replicas in member order, learners last. */
export function membersOf(superblock: Superblock): Superblock['descriptor']['learners'] {
  const { sets, learners } = superblock.descriptor;
  return [...new Set([...sets.flat(), ...learners])];
}

/** False for records that the last recovery cut off, whose bytes may still be on disk (HOLE-43, WAL-56). */
export function isKept(superblock: Superblock, { lsn, term }: Pick<LogRecord, 'lsn' | 'term'>): boolean {
  if (termAt(superblock.history, lsn) !== term) return false;
  const start = superblock.history[superblock.history.length - 1]?.startLsn ?? 0;
  return lsn <= superblock.maxNwl || lsn >= start;
}

/** A copy on disk is what was last written to its slot, by its checksum and number; with one superblock there is no other slot yet. */
export function checkSuperCopy(superblock: Superblock, slot: number, value: Uint8Array | null): boolean {
  const sequence = superblock.sequence % 2 === slot ? superblock.sequence : superblock.sequence - 1;
  if (sequence === 0) return value === null;
  return value !== null && sequenceOf(value) === sequence;
}

export const isOpen = (superblock: Superblock): boolean =>
  superblock.openToken === superblock.maxToken && superblock.volumeEpoch === superblock.maxToken;
