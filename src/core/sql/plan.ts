// The planner: from what is asked to how it is done. A query is planned in passes (passes.ts); here are the statements around it.

import type { TableDef } from './access.ts';
import type { Delete, Insert, Update } from './analyse-write.ts';
import { conjunctsOf, draws, type Expr, hasSubquery, makeColumn } from './expression.ts';
import { planQuery } from './passes.ts';
import { keepColumns } from './plan-columns.ts';
import { chooseKeyPath } from './plan-key.ts';
import { planSource, toPositions } from './plan-source.ts';
import type {
  DeletePlan,
  InsertPlan,
  PlanContext,
  RowsPlan,
  ScanPlan,
  SelectPlan,
  UpdatePlan,
} from './plan-types.ts';
import type { Query } from './query.ts';
import { shownColumn } from './types.ts';

export function planSelect(planning: PlanContext, query: Query): SelectPlan {
  const isVoid = (e: Expr | undefined): boolean => e?.kind === 'sequence' && e.fn === 'setseed';
  const columns = query.columns.map(({ name, ...type }, i) =>
    isVoid(query.outputs[i]) ? { name, type: 'void' } : shownColumn(name, type),
  );
  return { kind: 'select', input: planQuery(planning, query), columns };
}

/** The query as a part of another: rows of its columns only. */
export function planTrimmed(planning: PlanContext, query: Query): RowsPlan {
  const plan = planQuery(planning, query);
  if (query.outputs.length === query.columns.length) return plan;
  return { kind: 'project', input: plan, exprs: query.columns.map(({ type }, i) => makeColumn(type, i, -1)) };
}

export function planScan(table: TableDef, alias: string, where: Expr | null): ScanPlan {
  if (where?.kind === 'const') {
    const path = { kind: where.value === true ? 'sequential' : 'nothing' } as const;
    return { kind: 'scan', table, alias, path, filter: null, hasTid: false };
  }
  const byKey = chooseKeyPath(table, alias, where);
  return byKey ?? { kind: 'scan', table, alias, path: { kind: 'sequential' }, filter: where, hasTid: false };
}

export function planInsert(planning: PlanContext, insert: Insert): InsertPlan {
  const { table, source, returning, onConflict, checks, references } = insert;
  if (source.kind === 'rows') {
    const collect = source.rows.some((row) => row.some(hasSubquery));
    return {
      kind: 'insert',
      table,
      returning,
      input: { kind: 'rows', rows: source.rows, draws: source.rows.some((row) => row.some(draws)) },
      collect,
      onConflict,
      checks,
      references,
    };
  }
  const input: RowsPlan = { kind: 'project', input: planQuery(planning, source.query), exprs: source.row };
  return { kind: 'insert', table, returning, input, collect: true, onConflict, checks, references };
}

export function planUpdate(planning: PlanContext, update: Update): UpdatePlan {
  const { table, where, assignments, returning, checks, references } = update;
  const collectsNew = assignments.some(({ expr }) => hasSubquery(expr) || draws(expr));
  const looked = [
    ...assignments.map(({ expr }) => expr),
    ...(where === null ? [] : [where]),
    ...(returning?.exprs ?? []),
    ...checks.map(({ condition }) => condition),
  ];
  const input = keepColumns(planTarget(planning, update), looked, references);
  return { kind: 'update', table, input, where, returning, assignments, collectsNew, checks, references };
}

export function planDelete(planning: PlanContext, { returning, ...target }: Delete): DeletePlan {
  const { table, where, references } = target;
  const looked = [...(where === null ? [] : [where]), ...(returning?.exprs ?? [])];
  const input = keepColumns(planTarget(planning, target), looked, references);
  return { kind: 'delete', table, input, where, returning, references };
}

/** The rows that are written, beside other relations in the layout of the statement's expressions. */
function planTarget(
  planning: PlanContext,
  { table, alias, source, where }: Omit<Delete, 'returning' | 'references'>,
): RowsPlan {
  if (source === null) return planScan(table, alias, where);
  const { plan, layout } = planSource(planning, source, conjunctsOf(where));
  const move = toPositions(layout);
  // Only moved about: their types do not matter.
  return { kind: 'project', input: plan, exprs: layout.map((_, i) => move(makeColumn('int4', i, -1))) };
}
