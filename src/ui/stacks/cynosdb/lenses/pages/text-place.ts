// Where a row of lens 4.4 says what its page holds: beside tiles and records, never over them. Pure.

/** px of a page's tile, and of half a record. */
export const tile = 30;
const recordHalf = 5;
/** px between the words and what stands beside them. */
const room = 6;

export interface TextPlace {
  readonly x: number;
  /** px below the top of the row. */
  readonly dy: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

export interface RowMarks {
  /** Middle of the newest tile, px. */
  readonly start: number;
  /** Middles of the records behind it, ascending. */
  readonly records: readonly number[];
  /** Middles of the tiles before it, ascending. */
  readonly older: readonly number[];
  /** Where names of nodes end, and the plot. */
  readonly left: number;
  readonly right: number;
}

/**
 * Above the line to the first record that is not applied where there is room for words of this width, else above the line
 * between two records, else right of the last mark, else left of the newest tile; null: nowhere.
 */
export function textPlace(width: number, { start, records, older, left, right }: RowMarks): TextPlace | null {
  const stops = [start + tile / 2, ...records.flatMap((at) => [at - recordHalf, at + recordHalf])];
  for (let i = 0; i + 1 < stops.length; i += 2) {
    const [from = 0, to = 0] = stops.slice(i, i + 2);
    if (to - from > width + 8) return { x: (from + to) / 2, dy: 15, anchor: 'middle' };
  }
  const behind = Math.max(start + tile / 2, (records.at(-1) ?? 0) + recordHalf) + room;
  if (behind + width < right) return { x: behind, dy: 25, anchor: 'start' };
  const end = start - tile / 2 - room;
  const before = Math.max(left, ...older.map((at) => at + tile / 2 + room));
  return end - width >= before ? { x: end, dy: 25, anchor: 'end' } : null;
}
