// What EXPLAIN ANALYZE counts of each node of a plan (measure-plan.ts, operators/measured.ts).

import type { PageRead } from './access.ts';

/** Pages that came from one node while the statement waited for them, and the read points that they were asked at. */
export interface PagesRead {
  readonly from: string;
  pages: number;
  low: number;
  high: number;
}

/** A page that a node looked at: from which node it came while the statement waited (null: it was in the buffer), asked at which read point. */
export interface PageLook {
  readonly blockKey: number;
  from: string | null;
  readPoint: number;
}

/** Pages that a node's measure names; those beyond are only counted. */
export const PAGES_NAMED = 256;

/** What one node of the plan did; times in virtual µs, over all loops. */
export interface Measure {
  loops: number;
  rows: number;
  /** Until its first row, and in all, with what is below it. */
  startup: number;
  time: number;
  /** Pages looked at in the buffer, and those that had to come first; of scans. */
  pages: number;
  readonly reads: PagesRead[];
  /** The first pages of both kinds, in the order in which they were first looked at. */
  readonly looks: PageLook[];
}

export const makeMeasure = (): Measure => ({
  loops: 0,
  rows: 0,
  startup: 0,
  time: 0,
  pages: 0,
  reads: [],
  looks: [],
});

/** As it is now: the measure itself goes on. */
export const copyMeasure = (measure: Measure): Measure => ({
  ...measure,
  reads: measure.reads.map((read) => ({ ...read })),
  looks: measure.looks.map((look) => ({ ...look })),
});

/** A page that came for a statement while it waited for it. */
export interface Arrival extends PageRead {
  readonly blockKey: number;
}

/** What a running EXPLAIN ANALYZE keeps: of each node, then of the statement's own writes; pages that came and are not yet counted. */
export interface Measured {
  readonly measures: readonly Measure[];
  readonly arrivals: Arrival[];
}

export const makeMeasured = (nodes: number): Measured => ({
  measures: Array.from({ length: nodes + 1 }, makeMeasure),
  arrivals: [],
});

export function noteLook({ looks }: Measure, blockKey: number): PageLook | null {
  const known = looks.find((one) => one.blockKey === blockKey);
  if (known !== undefined) return known;
  if (looks.length >= PAGES_NAMED) return null;
  const look = { blockKey, from: null, readPoint: -1 };
  looks.push(look);
  return look;
}

export function noteReads(measure: Measure, came: readonly Arrival[]): void {
  const { reads } = measure;
  for (const { blockKey, from, readPoint } of came) {
    const look = noteLook(measure, blockKey);
    if (look !== null) {
      look.from = from;
      look.readPoint = readPoint;
    }
    const known = reads.find((one) => one.from === from);
    if (known === undefined) reads.push({ from, pages: 1, low: readPoint, high: readPoint });
    else {
      known.pages += 1;
      known.low = Math.min(known.low, readPoint);
      known.high = Math.max(known.high, readPoint);
    }
  }
}
