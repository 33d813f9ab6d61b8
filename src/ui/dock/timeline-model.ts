// What the timeline draws, from events alone: the steps of a gauge, spans, dots. Pure.

import { countBefore } from '../../base/sorted.ts';
import type { SteppedGauge } from '../../run-model/gauges/gauge.ts';
import { setsOf } from '../../run-model/gauges/gauges.ts';
import type { FaultFrame, ListedEvent } from '../../run-model/picture/frame.ts';
import type { PastPicture } from '../../run-model/recorder/past.ts';
import { gauges } from '../../stacks/gauges.ts';
import { wordsWidth } from '../kit/words-width.ts';
import type { LaneSpan } from '../model/timeline-lane.ts';

export interface Step {
  readonly at: number;
  readonly value: number;
}

/** Of nodes that are up, and what those that are down said last; null: nothing. */
interface ShownValues {
  readonly live: number | null;
  readonly down: number | null;
}

/**
 * What lanes are drawn from: the events of their kinds in a stretch that begins before what is shown; all of those after
 * `eventsSince`, and of older ones what is still known.
 */
export type LanesPast = Pick<PastPicture, 'from' | 'events' | 'eventsSince'>;

/** Virtual µs from which on the lanes are drawn whole. */
export const wholeSince = ({ from, eventsSince }: LanesPast): number => Math.max(from, eventsSince);

/** When a gauge was set in the stretch, and to what. */
export const gaugeSets = (gauge: SteppedGauge, { events }: LanesPast, volume: string): readonly Step[] =>
  setsOf(gauges, gauge, events, volume);

/**
 * A gauge over time: what set it, ended by its value now (below zero: it has none). While nobody who is up says one it is what was
 * heard last. Where nothing set it `since` a time after which all is known, it was that all the time.
 */
export function gaugeSteps(
  sets: readonly Step[],
  since: number,
  { live, down }: ShownValues,
  now: number,
): readonly Step[] {
  const steps = sets.slice(
    0,
    countBefore(sets, ({ at }) => at <= now),
  );
  const last = live ?? steps.at(-1)?.value ?? down ?? -1;
  if (last < 0) return steps;
  const stood = steps.length === 0 && live !== null && since > 0 && since < now;
  return [...(stood ? [{ at: since, value: last }] : steps), { at: now, value: last }];
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly x: (us: number) => number;
}

export interface StepNumber {
  readonly x: number;
  readonly y: number;
  readonly value: number;
  readonly words: string;
}

/** px of a letter of a name or a number. */
const letter = 7.3;
/** px between a number and the next tread. */
const numberRoom = 8;

/** What of the staircase is drawn: from the step before the window. */
function stepsInside(steps: readonly Step[], { from, to }: Span): readonly Step[] {
  const first = countBefore(steps, (step) => step.at < from);
  const before = steps[first - 1];
  const inside = steps.slice(
    first,
    countBefore(steps, (step) => step.at <= to),
  );
  return before === undefined ? inside : [{ at: from, value: before.value }, ...inside];
}

function heightOf(drawn: readonly Step[], top: number, height: number): (value: number) => number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { value } of drawn) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const range = Math.max(1, high - low);
  return (value) => top + height - ((value - low) / range) * height;
}

/** The value where each tread begins, as far as the treads are long enough to write it on; behind the last one, where it fits, a note. */
export function stepNumbers(
  steps: readonly Step[],
  span: Span,
  top: number,
  height: number,
  note = '',
): readonly StepNumber[] {
  const drawn = stepsInside(steps, span);
  const y = heightOf(drawn, top, height);
  const treads = drawn.filter(({ value }, i) => value !== drawn[i - 1]?.value);
  return treads.flatMap(({ at, value }, i) => {
    const end = span.x(treads[i + 1]?.at ?? span.to);
    const x = span.x(at);
    // Most treads of a busy run are too short for one digit.
    if (end - x < letter + numberRoom) return [];
    const fits = (words: string): boolean => wordsWidth(words, letter) + numberRoom <= end - x;
    const noted = i === treads.length - 1 && note !== '' ? `${value} · ${note}` : `${value}`;
    const words = fits(noted) ? noted : `${value}`;
    return fits(words) ? [{ x, y: y(value), value, words }] : [];
  });
}

