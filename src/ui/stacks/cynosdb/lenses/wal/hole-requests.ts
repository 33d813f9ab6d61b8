// The requests of one hole (HOLE-21, 22, 24, 36): a hole that is asked for in parts, of several peers, is one stretch of the log again once all
// of them are filled. Each stretch with its parts, what of it has come, and what nobody is asked for. Pure.

import type { Range } from '../../../../../base/ids.ts';
import type { StoreGroupView } from '../../../../../core/log-store/store-view.ts';

export interface RequestPart {
  readonly id: string;
  readonly peer: string;
  readonly first: number;
  readonly end: number;
  /** The lowest position of it that is still missing. */
  readonly at: number;
}

export interface HoleRun {
  readonly first: number;
  readonly end: number;
  readonly kind: 'data' | 'hole' | 'sent';
}

/** `[first, end)`: gaps of requests and what is missing beside them. */
export interface AskedHole {
  readonly first: number;
  readonly end: number;
  readonly runs: readonly HoleRun[];
  /** Ascending. */
  readonly parts: readonly RequestPart[];
}

type List = Pick<StoreGroupView, 'lowestHoles' | 'requests' | 'nwl'>;

const isIn = (ranges: readonly Range[], lsn: number): boolean =>
  ranges.some(([first, end]) => first <= lsn && lsn < end);

/** The stretch as its list has it: what is missing is asked for where a request has it (HOLE-24). */
function runsOf(first: number, end: number, missing: readonly Range[], gaps: readonly Range[]): HoleRun[] {
  const edges = new Set([first, end, ...[...missing, ...gaps].flat()]);
  const inside = [...edges].filter((lsn) => first <= lsn && lsn <= end).sort((a, b) => a - b);
  const runs: HoleRun[] = [];
  inside.slice(0, -1).forEach((from, i) => {
    const to = inside[i + 1] ?? end;
    const kind = !isIn(missing, from) ? 'data' : isIn(gaps, from) ? 'sent' : 'hole';
    const before = runs.at(-1);
    if (before?.kind === kind) runs[runs.length - 1] = { ...before, end: to };
    else runs.push({ first: from, end: to, kind });
  });
  return runs;
}

/** Holes that are asked for, ascending. */
export function askedHoles({ lowestHoles, requests, nwl }: List): readonly AskedHole[] {
  const gaps = requests.map(({ gapFirst, gapEnd }): Range => [gapFirst, gapEnd]);
  // Above its newest record a list counts no hole, but may ask.
  const above = requests
    .map(({ gapEnd, curGapPos }): Range => [Math.max(curGapPos, nwl + 1), gapEnd])
    .filter(([first, end]) => first < end);
  const missing = [...lowestHoles, ...above];
  const stretches: [first: number, end: number][] = [];
  for (const [first, end] of [...missing, ...gaps].sort((a, b) => a[0] - b[0])) {
    const before = stretches.at(-1);
    if (before === undefined || first > before[1]) stretches.push([first, end]);
    else before[1] = Math.max(before[1], end);
  }
  return stretches.flatMap(([first, end]) => {
    const parts = requests
      .filter(({ gapFirst, gapEnd }) => first <= gapFirst && gapEnd <= end)
      .sort((a, b) => a.gapFirst - b.gapFirst)
      .map(({ id, peer, gapFirst, gapEnd, curGapPos }) => ({
        id,
        peer,
        first: gapFirst,
        end: gapEnd,
        at: curGapPos,
      }));
    return parts.length === 0 ? [] : [{ first, end, runs: runsOf(first, end, missing, gaps), parts }];
  });
}
