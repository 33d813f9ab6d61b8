// What foreign keys ask for when a statement has written its rows: that each key referred to is there, and what becomes of
// rows that refer to a key that is not there any more. As in PostgreSQL's ri_triggers.c a key is looked up by the transaction's
// snapshot, where it has one for all its statements: what that cannot see is not there. Rows that refer are looked up with a
// snapshot of that moment, and an action that would write one that the transaction cannot see is 40001. A key that is there
// is locked (KEY SHARE), so that it stays until the transaction ends; who deletes it waits for such a lock. A task may be
// begun anew after Blocked: it changes its state only where a call has come through.

import { present } from '../../base/assert.ts';
import type {
  Access,
  ForeignKeyAction,
  FoundRow,
  Row,
  ScanPosition,
  TableDef,
  Tid,
  Value,
  WriteOutcome,
} from './access.ts';
import { compareValues, groupKey } from './compare.ts';
import { type Context, checkHeld, spend } from './context.ts';
import { missingKey, referredKey } from './error-detail.ts';
import { evaluate } from './evaluate.ts';
import { checkRow } from './execute-conflict.ts';
import type { Expr } from './expression.ts';
import { fail, failAbout } from './failure.ts';
import type { IncomingKey, References } from './references.ts';
import { settle } from './settle.ts';
import type { ExecutionStep } from './statement.ts';

/** A key that is to be looked for. `at`: which of the relation's outgoing, or incoming keys. */
export type ReferenceTask =
  | { readonly kind: 'lookup'; readonly relation: number; readonly at: number; readonly key: Row }
  /** `next`: what the key has become; null: its row was deleted. */
  | {
      readonly kind: 'referrers';
      readonly relation: number;
      readonly at: number;
      readonly key: Row;
      readonly next: Row | null;
    };

export interface ReferenceWork {
  /** A new foreign key holds the rows that are there now against the keys that are there now. */
  readonly isOfNow: boolean;
  readonly tasks: ReferenceTask[];
  /** Lookups that are still to be made: each key once. */
  readonly asked: Set<string>;
  at: number;
  /** Of the task at hand: where the look at referring rows has come to, those that were found, and how many are written. */
  position: ScanPosition | null;
  rows: { tid: Tid; row: Row }[];
  written: number;
  isCollected: boolean;
}

export const makeReferenceWork = (isOfNow = false): ReferenceWork => ({
  isOfNow,
  tasks: [],
  asked: new Set(),
  at: 0,
  position: null,
  rows: [],
  written: 0,
  isCollected: false,
});

/** Remembers a row that was written: `before` is null for a new one, `after` for one that was deleted. */
export function noteWritten(
  references: References | null,
  work: ReferenceWork,
  { relation }: TableDef,
  before: Row | null,
  after: Row | null,
  context: Context,
): void {
  const known = references?.get(relation);
  if (known === undefined) return;
  for (const [at, { key: exprs }] of known.outgoing.entries()) {
    if (after === null) break;
    const key = keyIn(exprs, after, context);
    if (key.includes(null)) continue;
    if (before !== null && isSameKey(key, keyIn(exprs, before, context))) continue;
    askFor(work, relation, at, key, context);
  }
  for (const [at, { targetColumns }] of known.incoming.entries()) {
    if (before === null) break;
    const key = targetColumns.map((column) => before[column] ?? null);
    const next = after && targetColumns.map((column) => after[column] ?? null);
    if (key.includes(null) || (next !== null && isSameKey(key, next))) continue;
    checkHeld(work.tasks.length, context, 'a statement that deletes keys');
    work.tasks.push({ kind: 'referrers', relation, at, key, next });
  }
}

const keyIn = (exprs: readonly Expr[], row: Row, context: Context): Row =>
  exprs.map((e) => evaluate(e, row, context));

const isSameKey = (a: readonly Value[], b: readonly Value[]): boolean =>
  a.every((value, i) => {
    const other = b[i] ?? null;
    return value === null || other === null ? value === other : compareValues(value, other) === 0;
  });

