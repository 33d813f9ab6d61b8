// The smallest honest `Access`: tables as maps of rows, for tests of the SQL front end without an engine beneath it.
// A scan sees the rows that were there when it was opened. A failed statement is undone by its session.

import { present } from '../../../base/assert.ts';
import { NONE } from '../../../base/ids.ts';
import type {
  Access,
  ColumnDef,
  KeyBound,
  Row,
  ScanPosition,
  TableDef,
  Tid,
  WriteOutcome,
} from '../access.ts';
import type { Catalog } from '../analysis.ts';
import { compareValues, groupKey } from '../compare.ts';

export interface MemoryTable {
  readonly def: TableDef;
  readonly rows: Map<Tid, Row>;
  /** Row of each primary key. */
  readonly keys: Map<string, Tid>;
}

export interface MemoryDatabase {
  tables: Map<string, MemoryTable>;
  nextRelation: number;
  nextTid: Tid;
}

export const makeMemoryDatabase = (): MemoryDatabase => ({ tables: new Map(), nextRelation: 1, nextTid: 1 });

/** A copy that shares rows, to come back to. */
export function saveDatabase(db: MemoryDatabase): MemoryDatabase {
  const copy = ({ def, rows, keys }: MemoryTable): MemoryTable => ({
    def,
    rows: new Map(rows),
    keys: new Map(keys),
  });
  const tables = new Map([...db.tables].map(([name, table]) => [name, copy(table)]));
  return { ...db, tables };
}

export function restoreDatabase(db: MemoryDatabase, saved: MemoryDatabase): void {
  db.tables = saveDatabase(saved).tables;
}

const OK: WriteOutcome = { kind: 'ok' };

interface Position extends ScanPosition {
  readonly tids: readonly Tid[];
  readonly at: number;
}

const position = (tids: readonly Tid[], at: number): Position => ({ tids, at });

function readPosition(p: ScanPosition): Position {
  const { tids, at } = p;
  return position(Array.isArray(tids) ? tids : [], typeof at === 'number' ? at : 0);
}

const keyOf = (table: TableDef, row: Row): Row => table.primaryKey.map((c) => row[c] ?? null);

/** Puts a row in the place of `old`, or refuses its key. */
function put(db: MemoryDatabase, def: TableDef, old: Tid | null, row: Row): WriteOutcome {
  const table = present(db.tables.get(def.name), 'table');
  if (def.primaryKey.length > 0) {
    const key = groupKey(keyOf(def, row));
    const holder = table.keys.get(key);
    if (holder !== undefined && holder !== old) {
      const message = `duplicate key value violates unique constraint "${def.name}_pkey"`;
      return { kind: 'error', sqlstate: '23505', message };
    }
    if (old !== null) remove(table, old);
    table.keys.set(key, db.nextTid);
  } else if (old !== null) remove(table, old);
  table.rows.set(db.nextTid++, row);
  return OK;
}

function remove(table: MemoryTable, tid: Tid): void {
  const row = table.rows.get(tid);
  if (row !== undefined) table.keys.delete(groupKey(keyOf(table.def, row)));
  table.rows.delete(tid);
}

/** What analysis asks of the database. */
export const memoryCatalog = (db: MemoryDatabase): Catalog => ({
  findTable: (name) => db.tables.get(name)?.def ?? null,
  countRows: ({ name }) => db.tables.get(name)?.rows.size ?? 0,
});

export function memoryAccess(db: MemoryDatabase): Access {
  const rowsOf = (table: TableDef): Map<Tid, Row> => db.tables.get(table.name)?.rows ?? new Map<Tid, Row>();
  return {
    readPoint: NONE,
    findTable: (name) => db.tables.get(name)?.def ?? null,
    createTable: (name, columns: readonly ColumnDef[], primaryKey) => {
      const relation = db.nextRelation;
      db.nextRelation += 2;
      const keyRelation = primaryKey.length > 0 ? relation + 1 : 0;
      db.tables.set(name, {
        def: { relation, name, columns, primaryKey, keyRelation },
        rows: new Map(),
        keys: new Map(),
      });
      return OK;
    },
    dropTable: (table) => {
      db.tables.delete(table.name);
      return OK;
    },
    openScan: (table) => position([...rowsOf(table).keys()], 0),
    openKeyScan: (table, low, high, descending) => {
      const found = [...rowsOf(table)].filter(([, row]) => isWithin(keyOf(table, row), low, high));
      found.sort(([, a], [, b]) => compareKeys(keyOf(table, a), keyOf(table, b)));
      if (descending) found.reverse();
      return position(
        found.map(([tid]) => tid),
        0,
      );
    },
    scanNext: (table, from) => {
      const { tids, at } = readPosition(from);
      for (let i = at; i < tids.length; i++) {
        const tid = tids[i] ?? 0;
        const row = rowsOf(table).get(tid);
        if (row !== undefined) return { found: { tid, row }, position: position(tids, i + 1) };
      }
      return null;
    },
    insertRow: (table, row) => put(db, table, null, row),
    updateRow: (table, tid, row) => put(db, table, tid, row),
    deleteRow: (table, tid) => {
      remove(present(db.tables.get(table.name), 'table'), tid);
      return OK;
    },
  };
}

/** Compares as many columns as both have. */
function compareKeys(a: Row, b: Row): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareValues(a[i] ?? null, b[i] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

function isWithin(key: Row, low: KeyBound | null, high: KeyBound | null): boolean {
  if (low !== null) {
    const order = compareKeys(key, low.values);
    if (order < 0 || (order === 0 && !low.inclusive)) return false;
  }
  if (high === null) return true;
  const order = compareKeys(key, high.values);
  return order < 0 || (order === 0 && high.inclusive);
}
