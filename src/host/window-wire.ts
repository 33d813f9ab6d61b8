// A window on its way between the fabric's worker and a node's: its frames and trace events as one buffer that changes
// hands. A structured clone of so many small objects takes longer than working the window off. What is rare or single
// (commands, replies, views, stamps) goes as it is. Both ends are of one build, so nothing here is versioned.

import {
  type ByteReader,
  type ByteWriter,
  makeReader,
  makeWriter,
  readText,
  readUint,
  readView,
  resetWriter,
  takeBytes,
  writeRaw,
  writeText,
  writeUint,
} from '../base/bytes.ts';
import type { NodeId, Time } from '../base/ids.ts';
import type { Delivery, OutMessage, TracedEvent, WindowAnswer, WindowRequest } from '../sim/types.ts';
import { readTraceEvent, writeTraceEvent } from '../stacks/trace.ts';

export interface PackedRequest extends Omit<WindowRequest, 'deliveries'> {
  readonly packed: Uint8Array;
}

export interface PackedAnswer extends Omit<WindowAnswer, 'sent' | 'trace'> {
  readonly packed: Uint8Array;
}

const scratch = makeWriter(1 << 16);

export function packRequest({ deliveries, ...rest }: WindowRequest): PackedRequest {
  resetWriter(scratch);
  packFrames(scratch, deliveries, ({ from }) => from);
  return { ...rest, packed: takeBytes(scratch) };
}

export function unpackRequest({ packed, ...rest }: PackedRequest): WindowRequest {
  const deliveries: Delivery[] = unpackFrames(makeReader(packed)).map(({ peer, ...frame }) => ({
    ...frame,
    from: peer,
  }));
  return { ...rest, deliveries };
}

export function packAnswer({ sent, trace, ...rest }: WindowAnswer): PackedAnswer {
  resetWriter(scratch);
  packFrames(scratch, sent, ({ to }) => to);
  packTrace(scratch, trace);
  return { ...rest, packed: takeBytes(scratch) };
}

export function unpackAnswer({ packed, ...rest }: PackedAnswer): WindowAnswer {
  const r = makeReader(packed);
  const sent: OutMessage[] = unpackFrames(r).map(({ peer, ...frame }) => ({ ...frame, to: peer }));
  return { ...rest, sent, trace: unpackTrace(r) };
}

/** A frame with the node at its other end. */
type Frame = Omit<Delivery, 'from'> & { readonly peer: NodeId };

/** A broadcast is one frame sent several times: its bytes go once. */
const SAME_BYTES = 0;

function packFrames<T extends Delivery | OutMessage>(
  w: ByteWriter,
  frames: readonly T[],
  peerOf: (frame: T) => NodeId,
): void {
  writeUint(w, frames.length);
  let before: Uint8Array | null = null;
  for (const frame of frames) {
    const { at, sequence, causeOrdinal, bytes } = frame;
    writeText(w, peerOf(frame));
    writeUint(w, at);
    writeUint(w, sequence);
    writeUint(w, causeOrdinal);
    if (bytes === before) {
      writeUint(w, SAME_BYTES);
      continue;
    }
    writeUint(w, bytes.length + 1);
    writeRaw(w, bytes);
    before = bytes;
  }
}

function unpackFrames(r: ByteReader): Frame[] {
  const frames: Frame[] = [];
  let bytes: Uint8Array = new Uint8Array(0);
  for (let count = readUint(r); count > 0; count--) {
    const peer = readText(r) as NodeId;
    const at = readUint(r) as Time;
    const sequence = readUint(r);
    const causeOrdinal = readUint(r);
    const size = readUint(r);
    if (size !== SAME_BYTES) bytes = readView(r, size - 1);
    frames.push({ peer, at, sequence, causeOrdinal, bytes });
  }
  return frames;
}

/** All events of an answer are one node's. */
function packTrace(w: ByteWriter, trace: readonly TracedEvent[]): void {
  writeUint(w, trace.length);
  writeText(w, trace[0]?.node ?? '');
  for (const { at, ordinal, causeNode, causeOrdinal, event } of trace) {
    writeUint(w, at);
    writeUint(w, ordinal);
    writeText(w, causeNode ?? '');
    writeUint(w, causeOrdinal);
    writeTraceEvent(w, event);
  }
}

function unpackTrace(r: ByteReader): TracedEvent[] {
  const trace: TracedEvent[] = [];
  const count = readUint(r);
  const node = readText(r) as NodeId;
  for (let i = 0; i < count; i++) {
    const at = readUint(r) as Time;
    const ordinal = readUint(r);
    const cause = readText(r) as NodeId;
    const causeOrdinal = readUint(r);
    const event = readTraceEvent(r);
    trace.push({ at, node, ordinal, causeNode: cause === '' ? null : cause, causeOrdinal, event });
  }
  return trace;
}
