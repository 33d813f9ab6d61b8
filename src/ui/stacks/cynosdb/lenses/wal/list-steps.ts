// What changed between two states of a status list, item by item (HOLE-4, 11, 13): opened, asked for, no longer asked
// for, filled, and the items that were split or merged on the way. Pure.

import type { TraceKind } from '../../../../../core/kernel/trace.ts';
import type { RunView } from '../../../../../core/log-store/store-view.ts';
import type { ListedEvent } from '../../../../../run-model/picture/frame.ts';

export type ListChangeKind = 'opened' | 'sent' | 'unsent' | 'filled' | 'data' | 'split' | 'merged';

export interface ListChange {
  readonly kind: ListChangeKind;
  readonly first: number;
  readonly end: number;
}

type State = 'data' | 'hole' | 'sent' | 'end';

const stateOf = (run: RunView | undefined): State => {
  if (run === undefined) return 'end';
  if (run.type === 'hole') return run.sent ? 'sent' : 'hole';
  return run.type;
};

function kindOf(before: State, after: State): ListChangeKind | null {
  if (before === after || after === 'end') return null;
  if (after === 'data') return before === 'end' ? 'data' : 'filled';
  if (after === 'sent') return 'sent';
  return before === 'sent' ? 'unsent' : 'opened';
}

const runAt = (runs: readonly RunView[], lsn: number): RunView | undefined =>
  runs.find(({ first, end }) => first <= lsn && lsn < end);

/** Items of `one` that lie within an item of `other`, two or more to one. */
function dividedIn(
  one: readonly RunView[],
  other: readonly RunView[],
  kind: 'split' | 'merged',
): ListChange[] {
  return other.flatMap(({ first, end, type }) => {
    if (type === 'end') return [];
    const parts = one.filter((run) => run.type !== 'end' && run.first < end && first < run.end);
    return parts.length > 1 ? [{ kind, first, end }] : [];
  });
}

/** Both lists from the first LSN that both show. */
export function diffLists(before: readonly RunView[], after: readonly RunView[]): readonly ListChange[] {
  const from = Math.max(before[0]?.first ?? 0, after[0]?.first ?? 0);
  const clip = (runs: readonly RunView[]): readonly RunView[] =>
    runs.filter(({ end }) => end > from).map((run) => ({ ...run, first: Math.max(run.first, from) }));
  const [old, now] = [clip(before), clip(after)];
  const edges = [...new Set([...old, ...now].flatMap(({ first, end }) => [first, end]))].sort(
    (a, b) => a - b,
  );
  const changes: ListChange[] = [];
  edges.slice(0, -1).forEach((first, i) => {
    const end = edges[i + 1] ?? first;
    const kind = kindOf(stateOf(runAt(old, first)), stateOf(runAt(now, first)));
    if (kind === null) return;
    const previous = changes.at(-1);
    if (previous?.kind === kind && previous.end === first) changes[changes.length - 1] = { ...previous, end };
    else changes.push({ kind, first, end });
  });
  return [...changes, ...dividedIn(now, old, 'split'), ...dividedIn(old, now, 'merged')];
}

export interface ListStep {
  /** Virtual time of the picture that showed it first. */
  readonly at: number;
  readonly before: readonly RunView[];
  readonly after: readonly RunView[];
  readonly changes: readonly ListChange[];
}

const isTouched = ({ changes }: ListStep, run: RunView): boolean =>
  changes.some(({ first, end }) => run.first < end && first < run.end);

/** Items that a step touched, and those that lie next to what it changed. */
export function itemsNear(
  step: ListStep,
  runs: readonly RunView[],
): readonly { readonly run: RunView; readonly isTouched: boolean }[] {
  return runs
    .map((run) => ({ run, isTouched: isTouched(step, run) }))
    .filter(
      ({ run, isTouched: is }, i, all) =>
        is ||
        all[i - 1]?.isTouched === true ||
        all[i + 1]?.isTouched === true ||
        step.changes.some(({ first, end }) => run.end === first || run.first === end),
    );
}

/** What changes a list, or comes of its holes. */
const ofLists: Readonly<Record<Extract<TraceKind, `hole.${string}`> | 'wal.durable', true>> = {
  'hole.answer': true,
  'hole.closed': true,
  'hole.fill': true,
  'hole.ignored': true,
  'hole.open': true,
  'hole.rebuild': true,
  'hole.restore': true,
  'hole.saved': true,
  'hole.sent': true,
  'hole.serve': true,
  'hole.split': true,
  'hole.timeout': true,
  'wal.durable': true,
};
export const stepKinds = Object.keys(ofLists) as readonly (keyof typeof ofLists)[];

/** What a node did between two states of its list of a group, in the order of the run. */
export const eventsOfStep = (
  events: readonly ListedEvent[],
  {
    node,
    group,
    from,
    to,
  }: { readonly node: string; readonly group: string; readonly from: number; readonly to: number },
): readonly ListedEvent[] =>
  events
    .filter(
      (listed) =>
        listed.node === node &&
        listed.at > from &&
        listed.at <= to &&
        listed.event.kind in ofLists &&
        'group' in listed.event &&
        listed.event.group === group,
    )
    .sort((a, b) => a.index - b.index);

/** Steps kept. */
const stepLimit = 60;

/** The steps with the newest state added, when it differs from the last one. */
export function addStep(
  steps: readonly ListStep[],
  last: readonly RunView[] | null,
  runs: readonly RunView[],
  at: number,
): readonly ListStep[] {
  if (last === null) return steps;
  const changes = diffLists(last, runs);
  return changes.length === 0
    ? steps
    : [...steps, { at, before: last, after: runs, changes }].slice(-stepLimit);
}
