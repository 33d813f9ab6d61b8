// The durable log of a replica as it is kept in memory: the retained records by ascending LSN, and the segments they lie
// in. Records leave it by GC (WAL-36) and truncation (HOLE-43); a segment without live records is deleted from disk.

import { assert } from '../../../base/assert.ts';
import type { Lsn } from '../../../base/ids.ts';
import type { EncodedRecord } from '../../log/record.ts';

export interface StoredRecord extends EncodedRecord {
  /** Ordinal of the segment that holds it. */
  segment: number;
}

export interface LogSegment {
  bytes: number;
  liveBytes: number;
  live: number;
}

export interface Log {
  records: StoredRecord[];
  readonly segments: Map<number, LogSegment>;
  nextOrdinal: number;
  bytes: number;
  liveBytes: number;
}

export const makeLog = (): Log => ({
  records: [],
  segments: new Map(),
  nextOrdinal: 1,
  bytes: 0,
  liveBytes: 0,
});

const lsnAt = (records: readonly StoredRecord[], index: number): number =>
  (records[index] as StoredRecord).record.lsn;

/** Index of the first record with LSN ≥ `lsn`. LSNs lie nearly evenly, so the search begins where it ought to be. */
export function lowerBound(log: Log, lsn: number): number {
  const { records } = log;
  const last = records.length - 1;
  if (last < 0 || lsnAt(records, last) < lsn) return last + 1;
  const lowest = lsnAt(records, 0);
  if (lowest >= lsn) return 0;
  // From here on record `low` lies below `lsn` and record `high` does not.
  let low = 0;
  let high = last;
  const guess = Math.floor(((lsn - lowest) * last) / (lsnAt(records, last) - lowest));
  if (lsnAt(records, guess) < lsn) {
    low = guess;
    for (let reach = 4; low + reach < high; reach *= 4) {
      if (lsnAt(records, low + reach) < lsn) low += reach;
      else high = low + reach;
    }
  } else {
    high = guess;
    for (let reach = 4; high - reach > low; reach *= 4) {
      if (lsnAt(records, high - reach) < lsn) low = high - reach;
      else high -= reach;
    }
  }
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (lsnAt(records, middle) < lsn) low = middle;
    else high = middle;
  }
  return high;
}

export function recordAt(log: Log, lsn: number): StoredRecord | undefined {
  const found = log.records[lowerBound(log, lsn)];
  return found?.record.lsn === lsn ? found : undefined;
}

/** The retained record with the highest LSN ≤ `lsn`. */
export const lastAtOrBelow = (log: Log, lsn: number): StoredRecord | undefined =>
  log.records[lowerBound(log, lsn + 1) - 1];

/** Retained records with first ≤ LSN < end. */
export const recordsIn = (log: Log, first: number, end: number): StoredRecord[] =>
  log.records.slice(lowerBound(log, first), lowerBound(log, end));

/** A new segment is on disk; its records are added one by one. */
export function addSegment(log: Log, ordinal: number, bytes: number): void {
  log.segments.set(ordinal, { bytes, liveBytes: 0, live: 0 });
  log.bytes += bytes;
  log.nextOrdinal = Math.max(log.nextOrdinal, ordinal + 1);
}

/** False when a record of that LSN is there already: then nothing changes. */
export function addRecord(log: Log, encoded: EncodedRecord, ordinal: number): boolean {
  const { lsn } = encoded.record;
  const at = lowerBound(log, lsn);
  if (log.records[at]?.record.lsn === lsn) return false;
  const { record, bytes, crc } = encoded;
  const stored: StoredRecord = { record, bytes, crc, segment: ordinal };
  if (at === log.records.length) log.records.push(stored);
  else log.records.splice(at, 0, stored);
  countLive(log, ordinal, 1, bytes.length);
  return true;
}

/** Records that ascend, all new: a run that lies between two neighbours is put there at once. Those that were there already are answered. */
export function addRecords(
  log: Log,
  encoded: readonly EncodedRecord[],
  ordinal: number,
): readonly EncodedRecord[] {
  const first = encoded[0];
  const last = encoded[encoded.length - 1];
  if (first === undefined || last === undefined) return [];
  const { records } = log;
  const at = lowerBound(log, first.record.lsn);
  const isBetween = at < records.length && lsnAt(records, at) > last.record.lsn;
  if (!isBetween) return encoded.filter((one) => !addRecord(log, one, ordinal));
  let bytes = 0;
  const run = encoded.map((one): StoredRecord => {
    bytes += one.bytes.length;
    return { record: one.record, bytes: one.bytes, crc: one.crc, segment: ordinal };
  });
  records.splice(at, 0, ...run);
  countLive(log, ordinal, run.length, bytes);
  return [];
}

