// Staggered rendering: the parts of the screen take a new picture by turns, one animation frame after the other: what
// fits into a frame's time beside the messages that move, and beside the reading of the picture, is given at once, the rest
// in the next ones. A part is given the newest picture, never one in between, and no more often than its numbers can be read.

import { createStore, type StoreApi } from 'zustand/vanilla';

/** Map, lenses, inspector, dock; `frame` is everything around them. */
export type ScreenPart = 'map' | 'lens' | 'inspector' | 'dock' | 'frame';

/** Wall ms between two pictures of a part. */
const gapMs: Readonly<Record<ScreenPart, number>> = {
  map: 30,
  lens: 60,
  inspector: 100,
  dock: 100,
  frame: 60,
};

/** Wall ms of an animation frame that parts may use, unless one alone needs more. */
const budgetMs = 2;

/**
 * A part that takes longer than this, ms, is felt in the frame it falls into: it gets so many times its cost between two
 * pictures, up to a limit, so that few frames are touched.
 */
const lightMs = 4;
const restFactor = 30;
const restLimitMs = 500;
/** A part that takes longer than this, ms, does not take its picture in the frame in which one came: reading it took its time already. */
const besideArrivalMs = 1;
/** Weight of the newest measurement. */
const costWeight = 0.25;

interface Part<State> {
  readonly name: ScreenPart;
  readonly store: StoreApi<State>;
  takenAt: number;
  /** What drawing a picture costs it, wall ms, smoothed. */
  costMs: number;
}

const gapOf = ({ name, costMs }: Part<unknown>): number =>
  costMs <= lightMs ? gapMs[name] : Math.max(gapMs[name], Math.min(restLimitMs, costMs * restFactor));

/**
 * Of parts that are due, the longest waiting first: that one, and those that are expected to fit beside it. What is left is
 * due in the next frame, and waits longer by then.
 */
export function partsThatFit<P extends Pick<Part<never>, 'costMs'>>(due: readonly P[]): readonly P[] {
  let used = 0;
  return due.filter(({ costMs }, i) => {
    const fits = i === 0 || used + costMs <= budgetMs;
    if (fits) used += costMs;
    return fits;
  });
}

/** Of parts that are due those that may be drawn in the frame in which a picture came. */
export const partsBesideArrival = <P extends Pick<Part<never>, 'costMs'>>(due: readonly P[]): readonly P[] =>
  due.filter(({ costMs }) => costMs <= besideArrivalMs);

export interface ScreenTurns<State> {
  store(part: ScreenPart): StoreApi<State>;
  /** A picture has come: lets every part have the newest in its turn. */
  start(): void;
  /** All parts at once. */
  giveAll(): void;
}

/** The next animation frame; a page that is not seen has none. */
export function onNextFrame(work: () => void): void {
  if (globalThis.document?.visibilityState === 'visible') requestAnimationFrame(work);
  else setTimeout(work, 0);
}

/**
 * `isHeld`: whether parts have to keep the picture that they have. `togetherMs`: wall ms between two pictures that all parts take at once,
 * or null while they take theirs by turns.
 */
export function makeScreenTurns<State>(
  newest: StoreApi<State>,
  isHeld: () => boolean = () => false,
  togetherMs: () => number | null = () => null,
): ScreenTurns<State> {
  const makePart = (name: ScreenPart): Part<State> => ({
    name,
    store: createStore(() => newest.getState()),
    takenAt: Number.NEGATIVE_INFINITY,
    costMs: 0,
  });
  const parts: Readonly<Record<ScreenPart, Part<State>>> = {
    map: makePart('map'),
    lens: makePart('lens'),
    inspector: makePart('inspector'),
    dock: makePart('dock'),
    frame: makePart('frame'),
  };
  const all = Object.values(parts);
  let isTurning = false;
  let hasArrived = false;
  /** A part has waited for the frame after an arrival: it waits for no second one. */
  let hasWaited = false;

  const isBehind = ({ store }: Part<State>): boolean => store.getState() !== newest.getState();

  const give = (part: Part<State>, now: number): void => {
    part.takenAt = now;
    part.store.setState(newest.getState(), true);
  };

  const turn = async (): Promise<void> => {
    const began = performance.now();
    const together = togetherMs();
    if (together !== null && !isHeld() && all.every(({ takenAt }) => began - takenAt >= together))
      for (const part of all) give(part, began);
    const due =
      together !== null || isHeld()
        ? []
        : all
            .filter((part) => isBehind(part) && began - part.takenAt >= gapOf(part))
            .sort((a, b) => a.takenAt - b.takenAt);
    const beside = hasArrived && !hasWaited ? partsBesideArrival(due) : due;
    hasArrived = false;
    hasWaited = beside.length < due.length;
    for (const part of partsThatFit(beside)) {
      const startedAt = performance.now();
      give(part, began);
      // React renders what was set in a microtask of its own, which comes before this one.
      await null;
      part.costMs += (performance.now() - startedAt - part.costMs) * costWeight;
      if (performance.now() - began > budgetMs) break;
    }
    if (all.some(isBehind)) onNextFrame(() => void turn());
    else isTurning = false;
  };

  return {
    store: (part) => parts[part].store,
    start() {
      hasArrived = true;
      if (isTurning) return;
      isTurning = true;
      onNextFrame(() => void turn());
    },
    giveAll() {
      const now = performance.now();
      for (const part of all) give(part, now);
    },
  };
}
