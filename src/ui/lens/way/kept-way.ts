// What a look at a way keeps of it. A stretch of time slides on, pages are changed by others, and a writer that was restarted has read
// them anew without the versions of rows that nobody needs any more: what was read once stays.

import type { Way } from '../../../run-model/ways/ways.ts';
import type { ChangedRow } from './changed-rows.ts';

export interface WayRead {
  readonly rows: readonly ChangedRow[];
  readonly text: readonly string[];
  /** Of its writer, when the rows were read. */
  readonly life: number;
}

/** What the writer has on its pages is what the transaction does as long as that goes on, and nobody has read them anew. */
const isSettled = ({ change }: Way): boolean =>
  change !== null && (change.scn !== null || change.aborted !== null);

function isAsFull(found: readonly ChangedRow[], kept: readonly ChangedRow[]): boolean {
  const there = (rows: readonly ChangedRow[], side: 'before' | 'after'): number =>
    rows.filter((row) => row[side] !== null).length;
  return (
    found.length >= kept.length &&
    there(found, 'before') >= there(kept, 'before') &&
    there(found, 'after') >= there(kept, 'after')
  );
}

/** Of a way that is settled rows are only added. */
export function keepRead(kept: WayRead | undefined, found: WayRead, way: Way): WayRead {
  if (kept === undefined) return found;
  const isOpen = !isSettled(way) && kept.life === found.life;
  const takesRows = found.rows.length > 0 && (isOpen || isAsFull(found.rows, kept.rows));
  return {
    rows: takesRows ? found.rows : kept.rows,
    text: found.text.length > 0 ? found.text : kept.text,
    life: takesRows ? found.life : kept.life,
  };
}

/** Ways of which something is kept, also while another lens is open. */
const MOST_KEPT = 50;
const reads = new Map<string, WayRead>();

/** `run`: another run has other statements at the same places. */
export function keepReadOf(run: string, way: Way, found: WayRead): WayRead {
  const key = `${run} ${way.id}`;
  const read = keepRead(reads.get(key), found, way);
  reads.delete(key);
  reads.set(key, read);
  for (const oldest of reads.keys()) {
    if (reads.size <= MOST_KEPT) break;
    reads.delete(oldest);
  }
  return read;
}

/** Stretches of virtual time, µs: the ways that are offered begin in the shortest; one that was chosen has all of its steps in a longer one. */
const spans = [60_000, 240_000, 960_000] as const;

export const begunAt = ({ asks, change }: Way): number => asks[0]?.mark.at ?? change?.begun.at ?? 0;

/** The stretch that goes back to where the chosen one begins; what began before the longest is kept as it was seen last. */
export const spanOf = (chosen: Way | null, now: number): number =>
  spans.find((span) => chosen !== null && now - begunAt(chosen) < span * 0.9) ?? spans[0];

/** Which part of a statement's text its entry in a list has room for. */
const ENTRY_LETTERS = 44;

/** A statement in one line. */
export function shortText(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length <= ENTRY_LETTERS ? line : `${line.slice(0, ENTRY_LETTERS).trimEnd()}…`;
}
