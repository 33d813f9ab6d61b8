// A log segment: one disk value of framed records, in arrival order (WAL ingest step 4). Its header carries length and
// LSN range under a checksum of their own, so that a torn segment (a prefix of what was written) and a damaged one are
// distinguished: the records of a torn one were never acknowledged, those of a damaged one may have been (HOLE-54, HOLE-55).
// It also holds its own address: a value that a device wrote to the wrong place is found by that (WAL-39).

import {
  BadBytes,
  makeReader,
  makeWriter,
  readInt,
  readU32,
  resetWriter,
  takeBytes,
  writeInt,
  writeU8,
  writeU32,
} from '../../../base/bytes.ts';
import { crc32c } from '../../../base/crc32c.ts';
import { hashText, makeHash } from '../../../base/hash.ts';
import type { GroupId, Range } from '../../../base/ids.ts';
import { type EncodedRecord, RECORD_HEADER_BYTES, readRecords } from '../../log/record.ts';

const VERSION = 2;
/** Bytes of a header: at least, and more than any has. */
const HEADER_BYTES = { least: 19, most: 40 } as const;
const scratch = makeWriter(HEADER_BYTES.most);

/** Where a segment belongs. */
export interface SegmentPlace {
  readonly group: GroupId;
  readonly ordinal: number;
}

const rangeOf = (records: readonly EncodedRecord[]): Range => [
  (records[0]?.record.prevGroup ?? -1) + 1,
  (records[records.length - 1]?.record.lsn ?? -1) + 1,
];

/** The value of a segment that holds `records`; ascending by LSN. */
export function encodeSegment(records: readonly EncodedRecord[], place: SegmentPlace): Uint8Array {
  let length = 0;
  for (const { bytes } of records) length += bytes.length;
  const header = encodeHeader(length, rangeOf(records), place);
  const value = new Uint8Array(header.length + length);
  value.set(header);
  let at = header.length;
  for (const { bytes } of records) {
    copySmall(value, at, bytes);
    at += bytes.length;
  }
  return value;
}

/** For so few bytes a loop is quicker than `set`. */
function copySmall(to: Uint8Array, at: number, bytes: Uint8Array): void {
  if (bytes.length > 160) to.set(bytes, at);
  else for (let i = 0; i < bytes.length; i++) to[at + i] = bytes[i] as number;
}

/** Stands where a segment of this range was lost whole, so that a later life knows what is missing. */
export function encodeLostSegment(range: Range, place: SegmentPlace): Uint8Array {
  const header = encodeHeader(1, range, place);
  const value = new Uint8Array(header.length + 1);
  value.set(header);
  return value;
}

/** A group by four bytes: every header field but the LSNs has a fixed size, so that a bad bit moves none of them. */
function nameOf(group: GroupId): number {
  const hash = makeHash();
  hashText(hash, group);
  return hash.lo >>> 0;
}

function encodeHeader(length: number, [first, end]: Range, { group, ordinal }: SegmentPlace): Uint8Array {
  const w = scratch;
  resetWriter(w);
  writeU32(w, 0);
  writeU8(w, VERSION);
  writeU32(w, length);
  writeU32(w, ordinal);
  writeU32(w, nameOf(group));
  writeInt(w, first - 1);
  writeInt(w, end - 1);
  const header = takeBytes(w);
  const crc = crc32c(header, 4);
  for (let i = 0; i < 4; i++) header[i] = crc >>> (8 * i);
  return header;
}

export interface SegmentRead {
  readonly records: EncodedRecord[];
  /** The value is a prefix of what was written: its end is gone, and was never synced. */
  readonly torn: boolean;
  /** Positions that a record lost to damage may have held: `[first, end)`, or null. */
  readonly damaged: Range | null;
  /** The value was meant for another place; what belongs here is lost. */
  readonly isForeign: boolean;
  /** LSN range of the header, when it is good. */
  readonly range: Range | null;
}

interface Header {
  readonly start: number;
  readonly length: number;
  readonly range: Range;
  readonly ordinal: number;
  readonly group: number;
}

function readHeader(bytes: Uint8Array): Header | 'torn' | 'damaged' {
  const r = makeReader(bytes);
  try {
    const crc = readU32(r);
    r.at += 1;
    const length = readU32(r);
    const ordinal = readU32(r);
    const group = readU32(r);
    const before = readInt(r);
    const last = readInt(r);
    if (crc !== crc32c(bytes, 4, r.at) || bytes[4] !== VERSION) return 'damaged';
    return { start: r.at, length, range: [before + 1, last + 1], ordinal, group };
  } catch (error) {
    if (error instanceof BadBytes) return 'torn';
    throw error;
  }
}

const NOTHING_KNOWN: Range = [0, Number.MAX_SAFE_INTEGER];

/** Every good record of the value. A damaged one is left out and the scan goes on behind it (HOLE-55). */
export function readSegment(bytes: Uint8Array, place: SegmentPlace): SegmentRead {
  const header = readHeader(bytes);
  const isForeign = false;
  if (header === 'torn') return { records: [], torn: true, damaged: null, isForeign, range: null };
  if (header === 'damaged') return readHeadless(bytes);
  const records: EncodedRecord[] = [];
  const end = header.start + header.length;
  const goodBefore = scanRecords(bytes, header.start, records);
  const lost = goodBefore !== null || bytes.length > end;
  const torn = bytes.length < end;
  if (header.group !== nameOf(place.group) || header.ordinal !== place.ordinal)
    return { records, torn: false, damaged: NOTHING_KNOWN, isForeign: true, range: null };
  const isWhole = !lost && !torn;
  if (isWhole && records.length > 0 && !isRange(rangeOf(records), header.range))
    return { records: [], torn, damaged: header.range, isForeign, range: header.range };
  const before = records[(goodBefore ?? 0) - 1]?.record.lsn ?? header.range[0] - 1;
  const damaged: Range | null = lost && !torn ? [before + 1, header.range[1]] : null;
  return { records, torn, damaged, isForeign, range: header.range };
}

/** Whole records of another segment, under a header that is not theirs, are not what belongs here. */
const isRange = (a: Range, b: Range): boolean => a[0] === b[0] && a[1] === b[1];

/** The header is damaged: records are looked for where a header may end. None is lost when they reach the end. */
function readHeadless(bytes: Uint8Array): SegmentRead {
  const none = { torn: false, isForeign: false, range: null };
  for (let start = HEADER_BYTES.least; start < HEADER_BYTES.most && start < bytes.length; start++) {
    const { records, error } = readRecords(bytes.subarray(start));
    if (error === null && records.length > 0) return { ...none, records, damaged: null };
  }
  return { ...none, records: [], damaged: NOTHING_KNOWN };
}

/** Adds the good records from `start` on; how many of them stand before the first that was skipped or cut off, or null. */
function scanRecords(bytes: Uint8Array, start: number, records: EncodedRecord[]): number | null {
  let at = start;
  let lost: number | null = null;
  while (at < bytes.length) {
    const read = readRecords(at === 0 ? bytes : bytes.subarray(at));
    records.push(...read.records);
    if (read.error === null) return lost;
    lost ??= records.length;
    const bad = at + read.at;
    if (bad + RECORD_HEADER_BYTES > bytes.length) return lost;
    at = bad + RECORD_HEADER_BYTES + readU32(makeReader(bytes, bad));
  }
  return lost;
}
