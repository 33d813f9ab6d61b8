// The catalog: a table in pages of its own (relation 1), one row per table. Creating and dropping are ordinary writes of
// that row, so they are transactional. Definitions are always looked up as of now; they are kept in memory for
// transactions that have not changed the catalog themselves. Relation ids go round robin over the groups' key ranges, so
// that a table and its index lie in different groups and the first table's heap in the second group (presets.md).

import type { TxId } from '../../base/ids.ts';
import { freeSlot, makeTuple, maxTupleBytes, SLOT_BYTES, tupleXmax, tupleXmin } from '../page/heap-page.ts';
import { blockKeyOf, VOLUME_KEY } from '../page/page-key.ts';
import {
  EMPTY,
  heapInsertPayload,
  OP_CLOG_INIT,
  OP_HEAP_INSERT,
  OP_NOOP,
  OP_VOLUME_SET,
  volumeSetPayload,
} from '../page/redo-ops.ts';
import { volumeRelationSerial } from '../page/system-page.ts';
import type {
  ColumnDef,
  FoundIndex,
  IndexDef,
  NewTable,
  NewView,
  TableDef,
  WriteOutcome,
} from '../sql/access.ts';
import { encodeTable } from '../sql/catalog-row.ts';
import { enumType } from '../sql/enum-type.ts';
import { metadataTable } from '../sql/metadata-tables.ts';
import { ownName, schemaEntry, schemaOf } from '../sql/relation-name.ts';
import { isRelation, makeTableDef, refersTo, usesSequence, usesType } from '../sql/table-def.ts';
import { catalogEntries, judgeVersions, keepsCatalog, recordCatalogChange } from './catalog-pass.ts';
import {
  type EngineState,
  type Env,
  forgetTables,
  isOwn,
  type Session,
  type SessionTx,
} from './engine-state.ts';
import { findRoom } from './find-room.ts';
import { heapInitChanges, treeInitChanges } from './new-relation.ts';
import { appendChanges, type Change, getPage } from './pages.ts';
import type { CatalogEntry } from './resumes.ts';
import { encodeRow } from './row-codec.ts';
import { deleteRow, updateRow } from './row-write.ts';
import { keepReaders, promoteReaders } from './serializable.ts';
import { systemTable } from './system-tables.ts';
import { commitLogKey, isCommitted, isInProgress, requireXid } from './transactions.ts';
import { isFrozen } from './versions.ts';

const CATALOG_RELATION = 1;

const text = (name: string): ColumnDef => ({ name, type: 'text', notNull: true });
const int4 = (name: string): ColumnDef => ({ name, type: 'int4', notNull: true });

export const CATALOG: TableDef = {
  relation: CATALOG_RELATION,
  name: 'catalog',
  columns: [text('name'), int4('relation'), int4('keyRelation'), text('definition')],
  primaryKey: [],
  keyRelation: 0,
  indexes: [],
  indexed: [],
};

/** Volume counters, first commit-log page and an empty catalog: the first MTR of a volume's life. */
export function bootstrapChanges(env: Env, hasVolumePage: boolean): Change[] {
  const limit = env.engine.config.limits.xidBlock + 1;
  const changes: Change[] = [
    { blockKey: VOLUME_KEY, op: OP_VOLUME_SET, init: false, payload: volumeSetPayload(limit, 0) },
    { blockKey: commitLogKey(1, env.engine.config.pageBytes), op: OP_CLOG_INIT, init: true, payload: EMPTY },
    ...heapInitChanges(CATALOG_RELATION),
  ];
  if (!hasVolumePage) changes.unshift({ blockKey: VOLUME_KEY, op: OP_NOOP, init: true, payload: EMPTY });
  for (const { relation, indexes } of env.engine.given?.values() ?? []) {
    changes.push(...heapInitChanges(relation));
    for (const index of indexes) changes.push(...treeInitChanges(index.relation));
  }
  return changes;
}

/** PCS-83: the tables of the volume as the metadata has them. Nobody is at work with one that goes (PCS-85). */
export function giveTables(engine: EngineState, tables: readonly TableDef[]): void {
  const { serial, given } = engine;
  for (const to of serial === undefined ? [] : tables)
    for (const from of given?.values() ?? [])
      if (serial !== undefined && from.relation === to.relation) promoteReaders(serial, from, to);
  engine.given = new Map(tables.map((table) => [table.name, table]));
  engine.plans.clear();
}

/** Where the catalog is given it is changed through the metadata. */
const changedElsewhere = (): WriteOutcome => ({
  kind: 'error',
  sqlstate: '0A000',
  message: 'definitions are changed through the metadata, outside of a transaction',
});

/** Null: this volume has its own catalog. */
export const refuseDefinition = ({ engine }: Env): WriteOutcome | null =>
  engine.given ? changedElsewhere() : null;

