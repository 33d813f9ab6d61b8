// What ON CONFLICT makes of a row that INSERT is about to write: inserted, left out, or the row that is there is updated. Nothing
// comes between this look and the write that follows in the same step.

import type { TxId } from '../../base/ids.ts';
import type { FoundRow, LockStrength, Row, RowPlace, TableDef, Tid } from './access.ts';
import type { OnConflict } from './analyse-conflict.ts';
import type { Check } from './analyse-constraint.ts';
import { groupKey } from './compare.ts';
import type { Context } from './context.ts';
import { failingRow } from './error-detail.ts';
import { evaluate, isTrue, keyValueOf } from './evaluate.ts';
import type { ProgressOf } from './execution-types.ts';
import { fail, failAbout } from './failure.ts';
import { ownName } from './relation-name.ts';
import { isPlain } from './table-def.ts';

export type Way =
  | { readonly kind: 'insert' }
  | { readonly kind: 'skip' }
  | { readonly kind: 'update'; readonly tid: Tid; readonly row: Row; readonly before: Row }
  | { readonly kind: 'wait'; readonly tx: TxId; readonly row?: RowPlace };

export const INSERTS: Way = { kind: 'insert' };
const SKIPS: Way = { kind: 'skip' };

/** 23502, 23514 or 44000 where the row breaks a constraint that concerns it alone, of its table or of the view it is written through. */
export function checkRow(
  { table, checks }: { readonly table: TableDef; readonly checks: readonly Check[] },
  row: Row,
  context: Context,
): void {
  const { columns } = table;
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i];
    if (column?.notNull && row[i] === null) {
      const place = `column "${column.name}" of relation "${ownName(table.name)}"`;
      failAbout('23502', `null value in ${place} violates not-null constraint`, failingRow(table, row));
    }
  }
  for (const { name, condition, isOption } of checks) {
    const value = evaluate(condition, row, context);
    if (isOption && value !== true)
      failAbout('44000', `new row violates check option for view "${name}"`, failingRow(table, row));
    if (value === false) {
      const message = `new row for relation "${ownName(table.name)}" violates check constraint "${name}"`;
      failAbout('23514', message, failingRow(table, row));
    }
  }
}

/** 40001 where repeatable read meets a row that it may not see; 21000 for a second update of one row. */
export function resolveConflict(
  { plan, touched }: ProgressOf<'insert'>,
  { arbiters, update }: OnConflict,
  row: Row,
  context: Context,
): Way {
  for (const index of arbiters) {
    const conflict = context.access.findConflict(plan.table, index, row);
    if (conflict.kind === 'none') continue;
    if (conflict.kind === 'wait') return conflict;
    const { isVisible } = conflict;
    let { found } = conflict;
    if (!isVisible) fail('40001', 'could not serialize access due to concurrent update');
    if (update === null) return SKIPS;
    if (touched.has(keyIn(index, row)))
      fail('21000', 'ON CONFLICT DO UPDATE command cannot affect row a second time');
    if (update.where !== null) {
      // The row is locked whether the condition then holds or not (ExecOnConflictUpdate).
      const locked = lockTarget(plan.table, update, found, context);
      if ('kind' in locked) return locked;
      found = locked;
    }
    const both = found.row.concat(row);
    if (!isTrue(update.where, both, context)) return SKIPS;
    const changed = found.row.slice();
    for (const { column, expr } of update.assignments) changed[column] = evaluate(expr, both, context);
    checkRow(plan, changed, context);
    return { kind: 'update', tid: found.tid, row: changed, before: found.row };
  }
  return INSERTS;
}

/** As strong as the update would lock it: FOR UPDATE where a column of a unique key is assigned (ExecUpdateLockMode). */
function lockTarget(
  table: TableDef,
  { assignments }: NonNullable<OnConflict['update']>,
  found: FoundRow,
  context: Context,
): FoundRow | Extract<Way, { kind: 'wait' }> {
  const isKey = (column: number): boolean =>
    table.indexes.some(
      (index) => index.isUnique && isPlain(index) && index.keys.some((key) => key.column === column),
    );
  const strength: LockStrength = assignments.some(({ column }) => isKey(column)) ? 3 : 2;
  const outcome = context.access.lockRow(table, found.tid, { strength, policy: 'wait' });
  if (outcome.kind === 'wait') return outcome;
  if (outcome.kind === 'error') return fail(outcome.sqlstate, outcome.message);
  return found;
}

const keyIn = ({ name, keys }: OnConflict['arbiters'][number], row: Row): string =>
  `${name} ${groupKey(keys.map((key) => keyValueOf(key, row)))}`;

/** Remembers that the statement has written the row. */
export function touch({ touched }: ProgressOf<'insert'>, { arbiters, update }: OnConflict, row: Row): void {
  if (update !== null) for (const index of arbiters) touched.add(keyIn(index, row));
}
