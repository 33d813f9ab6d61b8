// What this machine makes of the run, by the wall clock: events a second and how long the slow pictures take. The only
// numbers of lens 4.11 that another machine has otherwise.

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
