// All query operators by their kind. A new one is a file in operators/, its import, a line of the map and a case of `nextRow`; passes.ts (or a
// plan-*.ts) puts it into plans. Tests of SQL stand in src/edge, since core may not import the parser.

import type { Row } from './access.ts';
import type { Context } from './context.ts';
import type { Operator } from './operator.ts';
import { aggregate } from './operators/aggregate.ts';
import { append } from './operators/append.ts';
import { cteScan } from './operators/cte-scan.ts';
import { distinct } from './operators/distinct.ts';
import { distinctOn } from './operators/distinct-on.ts';
import { filter } from './operators/filter.ts';
import { hashJoin } from './operators/hash-join.ts';
import { limit } from './operators/limit.ts';
import { lockRows } from './operators/lock-rows.ts';
import { loopJoin } from './operators/loop-join.ts';
import { measured } from './operators/measured.ts';
import { mergeJoin } from './operators/merge-join.ts';
import { project } from './operators/project.ts';
import { rows } from './operators/rows.ts';
import { scan } from './operators/scan.ts';
import { setOperation } from './operators/set-operation.ts';
import { sort } from './operators/sort.ts';
import { window } from './operators/window.ts';
import { workTable } from './operators/work-table.ts';
import type { Kind, OperatorState, RowsPlan } from './plan-types.ts';

/** Who looks one up by the kind of a plan or state has its own plan or state at hand. */
export const OPERATORS: Readonly<Record<Kind, Operator<Kind>>> = {
  aggregate,
  append,
  cteScan,
  distinct,
  distinctOn,
  filter,
  hashJoin,
  limit,
  lockRows,
  loopJoin,
  measured,
  mergeJoin,
  project,
  rows,
  scan,
  setOperation,
  sort,
  window,
  workTable,
} satisfies { readonly [K in Kind]: Operator<K> };

export const startOperator = (plan: RowsPlan): OperatorState =>
  OPERATORS[plan.kind].start(plan, startOperator);

/** Once for each row and operator: looking into the map here makes a plan of several operators a tenth slower. */
export function nextRow(op: OperatorState, context: Context): Row | null {
  switch (op.kind) {
    case 'scan':
      return scan.next(op, context);
    case 'project':
      return project.next(op, context);
    case 'filter':
      return filter.next(op, context);
    case 'aggregate':
      return aggregate.next(op, context);
    case 'hashJoin':
      return hashJoin.next(op, context);
    case 'mergeJoin':
      return mergeJoin.next(op, context);
    case 'loopJoin':
      return loopJoin.next(op, context);
    case 'sort':
      return sort.next(op, context);
    case 'limit':
      return limit.next(op, context);
    case 'rows':
      return rows.next(op, context);
    case 'append':
      return append.next(op, context);
    case 'setOperation':
      return setOperation.next(op, context);
    case 'distinct':
      return distinct.next(op, context);
    case 'distinctOn':
      return distinctOn.next(op, context);
    case 'window':
      return window.next(op, context);
    case 'cteScan':
      return cteScan.next(op, context);
    case 'workTable':
      return workTable.next(op, context);
    case 'lockRows':
      return lockRows.next(op, context);
    case 'measured':
      return measured.next(op, context);
  }
}

export function inputsOf(plan: RowsPlan): readonly RowsPlan[] {
  const inputs: RowsPlan[] = [];
  const rows = (input: RowsPlan): RowsPlan => {
    inputs.push(input);
    return input;
  };
  OPERATORS[plan.kind].map(plan, { rows, expr: (e) => e, cte: (cte) => cte });
  return inputs;
}