/** The table of that name now, the transaction's own changes included. */
export function findTable(env: Env, session: Session, name: string): TableDef | null {
  const view = (env.metadata === null ? null : metadataTable(name)) ?? systemTable(name);
  if (view !== null) return view;
  const found = findNamed(env, session, name);
  return found?.enum === undefined ? found : null;
}

/** The entry of the type of that name now. */
export function findType(env: Env, session: Session, name: string): TableDef | null {
  const found = findNamed(env, session, name);
  return found?.enum === undefined ? null : found;
}

function findNamed(env: Env, session: Session, name: string): TableDef | null {
  const { engine } = env;
  if (engine.given) return engine.given.get(name) ?? null;
  const ownChanges = session.tx?.changedCatalog === true;
  const mayKeep = !ownChanges && keepsCatalog(env);
  const known = mayKeep ? engine.tables.get(name) : undefined;
  if (known) return known;
  const found = findEntry(env, session.tx?.xid ?? 0, (table) => table.name === name);
  if (found && mayKeep) {
    if (engine.tables.size >= engine.config.limits.cachedTables) engine.tables.clear();
    engine.tables.set(name, found.table);
  }
  return found?.table ?? null;
}

/** All tables, for VACUUM without a name. */
export const listTables = (env: Env, session: Session): readonly TableDef[] => [
  CATALOG,
  ...listRelations(env, session).filter(
    (one) => one.view === undefined && one.sequence === undefined && isRelation(one),
  ),
];

/** All tables, views, sequences, schemas and types. */
export function listRelations(env: Env, session: Session): readonly TableDef[] {
  const { given } = env.engine;
  return given ? [...given.values()] : ownRelations(env, session);
}

/** Those of the volume's own catalog, which is empty where the metadata keeps it: views and foreign keys are there only. */
const ownRelations = (env: Env, session: Session): readonly TableDef[] =>
  Array.from(catalogEntries(env, CATALOG, session.tx?.xid ?? 0), ({ table }) => table);

/** The table's row in the catalog as it is now. */
export const findRow = (env: Env, tx: SessionTx, relation: number) =>
  findEntry(env, tx.xid, (table) => table.relation === relation);

/** The index of that name now, with its table. */
export function findIndex(env: Env, session: Session, name: string): FoundIndex | null {
  const isIt = (index: IndexDef): boolean => index.name === name;
  const { given } = env.engine;
  const table = given
    ? [...given.values()].find(({ indexes }) => indexes.some(isIt))
    : findEntry(env, session.tx?.xid ?? 0, ({ indexes }) => indexes.some(isIt))?.table;
  const index = table?.indexes.find(isIt);
  return table && index ? { table, index } : null;
}

function findEntry(env: Env, own: number, isWanted: (table: TableDef) => boolean): CatalogEntry | null {
  for (const entry of catalogEntries(env, CATALOG, own)) if (isWanted(entry.table)) return entry;
  return null;
}

/** Names of the table and of its indexes. */
export const namesOf = ({ name, indexes }: TableDef): readonly string[] => [
  name,
  ...indexes.map((index) => index.name),
];

/** 42P07, a wait for whoever is creating or dropping such a name, or null when the names are free. */
export function checkNamesFree(env: Env, tx: SessionTx, wanted: readonly string[]): WriteOutcome | null {
  return judgeVersions(env, CATALOG, wanted.join(), (tuple, table): WriteOutcome | null => {
    const name = namesOf(table).find((one) => wanted.includes(one));
    if (name === undefined) return null;
    const xmin = tupleXmin(tuple.page, tuple.at);
    const xmax = tupleXmax(tuple.page, tuple.at);
    if (xmax !== 0 && isOwn(env, tx.xid, xmax)) return null;
    if (!isFrozen(tuple) && !isOwn(env, tx.xid, xmin)) {
      if (isInProgress(env, xmin)) return { kind: 'wait', tx: xmin as TxId };
      if (!isCommitted(env, xmin)) return null;
    }
    if (xmax !== 0 && isInProgress(env, xmax)) return { kind: 'wait', tx: xmax as TxId };
    if (xmax !== 0 && isCommitted(env, xmax)) return null;
    if (table.enum !== undefined)
      return { kind: 'error', sqlstate: '42710', message: `type "${name}" already exists` };
    return { kind: 'error', sqlstate: '42P07', message: `relation "${ownName(name)}" already exists` };
  });
}

export const NO_IDS_LEFT: WriteOutcome = {
  kind: 'error',
  sqlstate: '54000',
  message: 'no relation ids left',
};

/** The volume's counters with the next relation's serial number. */
export const countersChange = (env: Env, serial: number): Change => ({
  blockKey: VOLUME_KEY,
  op: OP_VOLUME_SET,
  init: false,
  payload: volumeSetPayload(env.engine.xidLimit, serial),
});