function askFor(work: ReferenceWork, relation: number, at: number, key: Row, context: Context): void {
  const name = nameOf(relation, at, key);
  if (key.includes(null) || work.asked.has(name)) return;
  checkHeld(work.tasks.length, context, 'a statement that writes foreign keys');
  work.asked.add(name);
  work.tasks.push({ kind: 'lookup', relation, at, key });
}

/** Null when all is done. */
export function runReferences(
  references: References | null,
  work: ReferenceWork,
  context: Context,
): ExecutionStep | null {
  if (references === null) return null;
  for (let task = work.tasks[work.at]; task !== undefined; task = work.tasks[work.at]) {
    // The other kind counts each row that it looks at.
    if (task.kind === 'lookup') spend(context);
    const step =
      task.kind === 'lookup'
        ? lookUp(references, work, task, context)
        : runReferrers(references, work, task, context);
    if (step !== null) return step;
    if (task.kind === 'lookup') work.asked.delete(nameOf(task.relation, task.at, task.key));
    endTask(work);
  }
  return null;
}

const nameOf = (relation: number, at: number, key: Row): string => `${relation} ${at} ${groupKey(key)}`;

function endTask(work: ReferenceWork): void {
  work.at += 1;
  work.position = null;
  work.rows = [];
  work.written = 0;
  work.isCollected = false;
}

/** The row with the key; null when there is none. */
function findKey(access: Access, table: TableDef, index: IncomingKey['index'], key: Row): FoundRow | null {
  const bound = { values: key, inclusive: true };
  const position = access.openKeyScan(table, index, bound, bound, false);
  return access.scanRows(table, position, 1, null)?.rows[0] ?? null;
}

function lookUp(
  references: References,
  { isOfNow }: ReferenceWork,
  { relation, at, key }: Extract<ReferenceTask, { kind: 'lookup' }>,
  context: Context,
): ExecutionStep | null {
  const known = references.get(relation);
  const foreign = known?.outgoing[at];
  if (known === undefined || foreign === undefined) return null;
  const { target, index } = foreign;
  const { access } = context;
  let found = findKey(isOfNow ? access.latest() : access.parents(), target, index, key);
  while (found !== null) {
    const outcome = access.lockRow(target, found.tid, { strength: 0, policy: 'wait' });
    if (outcome.kind === 'skip') break;
    if (outcome.kind !== 'changed') return settle(outcome);
    const newest = outcome.found;
    const isStill =
      newest &&
      isSameKey(
        key,
        index.keys.map(({ column }) => newest.row[column] ?? null),
      );
    found = isStill ? newest : null;
  }
  const tables = `insert or update on table "${known.table.name}"`;
  const message = `${tables} violates foreign key constraint "${foreign.name}"`;
  return failAbout('23503', message, missingKey(known.table, foreign.columns, key, target));
}

function runReferrers(
  references: References,
  work: ReferenceWork,
  { relation, at, key, next }: Extract<ReferenceTask, { kind: 'referrers' }>,
  context: Context,
): ExecutionStep | null {
  const known = references.get(relation);
  const incoming = known?.incoming[at];
  if (known === undefined || incoming === undefined) return null;
  const action = next === null ? incoming.onDelete : incoming.onUpdate;
  // Another row may have taken the key meanwhile.
  if (action === 'none' && findKey(context.access.latest(), known.table, incoming.index, key) !== null)
    return null;
  if (!work.isCollected) {
    const step = collect(work, incoming, key, action, known.table, context);
    if (step !== null) return step;
    work.isCollected = true;
  }
  for (; work.written < work.rows.length; work.written++) {
    const step = writeReferrer(references, work, incoming, key, next, context);
    if (step !== null) return step;
  }
  return null;
}

const refers = ({ key: exprs }: IncomingKey, row: Row, key: Row, context: Context): boolean => {
  const values = keyIn(exprs, row, context);
  return !values.includes(null) && isSameKey(values, key);
};

