// The access methods of a statement over rows that were gathered from tablets (docs/spec/pcs.md §4): all that it can read is here, in
// the order of its table's primary key, and it writes nothing.

import { AssertionError } from '../../base/assert.ts';
import type { Lsn } from '../../base/ids.ts';
import type { Access, FoundRow, IndexDef, KeyBound, Row, ScanPosition, TableDef, Wanted } from './access.ts';
import { compareValues } from './compare.ts';
import { fail } from './failure.ts';

export interface GatheredRows {
  /** By the table's name, each in the order of its primary key. */
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  readonly now: number;
  readonly startedAt: number;
  readonly backend: number;
  readonly drawUuid: () => string;
  readonly drawRandom: () => number;
}

/** Rows `at` up to, and without, `end`; backwards from `end` where it is turned. */
interface Position {
  readonly at: number;
  readonly end: number;
  readonly isTurned: boolean;
}

// A position is opaque to the executor, which only keeps it and gives it back.
const opaque = (position: Position): ScanPosition => position as unknown as ScanPosition;
const known = (position: ScanPosition): Position => position as unknown as Position;

const never = (): never => {
  throw new AssertionError('a statement over gathered rows only reads');
};

/** Rows in the order of their primary key. */
export const inKeyOrder = ({ primaryKey }: TableDef, rows: readonly Row[]): readonly Row[] =>
  rows.toSorted((a, b) => {
    for (const i of primaryKey) {
      const order = compareValues(a[i] ?? null, b[i] ?? null);
      if (order !== 0) return order;
    }
    return 0;
  });

/** How a row's key stands to the first columns of a key. */
function compareKey({ primaryKey }: TableDef, row: Row, values: Row): number {
  for (const [i, value] of values.entries()) {
    const order = compareValues(row[primaryKey[i] ?? -1] ?? null, value);
    if (order !== 0) return order;
  }
  return 0;
}

/** Place of the first row that is not before the bound; `after`: not at it either. */
function placeOf(table: TableDef, rows: readonly Row[], { values }: KeyBound, after: boolean): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareKey(table, rows[middle] ?? [], values);
    if (order < 0 || (after && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function gatheredAccess({
  rows,
  now,
  startedAt,
  backend,
  drawUuid,
  drawRandom,
}: GatheredRows): Access {
  const rowsOf = ({ name }: TableDef): readonly Row[] => rows.get(name) ?? [];
  const access: Access = {
    readPoint: -1 as Lsn,
    now,
    startedAt,
    backend,
    drawUuid,
    drawRandom,
    seedRandom: () => fail('0A000', 'setseed beside tables that are cut is not supported'),
    pagesSeen: () => 0,
    watchPages: () => null,
    latest: () => access,
    parents: () => access,
    sees: () => true,
    findTable: () => null,
    findIndex: () => null,
    viewsOf: () => [],
    referrersOf: () => [],
    openScan: (table) => opaque({ at: 0, end: rowsOf(table).length, isTurned: false }),
    openKeyScan: (
      table: TableDef,
      _: IndexDef,
      low: KeyBound | null,
      high: KeyBound | null,
      isTurned: boolean,
    ) => {
      const all = rowsOf(table);
      const at = low === null ? 0 : placeOf(table, all, low, !low.inclusive);
      const end = high === null ? all.length : placeOf(table, all, high, high.inclusive);
      return opaque({ at, end: Math.max(at, end), isTurned });
    },
    scanRows: (table: TableDef, position: ScanPosition, atMost: number, _: Wanted) => {
      const { at, end, isTurned } = known(position);
      const count = Math.min(atMost, end - at);
      if (count <= 0) return null;
      const part = isTurned
        ? rowsOf(table)
            .slice(end - count, end)
            .reverse()
        : rowsOf(table).slice(at, at + count);
      const found = part.map((row): FoundRow => ({ tid: -1, row }));
      const next = isTurned ? { at, end: end - count, isTurned } : { at: at + count, end, isTurned };
      return { rows: found, position: opaque(next) };
    },
    createTable: never,
    createSchema: never,
    createType: never,
    findType: () => null,
    usersOfType: () => [],
    relationsIn: () => [],
    createView: never,
    dropTable: never,
    truncateTable: never,
    createIndex: never,
    buildIndex: never,
    dropIndex: never,
    redefineTable: never,
    createSequence: never,
    alterSequence: never,
    sequenceState: never,
    nextValue: never,
    setValue: never,
    currentValue: never,
    usersOf: () => [],
    findRelation: () => null,
    findConflict: never,
    insertRow: never,
    updateRow: never,
    deleteRow: never,
    lockRow: never,
  };
  return access;
}
