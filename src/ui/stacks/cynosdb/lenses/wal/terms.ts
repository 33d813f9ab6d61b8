// Terms of the log as a replica's history has them (WAL-53, 54): which LSNs belong to which term, which were annulled
// between two, and how far a replica's log counts in a recovery (WAL-51). Pure.

import type { Range } from '../../../../../base/ids.ts';

export interface TermEntry {
  readonly term: number;
  readonly startLsn: number;
  /** Last LSN of the term before it that is kept. */
  readonly prevEnd: number;
}

/** LSNs `[first, end)` of a term, or annulled before the term that follows. */
export interface TermSpan {
  readonly kind: 'term' | 'annulled';
  readonly term: number;
  readonly first: number;
  readonly end: number;
}

/** The spans that lie in the window, ascending. */
export function termSpans(history: readonly TermEntry[], [from, to]: Range): readonly TermSpan[] {
  const spans = history.flatMap(({ term, startLsn, prevEnd }, i): TermSpan[] => {
    const next = history[i + 1];
    const own: TermSpan = {
      kind: 'term',
      term,
      first: startLsn,
      end: next === undefined ? Number.MAX_SAFE_INTEGER : next.prevEnd + 1,
    };
    return i === 0 ? [own] : [{ kind: 'annulled', term, first: prevEnd + 1, end: startLsn }, own];
  });
  return spans
    .map((span) => ({ ...span, first: Math.max(span.first, from), end: Math.min(span.end, to) }))
    .filter(({ first, end }) => first < end);
}

/** The history with the highest tail term: what a recovery goes by. */
export const newestHistory = (all: readonly (readonly TermEntry[])[]): readonly TermEntry[] =>
  all.reduce((best, one) => ((one.at(-1)?.term ?? -1) > (best.at(-1)?.term ?? -1) ? one : best), []);

/** WAL-51: the SCL up to the first entry in which both histories differ. */
export function effectiveScl(scl: number, own: readonly TermEntry[], newest: readonly TermEntry[]): number {
  const longest = Math.max(own.length, newest.length);
  for (let i = 0; i < longest; i++) {
    const [a, b] = [own[i], newest[i]];
    if (a?.term === b?.term && a?.startLsn === b?.startLsn && a?.prevEnd === b?.prevEnd) continue;
    return Math.min(scl, a?.prevEnd ?? scl, b?.prevEnd ?? scl);
  }
  return scl;
}
