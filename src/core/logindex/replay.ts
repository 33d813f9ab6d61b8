// Pages of a reader of shared storage: which records are applied on which image, and when (LI-36 … LI-39, LI-52). Lazy replay brings a
// page to applyLsn when it is read; background replay walks LogIndex behind it, so that old entries and WAL may go.

import { assert } from '../../base/assert.ts';
import { type Lsn, MAX } from '../../base/ids.ts';

export interface ReplayFrame {
  /** LSN of the last record applied; 0 while the image has not come. */
  pageLsn: Lsn;
  /** Every record of the page at or below it is applied. */
  completeLsn: Lsn;
  /** READ_IO_END: the image is here. */
  isRead: boolean;
  /** REPLAYING. */
  isReplaying: boolean;
  /** OUTDATE: LogIndex has records above pageLsn. */
  isOutdated: boolean;
}

/** A frame whose image is on its way: in the pool from now on, so that parsing marks it. */
export const makeFrame = (): ReplayFrame => ({
  pageLsn: 0 as Lsn,
  completeLsn: 0 as Lsn,
  isRead: false,
  isReplaying: false,
  isOutdated: false,
});

export type ReadStep = 'load' | 'wait' | 'replay' | 'use';

/** What a read at `applyLsn` does with the page. A page that was replayed is asked again: it may be behind by now. */
export function readStep(frame: ReplayFrame | undefined, applyLsn: Lsn): ReadStep {
  if (frame === undefined) return 'load';
  if (!frame.isRead || frame.isReplaying) return 'wait';
  return frame.isOutdated && frame.completeLsn < applyLsn ? 'replay' : 'use';
}

/** Begins a replay on what the frame has, or on an image that came: OUTDATE goes, and comes again with the next record. */
export function beginReplay(frame: ReplayFrame, pageLsn: Lsn): void {
  assert(!frame.isReplaying, 'a page is replayed by one');
  frame.pageLsn = pageLsn;
  frame.isRead = true;
  frame.isReplaying = true;
  frame.isOutdated = false;
}

/** LI-38: of the page's records up to the last parsed one, those to apply now. */
export const recordsToApply = (
  { pageLsn }: ReplayFrame,
  applyLsn: Lsn,
  found: readonly Lsn[],
): readonly Lsn[] => found.filter((lsn) => lsn > pageLsn && lsn <= applyLsn);

/** `found` as for `recordsToApply`. Records above applyLsn, of an MTR whose end has not come, leave the page OUTDATE. */
export function endReplay(frame: ReplayFrame, applyLsn: Lsn, found: readonly Lsn[]): void {
  assert(frame.isReplaying, 'a replay ends that began');
  frame.pageLsn = recordsToApply(frame, applyLsn, found).at(-1) ?? frame.pageLsn;
  frame.completeLsn = applyLsn;
  frame.isReplaying = false;
  if ((found.at(-1) ?? 0) > applyLsn) frame.isOutdated = true;
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
  if (!frame.isRead || frame.isReplaying) return 'wait';
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
