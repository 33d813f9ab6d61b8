// Pages of a reader of shared storage: which records are applied on which image, and when (LI-36 … LI-39, LI-52). Lazy replay brings a
// page to applyLsn when it is read; background replay walks LogIndex behind it, so that old entries and WAL may go.

import { assert, present } from '../../base/assert.ts';
import { type Lsn, MAX } from '../../base/ids.ts';
import type { PageKey } from '../page/page-key.ts';

interface Outdatable {
  /** OUTDATE: LogIndex has records of the page above what its frame has. */
  isOutdated: boolean;
}

interface Placed extends Outdatable {
  /** LSN of the last record applied. */
  readonly pageLsn: Lsn;
  /** Every record of the page at or below it is applied. */
  readonly completeLsn: Lsn;
}

/** READ_IO_END, and not REPLAYING. */
export interface BuiltFrame extends Placed {
  readonly kind: 'built';
  /** Null: a page that was never stored. */
  readonly image: Uint8Array | null;
}

/** `asked` its image is on its way, and parsing marks it from now on · `replaying` who replays it has its image. */
export type ReplayFrame =
  | ({ readonly kind: 'asked' } & Outdatable)
  | ({ readonly kind: 'replaying' } & Placed)
  | BuiltFrame;

/** In the order in which the pages came. */
export type PageCache = Map<PageKey, ReplayFrame>;

export type ReadStep = 'load' | 'wait' | 'replay' | 'use';

/** What a read at `applyLsn` does with the page. A page that was replayed is asked again: it may be behind by now. */
export function readStep(frame: ReplayFrame | undefined, applyLsn: Lsn): ReadStep {
  if (frame === undefined) return 'load';
  if (frame.kind !== 'built') return 'wait';
  return frame.isOutdated && frame.completeLsn < applyLsn ? 'replay' : 'use';
}

/** Begins a replay on what the frame has, or on an image that came: OUTDATE goes, and comes again with the next record. */
export function beginReplay(cache: PageCache, page: PageKey, pageLsn: Lsn): void {
  const frame = present(cache.get(page), 'the frame of a page that is replayed');
  assert(frame.kind !== 'replaying', 'a page is replayed by one');
  const completeLsn = frame.kind === 'built' ? frame.completeLsn : (0 as Lsn);
  cache.set(page, { kind: 'replaying', pageLsn, completeLsn, isOutdated: false });
}

/** LI-38: of the page's records up to the last parsed one, those to apply now. */
export const recordsToApply = (pageLsn: Lsn, applyLsn: Lsn, found: readonly Lsn[]): readonly Lsn[] =>
  found.filter((lsn) => lsn > pageLsn && lsn <= applyLsn);

/** `found` as for `recordsToApply`. Records above applyLsn, of an MTR whose end has not come, leave the page OUTDATE. */
export function endReplay(
  cache: PageCache,
  page: PageKey,
  applyLsn: Lsn,
  found: readonly Lsn[],
  image: Uint8Array | null,
): BuiltFrame {
  const frame = cache.get(page);
  assert(frame?.kind === 'replaying', 'a replay ends that began');
  const pageLsn = recordsToApply(frame.pageLsn, applyLsn, found).at(-1) ?? frame.pageLsn;
  const isOutdated = frame.isOutdated || (found.at(-1) ?? 0) > applyLsn;
  const built: BuiltFrame = { kind: 'built', image, pageLsn, completeLsn: applyLsn, isOutdated };
  cache.set(page, built);
  return built;
}

export type BackgroundStep = 'skip' | 'wait' | 'evict' | 'replay' | 'load';

/**
 * LI-39: what background replay does about one entry. It waits for a page that is being read or replayed: who replays it may stop
 * below the entry, and afterwards nothing would hold the entry. While a promoted reader replays (LI-70), pages that are not here
 * are loaded: what the old writer had not stored is nowhere else.
 */
export function backgroundStep(
  frame: ReplayFrame | undefined,
  lsn: Lsn,
  consistentLsn: Lsn,
  use: { readonly isPinned: boolean; readonly isPromoting: boolean },
): BackgroundStep {
  if (frame === undefined) return use.isPromoting ? 'load' : 'skip';
  if (frame.kind !== 'built') return 'wait';
  if (frame.pageLsn >= lsn) return 'skip';
  return consistentLsn > frame.pageLsn && !use.isPinned && !use.isPromoting ? 'evict' : 'replay';
}

/**
 * What a reader still needs of LogIndex, as it reports it: entries from this LSN on. A replay that begins after the report starts
 * at the consistentLsn that is known by then or above, hence that bound; `replayStarts` are those of replays in progress: the
 * consistentLsn known when the image was asked for.
 */
export function minUsedLsn(bgReplayedLsn: Lsn, consistentLsn: Lsn, replayStarts: Iterable<Lsn>): Lsn {
  let least: number = Math.min(bgReplayedLsn, consistentLsn, MAX);
  for (const start of replayStarts) least = Math.min(least, start);
  return least as Lsn;
}