/** The relation id of a serial number: round robin over the groups, beginning with the second; 0 when a range is full. */
export function relationOfSerial(env: Env, serial: number): number {
  const { groupRelations } = env.engine.config;
  const turn = serial + 1;
  const group = groupRelations[turn % groupRelations.length];
  const id = (group?.first ?? 0) + Math.floor(turn / groupRelations.length);
  return group && id < group.end ? id : 0;
}

export function createTable(env: Env, session: Session, tx: SessionTx, table: NewTable): WriteOutcome {
  const { name, columns, primaryKey, checks, foreignKeys, owned } = table;
  const indexes = primaryKey === null ? [] : [primaryKey];
  const taken = checkNamesFree(env, tx, [name, ...indexes.map((index) => index.name)]);
  if (taken) return taken;
  const serial = volumeRelationSerial(getPage(env, VOLUME_KEY));
  const relations = [name, ...indexes].map((_, i) => relationOfSerial(env, serial + i));
  if (relations.includes(0)) return NO_IDS_LEFT;
  const [relation = 0, ...ofIndexes] = relations;
  const made = indexes.map((index, i) => ({ ...index, relation: ofIndexes[i] ?? 0, since: 0 }));
  const definition = makeTableDef(relation, name, columns, made, { checks, foreignKeys, owned });
  const bytes = encodeRow(CATALOG.columns, encodeTable(definition));
  const xid = requireXid(env, session, tx);
  return insertDefinition(env, tx, xid, `table "${name}"`, bytes, [
    countersChange(env, serial + relations.length),
    ...heapInitChanges(relation),
    ...ofIndexes.flatMap(treeInitChanges),
  ]);
}

/** Writes a row of the catalog, in one MTR with the first pages of what it defines. */
export function insertDefinition(
  env: Env,
  tx: SessionTx,
  xid: number,
  what: string,
  bytes: Uint8Array,
  changes: readonly Change[],
): WriteOutcome {
  const tuple = makeTuple(xid, 0, bytes);
  if (tuple.length > maxTupleBytes(env.engine.config.pageBytes)) return tooBig(what);
  const block = findRoom(env, CATALOG, tuple.length + SLOT_BYTES, 0, 0);
  const blockKey = blockKeyOf(CATALOG_RELATION, block);
  const payload = heapInsertPayload(freeSlot(getPage(env, blockKey)), tuple);
  appendChanges(env, [...changes, { blockKey, op: OP_HEAP_INSERT, init: false, payload }], false, xid);
  recordCatalogChange(env, tx);
  return { kind: 'ok' };
}

const tooBig = (what: string): WriteOutcome => ({
  kind: 'error',
  sqlstate: '54000',
  message: `definition of ${what} is too big for a page`,
});

/** A view has a row of the catalog and a relation id, and no pages. */
export function createView(
  env: Env,
  session: Session,
  tx: SessionTx,
  { name, columns, view }: NewView,
  replaced: TableDef | null,
): WriteOutcome {
  if (replaced !== null) {
    const found = findRow(env, tx, replaced.relation);
    const row = encodeTable({ ...makeTableDef(replaced.relation, name, columns, []), view });
    const outcome: WriteOutcome = found
      ? updateRow(env, session, tx, CATALOG, found.tid, row)
      : { kind: 'changed', found: null };
    if (outcome.kind === 'ok') recordCatalogChange(env, tx);
    if (outcome.kind !== 'changed') return outcome;
    return { kind: 'error', sqlstate: '42P01', message: `relation "${name}" does not exist` };
  }
  const taken = checkNamesFree(env, tx, [name]);
  if (taken) return taken;
  const serial = volumeRelationSerial(getPage(env, VOLUME_KEY));
  const relation = relationOfSerial(env, serial);
  if (relation === 0) return NO_IDS_LEFT;
  const bytes = encodeRow(
    CATALOG.columns,
    encodeTable({ ...makeTableDef(relation, name, columns, []), view }),
  );
  const xid = requireXid(env, session, tx);
  return insertDefinition(env, tx, xid, `view "${name}"`, bytes, [countersChange(env, serial + 1)]);
}

/** A schema has a row of the catalog, and neither pages nor columns. */
export function createSchema(env: Env, session: Session, tx: SessionTx, schema: string): WriteOutcome {
  const name = schemaEntry(schema);
  const taken = checkNamesFree(env, tx, [name]);
  if (taken?.kind === 'error')
    return { kind: 'error', sqlstate: '42P06', message: `schema "${schema}" already exists` };
  if (taken) return taken;
  const serial = volumeRelationSerial(getPage(env, VOLUME_KEY));
  const relation = relationOfSerial(env, serial);
  if (relation === 0) return NO_IDS_LEFT;
  const entry: TableDef = { ...makeTableDef(relation, name, [], []), isSchema: true };
  const bytes = encodeRow(CATALOG.columns, encodeTable(entry));
  const xid = requireXid(env, session, tx);
  return insertDefinition(env, tx, xid, `schema "${schema}"`, bytes, [countersChange(env, serial + 1)]);
}