function countLive(log: Log, ordinal: number, records: number, bytes: number): void {
  const segment = log.segments.get(ordinal);
  assert(segment, 'a segment is known', ordinal);
  segment.live += records;
  segment.liveBytes += bytes;
  log.liveBytes += bytes;
}

/** Removes the records with first ≤ LSN < end that `isGone` names; their number. */
export function removeRecords(
  log: Log,
  isGone: (record: StoredRecord) => boolean,
  first = 0,
  end: number = Number.MAX_SAFE_INTEGER,
): number {
  const { records } = log;
  const to = lowerBound(log, end);
  let kept = lowerBound(log, first);
  for (let i = kept; i < to; i++) {
    const stored = records[i] as StoredRecord;
    if (isGone(stored)) countLive(log, stored.segment, -1, -stored.bytes.length);
    else records[kept++] = stored;
  }
  const removed = to - kept;
  if (removed > 0) {
    for (let i = to; i < records.length; i++) records[kept++] = records[i] as StoredRecord;
    records.length = kept;
  }
  return removed;
}

/** Removes the records of these LSNs, which ascend; one that is not there (lost to damage) is passed over. */
export function removeLsns(log: Log, lsns: readonly number[]): void {
  const { records } = log;
  const places: number[] = [];
  for (const lsn of lsns) {
    const place = lowerBound(log, lsn);
    if (records[place]?.record.lsn === lsn) places.push(place);
  }
  for (const place of places) {
    const { segment, bytes } = records[place] as StoredRecord;
    countLive(log, segment, -1, -bytes.length);
  }
  const first = places[0];
  const last = places[places.length - 1];
  if (first === undefined || last === undefined) return;
  if (last < records.length - first) closeUpwards(records, places);
  else closeDownwards(records, places);
}

/** Closes the gaps from below: what stands before them moves up, and the front is cut off. */
function closeUpwards(records: StoredRecord[], places: readonly number[]): void {
  let kept = places[places.length - 1] as number;
  for (let i = places.length - 1; i >= 0; i--) {
    const end = places[i - 1] ?? -1;
    for (let from = (places[i] as number) - 1; from > end; from--)
      records[kept--] = records[from] as StoredRecord;
  }
  records.splice(0, places.length);
}

/** Closes the gaps from above: what stands behind them moves down. */
function closeDownwards(records: StoredRecord[], places: readonly number[]): void {
  let kept = places[0] as number;
  for (let i = 0; i < places.length; i++) {
    const end = places[i + 1] ?? records.length;
    for (let from = (places[i] as number) + 1; from < end; from++)
      records[kept++] = records[from] as StoredRecord;
  }
  records.length = kept;
}

/** A record now lies in another segment as well, which is the one that counts (compaction). */
export function moveRecord(log: Log, stored: StoredRecord, ordinal: number): void {
  countLive(log, stored.segment, -1, -stored.bytes.length);
  countLive(log, ordinal, 1, stored.bytes.length);
  stored.segment = ordinal;
}

/** Forgets the segments without live records, except those in `keep`; their ordinals, to be deleted from disk. */
export function takeDeadSegments(log: Log, keep: ReadonlySet<number>): number[] {
  const dead: number[] = [];
  for (const [ordinal, segment] of log.segments)
    if (segment.live === 0 && !keep.has(ordinal)) dead.push(ordinal);
  for (const ordinal of dead) {
    log.bytes -= log.segments.get(ordinal)?.bytes ?? 0;
    log.segments.delete(ordinal);
  }
  return dead;
}

/** Largest record LSN ≤ `ncl`, whether retained or dropped by GC (WAL-14). */
export const sclOf = (log: Log, ncl: number, logFloor: number, baseLsn: number): Lsn =>
  Math.max(lastAtOrBelow(log, ncl)?.record.lsn ?? -1, logFloor, baseLsn - 1) as Lsn;
