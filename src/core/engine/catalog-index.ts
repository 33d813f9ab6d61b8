// Indexes in the catalog. They stand in their table's row, so creating and dropping one is an update of that row, by a
// transaction that has the table alone (relation-locks.ts): nobody writes rows by a definition that lacks the index.

import { has } from '../kernel/mutants.ts';
import { VOLUME_KEY } from '../page/page-key.ts';
import { volumeRelationSerial } from '../page/system-page.ts';
import type { IndexDef, NamedIndex, TableDef, WriteOutcome } from '../sql/access.ts';
import { encodeTable } from '../sql/catalog-row.ts';
import { redefine } from '../sql/table-def.ts';
import {
  CATALOG,
  checkNamesFree,
  countersChange,
  findRow,
  NO_IDS_LEFT,
  noteGone,
  relationOfSerial,
} from './catalog.ts';
import { recordCatalogChange } from './catalog-pass.ts';
import type { Env, Session, SessionTx } from './engine-state.ts';
import { heapInitChanges, treeInitChanges } from './new-relation.ts';
import { type Change, getPage } from './pages.ts';
import { updateRow } from './row-write.ts';
import { keepReaders } from './serializable.ts';
import { computeHorizon, requireXid } from './transactions.ts';

/** Indexes of a table: a write needs a page of each at once. */
const INDEXES_MAX = 16;

/** Writes the table's row anew with another definition; `beside`: changes of the same MTR. */
export function changeTable(
  env: Env,
  session: Session,
  tx: SessionTx,
  { relation, name }: TableDef,
  change: (table: TableDef) => TableDef,
  beside: readonly Change[] = [],
): WriteOutcome {
  const missing: WriteOutcome = {
    kind: 'error',
    sqlstate: '42P01',
    message: `relation "${name}" does not exist`,
  };
  const found = findRow(env, tx, relation);
  if (!found) return missing;
  const changed = change(found.table);
  keepReaders(env, tx, found.table, changed);
  const row = encodeTable(changed);
  const outcome = updateRow(env, session, tx, CATALOG, found.tid, row, beside);
  if (outcome.kind === 'changed') return missing;
  if (outcome.kind !== 'ok') return outcome;
  recordCatalogChange(env, tx);
  noteGone(tx, found.table, changed);
  return outcome;
}

/** ALTER TABLE and RENAME: another definition of the same relation. */
export function redefineTable(
  env: Env,
  session: Session,
  tx: SessionTx,
  from: TableDef,
  to: TableDef,
): WriteOutcome {
  const names = has(env.mutants, 'engine.renames-blindly') ? [] : newNames(from, to);
  const taken = names.length === 0 ? null : checkNamesFree(env, tx, names);
  return taken ?? changeTable(env, session, tx, from, () => to);
}

/** What the table or an index of it is called from now on: no name of the table's own row is free, for it is another relation's. */
const newNames = (from: TableDef, to: TableDef): readonly string[] => [
  ...(to.name === from.name ? [] : [to.name]),
  ...to.indexes.flatMap(({ relation, name }) =>
    from.indexes.some((index) => index.relation === relation && index.name === name) ? [] : [name],
  ),
];

/** The same with other indexes. */
function changeIndexes(
  env: Env,
  session: Session,
  tx: SessionTx,
  table: TableDef,
  change: (indexes: readonly IndexDef[]) => readonly IndexDef[],
  beside: readonly Change[] = [],
): WriteOutcome {
  const withIndexes = (one: TableDef): TableDef => redefine(one, { indexes: change(one.indexes) });
  return changeTable(env, session, tx, table, withIndexes, beside);
}

/** New, empty pages for the rows (`part` 0) or for index `part` − 1; the old ones stay until nobody can come back to them. */
export function truncateTable(
  env: Env,
  session: Session,
  tx: SessionTx,
  table: TableDef,
  part: number,
): WriteOutcome {
  // An xid first: reserving xids writes the same counters.
  requireXid(env, session, tx);
  const serial = volumeRelationSerial(getPage(env, VOLUME_KEY));
  const relation = relationOfSerial(env, serial);
  if (relation === 0) return NO_IDS_LEFT;
  const made = part === 0 ? heapInitChanges(relation) : treeInitChanges(relation);
  const beside = [countersChange(env, serial + 1), ...made];
  if (part > 0)
    return changeIndexes(
      env,
      session,
      tx,
      table,
      (indexes) => indexes.map((index, i) => (i === part - 1 ? { ...index, relation, since: 0 } : index)),
      beside,
    );
  return changeTable(env, session, tx, table, (one) => redefine(one, { relation }), beside);
}

export function createIndex(
  env: Env,
  session: Session,
  tx: SessionTx,
  table: TableDef,
  index: NamedIndex,
): WriteOutcome {
  const taken = checkNamesFree(env, tx, [index.name]);
  if (taken) return taken;
  if (table.indexes.length >= INDEXES_MAX)
    return {
      kind: 'error',
      sqlstate: '54000',
      message: `a table can have at most ${INDEXES_MAX} indexes`,
    };
  const serial = volumeRelationSerial(getPage(env, VOLUME_KEY));
  const relation = relationOfSerial(env, serial);
  if (relation === 0) return NO_IDS_LEFT;
  // An xid first: reserving xids writes the same counters.
  requireXid(env, session, tx);
  const beside = [countersChange(env, serial + 1), ...treeInitChanges(relation)];
  const add = (indexes: readonly IndexDef[]): readonly IndexDef[] => [
    ...indexes,
    { ...index, relation, since: 0 },
  ];
  return changeIndexes(env, session, tx, table, add, beside);
}

/** Snapshots that may see older versions than those the index was built from read without it. */
export function keepFromOlder(
  env: Env,
  session: Session,
  tx: SessionTx,
  table: TableDef,
  index: IndexDef,
): WriteOutcome {
  return changeIndexes(env, session, tx, table, (indexes) =>
    indexes.map((one) => (one.relation === index.relation ? { ...one, since: tx.xid } : one)),
  );
}

export function dropIndex(
  env: Env,
  session: Session,
  tx: SessionTx,
  table: TableDef,
  index: IndexDef,
): WriteOutcome {
  return changeIndexes(env, session, tx, table, (indexes) =>
    indexes.filter(({ relation }) => relation !== index.relation),
  );
}

/** CREATE and DROP INDEX CONCURRENTLY: what writers and readers make of the index from the transaction's commit on. */
export function markIndex(
  env: Env,
  session: Session,
  tx: SessionTx,
  table: TableDef,
  relation: number,
  invalid: IndexDef['invalid'],
): WriteOutcome {
  const marked = ({ invalid: _, ...index }: IndexDef): IndexDef => ({
    ...index,
    ...(invalid && { invalid }),
  });
  return changeIndexes(env, session, tx, table, (indexes) =>
    indexes.map((index) => (index.relation === relation ? marked(index) : index)),
  );
}

/** The table with the indexes that every snapshot may read by marked as such (`since` 0). */
export function withReadable(env: Env, table: TableDef): TableDef {
  if (table.indexes.every(({ since }) => since === 0)) return table;
  const horizon = computeHorizon(env);
  const indexes = table.indexes.map((index) => (index.since < horizon ? { ...index, since: 0 } : index));
  return { ...table, indexes };
}
