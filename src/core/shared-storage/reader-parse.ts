// Metadata of WAL at a reader (docs/spec/logindex.md LI-34, LI-35): entries of LogIndex, flags of pages, where each record lies; applyLsn moves at
// the end of each MTR. What a full LogIndex has no room for waits for the writer's next tables (LI-26).

import type { Lsn, Time } from '../../base/ids.ts';
import { trace } from '../kernel/context.ts';
import type { NodeConfig } from '../kernel/door.ts';
import { has } from '../kernel/mutants.ts';
import { parseRecords } from '../logindex/wal-meta.ts';
import { type PageKey, VOLUME_KEY } from '../page/page-key.ts';
import { noteGone } from './gone-relations.ts';
import type { WalRecord } from './messages.ts';
import type { PageReplay } from './page-replay.ts';
import { noteLock } from './reader-ddl.ts';
import { bindReader } from './reader-ports.ts';
import { serveWaiters } from './reader-requests.ts';
import type { ReaderStep } from './reader-step.ts';
import { resumeWalk } from './reader-walk.ts';
import type { ReadyReader } from './shared-reader.ts';
import type { WalPosition } from './wal-file.ts';

const NO_PAGES: PageReplay['cache'] = new Map();

/** Named deviation (M173): records mark no page that is cached. */
const isUnmarked = ({ mutants }: NodeConfig): boolean => has(mutants, 'shared.no-outdate');

/** False: records are missing, and the reader registers again. */
export function parse<E>(step: ReaderStep<E>, ready: ReadyReader): boolean {
  const { attachment, reader, program, ctx } = step;
  const { config } = attachment;
  const { slot, changed } = ready;
  const { parser } = ready.replay;
  const before = parser.applyLsn;
  const moved = new Map<PageKey, Lsn>();
  let count = 0;
  for (const record of slot.early) {
    const outcome = parseOne(config, ready, ctx.now, record);
    if (outcome === 'gap') return false;
    if (outcome === 'wait') break;
    count++;
    if (!record.mtrEnd) continue;
    for (const [page, first] of changed) if (!moved.has(page)) moved.set(page, first);
    changed.clear();
  }
  slot.early.splice(0, count);
  if (parser.applyLsn === before) return true;
  const { applyLsn } = parser;
  const { volume } = config.cluster;
  trace(ctx, { kind: 'ro.applied', applyLsn, vdl: slot.durableLsn, applied: count, volume });
  resumeWalk(ready.walk);
  const cache = reader.readerCache(attachment.engine, ctx, bindReader(attachment));
  for (const [page, first] of isUnmarked(config) ? [] : moved) {
    cache.outdate(page, (first - 1) as Lsn);
    cache.released(page, applyLsn);
  }
  program.onVdl(attachment.engine, ctx, bindReader(attachment));
  serveWaiters(step);
  return true;
}

function parseOne(
  config: NodeConfig,
  ready: ReadyReader,
  now: Time,
  record: WalRecord,
): 'parsed' | 'wait' | 'gap' {
  const { replay, slot, changed } = ready;
  const outcome = takeRecord(replay, config, record, replay.end);
  if (outcome !== 'taken') return outcome;
  const { lsn, pages, length } = record;
  replay.end += length;
  if (lsn > slot.readyLsn) noteLock(ready, now, record);
  for (const page of pages) if (!changed.has(page)) changed.set(page, lsn);
  return 'parsed';
}

/** One record, which lies at `position`. `parsed`: it was before. */
export function takeRecord(
  replay: PageReplay,
  config: NodeConfig,
  { lsn, prevLsn, mtrEnd, pages, length, ddl }: WalRecord,
  position: WalPosition,
): 'taken' | 'parsed' | 'wait' | 'gap' {
  const { parser, index } = replay;
  const cache = isUnmarked(config) ? NO_PAGES : replay.cache;
  if (lsn <= parser.parsedLsn) return 'parsed';
  const records = [{ lsn, prevLsn, mtrEnd, kind: 'redo', pages }] as const;
  const parsed = parseRecords(parser, index, cache, records, config.mutants);
  if (parsed.kind === 'LOGINDEX_WAIT') return 'wait';
  if (parsed.kind === 'JOURNAL_GAP') return 'gap';
  replay.places.set(lsn, { position, length });
  noteGone(replay.gone, lsn, ddl);
  if (pages.some((page) => page !== VOLUME_KEY)) replay.hasData = true;
  return 'taken';
}
