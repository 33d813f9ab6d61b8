// Plans of window functions: one operator for each definition, above each other. What they are about is computed below them,
// so that an operator deals with positions of its rows only, and no subquery can stop it halfway.

import {
  type Expr,
  makeColumn,
  mapAggregate,
  mapParts,
  type WindowExpr,
  type WindowFunction,
} from './expression.ts';
import type { WindowCall } from './operators/window.ts';
import type { RowsPlan } from './plan-types.ts';
import type { WindowGroup } from './query.ts';

interface PlannedWindows {
  readonly plan: RowsPlan;
  /** Columns of the rows before the first result. */
  readonly width: number;
}

const OF_PARTITION: ReadonlySet<WindowFunction | null> = new Set([
  'rowNumber',
  'rank',
  'denseRank',
  'percentRank',
  'cumeDist',
  'ntile',
  'lag',
  'lead',
]);

/** The windows over rows of `width` columns; `move` puts their expressions over these rows. */
export function planWindows(
  input: RowsPlan,
  width: number,
  windows: readonly WindowGroup[],
  move: (e: Expr) => Expr,
): PlannedWindows {
  const computed: Expr[] = [];
  const place = (e: Expr): number => {
    const moved = move(e);
    return moved.kind === 'column' ? moved.index : width + computed.push(moved) - 1;
  };
  const below = (e: Expr): Expr => makeColumn(e.type === 'unknown' ? 'text' : e.type, place(e), e.at);
  const callOf = ({ fn, args, aggregate }: WindowExpr): WindowCall => ({
    fn,
    args: args.map(place),
    aggregate: aggregate && mapAggregate(aggregate, below),
  });
  const operators = windows.map(({ partition, order, frame, calls }) => ({
    partition: partition.map((e) => ({ output: place(e), descending: false, nullsFirst: false })),
    order: order.map(({ expr, descending, nullsFirst }) => ({ output: place(expr), descending, nullsFirst })),
    frame,
    needsFrame: calls.some(({ fn }) => !OF_PARTITION.has(fn)),
    calls: calls.map(callOf),
  }));
  let plan = input;
  if (computed.length > 0) {
    const passed = Array.from({ length: width }, (_, i) => makeColumn('int4', i, -1));
    plan = { kind: 'project', input, exprs: [...passed, ...computed] };
  }
  for (const operator of operators) plan = { kind: 'window', input: plan, ...operator };
  return { plan, width: width + computed.length };
}

/** Puts what stands above the windows over their rows: results come behind `to` columns instead of `from`. */
export function aboveWindows(from: number, to: number, move: (e: Expr) => Expr): (e: Expr) => Expr {
  const above = (e: Expr): Expr => {
    if (e.kind !== 'column') return mapParts(e, above);
    return e.index < from ? move(e) : { ...e, index: e.index - from + to };
  };
  return above;
}
