// Interning for the explorer: equal values become one small number, and rows of numbers are kept once each. A million worlds fit
// in memory because they share their members' states and their messages.

import { digestPlain } from '../../../base/plain.ts';

/** Values by canonical hash. */
export interface Pool<T> {
  readonly values: T[];
  readonly ids: Map<string, number>;
}

export const makePool = <T>(): Pool<T> => ({ values: [], ids: new Map() });

/** The number of `value`; `key` is what makes two values the same. */
export function intern<T>(pool: Pool<T>, value: T, key: unknown = value): number {
  const hash = typeof key === 'string' ? key : digestPlain(key);
  const known = pool.ids.get(hash);
  if (known !== undefined) return known;
  const id = pool.values.length;
  pool.values.push(value);
  pool.ids.set(hash, id);
  return id;
}

/** Distinct rows of `width` integers, in the order they were added: a visited set and a breadth-first queue in one. */
export interface Rows {
  readonly width: number;
  count: number;
  cells: Int32Array;
  /** Open addressing; a slot holds a row's number + 1, 0 is free. */
  slots: Int32Array;
}

const FIRST_ROWS = 1024;

export const makeRows = (width: number): Rows => ({
  width,
  count: 0,
  cells: new Int32Array(FIRST_ROWS * width),
  slots: new Int32Array(FIRST_ROWS * 4),
});

function hashRow(cells: ArrayLike<number>, at: number, width: number): number {
  let h = 0x9e37_79b9 | 0;
  for (let i = 0; i < width; i++) {
    h = Math.imul(h ^ (cells[at + i] as number), 0x85eb_ca6b);
    h ^= h >>> 13;
  }
  h = Math.imul(h, 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Adds a row unless it is there; returns whether it was new. */
export function addRow(rows: Rows, row: readonly number[]): boolean {
  if ((rows.count + 1) * 2 > rows.slots.length) rehash(rows);
  const { width } = rows;
  const mask = rows.slots.length - 1;
  let slot = hashRow(row, 0, width) & mask;
  for (;;) {
    const held = rows.slots[slot] as number;
    if (held === 0) break;
    if (isRow(rows, held - 1, row)) return false;
    slot = (slot + 1) & mask;
  }
  if ((rows.count + 1) * width > rows.cells.length) {
    const grown = new Int32Array(rows.cells.length * 2);
    grown.set(rows.cells);
    rows.cells = grown;
  }
  rows.cells.set(row, rows.count * width);
  rows.count++;
  rows.slots[slot] = rows.count;
  return true;
}

function isRow({ cells, width }: Rows, at: number, row: readonly number[]): boolean {
  for (let i = 0; i < width; i++) if (cells[at * width + i] !== row[i]) return false;
  return true;
}

function rehash(rows: Rows): void {
  const { width, cells } = rows;
  const slots = new Int32Array(rows.slots.length * 2);
  const mask = slots.length - 1;
  for (let at = 0; at < rows.count; at++) {
    let slot = hashRow(cells, at * width, width) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = at + 1;
  }
  rows.slots = slots;
}

export function rowAt({ cells, width }: Rows, at: number): number[] {
  return Array.from(cells.subarray(at * width, (at + 1) * width));
}
