// The smallest honest `Access`: tables as maps of rows, for tests of the SQL front end without an engine beneath it.
// A scan sees the rows that were there when it was opened. A failed statement is undone by its session.

import { present } from '../../../base/assert.ts';
import { NONE } from '../../../base/ids.ts';
import type {
  Access,
  FoundIndex,
  FoundRow,
  IndexDef,
  KeyBound,
  NewSequence,
  Row,
  ScanPosition,
  TableDef,
  Tid,
  WriteOutcome,
} from '../access.ts';
import type { Catalog } from '../analysis.ts';
import { compareWithNulls, groupKey } from '../compare.ts';
import { enumType } from '../enum-type.ts';
import { isEntered, keyValueOf } from '../evaluate.ts';
import { fail } from '../failure.ts';
import { nextOfStream, type RandomStream, seededStream } from '../random-stream.ts';
import { schemaEntry, schemaOf } from '../relation-name.ts';
import { checkSetValue, drawNext, type SequenceDef, type SequenceState } from '../sequence.ts';
import { DEFAULT_SETTINGS } from '../settings.ts';
import { makeTableDef, redefine, refersTo, SEQUENCE_COLUMNS, usesSequence, usesType } from '../table-def.ts';

export interface MemoryTable {
  readonly def: TableDef;
  readonly rows: Map<Tid, Row>;
  /** Rows by the name of a unique index and their key in it. */
  readonly keys: Map<string, Tid>;
}

export interface MemoryDatabase {
  tables: Map<string, MemoryTable>;
  nextRelation: number;
  nextTid: Tid;
  random: RandomStream | null;
  /** How many times its rows the planner takes a table to have. */
  readonly rowsFactor: number;
  /** Where sequences stand, by their storage; no transaction undoes it. */
  readonly sequences: Map<number, SequenceState>;
  /** What was drawn last, by relation, and the relation that it was drawn from. */
  readonly drawn: Map<number, bigint>;
  lastSequence: number;
  searchPath: string;
}

export const makeMemoryDatabase = (rowsFactor = 1): MemoryDatabase => ({
  tables: new Map(),
  nextRelation: 1,
  nextTid: 1,
  random: null,
  rowsFactor,
  sequences: new Map(),
  drawn: new Map(),
  lastSequence: 0,
  searchPath: DEFAULT_SETTINGS.searchPath,
});

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

const keyOf = ({ keys }: IndexDef, row: Row): Row => keys.map((key) => keyValueOf(key, row));

/** The row's keys that no other row may have. */
const uniqueKeys = ({ indexes }: TableDef, row: Row): { readonly index: IndexDef; readonly key: string }[] =>
  indexes.flatMap((index) => {
    if (!isEntered(index, row)) return [];
    const values = keyOf(index, row);
    const isFree = !index.isUnique || values.includes(null);
    return isFree ? [] : [{ index, key: `${index.name} ${groupKey(values)}` }];
  });

/** Puts a row in the place of `old`, or refuses its keys. */
function put(db: MemoryDatabase, def: TableDef, old: Tid | null, row: Row): WriteOutcome {
  const table = present(db.tables.get(def.name), 'table');
  for (const { index, key } of uniqueKeys(table.def, row)) {
    const holder = table.keys.get(key);
    if (holder === undefined || holder === old) continue;
    const message = `duplicate key value violates unique constraint "${index.name}"`;
    return { kind: 'error', sqlstate: '23505', message };
  }
  if (old !== null) remove(table, old);
  for (const { key } of uniqueKeys(table.def, row)) table.keys.set(key, db.nextTid);
  table.rows.set(db.nextTid++, row);
  return OK;
}

function remove(table: MemoryTable, tid: Tid): void {
  const row = table.rows.get(tid);
  if (row !== undefined) for (const { key } of uniqueKeys(table.def, row)) table.keys.delete(key);
  table.rows.delete(tid);
}

