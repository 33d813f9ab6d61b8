// The WAL buffer of a reader, and of the writer that it becomes (docs/spec/logindex.md LI-75): what it has read of the WAL that it has parsed,
// by segment. Pages are replayed from records that lie all over the log, so each segment is read in shared storage once for all of them.
// What is parsed is durable for ever, so nothing here becomes stale.

import { ownedCopy } from '../../base/owned-bytes.ts';
import type { RoleContext } from '../kernel/context.ts';
import { type Limits, reach } from '../kernel/limits.ts';
import { SEGMENT_BYTES, segmentAt, type WalPosition } from './wal-file.ts';

/** Bytes of WAL that lie in one segment. */
export interface WalPart {
  readonly position: WalPosition;
  readonly bytes: Uint8Array;
}

/** A segment: room for all of it, and what of it is there. */
interface Kept {
  bytes: Uint8Array;
  from: number;
  to: number;
}

export interface WalBuffer {
  /** The one used last at the end. */
  readonly segments: Map<number, Kept>;
  /** Reads that are over: what waits for one looks again when there is another. */
  reads: number;
}

export const makeWalBuffer = (): WalBuffer => ({ segments: new Map(), reads: 0 });

/** Keeps what was read, as far as it was parsed when it was asked for; the segment that was not used for longest goes. */
export function keepWal(
  { segments }: WalBuffer,
  ctx: RoleContext,
  limits: Pick<Limits, 'walBufferSegments'>,
  { position, bytes }: WalPart,
  parsedEnd: WalPosition,
): void {
  const length = Math.min(bytes.length, parsedEnd - position);
  if (length <= 0) return;
  const segment = segmentAt(position);
  const from = position % SEGMENT_BYTES;
  const to = from + length;
  const known = segments.get(segment);
  const isJoined = known !== undefined && from <= known.to && to >= known.from;
  const kept = known ?? { bytes: new Uint8Array(SEGMENT_BYTES), from, to };
  kept.bytes = ownedCopy(kept.bytes);
  kept.bytes.set(bytes.subarray(0, length), from);
  kept.from = isJoined ? Math.min(from, kept.from) : from;
  kept.to = isJoined ? Math.max(to, kept.to) : to;
  segments.delete(segment);
  segments.set(segment, kept);
  for (const [oldest] of segments) {
    if (segments.size <= limits.walBufferSegments) return;
    segments.delete(oldest);
    reach(ctx, limits, 'walBufferSegments');
  }
}

/** Forgets what cannot be read as a record. */
export const dropWal = ({ segments }: WalBuffer, position: WalPosition): void =>
  void segments.delete(segmentAt(position));

/** Bytes from a place on, up to the end, or to where they are not there; null: not even the first is. */
export function keptWal({ segments }: WalBuffer, position: WalPosition, end: WalPosition): Uint8Array | null {
  const segment = segmentAt(position);
  const kept = segments.get(segment);
  const from = position % SEGMENT_BYTES;
  if (kept === undefined || from < kept.from || from >= kept.to) return null;
  segments.delete(segment);
  segments.set(segment, kept);
  return kept.bytes.subarray(from, Math.min(from + end - position, kept.to));
}

/** Where what is there from a place on ends, but not behind `last`. */
export function keptEnd({ segments }: WalBuffer, from: WalPosition, last: WalPosition): WalPosition {
  const kept = segments.get(segmentAt(from));
  const at = from % SEGMENT_BYTES;
  if (kept === undefined || at < kept.from || at > kept.to) return from;
  return Math.min(from - at + kept.to, last);
}
