// A node's running hash over the binary form of its inputs and trace events: one record per input, mixed when it is
// complete, so that it does not depend on where windows are cut. A frame goes in by its length and its head, where
// every frame carries the checksum of the rest.

import { makeWriter, resetWriter, writeInt, writeText, writeU8, writeUint } from '../base/bytes.ts';
import { type Hash, hashBytes } from '../base/hash.ts';
import type { NodeId } from '../base/ids.ts';
import { digestPlain } from '../base/plain.ts';
import type { Input } from '../core/kernel/door.ts';
import type { TraceEvent } from '../core/kernel/trace.ts';
import type { TraceCodec } from './trace-codec.ts';

const HEAD_BYTES = 32;
const record = makeWriter(1 << 12);

const KIND = {
  message: 1,
  diskDone: 2,
  readDone: 3,
  wake: 4,
  clientRequest: 5,
  operatorCommand: 6,
  corrupt: 7,
  stop: 8,
};

/** Begins the record of one input at its virtual time. Not re-entrant. */
export function beginRecord(at: number): void {
  resetWriter(record);
  writeUint(record, at);
}

/** Mixes the record. */
export function endRecord(hash: Hash): void {
  hashBytes(hash, record.bytes, 0, record.length);
}

export function hashTrace(form: Pick<TraceCodec, 'writeTraceEvent'>, event: TraceEvent): void {
  form.writeTraceEvent(record, event);
}

function mixHead(hash: Hash, bytes: Uint8Array): void {
  writeUint(record, bytes.length);
  hashBytes(hash, bytes, 0, Math.min(bytes.length, HEAD_BYTES));
}

/** The frame of a message that could not be decoded. */
export function hashFrame(hash: Hash, from: NodeId, bytes: Uint8Array): void {
  writeU8(record, KIND.corrupt);
  writeText(record, from);
  mixHead(hash, bytes);
}

export function hashInput(hash: Hash, input: Input<unknown>, frame: Uint8Array | null): void {
  writeU8(record, KIND[input.kind]);
  writeUint(record, input.now);
  switch (input.kind) {
    case 'message':
      writeText(record, input.from);
      if (frame !== null) mixHead(hash, frame);
      break;
    case 'diskDone':
      writeInt(record, input.id);
      writeText(record, input.error ?? '');
      break;
    case 'readDone':
      writeInt(record, input.id);
      writeText(record, input.error ?? '');
      writeUint(record, input.values.length);
      for (const value of input.values) {
        if (value === null) writeU8(record, 0);
        else mixHead(hash, value);
      }
      break;
    case 'clientRequest':
      writeText(record, input.requestId);
      writeText(record, digestPlain(input.request));
      break;
    // Which timer and which command it is follows from the tape; their names inside the code are no part of the run.
    case 'wake':
    case 'operatorCommand':
    case 'stop':
      break;
  }
}

/** Character codes of the hexadecimal digits. */
const DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const digit = (word: number, shift: number): number => DIGITS[(word >>> shift) & 15] as number;

/** Eight hex digits, made at once: a stamp has two such words for each node and window. */
const hexWord = (word: number): string =>
  String.fromCharCode(
    digit(word, 28),
    digit(word, 24),
    digit(word, 20),
    digit(word, 16),
    digit(word, 12),
    digit(word, 8),
    digit(word, 4),
    digit(word, 0),
  );

/** Sixteen hex digits of the hash as it stands. */
export const hexOf = (hash: Hash): string => hexWord(hash.hi) + hexWord(hash.lo);