function findIndex(db: MemoryDatabase, name: string): FoundIndex | null {
  for (const { def } of db.tables.values())
    for (const index of def.indexes) if (index.name === name) return { table: def, index };
  return null;
}

/** The table with other indexes, or null when two of its rows have one key in one of them. */
function withIndexes(table: MemoryTable, indexes: readonly IndexDef[]): MemoryTable | null {
  const def = redefine(table.def, { indexes });
  const keys = new Map<string, Tid>();
  for (const [tid, row] of table.rows)
    for (const { key } of uniqueKeys(def, row)) {
      if (keys.has(key)) return null;
      keys.set(key, tid);
    }
  return { def, rows: table.rows, keys };
}

const tablesWhere = (db: MemoryDatabase, test: (def: TableDef) => boolean): readonly TableDef[] =>
  [...db.tables.values()].flatMap(({ def }) => (test(def) ? [def] : []));

/** An entry of that name, which is a type or none. */
function findNamed(db: MemoryDatabase, name: string, isType: boolean): TableDef | null {
  const def = db.tables.get(name)?.def ?? null;
  return (def?.enum !== undefined) === isType ? def : null;
}

/** What analysis asks of the database. */
export const memoryCatalog = (db: MemoryDatabase): Catalog => ({
  findTable: (name) => findNamed(db, name, false),
  findType: (name) => findNamed(db, name, true),
  findIndex: (name) => findIndex(db, name),
  findRelation: (relation) => tablesWhere(db, (def) => def.relation === relation)[0] ?? null,
  referrersOf: (relation) => tablesWhere(db, (def) => refersTo(def, relation)),
  searchPath: () => db.searchPath,
  countRows: ({ name }) => (db.tables.get(name)?.rows.size ?? 0) * db.rowsFactor,
});

type SequenceAccess = Pick<
  Access,
  | 'createSequence'
  | 'alterSequence'
  | 'sequenceState'
  | 'nextValue'
  | 'setValue'
  | 'currentValue'
  | 'usersOf'
  | 'findRelation'
>;

/** Without a log nothing is drawn ahead for it, but it is counted so; a session's cache is not kept. */
function memorySequences(db: MemoryDatabase): SequenceAccess {
  const storageOf = ({ sequence }: TableDef): SequenceDef => present(sequence, 'a sequence');
  const stateOf = (table: TableDef): SequenceState =>
    present(db.sequences.get(storageOf(table).storage), 'the state of a sequence');
  const put = (relation: number, name: string, { def, state }: NewSequence): WriteOutcome => {
    const storage = db.nextRelation++;
    db.sequences.set(storage, state);
    const made = { ...makeTableDef(relation, name, SEQUENCE_COLUMNS, []), sequence: { ...def, storage } };
    db.tables.set(name, { def: made, rows: new Map(), keys: new Map() });
    return OK;
  };
  return {
    createSequence: (name, made) => put(db.nextRelation++, name, made),
    alterSequence: ({ relation, name }, made) => put(relation, name, made),
    sequenceState: stateOf,
    nextValue: (table) => {
      const def = storageOf(table);
      const { result, state } = drawNext(table.name, { ...def, cache: 1n }, stateOf(table));
      db.sequences.set(def.storage, state);
      db.drawn.set(table.relation, result);
      db.lastSequence = table.relation;
      return result;
    },
    setValue: (table, value, isCalled) => {
      checkSetValue(table.name, storageOf(table), value);
      db.sequences.set(storageOf(table).storage, { last: value, isCalled, ahead: 0 });
      if (isCalled) db.drawn.set(table.relation, value);
      return value;
    },
    currentValue: (table) => {
      const last = db.drawn.get(table?.relation ?? db.lastSequence);
      if (last !== undefined) return last;
      if (table === null) return fail('55000', 'lastval is not yet defined in this session');
      return fail('55000', `currval of sequence "${table.name}" is not yet defined in this session`);
    },
    usersOf: (sequence) => tablesWhere(db, (def) => usesSequence(def, sequence)),
    findRelation: (relation) => tablesWhere(db, (def) => def.relation === relation)[0] ?? null,
  };
}

