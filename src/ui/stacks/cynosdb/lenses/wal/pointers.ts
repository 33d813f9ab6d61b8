// What the pointers of a record prove (WAL-2, HOLE-8): which run of a replica an LSN lies in. Pure.

import type { RunKind } from '../../../../glyphs/run-shape.tsx';
import type { DrawnRun } from '../../../../model/runs.ts';

/** `hole` when the replica lacks the LSN, asked for or not; null outside of what is drawn. */
export function coveredBy(runs: readonly DrawnRun[], lsn: number): 'hole' | 'held' | null {
  const missing: readonly RunKind[] = ['hole', 'sent'];
  const run = runs.find(({ first, end }) => first <= lsn && lsn < end);
  if (run === undefined || run.kind === 'end' || run.kind === 'annulled') return null;
  return missing.includes(run.kind) ? 'hole' : 'held';
}

/** A pointer's letter, and where its arc ends. */
export interface ArcEnd {
  readonly letter: string;
  /** px. */
  readonly x: number;
  readonly isBroken: boolean;
}

/** Letters of arcs that end at one place, written once beside each other. */
export function lettersAt(
  ends: readonly ArcEnd[],
): readonly { readonly x: number; readonly text: string; readonly isBroken: boolean }[] {
  const places = [...new Set(ends.map(({ x }) => x))];
  return places.map((x) => {
    const own = ends.filter((end) => end.x === x);
    return {
      x,
      text: own.map(({ letter, isBroken }) => (isBroken ? `${letter}?` : letter)).join(' '),
      isBroken: own.some(({ isBroken }) => isBroken),
    };
  });
}