/** A staircase within `height` px below `top`, scaled to the values in the window. */
export function stepPath(steps: readonly Step[], span: Span, top: number, height: number): string {
  const drawn = stepsInside(steps, span);
  const heightAt = heightOf(drawn, top, height);
  return drawn
    .map(({ at, value }, i) => {
      const y = heightAt(value).toFixed(1);
      const x = span.x(at).toFixed(1);
      return i === 0 ? `M${x} ${y}` : `H${x}V${y}`;
    })
    .join('');
}

/** px between two dots that can still be distinguished. */
const dotStep = 2;
const dotRadius = 5;

/** A dot for each event in the window, one for those that lie on each other. */
export function eventDots(events: readonly ListedEvent[], { from, to, x }: Span, y: number): string {
  const dots: string[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let i = countBefore(events, ({ at }) => at < from); i < events.length; i++) {
    const at = events[i]?.at ?? to;
    const middle = x(at);
    if (at > to) break;
    if (middle - last < dotStep) continue;
    last = middle;
    dots.push(
      `M${(middle - dotRadius).toFixed(1)} ${y}a${dotRadius} ${dotRadius} 0 1 0 ${2 * dotRadius} 0a${dotRadius} ${dotRadius} 0 1 0 ${-2 * dotRadius} 0z`,
    );
  }
  return dots.join('');
}

export interface PlacedSpan {
  readonly span: LaneSpan;
  readonly row: number;
  readonly x: number;
  readonly width: number;
  /** Where its name stands: left of the bar, where its row has room; else in it, where that has; null: nowhere. */
  readonly name: 'before' | 'inside' | null;
}

/** px between what stands in one row. */
const apart = 8;

/** Spans that are drawn: the newest. */
const spansShown = 24;

/** Each span in the first row where nothing is in its way; with its name before it if there is room for it as well. */
export function placeSpans(
  spans: readonly LaneSpan[],
  now: number,
  { from, to, x }: Span,
  rows: number,
): readonly PlacedSpan[] {
  const ends = Array.from({ length: rows }, () => x(from));
  const placed: PlacedSpan[] = [];
  const inside = spans.filter((span) => (span.to ?? now) >= from && span.from <= Math.min(to, now));
  for (const span of inside.slice(-spansShown)) {
    const start = x(Math.max(span.from, from));
    const width = Math.max(3, x(Math.min(span.to ?? now, to)) - start);
    const needed = wordsWidth(span.label, letter);
    const named = ends.findIndex((end) => end <= start - needed - apart);
    const free = ends.findIndex((end) => end <= start);
    const row = named >= 0 ? named : free >= 0 ? free : placed.length % rows;
    ends[row] = Math.max(ends[row] ?? 0, start + width + apart);
    const isInside = width > needed + 12;
    placed.push({ span, row, x: start, width, name: named >= 0 ? 'before' : isInside ? 'inside' : null });
  }
  return placed;
}

export interface PlacedFault {
  readonly fault: FaultFrame;
  readonly row: number;
  /** Where the next one of its row begins: its words may reach so far. */
  readonly next: number | null;
}

/** Rows of faults at most: more at a time share the last one. */
const faultRows = 3;

/** Faults that are in force together stand below each other. Only those that reach into the window. */
export function placeFaults(
  faults: readonly FaultFrame[],
  { from, to }: Pick<Span, 'from' | 'to'>,
): readonly PlacedFault[] {
  const ends: number[] = [];
  const placed: { fault: FaultFrame; row: number; next: number | null }[] = [];
  for (const fault of faults) {
    const until = fault.until ?? Number.POSITIVE_INFINITY;
    if (until < from || fault.at > to) continue;
    const free = ends.findIndex((end) => end <= fault.at);
    const row = Math.min(free < 0 ? ends.length : free, faultRows - 1);
    const before = placed.findLast((one) => one.row === row);
    if (before !== undefined) before.next = fault.at;
    // Two at one instant would cover each other's words as well.
    ends[row] = Math.max(until, fault.at + 1);
    placed.push({ fault, row, next: null });
  }
  return placed;
}
