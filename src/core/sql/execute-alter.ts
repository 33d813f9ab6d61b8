// Runs ALTER TABLE and RENAME: the definition is written, the rows that are there are held against what is new in it, then
// the indexes of new constraints are made. The transaction has the table alone.

import { present } from '../../base/assert.ts';
import type { Access, IndexDef, Row, TableDef } from './access.ts';
import { type Context, spend } from './context.ts';
import { evaluate, isEntered, keyValueOf } from './evaluate.ts';
import { makeIndex } from './execute-ddl.ts';
import { noteWritten, runReferences } from './execute-references.ts';
import { alterOwned, dropOwned, makeColumnSequences, withSequences } from './execute-sequence.ts';
import { alterUsers } from './execute-type.ts';
import type { ProgressOf } from './execution-types.ts';
import { fail, unsupported } from './failure.ts';
import { ownName } from './relation-name.ts';
import { done, settle } from './settle.ts';
import type { ExecutionStep } from './statement.ts';
import { isDropped, redefine } from './table-def.ts';

export function runAlterTable(progress: ProgressOf<'alterTable'>, context: Context): ExecutionStep {
  const { access } = context;
  const { from, to, hidden, indexes, identities, tag } = progress.plan;
  if (from === null || to === null) return done(tag);
  if (!progress.isMade) {
    const users = alterUsers(from, to, access);
    if (users !== null) return users;
    if (hidden !== null && access.viewsOf(from.relation).length > 0) unsupported(hidden);
    const waits = makeColumnSequences(progress.made, to, identities, access);
    if (waits !== null) return waits;
    const pages = newPages(progress, from, access);
    if (pages !== null) return pages;
    const made = withIdentities(progress, withMissing(progress, to, context));
    const now = progress.plan.rewritten.length === 0 ? from : present(access.findTable(from.name), 'a table');
    const step = settle(access.redefineTable(now, onPages(made, from, now)));
    if (step !== null) return step;
    progress.isMade = true;
  }
  const altered = alterOwned(progress, access) ?? dropOwned(from, to, access);
  if (altered !== null) return altered;
  const copied = moveRows(progress, from, access, context);
  if (copied !== null) return copied;
  if (!progress.isVerified) {
    verifyRows(progress, access, to.name, context);
    progress.isVerified = true;
  }
  const broken = runReferences(progress.plan.references, progress.work, context);
  if (broken !== null) return broken;
  for (; progress.at < indexes.length; progress.at++) {
    const step = makeIndex(
      progress.build,
      to.name,
      present(indexes[progress.at], 'an index'),
      false,
      context,
    );
    if (step !== null) return step;
    progress.build = { name: null, from: null };
  }
  return done(tag);
}

/** Defaults of columns that are added, computed once for all rows that are there. */
function withMissing({ plan }: ProgressOf<'alterTable'>, to: TableDef, context: Context): TableDef {
  if (plan.missing.length === 0) return to;
  const values = new Map(plan.missing.map(({ column, expr }) => [column, evaluate(expr, [], context)]));
  const columns = to.columns.map((column, i) => {
    const missing = values.get(i);
    return missing === undefined || missing === null ? column : { ...column, missing };
  });
  return redefine(to, { columns });
}

function withIdentities({ plan, made }: ProgressOf<'alterTable'>, to: TableDef): TableDef {
  if (plan.identities.length === 0) return to;
  const { columns, owned } = withSequences(to.columns, plan.identities, made);
  return redefine(to, { columns, owned: [...(to.owned ?? []), ...owned] });
}

/** New pages for the rows that are written anew, and for each index. */
function newPages(progress: ProgressOf<'alterTable'>, from: TableDef, access: Access): ExecutionStep | null {
  if (progress.plan.rewritten.length === 0) return null;
  progress.children ??= access
    .referrersOf(from.relation)
    .flatMap(({ relation, name }) => (relation === from.relation ? [] : [name]));
  for (; progress.parts <= from.indexes.length; progress.parts++) {
    const table = present(access.findTable(from.name), 'a table that is altered');
    const step = settle(access.truncateTable(table, progress.parts));
    if (step !== null) return step;
  }
  return null;
}