/** Finds the rows that refer to the key; where none may, the first that is there fails the statement. */
function collect(
  work: ReferenceWork,
  incoming: IncomingKey,
  key: Row,
  action: ForeignKeyAction,
  table: TableDef,
  context: Context,
): ExecutionStep | null {
  const { child, childIndex } = incoming;
  const isRestricted = action === 'restrict';
  const isRefused = isRestricted || action === 'none';
  const latest = context.access.latest();
  const bound = { values: key, inclusive: true };
  work.position ??=
    childIndex === null ? latest.openScan(child) : latest.openKeyScan(child, childIndex, bound, bound, false);
  for (;;) {
    spend(context);
    const next = latest.scanRows(child, work.position, 1, null);
    if (next === null) return null;
    const found = present(next.rows[0], 'a row of the scan');
    if (refers(incoming, found.row, key, context)) {
      if (isRefused) {
        const outcome = context.access.lockRow(child, found.tid, { strength: 0, policy: 'wait' });
        if (outcome.kind === 'wait' || outcome.kind === 'error') return settle(outcome);
        const isThere =
          outcome.kind === 'ok' ||
          (outcome.kind === 'changed' &&
            outcome.found !== null &&
            refers(incoming, outcome.found.row, key, context));
        if (isThere) {
          refuse(table, incoming, key, isRestricted);
        }
      } else {
        checkHeld(work.rows.length, context, 'a referential action');
        work.rows.push(found);
      }
    }
    work.position = next.position;
  }
}

function refuse(table: TableDef, incoming: IncomingKey, key: Row, isRestricted: boolean): never {
  const { name, child, targetColumns } = incoming;
  const what = isRestricted ? 'RESTRICT setting of foreign key constraint' : 'foreign key constraint';
  const message = `update or delete on table "${table.name}" violates ${what} "${name}" on table "${child.name}"`;
  return failAbout(isRestricted ? '23001' : '23503', message, referredKey(table, targetColumns, key, child));
}

/** CASCADE, SET NULL or SET DEFAULT of one row. */
function writeReferrer(
  references: References,
  work: ReferenceWork,
  incoming: IncomingKey,
  key: Row,
  next: Row | null,
  context: Context,
): ExecutionStep | null {
  const { child, onDelete, onUpdate } = incoming;
  const action = next === null ? onDelete : onUpdate;
  const known = references.get(child.relation);
  for (;;) {
    const place = work.rows[work.written];
    if (place === undefined || known === undefined) return null;
    spend(context);
    const isDeleted = action === 'cascade' && next === null;
    const after = isDeleted ? null : changed(incoming, place.row, next, context);
    if (after !== null) checkRow(known, after, context);
    if (!context.access.sees(child, place.tid))
      fail('40001', 'could not serialize access due to concurrent update');
    const outcome: WriteOutcome =
      after === null
        ? context.access.deleteRow(child, place.tid)
        : context.access.updateRow(child, place.tid, after);
    if (outcome.kind === 'changed') {
      const { found } = outcome;
      if (found === null || !refers(incoming, found.row, key, context)) return null;
      work.rows[work.written] = { tid: found.tid, row: found.row };
      continue;
    }
    const step = settle(outcome);
    if (step !== null) return step;
    noteWritten(references, work, child, place.row, after, context);
    // A default may be the very key that is not there any more.
    const at = known.outgoing.findIndex(({ name }) => name === incoming.name);
    const own = known.outgoing[at];
    if (action === 'default' && after !== null && own !== undefined)
      askFor(work, child.relation, at, keyIn(own.key, after, context), context);
    return null;
  }
}

/** The referring row with the new key, with nulls or with defaults. */
function changed(
  { columns, defaults, assigned, onDelete, onUpdate }: IncomingKey,
  row: Row,
  next: Row | null,
  context: Context,
): Row {
  const action = next === null ? onDelete : onUpdate;
  const after = row.slice();
  const values = action === 'default' ? defaults : action === 'cascade' ? assigned : [];
  for (const [i, column] of columns.entries()) {
    const e = values[i];
    after[column] = e === undefined ? null : evaluate(e, next ?? [], context);
  }
  return after;
}
