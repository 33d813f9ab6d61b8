// Status list of a replica as runs to draw: data, volatile, hole asked, hole not asked, END, clipped to a window. Above NWL
// there is nothing but END and what has been asked for: the tail hole that every list has is no fault,
// until a replica that was away asks its peers for what it missed.

import type { Range } from '../../base/ids.ts';
import type { RunView, StoreGroupView } from '../../core/log-store/store-view.ts';
import type { RunKind } from '../glyphs/run-shape.tsx';

export interface DrawnRun {
  readonly kind: RunKind;
  readonly first: number;
  readonly end: number;
  readonly request: string | null;
}

type ListPart = Pick<StoreGroupView, 'runs' | 'volatile' | 'ncl' | 'nwl'>;

function kindOf(run: RunView): RunKind {
  if (run.type === 'hole') return run.sent ? 'sent' : 'hole';
  return run.type;
}

/** Cuts `range` out of the runs and puts `kind` there. */
function overlay(runs: readonly DrawnRun[], [first, end]: Range, kind: RunKind): DrawnRun[] {
  const result: DrawnRun[] = [];
  for (const run of runs) {
    if (run.end <= first || run.first >= end || run.kind === 'data') {
      result.push(run);
      continue;
    }
    if (run.first < first) result.push({ ...run, end: first });
    if (run.end > end) result.push({ ...run, first: end });
  }
  result.push({ kind, first, end, request: null });
  return result.sort((a, b) => a.first - b.first);
}

export function groupRuns(
  group: ListPart,
  [from, to]: Range,
  veiled: Range | null = null,
): readonly DrawnRun[] {
  const known = group.nwl + 1;
  // A node that is down showed its list as far back as was asked then: below it there is data up to NCL.
  const listed = Math.min(group.runs[0]?.first ?? known, group.ncl + 1);
  let runs: DrawnRun[] = listed > from ? [{ kind: 'data', first: from, end: listed, request: null }] : [];
  for (const run of group.runs) {
    const kind = kindOf(run);
    if (kind === 'end' || (kind !== 'sent' && run.first >= known)) continue;
    const end = kind === 'hole' ? Math.min(run.end, known) : run.end;
    const before = runs.at(-1);
    if (kind === 'data' && before?.kind === 'data' && before.end === run.first)
      runs[runs.length - 1] = { ...before, end };
    else runs.push({ kind, first: run.first, end, request: run.request });
  }
  for (const range of group.volatile)
    if (veiled === null || range[1] <= veiled[0] || veiled[1] <= range[0])
      runs = overlay(runs, range, 'volatile');
  const drawnEnd = runs.reduce((most, run) => Math.max(most, run.end), known);
  runs.push({ kind: 'end', first: drawnEnd, end: Number.MAX_SAFE_INTEGER, request: null });
  return runs
    .filter((run) => run.end > from && run.first < to)
    .map((run) => ({ ...run, first: Math.max(run.first, from), end: Math.min(run.end, to) }))
    .filter((run) => run.end > run.first);
}

/** What outshows what when runs are too narrow to be drawn one by one. */
const weight: Readonly<Record<RunKind, number>> = {
  end: 0,
  data: 1,
  volatile: 2,
  annulled: 3,
  sent: 4,
  hole: 5,
};

/** Joins neighbours that are each narrower than `least` LSNs; a window of a million LSNs stays a few hundred shapes. */
export function coarseRuns(runs: readonly DrawnRun[], least: number): readonly DrawnRun[] {
  const drawn: DrawnRun[] = [];
  for (const run of runs) {
    const before = drawn.at(-1);
    const joins =
      before !== undefined &&
      before.end === run.first &&
      before.end - before.first < least &&
      run.end - run.first < least;
    if (!joins) {
      drawn.push(run);
      continue;
    }
    const kind = weight[run.kind] > weight[before.kind] ? run.kind : before.kind;
    drawn[drawn.length - 1] = { kind, first: before.first, end: run.end, request: null };
  }
  return drawn;
}