/** A type has a row of the catalog, and an id beside its own for the arrays of it. */
export function createType(
  env: Env,
  session: Session,
  tx: SessionTx,
  name: string,
  labels: readonly string[],
): WriteOutcome {
  const taken = checkNamesFree(env, tx, [name]);
  if (taken) return taken;
  const serial = volumeRelationSerial(getPage(env, VOLUME_KEY));
  const [id, arrayId] = [relationOfSerial(env, serial), relationOfSerial(env, serial + 1)];
  if (id === 0 || arrayId === 0) return NO_IDS_LEFT;
  const made = enumType({ id, arrayId, name, labels: labels.map((label, i) => [label, i + 1]) });
  const entry: TableDef = { ...makeTableDef(id, name, [], []), enum: made };
  const bytes = encodeRow(CATALOG.columns, encodeTable(entry));
  const xid = requireXid(env, session, tx);
  return insertDefinition(env, tx, xid, `type "${name}"`, bytes, [countersChange(env, serial + 2)]);
}

/** Tables and views, as they are now, that have a column of the type. */
export const usersOfType = (env: Env, session: Session, type: number): readonly TableDef[] =>
  ownRelations(env, session).filter((table) => usesType(table, type));

/** Tables, views, sequences and types of the schema, as they are now. */
export const relationsIn = (env: Env, session: Session, schema: string): readonly TableDef[] =>
  listRelations(env, session).filter(({ name, isSchema }) => !isSchema && schemaOf(name) === schema);

/** The views, as they are now, whose queries read the relation. */
export const viewsOf = (env: Env, session: Session, relation: number): readonly TableDef[] =>
  ownRelations(env, session).filter(({ view }) => view?.reads.includes(relation));

/** The tables, as they are now, of which a foreign key refers to the relation. */
export function referrersOf(env: Env, session: Session, relation: number): readonly TableDef[] {
  const { referrers } = env.engine;
  const mayKeep = session.tx?.changedCatalog !== true && keepsCatalog(env);
  const known = mayKeep ? referrers.get(relation) : undefined;
  if (known) return known;
  const found = ownRelations(env, session).filter((table) => refersTo(table, relation));
  if (mayKeep) {
    if (referrers.size >= env.engine.config.limits.cachedTables) referrers.clear();
    referrers.set(relation, found);
  }
  return found;
}

/** The tables, as they are now, of which a column draws from the sequence or owns it. */
export const usersOf = (env: Env, session: Session, sequence: number): readonly TableDef[] =>
  ownRelations(env, session).filter((table) => usesSequence(table, sequence));

/** The table of that relation now. */
export const findRelation = (env: Env, session: Session, relation: number): TableDef | null =>
  findEntry(env, session.tx?.xid ?? 0, (table) => table.relation === relation)?.table ?? null;

/** The transaction has the table alone (relation-locks.ts). */
export function dropTable(env: Env, session: Session, tx: SessionTx, table: TableDef): WriteOutcome {
  const found = findRow(env, tx, table.relation);
  const missing: WriteOutcome = {
    kind: 'error',
    sqlstate: '42P01',
    message: `${table.view ? 'view' : table.sequence ? 'sequence' : 'table'} "${table.name}" does not exist`,
  };
  if (!found) return missing;
  keepReaders(env, tx, found.table, null);
  const outcome = deleteRow(env, session, tx, CATALOG, found.tid);
  if (outcome.kind === 'changed') return missing;
  if (outcome.kind !== 'ok') return outcome;
  recordCatalogChange(env, tx);
  noteGone(tx, found.table, null);
  return outcome;
}

const relationsOf = ({ relation, indexes }: TableDef): readonly number[] => [
  relation,
  ...indexes.map((index) => index.relation),
];

/** What the table no longer has once the transaction is committed. */
export function noteGone(tx: SessionTx, from: TableDef, to: TableDef | null): void {
  const kept = to === null ? [] : relationsOf(to);
  const gone = relationsOf(from).filter((relation) => !kept.includes(relation));
  if (gone.length === 0) return;
  tx.gone ??= [];
  tx.gone.push(...gone);
}

/** A transaction that changed the catalog became visible (or was undone): what was remembered may be wrong. */
export function forgetCatalog(env: Env): void {
  forgetTables(env.engine);
  env.engine.plans.clear();
}
