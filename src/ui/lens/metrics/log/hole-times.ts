// Open times of holes (HOLE-8 to HOLE-36), from what the stores traced: a hole opens with `hole.open`, or, at the end
// of a log, with the first request for it; its parts go with `hole.fill` or with late records of the writer, and what a
// history annuls was never filled.

import { countBefore } from '../../../../base/sorted.ts';
import type { ListedEvent } from '../../../../run-model/picture/frame.ts';
import type { Columns } from '../../../../state/metrics-store.ts';
import type { LaneSpan } from '../../../model/timeline-lane.ts';

export interface HoleTime {
  readonly node: string;
  readonly group: string;
  /** LSNs `[first, end)` when it was found. */
  readonly first: number;
  readonly end: number;
  /** Virtual µs. */
  readonly openedAt: number;
  /** Null while it is open. */
  readonly filledAt: number | null;
}

interface OpenHole extends HoleTime {
  readonly parts: readonly (readonly [first: number, end: number])[];
}

/** What is left of the parts without `[first, end)`. */
const without = (parts: OpenHole['parts'], first: number, end: number): OpenHole['parts'] =>
  parts.flatMap(([from, to]) =>
    (
      [
        [from, Math.min(to, first)],
        [Math.max(from, end), to],
      ] as const
    ).filter(([low, high]) => low < high),
  );

export const holeKinds = [
  'hole.open',
  'hole.sent',
  'hole.fill',
  'mark.scl',
  'hole.closed',
  'hole.rebuild',
  'wal.durable',
  'recovery.history',
  'base.installed',
  'member.dropped',
] as const;

/** Every hole whose opening is among the events, in the order in which they ended; the open ones last. */
export function holeTimes(events: readonly ListedEvent[]): readonly HoleTime[] {
  const filled: HoleTime[] = [];
  let open: readonly OpenHole[] = [];
  /** Records of the writer that became durable last at a replica: a hole may be closed by them. */
  const late = new Map<string, { readonly at: number; readonly first: number; readonly end: number }>();
  for (const { event, node, at } of events) {
    if (!('group' in event)) continue;
    const { group } = event;
    const isHere = (hole: OpenHole): boolean => hole.node === node && hole.group === group;
    const change = (next: (hole: OpenHole) => OpenHole | 'filled' | 'gone'): void => {
      if (!open.some(isHere)) return;
      open = open.flatMap((hole) => {
        if (!isHere(hole)) return [hole];
        const became = next(hole);
        if (became === 'filled') filled.push(timed(hole, at));
        return typeof became === 'string' ? [] : [became];
      });
    };
    switch (event.kind) {
      case 'hole.open':
      case 'hole.sent': {
        const { first, end } = event;
        const isKnown = open.some((hole) => isHere(hole) && hole.first < end && first < hole.end);
        if (isKnown) break;
        open = [...open, { node, group, first, end, openedAt: at, filledAt: null, parts: [[first, end]] }];
        break;
      }
      case 'wal.durable':
        if (event.source === 'writer' && event.lsns.length > 0)
          late.set(`${node}/${group}`, {
            at,
            first: Math.min(...event.lsns),
            end: Math.max(...event.lsns) + 1,
          });
        break;
      case 'hole.fill':
        change((hole) => {
          const parts = without(hole.parts, event.first, event.end);
          return parts.length === 0 ? 'filled' : { ...hole, parts };
        });
        break;
      case 'hole.closed': {
        const came = late.get(`${node}/${group}`);
        change((hole) => {
          const isBelow = hole.end <= event.ncl + 1;
          const isLate = came?.at === at && came.first < hole.end && hole.first < came.end;
          return isBelow || isLate ? 'filled' : hole;
        });
        break;
      }
      case 'mark.scl':
        // Nothing is missing below: late records came to the end of the log, where no list tells of a hole closed.
        change((hole) => (hole.end <= event.value + 1 ? 'filled' : hole));
        break;
      case 'hole.rebuild':
        change((hole) => (hole.end <= event.ncl + 1 ? 'filled' : event.holes === 0 ? 'gone' : hole));
        break;
      case 'base.installed':
        change((hole) => (hole.end <= event.base + 1 ? 'filled' : hole));
        break;
      case 'recovery.history':
        change((hole) => (hole.first > event.prevEnd ? 'gone' : hole));
        break;
      case 'member.dropped':
        change(() => 'gone');
        break;
      default:
    }
  }
  return [...filled, ...open.map((hole) => timed(hole, null))];
}

const timed = ({ node, group, first, end, openedAt }: HoleTime, filledAt: number | null): HoleTime => ({
  node,
  group,
  first,
  end,
  openedAt,
  filledAt,
});

/** By sample: the slowest hole that was filled since the sample before, and the age of the oldest open one. */
export function holeColumns(timeMs: readonly number[], holes: readonly HoleTime[]): Columns {
  const fills: (number | null)[] = timeMs.map(() => null);
  const ages: number[] = timeMs.map(() => 0);
  for (const { openedAt, filledAt } of holes) {
    const to = filledAt === null ? timeMs.length : countBefore(timeMs, (ms) => ms < filledAt / 1000);
    if (filledAt !== null && to < timeMs.length)
      fills[to] = Math.max(fills[to] ?? 0, (filledAt - openedAt) / 1000);
    for (let i = countBefore(timeMs, (ms) => ms < openedAt / 1000); i < to; i++)
      ages[i] = Math.max(ages[i] ?? 0, (timeMs[i] ?? 0) - openedAt / 1000);
  }
  return { holeFillMs: fills, oldestHoleMs: ages };
}

/** For the timeline: from a hole's opening to its filling, filled once it is asked for; by their beginnings. */
export function holeSpans(events: readonly ListedEvent[]): readonly LaneSpan[] {
  const asked = events.filter(({ event }) => event.kind === 'hole.sent');
  return holeTimes(events)
    .map(({ node, group, first, end, openedAt, filledAt }) => ({
      key: `${node} ${group} ${first} ${openedAt}`,
      label: `${node} ${group} [${first},${end})`,
      from: openedAt,
      to: filledAt,
      isFilled: asked.some(
        ({ at, node: by, event }) =>
          event.kind === 'hole.sent' &&
          by === node &&
          event.group === group &&
          event.first < end &&
          first < event.end &&
          at >= openedAt &&
          (filledAt === null || at <= filledAt),
      ),
    }))
    .sort((a, b) => a.from - b.from);
}
