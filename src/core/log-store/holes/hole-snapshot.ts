// The status list saved at a clean exit and restored at the next start (docs/spec/holes.md HOLE-51, HOLE-52).
// Bytes: [crc32c u32][version u8][body]. Sent flags are not in it: requests do not survive the process.

import { makeWriter, takeBytes, writeRaw, writeU8, writeU32 } from '../../../base/bytes.ts';
import { branded, decodeWhole, encodeWhole, list, struct, text, uint } from '../../../base/codec.ts';
import { crc32c } from '../../../base/crc32c.ts';
import type { GroupId, Range, Term } from '../../../base/ids.ts';
import { MAX } from '../../../base/ids.ts';
import { listRanges } from '../../log/range-set.ts';
import { type HoleList, makeHoleList, mergeRange, nwlOf } from './hole-list.ts';

const VERSION = 2;
const HEADER_BYTES = 5;

export interface SnapshotOwner {
  readonly group: GroupId;
  readonly bootEpoch: number;
  readonly volumeEpoch: Term;
}

/** Which records the log holds above logFloor: their number, and their checksums taken together. */
export interface LogDigest {
  readonly records: number;
  readonly crcs: number;
}

/** What the log itself says; a snapshot that says otherwise is not of this log (HOLE-52). */
export interface SnapshotExpected {
  readonly group: GroupId;
  readonly volumeEpoch: Term;
  readonly nwl: number;
  readonly log: LogDigest;
}

/** Alternating lengths from `init`: hole, data, hole, data … (the items, each by its length). */
const body = struct({
  group: branded<GroupId>(text),
  bootEpoch: uint,
  volumeEpoch: branded<Term>(uint),
  init: uint,
  /** One past NWL. */
  end: uint,
  lengths: list(uint),
  records: uint,
  crcs: uint,
});

export function encodeSnapshot(owner: SnapshotOwner, holes: HoleList, log: LogDigest): Uint8Array {
  const lengths: number[] = [];
  let at = holes.init;
  for (const [first, end] of listRanges(holes.data)) {
    lengths.push(first - at, end - first);
    at = end;
  }
  const { group, bootEpoch, volumeEpoch } = owner;
  const payload = encodeWhole(body, {
    group,
    bootEpoch,
    volumeEpoch,
    init: holes.init,
    end: nwlOf(holes) + 1,
    lengths,
    ...log,
  });
  const w = makeWriter(payload.length + HEADER_BYTES);
  writeU32(w, 0);
  writeU8(w, VERSION);
  writeRaw(w, payload);
  const bytes = takeBytes(w);
  const crc = crc32c(bytes, 4);
  for (let i = 0; i < 4; i++) bytes[i] = crc >>> (8 * i);
  return bytes;
}

/** Order does not matter. */
export function digestLog(crcs: Iterable<number>): LogDigest {
  let records = 0;
  let sum = 0;
  for (const crc of crcs) {
    records++;
    sum = (sum + crc) >>> 0;
  }
  return { records, crcs: sum };
}

export type Restored =
  | { readonly list: HoleList; readonly bootEpoch: number; readonly error: null }
  | { readonly list: null; readonly error: string };

/** Never restores anything but the list of exactly this log; every other case is HOLE-53's. */
export function decodeSnapshot(bytes: Uint8Array, expected: SnapshotExpected): Restored {
  const refuse = (error: string): Restored => ({ list: null, error });
  if (bytes.length < HEADER_BYTES) return refuse('snapshot too short');
  if (readCrc(bytes) !== crc32c(bytes, 4)) return refuse('snapshot checksum mismatch');
  if (bytes[4] !== VERSION) return refuse(`snapshot version ${bytes[4]}`);
  const decoded = decodeWhole(body, bytes, HEADER_BYTES);
  if (!decoded.ok) return refuse(decoded.error);
  const { group, bootEpoch, volumeEpoch, init, end, lengths, records, crcs } = decoded.value;
  const nwl = end - 1;
  if (group !== expected.group) return refuse(`snapshot of group ${group}`);
  if (volumeEpoch !== expected.volumeEpoch)
    return refuse(`snapshot of volumeEpoch ${volumeEpoch}, log has ${expected.volumeEpoch}`);
  if (nwl !== expected.nwl) return refuse(`snapshot with NWL ${nwl}, log has ${expected.nwl}`);
  if (records !== expected.log.records || crcs !== expected.log.crcs)
    return refuse(`snapshot of ${records} records, log has ${expected.log.records} or others`);
  const ranges = readRanges(init, lengths);
  if (!ranges) return refuse('snapshot items out of order');
  const holes = makeHoleList(init);
  for (const [first, to] of ranges) mergeRange(holes, first, to);
  return nwlOf(holes) === nwl
    ? { list: holes, bootEpoch, error: null }
    : refuse('snapshot items end elsewhere');
}

function readCrc(bytes: Uint8Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

function readRanges(init: number, lengths: readonly number[]): Range[] | null {
  if (lengths.length % 2 !== 0) return null;
  const ranges: Range[] = [];
  let at = init;
  for (let i = 0; i < lengths.length; i += 2) {
    const first = at + (lengths[i] ?? 0);
    const end = first + (lengths[i + 1] ?? 0);
    if (first >= end || end > MAX || (i > 0 && first === at)) return null;
    ranges.push([first, end]);
    at = end;
  }
  return ranges;
}
