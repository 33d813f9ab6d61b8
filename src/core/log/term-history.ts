// The term history (docs/spec/terms.md §5): which writer's records are the true ones at each LSN (HOLE-44, WAL-73).

import type { Lsn, Term } from '../../base/ids.ts';
import type { HistoryEntry } from '../kernel/fields.ts';

/** Longest history a replica accepts; one entry per recovery that left something. */
export const MAX_HISTORY = 10_000;

/** HOLE-44: the term that owns position `lsn`, or null where a recovery annulled it (or nothing begins so low). */
export function termAt(history: readonly HistoryEntry[], lsn: number): Term | null {
  let low = 0;
  let high = history.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((history[middle] as HistoryEntry).startLsn <= lsn) low = middle + 1;
    else high = middle;
  }
  const entry = history[low - 1];
  if (!entry) return null;
  const next = history[low];
  return next && next.prevEnd < lsn ? null : entry.term;
}

/** WAL-73: ascending in term and startLsn, nothing kept above its own start, and ending in the token that installs it. */
export function isHistoryOf(history: readonly HistoryEntry[], token: Term): boolean {
  if (history.length === 0 || history.length > MAX_HISTORY) return false;
  let before: HistoryEntry | null = null;
  for (const entry of history) {
    if (entry.prevEnd >= entry.startLsn) return false;
    if (before && (entry.term <= before.term || entry.startLsn <= before.startLsn)) return false;
    before = entry;
  }
  return before?.term === token;
}

/** The annulled ranges that a history declares: `[prevEnd + 1, startLsn)` of each entry, where not empty. */
export function annulledRanges(history: readonly HistoryEntry[]): (readonly [first: Lsn, end: Lsn])[] {
  const ranges: (readonly [Lsn, Lsn])[] = [];
  for (const { prevEnd, startLsn } of history)
    if (prevEnd + 1 < startLsn) ranges.push([(prevEnd + 1) as Lsn, startLsn]);
  return ranges;
}
