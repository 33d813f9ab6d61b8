// Which columns of its tables a query uses: from its outputs downwards, each part of the plan says what it needs of those below
// it, and a scan decodes no more than that. Rows keep their width, so that no expression has to be moved.

import type { Expr } from './expression.ts';
import { type Needed, NO_COLUMNS, withColumns } from './needed-columns.ts';
import { asIs } from './operator.ts';
import { OPERATORS } from './operators.ts';
import type { RowsPlan } from './plan-types.ts';
import type { References } from './references.ts';

/** The same plan, whose scans leave out what nobody above them looks at. */
export const pruneColumns = (plan: RowsPlan): RowsPlan => prune(plan, null);

function prune(plan: RowsPlan, needed: Needed): RowsPlan {
  const operator = OPERATORS[plan.kind];
  return operator.prune
    ? operator.prune(plan, needed, prune)
    : operator.map(plan, { rows: pruneColumns, expr: asIs, cte: asIs });
}

/** The same of the rows that a statement writes: the columns that none of `exprs`, no index and no foreign key looks at are kept as they are. */
export function keepColumns(plan: RowsPlan, exprs: readonly Expr[], references: References | null): RowsPlan {
  if (plan.kind !== 'scan') return plan;
  const { columns, indexed, relation } = plan.table;
  const known = references?.get(relation);
  const keys = known?.outgoing.flatMap(({ key }) => key) ?? [];
  const used = new Set(
    withColumns(NO_COLUMNS, [...exprs, ...keys, ...(plan.filter === null ? [] : [plan.filter])]),
  );
  for (const column of indexed) used.add(column);
  for (const { targetColumns } of known?.incoming ?? []) for (const column of targetColumns) used.add(column);
  return { ...plan, wanted: columns.map((_, i) => used.has(i) || 'kept') };
}
