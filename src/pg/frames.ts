// Bytes from a client, cut into messages of the frontend/backend protocol 3.0 (PostgreSQL 15, chapter 55). They are untrusted: a
// length that cannot be is an answer, and what is kept of an unfinished message has a limit.

/** Longest message after the start-up; a longer one ends the connection. */
export const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
/** PostgreSQL's MAX_STARTUP_PACKET_LENGTH. */
const STARTUP_BYTES_MAX = 10_000;

/** What has come and is not yet taken: `bytes` from `start` up to `end`. */
export interface FrameBuffer {
  bytes: Uint8Array;
  start: number;
  end: number;
}

export interface Frame {
  /** The type's byte as a character; '' for a message of the start-up, which has none. */
  readonly type: string;
  readonly body: Uint8Array;
}

export type NextFrame = Frame | 'unfinished' | { readonly error: string };

export const makeFrameBuffer = (): FrameBuffer => ({ bytes: new Uint8Array(4096), start: 0, end: 0 });

export const bufferedBytes = ({ start, end }: FrameBuffer): number => end - start;

export function addBytes(buffer: FrameBuffer, more: Uint8Array): void {
  const held = buffer.end - buffer.start;
  if (buffer.end + more.length > buffer.bytes.length) {
    const roomy = held + more.length;
    const to = roomy * 2 > buffer.bytes.length ? new Uint8Array(roomy * 2) : buffer.bytes;
    to.set(buffer.bytes.subarray(buffer.start, buffer.end), 0);
    buffer.bytes = to;
    buffer.start = 0;
    buffer.end = held;
  }
  buffer.bytes.set(more, buffer.end);
  buffer.end += more.length;
}

const uint32At = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);

/** A client that goes before it has said who it is: Terminate, where a start-up is awaited. */
export const isTerminate = ({ bytes, start, end }: FrameBuffer): boolean =>
  end - start >= 5 && bytes[start] === 0x58 && uint32At(bytes, start + 1) === 4;

/** Takes the next message; its body is a copy. `isStartup`: it has no type yet. */
export function nextFrame(buffer: FrameBuffer, isStartup: boolean): NextFrame {
  const head = isStartup ? 0 : 1;
  if (bufferedBytes(buffer) < head + 4) return 'unfinished';
  const length = uint32At(buffer.bytes, buffer.start + head);
  const most = isStartup ? STARTUP_BYTES_MAX : MESSAGE_BYTES_MAX;
  if (length < (isStartup ? 8 : 4) || length > most) return { error: `invalid message length ${length}` };
  if (bufferedBytes(buffer) < head + length) return 'unfinished';
  const type = isStartup ? '' : String.fromCharCode(buffer.bytes[buffer.start] ?? 0);
  const from = buffer.start + head + 4;
  buffer.start += head + length;
  return { type, body: buffer.bytes.slice(from, buffer.start) };
}

/** Type of the message that comes next, of which a part has come; null: nothing has. */
export const nextType = ({ bytes, start, end }: FrameBuffer): string | null =>
  start === end ? null : String.fromCharCode(bytes[start] ?? 0);

/** Types of the messages that have come whole and are not yet taken, in order, up to the first that `isLast` names. */
export function typesAhead(buffer: FrameBuffer, isLast: (type: string) => boolean): readonly string[] {
  const types: string[] = [];
  for (let at = buffer.start; at + 5 <= buffer.end; ) {
    const type = String.fromCharCode(buffer.bytes[at] ?? 0);
    const next = at + 1 + uint32At(buffer.bytes, at + 1);
    if (next > buffer.end) break;
    types.push(type);
    if (isLast(type)) break;
    at = next;
  }
  return types;
}
