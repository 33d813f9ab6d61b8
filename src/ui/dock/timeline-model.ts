// What the timeline draws, from events alone: the steps of VDL, spans of holes, ticks. Pure.

import type { ListedEvent } from '../../sim/frame.ts';

export interface Step {
  readonly at: number;
  readonly value: number;
}

/** VDL over time: its `mark.vdl` events, ended by the value now. */
export function vdlSteps(events: readonly ListedEvent[], vdl: number, now: number): readonly Step[] {
  const steps: Step[] = [];
  for (const { at, event } of events)
    if (event.kind === 'mark.vdl' && at <= now) steps.push({ at, value: event.value });
  if (vdl >= 0) steps.push({ at: now, value: vdl });
  return steps;
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly x: (us: number) => number;
}

/** A staircase within `height` px below `top`, scaled to the values in the window. */
export function stepPath(steps: readonly Step[], { from, to, x }: Span, top: number, height: number): string {
  const before = steps.filter((step) => step.at < from).at(-1);
  const inside = steps.filter((step) => step.at >= from && step.at <= to);
  const drawn = before === undefined ? inside : [{ at: from, value: before.value }, ...inside];
  const values = drawn.map((step) => step.value);
  const low = Math.min(...values);
  const range = Math.max(1, Math.max(...values) - low);
  return drawn
    .map(({ at, value }, i) => {
      const y = (top + height - ((value - low) / range) * height).toFixed(1);
      return i === 0 ? `M${x(at).toFixed(1)} ${y}` : `H${x(at).toFixed(1)}V${y}`;
    })
    .join('');
}

/** px between two commits that are still told apart. */
const dotStep = 2;
const dotRadius = 5;

/** A dot for each commit in the window, one for those that lie on each other. */
export function commitDots(commits: readonly ListedEvent[], { from, to, x }: Span, y: number): string {
  const dots: string[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const { at } of commits) {
    const middle = x(at);
    if (at < from || at > to || middle - last < dotStep) continue;
    last = middle;
    dots.push(
      `M${(middle - dotRadius).toFixed(1)} ${y}a${dotRadius} ${dotRadius} 0 1 0 ${2 * dotRadius} 0a${dotRadius} ${dotRadius} 0 1 0 ${-2 * dotRadius} 0z`,
    );
  }
  return dots.join('');
}

export interface HoleSpan {
  readonly key: string;
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly asked: boolean;
  /** LSNs when it was opened, `[first, last)`. */
  readonly first: number;
  readonly last: number;
}

/** From a hole's opening to its filling, or to now. */
export function findHoleSpans(events: readonly ListedEvent[], now: number): readonly HoleSpan[] {
  const open = new Map<string, HoleSpan>();
  const spans: HoleSpan[] = [];
  for (const { at, node, event, index } of events) {
    if (event.kind === 'hole.open') {
      const key = `${node} ${event.group} ${event.first}`;
      const label = `${node} ${event.group} [${event.first},${event.last})`;
      const { first, last } = event;
      open.set(key, { key: `${key} ${index}`, label, from: at, to: now, asked: false, first, last });
    } else if (event.kind === 'hole.sent') {
      for (const [key, span] of open)
        if (key.startsWith(`${node} ${event.group} `) && span.first < event.last && span.last > event.first)
          open.set(key, { ...span, asked: true });
    } else if (event.kind === 'hole.closed') {
      for (const [key, span] of open)
        if (key.startsWith(`${node} ${event.group} `)) {
          spans.push({ ...span, to: at });
          open.delete(key);
        }
    }
  }
  return [...spans, ...open.values()];
}

/** Round times to label, at most about ten in the window. */
export function timeTicks(from: number, to: number): readonly number[] {
  const rough = (to - from) / 9;
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = [1, 2, 5, 10].map((n) => n * magnitude).find((n) => n >= rough) ?? 10 * magnitude;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}
