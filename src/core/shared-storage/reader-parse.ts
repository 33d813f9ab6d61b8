// Metadata of WAL at a reader (docs/spec/logindex.md LI-34, LI-35): entries of LogIndex, flags of pages, where each record lies; applyLsn moves at
// the end of each MTR. What a full LogIndex has no room for waits for the writer's next tables (LI-26).

import type { Lsn, Time } from '../../base/ids.ts';
import { trace } from '../kernel/context.ts';
import { parseRecords } from '../logindex/wal-meta.ts';
import { type PageKey, VOLUME_KEY } from '../page/page-key.ts';
import { noteGone } from './gone-relations.ts';
import type { WalRecord } from './messages.ts';
import { noteLock } from './reader-ddl.ts';
import { bindReader } from './reader-ports.ts';
import { serveWaiters } from './reader-requests.ts';
import type { ReaderStep } from './reader-step.ts';
import type { SharedReader } from './shared-reader.ts';
import type { WalPosition } from './wal-file.ts';

const NO_FRAMES: SharedReader<unknown>['frames'] = new Map();

/** Named deviation (M173): records mark no page that is cached. */
const isUnmarked = <E>({ config }: SharedReader<E>): boolean => config.broken.includes('shared.no-outdate');

/** False: records are missing, and the reader registers again. */
export function parse<E>(step: ReaderStep<E>): boolean {
  const { seat, reader, program, ctx } = step;
  const { parser, index } = seat;
  if (index === null) return true;
  const before = parser.applyLsn;
  const moved = new Map<PageKey, Lsn>();
  let count = 0;
  for (const record of seat.early) {
    const outcome = parseOne(seat, ctx.now, record);
    if (outcome === 'gap') return false;
    if (outcome === 'wait') break;
    count++;
    if (!record.mtrEnd) continue;
    for (const [page, first] of seat.changed) if (!moved.has(page)) moved.set(page, first);
    seat.changed.clear();
  }
  seat.early.splice(0, count);
  if (parser.applyLsn === before) return true;
  const { applyLsn } = parser;
  const { volume } = seat.config.cluster;
  trace(ctx, { kind: 'ro.applied', applyLsn, vdl: seat.durableLsn, applied: count, volume });
  seat.isWalked = false;
  if (seat.isOpened) {
    const cache = reader.readerCache(seat.engine, ctx, bindReader(seat));
    for (const [page, first] of isUnmarked(seat) ? [] : moved) {
      cache.outdate(page, (first - 1) as Lsn);
      cache.released(page, applyLsn);
    }
    program.onVdl(seat.engine, ctx, bindReader(seat));
  }
  serveWaiters(step);
  return true;
}

function parseOne<E>(seat: SharedReader<E>, now: Time, record: WalRecord): 'parsed' | 'wait' | 'gap' {
  const outcome = takeRecord(seat, record, seat.end);
  if (outcome !== 'taken') return outcome;
  const { lsn, pages, length } = record;
  seat.end += length;
  if (lsn > seat.readyLsn) noteLock(seat, now, record);
  for (const page of pages) if (!seat.changed.has(page)) seat.changed.set(page, lsn);
  return 'parsed';
}

/** One record, which lies at `position`. `parsed`: it was before. */
export function takeRecord<E>(
  seat: SharedReader<E>,
  { lsn, prevLsn, mtrEnd, pages, length, ddl }: WalRecord,
  position: WalPosition,
): 'taken' | 'parsed' | 'wait' | 'gap' {
  const { parser, index, config } = seat;
  const frames = isUnmarked(seat) ? NO_FRAMES : seat.frames;
  if (index === null || lsn <= parser.parsedLsn) return 'parsed';
  const records = [{ lsn, prevLsn, mtrEnd, kind: 'redo', pages }] as const;
  const parsed = parseRecords(parser, index, frames, records, config.broken);
  if (parsed.kind === 'LOGINDEX_WAIT') return 'wait';
  if (parsed.kind === 'JOURNAL_GAP') return 'gap';
  seat.places.set(lsn, { position, length });
  noteGone(seat.gone, lsn, ddl);
  if (pages.some((page) => page !== VOLUME_KEY)) seat.hasData = true;
  return 'taken';
}
