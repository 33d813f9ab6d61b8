// Wall-clock performance meter: events a second and how long the slow pictures take. The only
// numbers of lens 4.11 that another machine has otherwise.

import { createStore } from 'zustand/vanilla';
import type { Values } from '../../plot/chart-shape.ts';

/** One picture that the browser drew: when, and how many events the run had by then. */
export interface Drawn {
  /** Wall ms. */
  readonly at: number;
  readonly traced: number;
}

export interface Meter {
  readonly eventsPerSecond: number;
  /** 95 of 100 pictures took at most this, ms; null before the second one. */
  readonly frameP95Ms: number | null;
}

/** Wall ms that the meter looks back. */
export const meterSpanMs = 2000;

export function keepDrawn(before: readonly Drawn[], one: Drawn): readonly Drawn[] {
  const last = before.at(-1);
  // Another run begins with fewer events: nothing of the old one counts.
  const kept = last !== undefined && one.traced < last.traced ? [] : before;
  return [...kept.filter(({ at }) => one.at - at <= meterSpanMs), one];
}

export function readMeter(drawn: readonly Drawn[]): Meter {
  const first = drawn[0];
  const last = drawn.at(-1);
  if (first === undefined || last === undefined || last.at <= first.at)
    return { eventsPerSecond: 0, frameP95Ms: null };
  const took = drawn
    .slice(1)
    .map(({ at }, i) => at - (drawn[i]?.at ?? at))
    .sort((a, b) => a - b);
  return {
    eventsPerSecond: Math.round(((last.traced - first.traced) * 1000) / (last.at - first.at)),
    frameP95Ms: took[Math.min(took.length - 1, Math.floor(took.length * 0.95))] ?? null,
  };
}

/** A reading at a wall time, ms. */
export interface Reading extends Meter {
  readonly at: number;
}

/** Readings that are kept: four a second for two minutes of this visit, as long as the lens is open. */
export const readingLimit = 480;

export const readingsStore = createStore<{ readonly list: readonly Reading[] }>(() => ({ list: [] }));

/** No part of the run: nothing that is saved, shared or exported with it has these. */
export const addReading = (reading: Reading): void =>
  readingsStore.setState(({ list }) => ({ list: [...list.slice(1 - readingLimit), reading] }));

/** Wall ms without a reading after which a line is broken: the lens was closed meanwhile. */
const gapMs = 2000;

/** Readings as samples over wall seconds before the newest; none stands for a stretch without readings. */
export function readingLine(
  list: readonly Reading[],
  numberOf: (reading: Reading) => number | null,
): { readonly at: readonly number[]; readonly values: Values } {
  const newest = list.at(-1)?.at ?? 0;
  const known = list.flatMap((reading) => {
    const value = numberOf(reading);
    return value === null ? [] : [{ at: (reading.at - newest) / 1000, value }];
  });
  const samples = known.flatMap((one, i) => {
    const before = known[i - 1];
    const isBroken = before !== undefined && (one.at - before.at) * 1000 > gapMs;
    return isBroken ? [{ at: before.at, value: null }, one] : [one];
  });
  return { at: samples.map(({ at }) => at), values: samples.map(({ value }) => value) };
}
