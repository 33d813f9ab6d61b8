// What the join operators have in common.

import type { Row, Value } from './access.ts';
import type { Context } from './context.ts';
import { evaluate } from './evaluate.ts';
import { expressionText, type Names } from './explain-expression.ts';
import type { Expr, OuterArg } from './expression.ts';
import { type Needed, NO_COLUMNS, ofLeft, ofRight, withColumns } from './needed-columns.ts';
import type { Mapping } from './operator.ts';
import type { RowsPlan } from './plan-types.ts';

/** What the planner expected when it chose a join: rows of each side, and of the result. */
interface JoinEstimate {
  readonly left: number;
  readonly right: number;
  readonly rows: number;
}

/** `semi`: left rows that meet one, `anti`: that meet none; both without the right side's columns. */
export type JoinType = 'inner' | 'left' | 'full' | 'semi' | 'anti';

export interface Join {
  readonly join: JoinType;
  readonly left: RowsPlan;
  readonly right: RowsPlan;
  /** Further conditions over both rows. */
  readonly on: Expr | null;
  readonly leftWidth: number;
  readonly rightWidth: number;
  readonly estimate: JoinEstimate;
}

/** Left rows meet those right ones whose keys are equal. */
export interface KeyedJoin extends Join {
  readonly leftKeys: readonly Expr[];
  readonly rightKeys: readonly Expr[];
}

/** Left rows are passed on or not, without what they meet. */
export const isTest = ({ join }: Join): boolean => join === 'semi' || join === 'anti';

export const conditionOf = ({ on }: Join): readonly Expr[] => (on === null ? [] : [on]);

export const nulls = (width: number): Value[] => new Array<Value>(width).fill(null);

/** Both rows as one. `concat` takes several times as long: rows have holes where a column is not used. */
export function joinRows(left: Row, right: Row): Row {
  const width = left.length;
  const row = new Array<Value>(width + right.length);
  for (let i = 0; i < width; i++) row[i] = left[i] as Value;
  for (let i = 0; i < right.length; i++) row[width + i] = right[i] as Value;
  return row;
}

/** The outer values with those that the row gives. */
export function withArgs(args: readonly OuterArg[], row: Row, context: Context): Row {
  if (args.length === 0) return context.outer;
  const outer = context.outer.slice();
  for (const { id, expr } of args) outer[id] = evaluate(expr, row, context);
  return outer;
}

export const mapJoin = <P extends Join>(plan: P, { rows, expr }: Mapping): P => ({
  ...plan,
  left: rows(plan.left),
  right: rows(plan.right),
  on: plan.on && expr(plan.on),
});

/** What is looked at of each side by the condition and by who is above. */
export function sidesNeeded(plan: Join, needed: Needed): { readonly left: Needed; readonly right: Needed } {
  const { leftWidth } = plan;
  const on = conditionOf(plan);
  const both = withColumns(needed, on);
  return {
    left: ofLeft(both, leftWidth),
    right: ofRight(isTest(plan) ? withColumns(NO_COLUMNS, on) : both, leftWidth),
  };
}

export const columnsOfJoin = (plan: Join, names: Names, [left = names, right = names]: readonly Names[]) =>
  isTest(plan) ? left.columns : [...left.columns, ...right.columns];

/** `(a.x = b.y) AND …`; empty: no keys. */
export function keysText(
  { leftKeys, rightKeys }: KeyedJoin,
  names: Names,
  [left = names, right = names]: readonly Names[],
): string {
  const pairs = leftKeys.map((key, i) => {
    const other = rightKeys[i];
    return `(${expressionText(key, left)} = ${other === undefined ? '?' : expressionText(other, right)})`;
  });
  return pairs.join(' AND ');
}

/** `columns`: of both rows, whatever the join passes on. */
export const filterNotes = ({ on }: Join, names: Names): readonly string[] =>
  on === null ? [] : [`Join Filter: ${expressionText(on, names)}`];

export const whyNote = ({ estimate: { left, right, rows } }: Join, reason: string): string =>
  `Why: ${Math.round(left)} rows beside ${Math.round(right)}, about ${Math.round(rows)} expected; ${reason}`;
