// WAL as files (docs/spec/logindex.md LI-9): one stream of records over segments of fixed size, each a file that is zero-filled before
// its first use, so that a write of WAL changes no metadata. A record may lie in two segments. What follows the last record is zero: a
// writer that begins cuts off what another left behind the last complete MTR (LI-73), so the stream has one end.

import type { Lsn } from '../../base/ids.ts';
import { type EncodedRecord, readRecords } from '../log/record.ts';
import type { Call } from '../pfs/mount-state.ts';

export const WAL_DIRECTORY = '/wal';
/** Four blocks of the scaled layouts. */
export const SEGMENT_BYTES = 64 * 1024;

/** Bytes from the beginning of the stream. */
export type WalPosition = number;

export const segmentAt = (position: WalPosition): number => Math.floor(position / SEGMENT_BYTES);
export const segmentPath = (segment: number): string => `${WAL_DIRECTORY}/${segment}`;

/** Reads a segment from a place on. */
export function segmentCall(position: WalPosition): Call {
  const offset = position % SEGMENT_BYTES;
  return {
    kind: 'pread',
    file: segmentPath(segmentAt(position)),
    offset,
    length: SEGMENT_BYTES - offset,
  };
}

/** A part of a stream that lies in one segment. */
export interface SegmentPart {
  readonly segment: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export function partsOf(position: WalPosition, bytes: Uint8Array): SegmentPart[] {
  const parts: SegmentPart[] = [];
  for (let at = 0; at < bytes.length; ) {
    const offset = (position + at) % SEGMENT_BYTES;
    const length = Math.min(SEGMENT_BYTES - offset, bytes.length - at);
    parts.push({ segment: segmentAt(position + at), offset, bytes: bytes.subarray(at, at + length) });
    at += length;
  }
  return parts;
}

/** A record of complete MTRs, and where it lies. */
export interface PlacedRecord {
  readonly encoded: EncodedRecord;
  readonly position: WalPosition;
}

/** Reads the stream from a place where an MTR begins, segment by segment. */
export interface WalScan {
  /** Where the next bytes are to be read. */
  readAt: WalPosition;
  /** Read, and not a whole record yet. */
  rest: Uint8Array;
  /** LSN of the last record that was read. */
  lastLsn: Lsn;
  /** Of complete MTRs. */
  readonly records: PlacedRecord[];
  /** Of the MTR whose end has not come. */
  open: PlacedRecord[];
  /** End of the last complete MTR. */
  end: WalPosition;
}

/** `firstLsn`: of the record at `position`. */
export const startScan = (position: WalPosition, firstLsn: Lsn): WalScan => ({
  readAt: position,
  rest: new Uint8Array(),
  lastLsn: (firstLsn - 1) as Lsn,
  records: [],
  open: [],
  end: position,
});

/** LSN of the last complete MTR. */
export const scannedLsn = ({ records, lastLsn, open }: WalScan): Lsn =>
  records.at(-1)?.encoded.record.lsn ?? ((lastLsn - open.length) as Lsn);

/** Takes the bytes that follow. `more`: a record may go on behind them. */
export function takeWal(scan: WalScan, bytes: Uint8Array): 'more' | 'end' {
  const all = new Uint8Array(scan.rest.length + bytes.length);
  all.set(scan.rest);
  all.set(bytes, scan.rest.length);
  let position = scan.readAt - scan.rest.length;
  scan.readAt += bytes.length;
  const read = readRecords(all);
  for (const encoded of read.records) {
    const { lsn, prevVolume, cpl } = encoded.record;
    if (lsn !== scan.lastLsn + 1 || prevVolume !== scan.lastLsn) return 'end'; // of an older end of the stream
    scan.lastLsn = lsn;
    scan.open.push({ encoded, position });
    position += encoded.bytes.length;
    if (!cpl) continue;
    scan.records.push(...scan.open);
    scan.open = [];
    scan.end = position;
  }
  const used = position - (scan.readAt - all.length);
  scan.rest = all.subarray(used);
  if (read.error !== null && !read.error.startsWith('torn')) return 'end';
  return 'more';
}

/** Takes what `segmentCall` has read. `more`: the stream goes on in the next segment. */
export function takeSegment(scan: WalScan, bytes: Uint8Array): 'more' | 'end' {
  const isWhole = scan.readAt % SEGMENT_BYTES === SEGMENT_BYTES - bytes.length;
  return takeWal(scan, bytes) === 'more' && isWhole && bytes.length > 0 ? 'more' : 'end';
}