export function memoryAccess(db: MemoryDatabase): Access {
  const rowsOf = (table: TableDef): Map<Tid, Row> => db.tables.get(table.name)?.rows ?? new Map<Tid, Row>();
  const access: Access = {
    readPoint: NONE,
    now: 0,
    startedAt: 0,
    backend: 1,
    drawUuid: () => `${db.nextTid++}`.padStart(32, '0'),
    drawRandom: () => (db.random === null ? (db.nextTid++ % 100) / 100 : nextOfStream(db.random)),
    seedRandom: (seed) => {
      db.random = seededStream(seed);
    },
    pagesSeen: () => 0,
    watchPages: () => null,
    latest: () => access,
    parents: () => access,
    sees: () => true,
    findTable: (name) => findNamed(db, name, false),
    findType: (name) => findNamed(db, name, true),
    usersOfType: (type) => tablesWhere(db, (def) => usesType(def, type)),
    createType: (name, labels) => {
      const id = db.nextRelation;
      db.nextRelation += 2;
      const made = enumType({ id, arrayId: id + 1, name, labels: labels.map((label, i) => [label, i + 1]) });
      const def = { ...makeTableDef(id, name, [], []), enum: made };
      db.tables.set(name, { def, rows: new Map(), keys: new Map() });
      return OK;
    },
    findIndex: (name) => findIndex(db, name),
    ...memorySequences(db),
    createTable: ({ name, columns, primaryKey, checks, foreignKeys, owned }) => {
      const indexes = primaryKey === null ? [] : [primaryKey];
      const relation = db.nextRelation;
      db.nextRelation += 1 + indexes.length;
      const made = indexes.map((index, i) => ({ ...index, relation: relation + 1 + i, since: 0 }));
      const def = makeTableDef(relation, name, columns, made, { checks, foreignKeys, owned });
      db.tables.set(name, { def, rows: new Map(), keys: new Map() });
      return OK;
    },
    createIndex: ({ name }, index) => {
      const table = present(db.tables.get(name), 'table');
      const made = { ...index, relation: db.nextRelation++, since: 0 };
      const indexed = withIndexes(table, [...table.def.indexes, made]);
      if (indexed === null) {
        const message = `could not create unique index "${index.name}"`;
        return { kind: 'error', sqlstate: '23505', message };
      }
      db.tables.set(name, indexed);
      return OK;
    },
    redefineTable: (from, to) => {
      const table = present(db.tables.get(from.name), 'table');
      if (to.name !== from.name && (db.tables.has(to.name) || findIndex(db, to.name) !== null))
        return { kind: 'error', sqlstate: '42P07', message: `relation "${to.name}" already exists` };
      db.tables.delete(from.name);
      // A row that is replaced by itself with what it lacks keeps its place.
      for (const [tid, row] of table.rows)
        table.rows.set(
          tid,
          to.columns.map((column, i) => (i < row.length ? (row[i] ?? null) : (column.missing ?? null))),
        );
      db.tables.set(to.name, present(withIndexes({ ...table, def: to }, to.indexes), 'the same table'));
      return OK;
    },
    // All rows were entered when it was made.
    buildIndex: () => ({ kind: 'ok', next: null }),
    dropIndex: ({ name }, index) => {
      const table = present(db.tables.get(name), 'table');
      const rest = table.def.indexes.filter((one) => one.name !== index.name);
      db.tables.set(name, present(withIndexes(table, rest), 'a table with fewer indexes'));
      return OK;
    },
    createSchema: (schema) => {
      const name = schemaEntry(schema);
      const def = { ...makeTableDef(db.nextRelation++, name, [], []), isSchema: true } as const;
      db.tables.set(name, { def, rows: new Map(), keys: new Map() });
      return OK;
    },
    relationsIn: (schema) => tablesWhere(db, ({ name, isSchema }) => !isSchema && schemaOf(name) === schema),
    createView: ({ name, columns, view }, replaced) => {
      const relation = replaced?.relation ?? db.nextRelation++;
      const def = { ...makeTableDef(relation, name, columns, []), view };
      db.tables.set(name, { def, rows: new Map(), keys: new Map() });
      return OK;
    },
    viewsOf: (relation) =>
      [...db.tables.values()].flatMap(({ def }) => (def.view?.reads.includes(relation) ? [def] : [])),
    referrersOf: (relation) => tablesWhere(db, (def) => refersTo(def, relation)),
    truncateTable: ({ name }) => {
      const table = present(db.tables.get(name), 'table');
      table.rows.clear();
      table.keys.clear();
      return OK;
    },
    dropTable: (table) => {
      db.tables.delete(table.name);
      return OK;
    },
    openScan: (table) => (table.sequence ? position([-1], 0) : position([...rowsOf(table).keys()], 0)),
    openKeyScan: (table, index, low, high, descending) => {
      const found = [...rowsOf(table)].filter(
        ([, row]) => isEntered(index, row) && isWithin(index, keyOf(index, row), low, high),
      );
      found.sort(([, a], [, b]) => compareKeys(index, keyOf(index, a), keyOf(index, b)));
      if (descending) found.reverse();
      return position(
        found.map(([tid]) => tid),
        0,
      );
    },
    scanRows: (table, from, atMost, wanted) => {
      const { tids, at } = readPosition(from);
      if (table.sequence) {
        if (at > 0) return null;
        const { last, ahead, isCalled } = access.sequenceState(table);
        return { rows: [{ tid: -1, row: [last, BigInt(ahead), isCalled] }], position: position(tids, 1) };
      }
      const rows: FoundRow[] = [];
      let next = at;
      for (; next < tids.length && rows.length < atMost; next++) {
        const tid = tids[next] ?? 0;
        const row = rowsOf(table).get(tid);
        if (row === undefined) continue;
        rows.push({ tid, row: wanted === null ? row : row.map((value, i) => (wanted[i] ? value : null)) });
      }
      return rows.length === 0 ? null : { rows, position: position(tids, next) };
    },
    findConflict: (table, index, row) => {
      const { def, keys, rows } = present(db.tables.get(table.name), 'table');
      const wanted = uniqueKeys(def, row).find((one) => one.index.name === index.name);
      const tid = wanted && keys.get(wanted.key);
      const found = tid === undefined ? undefined : rows.get(tid);
      return tid === undefined || found === undefined
        ? { kind: 'none' }
        : { kind: 'found', found: { tid, row: found }, isVisible: true };
    },
    insertRow: (table, row) => put(db, table, null, row),
    updateRow: (table, tid, row) => put(db, table, tid, row),
    lockRow: () => OK,
    deleteRow: (table, tid) => {
      remove(present(db.tables.get(table.name), 'table'), tid);
      return OK;
    },
  };
  return access;
}

/** Compares as many columns as both have, in the index's order. */
function compareKeys({ keys }: IndexDef, a: Row, b: Row): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const { descending = false, nullsFirst = false } = keys[i] ?? {};
    const order = compareWithNulls(a[i] ?? null, b[i] ?? null, descending, nullsFirst);
    if (order !== 0) return order;
  }
  return 0;
}

function isWithin(index: IndexDef, key: Row, low: KeyBound | null, high: KeyBound | null): boolean {
  for (const bound of [low, high]) if (bound?.notNull && key[bound.values.length] === null) return false;
  if (low !== null) {
    const order = compareKeys(index, key, low.values);
    if (order < 0 || (order === 0 && !low.inclusive)) return false;
  }
  if (high === null) return true;
  const order = compareKeys(index, key, high.values);
  return order < 0 || (order === 0 && high.inclusive);
}
