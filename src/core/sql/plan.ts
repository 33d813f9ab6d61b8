// The planner: from what is asked to how it is done. One relation today: choose its access path, then stack grouping,
// projection, DISTINCT, sort and limit. Joins and secondary indexes add sources and paths, not another shape.

import type { TableDef } from './access.ts';
import type { Delete, Insert, Update } from './analyse-write.ts';
import type { Expr } from './expression.ts';
import { chooseKeyPath, orderedByKey } from './plan-key.ts';
import type { DeletePlan, InsertPlan, RowsPlan, ScanPlan, SelectPlan, UpdatePlan } from './plan-types.ts';
import type { Query } from './query.ts';
import { TYPE_NAMES } from './types.ts';

export function planSelect(query: Query): SelectPlan {
  const columns = query.columns.map(({ name, type }) => ({ name, type: TYPE_NAMES[type] }));
  return { kind: 'select', input: planQuery(query), columns };
}

function planQuery(query: Query): RowsPlan {
  const { plan: source, sorted } = planSource(query);
  let plan = source;
  if (query.grouping !== null) {
    const { keys, aggregates, having } = query.grouping;
    plan = { kind: 'aggregate', input: plan, keys, aggregates };
    if (having !== null) plan = { kind: 'filter', input: plan, condition: having };
  }
  plan = { kind: 'project', input: plan, exprs: query.outputs };
  if (query.distinct) plan = { kind: 'distinct', input: plan };
  if (query.sort.length > 0 && !sorted) plan = { kind: 'sort', input: plan, keys: query.sort };
  if (query.limit !== null || query.offset !== null)
    plan = { kind: 'limit', input: plan, count: query.limit, offset: query.offset };
  return plan;
}

/** The rows that the query starts from, and whether they already come in the order asked for. */
function planSource(query: Query): { readonly plan: RowsPlan; readonly sorted: boolean } {
  const { source, where } = query;
  if (source.kind === 'rows') {
    const rows: RowsPlan = { kind: 'rows', rows: source.rows };
    return { plan: where === null ? rows : { kind: 'filter', input: rows, condition: where }, sorted: false };
  }
  const scan = planScan(source.table, where);
  if (query.grouping !== null || query.distinct || query.sort.length === 0)
    return { plan: scan, sorted: false };
  const ordered = orderedByKey(scan, query);
  return ordered === null ? { plan: scan, sorted: false } : { plan: ordered, sorted: true };
}

function planScan(table: TableDef, where: Expr | null): ScanPlan {
  if (where?.kind === 'const') {
    const path = { kind: where.value === true ? 'sequential' : 'nothing' } as const;
    return { kind: 'scan', table, path, filter: null };
  }
  return chooseKeyPath(table, where) ?? { kind: 'scan', table, path: { kind: 'sequential' }, filter: where };
}

export function planInsert(insert: Insert): InsertPlan {
  const { table, source } = insert;
  if (source.kind === 'rows')
    return { kind: 'insert', table, input: { kind: 'rows', rows: source.rows }, collect: false };
  const input: RowsPlan = { kind: 'project', input: planQuery(source.query), exprs: source.row };
  return { kind: 'insert', table, input, collect: source.query.source.kind === 'table' };
}

export function planUpdate({ table, where, assignments }: Update): UpdatePlan {
  return { kind: 'update', table, scan: planScan(table, where), where, assignments };
}

export function planDelete({ table, where }: Delete): DeletePlan {
  return { kind: 'delete', table, scan: planScan(table, where), where };
}
