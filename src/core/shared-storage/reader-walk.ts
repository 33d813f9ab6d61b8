// Background replay of a reader (docs/spec/logindex.md LI-39): it walks the entries of LogIndex behind applyLsn, so that old entries and WAL may go.

import type { Lsn } from '../../base/ids.ts';
import { startWalk, stepWalk, type Walk } from '../logindex/find.ts';
import { backgroundStep } from '../logindex/replay.ts';
import type { Entry } from '../logindex/table.ts';
import type { Call } from '../pfs/mount-state.ts';
import { isPinned, type ReplayStep } from './page-replay.ts';
import { requestPage } from './reader-load.ts';

export interface BackgroundWalk {
  readonly walk: Walk;
  /** `next` takes the next entry · `entry` waits until this one may be passed · `end` nothing is there until more is parsed. */
  at: { readonly kind: 'next' | 'end' } | ({ readonly kind: 'entry' } & Entry);
}

/** It begins when a record is parsed. */
export const makeWalk = (from: Lsn): BackgroundWalk => ({ walk: startWalk(from), at: { kind: 'end' } });

/** More is parsed. */
export function resumeWalk(background: BackgroundWalk): void {
  if (background.at.kind === 'end') background.at = { kind: 'next' };
}

/** Entries that background replay passes in one step of the node. */
const WALK_ENTRIES = 512;

/** What background replay reads now, or null: it has gone as far as it can. */
export function nextWalk(
  step: ReplayStep,
  background: BackgroundWalk,
  bytes: Uint8Array | null,
): Call | null {
  const { replay } = step;
  const { applyLsn } = replay.parser;
  for (let i = 0, given = bytes; i < WALK_ENTRIES; i++, given = null) {
    const { at } = background;
    if (at.kind === 'end') return null;
    const next = at.kind === 'entry' ? at : stepWalk(replay.index, background.walk, applyLsn, given);
    if (next.kind === 'read')
      return { kind: 'pread', file: next.path, offset: next.offset, length: next.length };
    if (next.kind === 'LOGINDEX_CORRUPT') return null;
    background.at = next;
    if (next.kind === 'end') {
      replay.bgReplayedLsn = Math.max(replay.bgReplayedLsn, applyLsn) as Lsn;
      return null;
    }
    if (!passEntry(step, next)) return null;
    background.at = { kind: 'next' };
  }
  return null;
}

/** LSNs that it may be behind, so that statements' pages are read in between. */
const PINNED_LAG = 256;

/** False: the entry has to wait. */
function passEntry({ replay, work }: ReplayStep, { page, lsn }: Entry): boolean {
  const { cache, consistentLsn, parser } = replay;
  replay.bgReplayedLsn = Math.max(replay.bgReplayedLsn, lsn - 1) as Lsn;
  const frame = cache.get(page);
  const due = backgroundStep(frame, lsn, consistentLsn, { isPinned: isPinned(page), isPromoting: false });
  if (due === 'wait') return false;
  if (due === 'replay' && frame?.kind === 'built' && frame.completeLsn < lsn) {
    if (isPinned(page) && parser.applyLsn - frame.completeLsn < PINNED_LAG) return false;
    requestPage(work, { page, rp: null, isBackground: true });
    return false;
  }
  if (due === 'evict') cache.delete(page);
  return true;
}
