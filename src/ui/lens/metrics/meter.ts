// Wall-clock performance meter: events a second and how long the slow pictures take. The only
// numbers of lens 4.11 that another machine has otherwise.

import { createStore } from 'zustand/vanilla';

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

/** Readings as a line in a box of `width` by `height`, the newest at its right; '' while there are fewer than two. */
export function readingPath(
  list: readonly Reading[],
  numberOf: (reading: Reading) => number | null,
  width: number,
  height: number,
): string {
  const [first, last] = [list[0], list.at(-1)];
  if (first === undefined || last === undefined || last.at <= first.at) return '';
  const most = Math.max(1, ...list.map((reading) => numberOf(reading) ?? 0));
  let before = Number.NEGATIVE_INFINITY;
  return list
    .flatMap((reading) => {
      const value = numberOf(reading);
      if (value === null) return [];
      const x = (((reading.at - first.at) / (last.at - first.at)) * width).toFixed(1);
      const y = (height - (value / most) * height).toFixed(1);
      const begins = reading.at - before > gapMs;
      before = reading.at;
      return [`${begins ? 'M' : 'L'}${x} ${y}`];
    })
    .join('');
}
