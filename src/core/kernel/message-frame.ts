// The frame that every message travels in: [crc32c u32][version u8][traceId][tag u8][fields]. A damaged frame is dropped
// by the receiver, which stays up.

import {
  BadBytes,
  makeReader,
  makeWriter,
  readU8,
  readU32,
  readUint,
  resetWriter,
  takePart,
  writeU8,
  writeU32,
  writeUint,
} from '../../base/bytes.ts';
import { type UnionOf, union } from '../../base/codec.ts';
import { crc32c } from '../../base/crc32c.ts';
import { makeRecent } from '../../base/recent.ts';
import type { NodeProgram } from './door.ts';
import type { MessageFamily } from './message-label.ts';
import { type AnyBody, labelMessage, type MessageTable } from './message-table.ts';

const FRAME_VERSION = 2;

export type FrameCodec<Message> = Pick<
  NodeProgram<never, Message>,
  'encodeMessage' | 'decodeMessage' | 'describeMessage' | 'familyOfFrame'
>;

/** Frames of broadcasts whose bodies are kept: more than a cluster has on their way at a time. */
const RECENT_FRAMES = 16;

/** Where the tag stands: behind checksum, version and the trace id, whose length varies. −1: no frame. */
function tagOf(bytes: Uint8Array): number {
  let at = 5;
  while (at < bytes.length && (bytes[at] as number) >= 0x80) at++;
  return bytes[at + 1] ?? -1;
}

/** Frames of the messages of one table. */
export function makeFrameCodec<Table extends MessageTable>(table: Table): FrameCodec<UnionOf<Table>> {
  type Message = UnionOf<Table>;
  const codec = union(table);
  const scratch = makeWriter(4096);
  const familyByTag: MessageFamily[] = [];
  const isBroadcast: boolean[] = [];
  for (const spec of Object.values(table)) {
    familyByTag[spec.tag] = spec.family;
    isBroadcast[spec.tag] = spec.isBroadcast === true;
  }
  const recent = makeRecent<{ message: Message; traceId: number }>(RECENT_FRAMES);

  function encodeMessage(message: Message, traceId: number): Uint8Array {
    resetWriter(scratch);
    writeU32(scratch, 0);
    writeU8(scratch, FRAME_VERSION);
    writeUint(scratch, traceId);
    codec.encode(scratch, message);
    // Soon read and forgotten; between workers frames travel packed (host/window-wire.ts).
    const bytes = takePart(scratch);
    const crc = crc32c(bytes, 4);
    bytes[0] = crc;
    bytes[1] = crc >>> 8;
    bytes[2] = crc >>> 16;
    bytes[3] = crc >>> 24;
    return bytes;
  }

  function decodeMessage(bytes: Uint8Array): { message: Message; traceId: number } | { error: string } {
    if (!(isBroadcast[tagOf(bytes)] ?? false)) return decodeFrame(bytes);
    const known = recent.find(bytes);
    if (known !== null) return known;
    const decoded = decodeFrame(bytes);
    if (!('error' in decoded)) recent.add(bytes, decoded);
    return decoded;
  }

  function decodeFrame(bytes: Uint8Array): { message: Message; traceId: number } | { error: string } {
    const r = makeReader(bytes);
    try {
      if (readU32(r) !== crc32c(bytes, 4)) return { error: 'frame checksum mismatch' };
      const version = readU8(r);
      if (version !== FRAME_VERSION) return { error: `frame version ${version}` };
      const traceId = readUint(r);
      const message = codec.decode(r);
      if (r.at !== r.end) return { error: `${r.end - r.at} bytes left over` };
      return { message, traceId };
    } catch (error) {
      if (error instanceof BadBytes) return { error: error.message };
      throw error;
    }
  }

  const familyOfFrame = (bytes: Uint8Array): MessageFamily => familyByTag[tagOf(bytes)] ?? 'control';

  return {
    encodeMessage,
    decodeMessage,
    familyOfFrame,
    describeMessage: (one: AnyBody) => labelMessage(table, one),
  };
}