/** The definition that is made of `from`, for the pages that `now` has in its place. */
function onPages(made: TableDef, from: TableDef, now: TableDef): TableDef {
  if (now.relation === from.relation) return made;
  const indexes = made.indexes.map((index) => {
    const place = from.indexes.findIndex(({ relation }) => relation === index.relation);
    const { relation, since } = now.indexes[place] ?? index;
    return { ...index, relation, since };
  });
  return redefine(made, { relation: now.relation, indexes });
}

/** The rows of the old pages, written anew; then tables that refer to the old ones learn of the new. */
function moveRows(
  progress: ProgressOf<'alterTable'>,
  from: TableDef,
  access: Access,
  context: Context,
): ExecutionStep | null {
  const { to, rewritten } = progress.plan;
  if (rewritten.length === 0 || progress.isRewritten || to === null) return null;
  const table = present(access.findTable(to.name), 'a table that was just altered');
  const latest = access.latest();
  progress.position ??= latest.openScan(from);
  for (;;) {
    const next = latest.scanRows(from, progress.position, 1, null);
    if (next === null) break;
    spend(context);
    const step = writeAnew(progress, table, next.rows[0]?.row ?? [], context);
    if (step !== null) return step;
    progress.position = next.position;
  }
  for (let child = progress.children?.[0]; child !== undefined; child = progress.children?.[0]) {
    const one = present(access.findTable(child), 'a table that refers to it');
    const foreignKeys = (one.foreignKeys ?? []).map((key) =>
      key.target === from.relation ? { ...key, target: table.relation } : key,
    );
    const step = settle(access.redefineTable(one, redefine(one, { foreignKeys })));
    if (step !== null) return step;
    progress.children?.shift();
  }
  progress.isRewritten = true;
  progress.isVerified = true;
  return null;
}

function writeAnew(
  progress: ProgressOf<'alterTable'>,
  table: TableDef,
  old: Row,
  context: Context,
): ExecutionStep | null {
  const values = new Map(progress.plan.rewritten.map(({ column, expr }) => [column, expr]));
  const row = table.columns.map((column, i) => {
    const expr = values.get(i);
    if (isDropped(column)) return null;
    return expr === undefined ? (old[i] ?? column.missing ?? null) : evaluate(expr, old, context);
  });
  verifyRow(progress, table, row, context);
  for (const index of table.indexes) {
    const isTaken = index.isUnique && isEntered(index, row) && hasConflict(context, table, index, row);
    if (isTaken) fail('23505', `could not create unique index "${ownName(index.name)}"`);
  }
  return settle(context.access.insertRow(table, row));
}

/** Of a key without nulls. */
const hasConflict = ({ access }: Context, table: TableDef, index: IndexDef, row: Row): boolean =>
  index.keys.every((key) => keyValueOf(key, row) !== null) &&
  access.findConflict(table, index, row).kind !== 'none';

/** 23502 or 23514 when a row does not meet what is new. */
function verifyRows(
  progress: ProgressOf<'alterTable'>,
  access: Access,
  name: string,
  context: Context,
): void {
  const { notNull, checks, foreign } = progress.plan;
  if (notNull.length === 0 && checks.length === 0 && foreign.length === 0) return;
  const table = present(access.findTable(name), 'a table that was just altered');
  const latest = access.latest();
  progress.position ??= latest.openScan(table);
  for (;;) {
    const next = latest.scanRows(table, progress.position, 1, null);
    if (next === null) return;
    spend(context);
    const row = next.rows[0]?.row ?? [];
    verifyRow(progress, table, row, context);
    progress.position = next.position;
  }
}

function verifyRow(
  { plan, work }: ProgressOf<'alterTable'>,
  table: TableDef,
  row: Row,
  context: Context,
): void {
  const { notNull, checks, references } = plan;
  const name = ownName(table.name);
  for (const column of notNull)
    if (row[column] === null)
      fail(
        '23502',
        `column "${table.columns[column]?.name ?? ''}" of relation "${name}" contains null values`,
      );
  for (const { name: check, condition } of checks)
    if (evaluate(condition, row, context) === false)
      fail('23514', `check constraint "${check}" of relation "${name}" is violated by some row`);
  noteWritten(references, work, table, null, row, context);
}
