// Records of one page that a replay reads in WAL (docs/spec/logindex.md LI-37, LI-75): in the WAL buffer, else in the segment's file.

import { makeWriter, takePart, writeRaw } from '../../base/bytes.ts';
import type { Lsn } from '../../base/ids.ts';
import type { RoleContext } from '../kernel/context.ts';
import type { Limits } from '../kernel/limits.ts';
import { readRecords } from '../log/record.ts';
import type { Call } from '../pfs/mount-state.ts';
import type { Load, PageReplay } from './page-replay.ts';
import { dropWal, keepWal, keptEnd, keptWal } from './wal-buffer.ts';
import { SEGMENT_BYTES, segmentAt, segmentPath, type WalPosition } from './wal-file.ts';

/** Read behind what is parsed: where the log goes on meanwhile, the page needs no second look. */
const AHEAD_BYTES = 16 * 1024;

/** A read begins at a multiple of it: other pages have records just before. */
const ALIGN_BYTES = 16 * 1024;

/** The log of a reader. */
export interface ReadableWal {
  readonly replay: Pick<PageReplay, 'places' | 'parser' | 'end' | 'wal'>;
  readonly config: { readonly params: Pick<Limits, 'walBufferSegments'> };
  readonly work: { readonly loads: readonly Pick<Load, 'reading'>[] };
}

/** What a load knows of the WAL that it needs. */
export type WalNeed = Pick<Load, 'found' | 'parts' | 'reading' | 'heldUpAt'>;

const segmentsRead = ({ work }: ReadableWal): number[] =>
  work.loads.flatMap(({ reading }) => (reading === null ? [] : segmentAt(reading.position)));

/** The end of what is parsed. */
function parsedEndOf({ replay: { places, parser, end } }: ReadableWal): WalPosition {
  const last = places.get(parser.parsedLsn);
  return last === undefined ? end : last.position + last.length;
}

/** Reads WAL at the first of these places whose segment no load reads; null: each is being read. */
export function walCall(reader: ReadableWal, load: WalNeed, places: readonly WalPosition[]): Call | null {
  const others = segmentsRead(reader);
  const place = places.find((one) => !others.includes(segmentAt(one)));
  if (place === undefined) {
    load.heldUpAt = reader.replay.wal.reads;
    return null;
  }
  const parsedEnd = parsedEndOf(reader);
  const position = keptEnd(reader.replay.wal, place - (place % ALIGN_BYTES), place);
  load.reading = { position, parsedEnd };
  const offset = position % SEGMENT_BYTES;
  const length = Math.min(SEGMENT_BYTES - offset, parsedEnd + AHEAD_BYTES - position);
  return { kind: 'pread', file: segmentPath(segmentAt(position)), offset, length };
}

/** False: there is nothing where records were parsed. */
export function takeWalRead(
  { replay, config, ctx }: ReadableWal & { readonly ctx: RoleContext },
  load: WalNeed,
  bytes: Uint8Array,
): boolean {
  if (load.reading === null) return true;
  const { position, parsedEnd } = load.reading;
  load.parts = [...load.parts.slice(-1), { position, bytes }];
  keepWal(replay.wal, ctx, config.params, { position, bytes }, parsedEnd);
  return bytes.length > 0;
}

/** Takes these records from what is in memory. Where the others are to be read, a place in each segment; null: all are here. */
export function findRecords(
  reader: ReadableWal,
  load: WalNeed,
  lsns: readonly Lsn[],
): WalPosition[] | 'damaged' | null {
  const { places, wal } = reader.replay;
  const readTo = load.reading?.parsedEnd ?? 0;
  if (load.reading !== null) wal.reads++;
  load.reading = null;
  const missing = new Map<number, WalPosition>();
  for (const lsn of lsns) {
    if (load.found.has(lsn)) continue;
    const place = places.get(lsn);
    if (place === undefined) return 'damaged';
    const { position, length } = place;
    if (missing.has(segmentAt(position))) continue;
    const bytes = walBytes(reader, load, position, position + length);
    if (typeof bytes === 'number') {
      if (!missing.has(segmentAt(bytes))) missing.set(segmentAt(bytes), bytes);
      continue;
    }
    const [one] = readRecords(bytes).records;
    if (one?.record.lsn === lsn) {
      load.found.set(lsn, one.record);
      continue;
    }
    if (position + length <= readTo) return 'damaged';
    // read ahead before it was written, or damaged where it was read: it is read once more
    load.parts = [];
    dropWal(wal, position);
    dropWal(wal, position + length - 1);
    return [position];
  }
  return missing.size === 0 ? null : [...missing.values()];
}

/** A record's bytes, or the place of the first that are not in memory. */
function walBytes(
  { replay: { wal } }: ReadableWal,
  { parts }: WalNeed,
  position: WalPosition,
  end: WalPosition,
): Uint8Array | WalPosition {
  const whole = keptWal(wal, position, end);
  if (whole?.length === end - position) return whole;
  const joined = makeWriter(end - position);
  for (let at = position; at < end; at = position + joined.length) {
    const own = parts.find((one) => at >= one.position && at < one.position + one.bytes.length);
    const part = keptWal(wal, at, end) ?? own?.bytes.subarray(at - own.position, end - own.position);
    if (part === undefined) return at;
    writeRaw(joined, part);
  }
  return takePart(joined);
}
