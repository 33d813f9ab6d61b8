// What an equality between columns says about their other conditions: from `a.id = b.id` and `a.id = 2` follows `b.id = 2`,
// so that neither side is read whole. Only values that no row changes are carried, between columns of one type.

import { type CompareExpr, type Expr, equalExpr } from './expression.ts';

interface Given {
  readonly column: Expr;
  readonly value: Expr;
}

const isEquality = (e: Expr): e is CompareExpr => e.kind === 'compare' && e.op === 'eq';
const isFixed = ({ kind }: Expr): boolean => kind === 'const' || kind === 'param' || kind === 'outer';

/** The conditions of the form `column = value` that follow from these and are not among them. */
export function carriedEqualities(conditions: readonly Expr[]): readonly Expr[] {
  const equalities = conditions.filter(isEquality);
  const pairs = equalities.filter(
    ({ left, right }) => left.kind === 'column' && right.kind === 'column' && left.type === right.type,
  );
  if (pairs.length === 0) return [];
  const given: Given[] = equalities.flatMap(({ left, right }) => {
    if (left.type !== right.type) return [];
    if (left.kind === 'column' && isFixed(right)) return [{ column: left, value: right }];
    return right.kind === 'column' && isFixed(left) ? [{ column: right, value: left }] : [];
  });
  const carried: Expr[] = [];
  // What is found on the way is carried further.
  for (const { column, value } of given)
    for (const { left, right } of pairs) {
      const other = equalExpr(left, column) ? right : equalExpr(right, column) ? left : null;
      if (other === null || given.some((one) => equalExpr(one.column, other))) continue;
      given.push({ column: other, value });
      carried.push({ kind: 'compare', type: 'bool', op: 'eq', left: other, right: value, at: value.at });
    }
  return carried;
}
