// Queries within expressions. The state of one is kept in the statement by its slot: where it stands while pages are
// missing, and its result for as long as the outer values stay the same, so that an expression can be evaluated again.

import { unreachable } from '../../base/assert.ts';
import type { Row, Value } from './access.ts';
import { groupKey } from './compare.ts';
import { type Context, checkHeld } from './context.ts';
import { evaluate } from './evaluate.ts';
import type { SubqueryState } from './execution-types.ts';
import { type Expr, type SubqueryExpr, someExpr } from './expression.ts';
import { fail } from './failure.ts';
import { withArgs } from './joins.ts';
import { formatValue } from './text-form.ts';

export function runSubquery(e: SubqueryExpr, row: Row, context: Context): Value {
  context.statement.subqueries ??= new Map();
  const { subqueries } = context.statement;
  const outer = withArgs(e.args, row, context);
  let state = subqueries.get(e.slot);
  if (state === undefined || !isFor(state, e, outer)) {
    state = {
      key: keyOf(e, outer),
      operator: context.start(e.plan),
      values: [],
      isDone: false,
      members: null,
      hasNull: false,
    };
    subqueries.set(e.slot, state);
  }
  if (!state.isDone) read(e, state, context.within(outer));
  switch (e.test) {
    case 'scalar':
      return state.values[0] ?? null;
    case 'exists':
      return state.values.length > 0;
    case 'any':
    case 'all':
      return compareAll(e, state, row, context);
    default:
      return unreachable(e.test);
  }
}

const keyOf = ({ args, inherits }: SubqueryExpr, outer: Row): Row => [
  ...args.map(({ id }) => outer[id] ?? null),
  ...inherits.map((id) => outer[id] ?? null),
];

function isFor({ key }: SubqueryState, { args, inherits }: SubqueryExpr, outer: Row): boolean {
  let at = 0;
  for (const { id } of args) if (!isSame(key[at++], outer[id] ?? null)) return false;
  for (const id of inherits) if (!isSame(key[at++], outer[id] ?? null)) return false;
  return true;
}

/** Not only equal but alike: 1.0 and 1.00 print differently. */
function isSame(a: Value | undefined, b: Value): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return formatValue(a) === formatValue(b);
}

function read(e: SubqueryExpr, state: SubqueryState, context: Context): void {
  const { operator, values } = state;
  if (operator === null) return;
  const { tid } = context.turn;
  for (let row = context.next(operator); row !== null; row = context.next(operator)) {
    if (e.test === 'scalar' && values.length > 0)
      fail('21000', 'more than one row returned by a subquery used as an expression');
    checkHeld(values.length, context, 'a subquery');
    values.push(row[0] ?? null);
    if (e.test === 'exists') break;
  }
  context.turn.tid = tid;
  state.operator = null;
  state.isDone = true;
}

/** ANY is decided by a comparison that is true, ALL by one that is false; else by whether one is unknown. */
function compareAll(e: SubqueryExpr, state: SubqueryState, row: Row, context: Context): Value {
  const { compare, candidate, test } = e;
  if (compare === null) return null;
  if (
    test === 'any' &&
    compare.kind === 'compare' &&
    compare.op === 'eq' &&
    isSplit(compare.left, compare.right, candidate)
  )
    return isMember(compare.left, compare.right, e, state, row, context);
  const decider = test === 'any';
  const outer = context.outer.slice();
  const inner = context.within(outer);
  // These comparisons read no row, but they cost as well; what is left lets the statement go on.
  const { turn } = context;
  if (turn.budget > 1) turn.budget = Math.max(1, turn.budget - (state.values.length >> 4));
  let isUnknown = false;
  for (const value of state.values) {
    outer[candidate] = value;
    const result = evaluate(compare, row, inner);
    if (result === decider) return decider;
    if (result === null) isUnknown = true;
  }
  return isUnknown ? null : !decider;
}

/** Only the right operand depends on the candidate, and on nothing of the row. */
const isSplit = (left: Expr, right: Expr, candidate: number): boolean =>
  !someExpr(left, (part) => part.kind === 'outer' && part.id === candidate) &&
  !someExpr(right, (part) => part.kind === 'column');

function isMember(
  left: Expr,
  right: Expr,
  { candidate }: SubqueryExpr,
  state: SubqueryState,
  row: Row,
  context: Context,
): Value {
  if (state.members === null) {
    const members = new Set<string>();
    const outer = context.outer.slice();
    const inner = context.within(outer);
    for (const value of state.values) {
      outer[candidate] = value;
      const member = evaluate(right, row, inner);
      if (member === null) state.hasNull = true;
      else members.add(groupKey([member]));
    }
    state.members = members;
  }
  if (state.values.length === 0) return false;
  const value = evaluate(left, row, context);
  if (value === null) return null;
  if (state.members.has(groupKey([value]))) return true;
  return state.hasNull ? null : false;
}
