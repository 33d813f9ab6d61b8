// Runs ALTER TABLE and RENAME: the definition is written, the rows that are there are held against what is new in it, then
// the indexes of new constraints are made. The transaction has the table alone.

import { present } from '../../base/assert.ts';
import type { Access, TableDef } from './access.ts';
import { type Context, spend } from './context.ts';
import { evaluate } from './evaluate.ts';
import { makeIndex } from './execute-ddl.ts';
import { noteWritten, runReferences } from './execute-references.ts';
import { alterOwned, dropOwned, makeColumnSequences, withSequences } from './execute-sequence.ts';
import { alterUsers } from './execute-type.ts';
import type { ProgressOf } from './execution-types.ts';
import { fail, unsupported } from './failure.ts';
import { ownName } from './relation-name.ts';
import { done, settle } from './settle.ts';
import type { ExecutionStep } from './statement.ts';
import { redefine } from './table-def.ts';

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
    const step = settle(
      access.redefineTable(from, withIdentities(progress, withMissing(progress, to, context))),
    );
    if (step !== null) return step;
    progress.isMade = true;
  }
  const altered = alterOwned(progress, access) ?? dropOwned(from, to, access);
  if (altered !== null) return altered;
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

/** 23502 or 23514 when a row does not meet what is new. */
function verifyRows(
  progress: ProgressOf<'alterTable'>,
  access: Access,
  name: string,
  context: Context,
): void {
  const { notNull, checks, foreign, references } = progress.plan;
  if (notNull.length === 0 && checks.length === 0 && foreign.length === 0) return;
  const table = present(access.findTable(name), 'a table that was just altered');
  const latest = access.latest();
  progress.position ??= latest.openScan(table);
  for (;;) {
    const next = latest.scanRows(table, progress.position, 1, null);
    if (next === null) return;
    spend(context);
    const row = next.rows[0]?.row ?? [];
    for (const column of notNull)
      if (row[column] === null)
        fail(
          '23502',
          `column "${table.columns[column]?.name ?? ''}" of relation "${ownName(name)}" contains null values`,
        );
    for (const { name: check, condition } of checks)
      if (evaluate(condition, row, context) === false)
        fail('23514', `check constraint "${check}" of relation "${ownName(name)}" is violated by some row`);
    noteWritten(references, progress.work, table, null, row, context);
    progress.position = next.position;
  }
}
