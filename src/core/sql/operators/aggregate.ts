// GROUP BY: holds one group for each value of the keys, and gives them when all rows are counted.

import type { Row } from '../access.ts';
import { accumulate, finishGroup, type Group, makeGroup } from '../aggregate.ts';
import { mapKey } from '../compare.ts';
import { type Context, checkHeld } from '../context.ts';
import { operandOf } from '../evaluate.ts';
import { expressionText } from '../explain-expression.ts';
import { type AggregateExpr, type Expr, mapAggregate } from '../expression.ts';
import { NO_COLUMNS, withColumns } from '../needed-columns.ts';
import type { Operator } from '../operator.ts';
import type { OperatorState, RowsPlan, StateOf } from '../plan-types.ts';

declare module '../plan-types.ts' {
  interface Operators {
    aggregate: {
      plan: {
        readonly input: RowsPlan;
        readonly keys: readonly Expr[];
        readonly aggregates: readonly AggregateExpr[];
      };
      state: {
        readonly input: OperatorState;
        readonly groups: Map<string | number, Group>;
        /** Values that DISTINCT aggregates remember. */
        distinctValues: number;
        /** Null while reading. */
        results: readonly Group[] | null;
        at: number;
      };
    };
  }
}

export const aggregate: Operator<'aggregate'> = {
  start: (plan, start) => ({
    kind: 'aggregate',
    plan,
    input: start(plan.input),
    groups: new Map(),
    distinctValues: 0,
    results: null,
    at: 0,
  }),
  next,
  map: (plan, { rows, expr }) => ({
    ...plan,
    input: rows(plan.input),
    aggregates: plan.aggregates.map((e) => mapAggregate(e, expr)),
  }),
  prune: (plan, _needed, prune) => ({
    ...plan,
    input: prune(plan.input, withColumns(NO_COLUMNS, [...plan.keys, ...plan.aggregates])),
  }),
  explain: (plan, names, [own = names]) => {
    if (plan.keys.length === 0) return { line: 'Aggregate' };
    const keys = plan.keys.map((key) => expressionText(key, own));
    return { line: 'HashAggregate', notes: [`Group Key: ${keys.join(', ')}`] };
  },
  columns: ({ keys, aggregates }, names, [own = names]) =>
    [...keys, ...aggregates].map((e) => expressionText(e, own)),
};

function next(op: StateOf<'aggregate'>, context: Context): Row | null {
  const { keys, aggregates } = op.plan;
  if (op.results === null) {
    for (let row = context.next(op.input); row !== null; row = context.next(op.input))
      addToGroup(op, row, context);
    // Without GROUP BY there is one group, even of no rows.
    const none = keys.length === 0 && op.groups.size === 0;
    op.results = none ? [makeGroup([], aggregates)] : [...op.groups.values()];
  }
  const group = op.results[op.at];
  if (group === undefined) return null;
  const row = finishGroup(group, aggregates, context);
  op.at += 1;
  context.turn.tid = -1;
  return row;
}

function addToGroup(op: StateOf<'aggregate'>, row: Row, context: Context): void {
  const { keys, aggregates } = op.plan;
  let values = NO_VALUES;
  let name: string | number = '';
  if (keys.length > 0) {
    values = keys.map((key) => operandOf(key, row, context));
    name = mapKey(values);
  }
  let group = op.groups.get(name);
  if (group === undefined) {
    checkHeld(op.groups.size, context, 'GROUP BY');
    group = makeGroup(values, aggregates);
    op.groups.set(name, group);
  }
  const remembered = accumulate(group, aggregates, row, context);
  if (remembered === 0) return;
  op.distinctValues += remembered;
  checkHeld(op.distinctValues - 1, context, 'DISTINCT and ORDER BY in aggregates');
}

const NO_VALUES: Row = [];
