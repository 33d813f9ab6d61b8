// Which columns of its rows a part of a plan is asked for (plan-columns.ts).

import { type Expr, eachColumn } from './expression.ts';

/** Positions in the rows of a part of the plan; null: all of them. */
export type Needed = ReadonlySet<number> | null;

export const NO_COLUMNS: ReadonlySet<number> = new Set();

export function withColumns(needed: Needed, exprs: readonly Expr[]): Needed {
  if (needed === null || exprs.length === 0) return needed;
  const all = new Set(needed);
  for (const e of exprs) eachColumn(e, (index) => all.add(index));
  return all;
}

/** Of rows that are two beside each other: what is needed of the left one, which has this width, and of the right one. */
export const ofLeft = (needed: Needed, width: number): Needed =>
  needed && new Set([...needed].filter((index) => index < width));
export const ofRight = (needed: Needed, width: number): Needed =>
  needed && new Set([...needed].flatMap((index) => (index < width ? [] : [index - width])));
