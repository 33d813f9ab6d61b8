// The interpreter: an expression over one row and the statement's parameters. Three-valued logic: null is unknown.

import { AssertionError } from '../../base/assert.ts';
import type { IndexDef, IndexKey, Row, Value } from './access.ts';
import { BUILTINS, VARIADICS } from './builtins.ts';
import { compareValues, holds } from './compare.ts';
import {
  type AmbientExpr,
  type CallExpr,
  type Expr,
  exprOf,
  type InExpr,
  type SequenceExpr,
  type SubqueryExpr,
} from './expression.ts';

/** What an expression reads beside its row. */
export interface Surroundings {
  readonly params: Row;
  /** Values of outer rows, by OuterExpr's id. */
  readonly outer: Row;
  /** A value of type timestamptz, uuid or int4. */
  ambient(source: AmbientExpr['source']): Value;
  /** Runs a query within the expression; may throw Blocked, and is then called again with the same row. */
  subquery(e: SubqueryExpr, row: Row): Value;
  /** A function of sequences; may throw Blocked as well. `args`: those behind the sequence. */
  sequence(e: SequenceExpr, args: Row): Value;
}

/** For constant expressions. */
export const NO_SURROUNDINGS: Surroundings = {
  params: [],
  outer: [],
  ambient: () => {
    throw new AssertionError('a value of the moment where a constant is expected');
  },
  subquery: () => {
    throw new AssertionError('a subquery where a constant is expected');
  },
  sequence: () => {
    throw new AssertionError('a sequence where a constant is expected');
  },
};

/** A column of an index's key, of a row. */
export const keyValueOf = ({ column, computed }: IndexKey, row: Row): Value =>
  computed === undefined ? (row[column] ?? null) : evaluate(exprOf(computed), row, NO_SURROUNDINGS);

/** Has the index an entry for the row? */
export const isEntered = ({ where }: Pick<IndexDef, 'where'>, row: Row): boolean =>
  where === undefined || evaluate(exprOf(where), row, NO_SURROUNDINGS) === true;

/** The same as `evaluate`, for what is mostly a column: that one is read without a call. */
export function operandOf(e: Expr, row: Row, context: Surroundings): Value {
  const value = e.kind === 'column' ? row[e.index] : e.kind === 'const' ? e.value : undefined;
  return value === undefined ? evaluate(e, row, context) : value;
}

export function evaluate(e: Expr, row: Row, context: Surroundings): Value {
  switch (e.kind) {
    case 'column': {
      const value = row[e.index];
      if (value === undefined) throw new AssertionError(`no column ${e.index} in the row`);
      return value;
    }
    case 'const':
      return e.value;
    case 'param':
      return context.params[e.number - 1] ?? null;
    case 'outer':
      return context.outer[e.id] ?? null;
    case 'ambient':
      return context.ambient(e.source);
    case 'subquery':
      return context.subquery(e, row);
    case 'sequence':
      return context.sequence(
        e,
        e.args.map((arg) => evaluate(arg, row, context)),
      );
    case 'compare': {
      const left = operandOf(e.left, row, context);
      const right = operandOf(e.right, row, context);
      return left === null || right === null ? null : holds(e.op, compareValues(left, right));
    }
    case 'call':
      return call(e, row, context);
    case 'and':
      return junction(e.args, row, context, false);
    case 'or':
      return junction(e.args, row, context, true);
    case 'not': {
      const value = evaluate(e.arg, row, context);
      return value === null ? null : !value;
    }
    case 'isNull':
      return (evaluate(e.arg, row, context) === null) !== e.negated;
    case 'isTruth': {
      const value = evaluate(e.arg, row, context);
      return (value === (e.test === 'unknown' ? null : e.test === 'true')) !== e.negated;
    }
    case 'in':
      return within(e, row, context);
    case 'case':
      for (const { condition, result } of e.whens)
        if (evaluate(condition, row, context) === true) return evaluate(result, row, context);
      return evaluate(e.otherwise, row, context);
    case 'coalesce':
      for (const arg of e.args) {
        const value = evaluate(arg, row, context);
        if (value !== null) return value;
      }
      return null;
    case 'greatest':
      return extreme(e.args, row, context, 1);
    case 'least':
      return extreme(e.args, row, context, -1);
    case 'nullIf': {
      const left = evaluate(e.left, row, context);
      const right = evaluate(e.right, row, context);
      return left !== null && right !== null && compareValues(left, right) === 0
        ? null
        : evaluate(e.result, row, context);
    }
    case 'isDistinct': {
      const left = evaluate(e.left, row, context);
      const right = evaluate(e.right, row, context);
      const same = left === null || right === null ? left === right : compareValues(left, right) === 0;
      return same === e.negated;
    }
    case 'variadic':
      return VARIADICS[e.fn](e.args.map((arg) => evaluate(arg, row, context)));
    case 'aggregate':
    case 'window':
      throw new AssertionError(`${e.kind} outside its operator`);
  }
}

/** Does the condition hold (neither false nor unknown)? */
export function isTrue(condition: Expr | null, row: Row, context: Surroundings): boolean {
  return condition === null || evaluate(condition, row, context) === true;
}

/** makeCall has bound the call: there are as many arguments as the function reads. Most have one or two, which need no list. */
function call(e: CallExpr, row: Row, context: Surroundings): Value {
  const run: (...args: readonly Value[]) => Value = BUILTINS[e.fn];
  const [first, second] = e.args;
  if (first !== undefined && e.args.length <= 2) {
    const a = evaluate(first, row, context);
    if (second === undefined) return a === null ? null : run(a);
    const b = evaluate(second, row, context);
    return a === null || b === null ? null : run(a, b);
  }
  const values = e.args.map((arg) => evaluate(arg, row, context));
  return values.includes(null) ? null : run(...values);
}

/** AND (decided by false) or OR (decided by true), left to right. */
function junction(args: readonly Expr[], row: Row, context: Surroundings, decider: boolean): Value {
  let unknown = false;
  for (const arg of args) {
    const value = evaluate(arg, row, context);
    if (value === decider) return decider;
    if (value === null) unknown = true;
  }
  return unknown ? null : !decider;
}

function within(e: InExpr, row: Row, context: Surroundings): Value {
  const value = evaluate(e.arg, row, context);
  if (value === null) return null;
  let unknown = false;
  for (const item of e.list) {
    const candidate = evaluate(item, row, context);
    if (candidate === null) unknown = true;
    else if (compareValues(value, candidate) === 0) return !e.negated;
  }
  return unknown ? null : e.negated;
}

function extreme(args: readonly Expr[], row: Row, context: Surroundings, sign: 1 | -1): Value {
  let best: Value = null;
  for (const arg of args) {
    const value = evaluate(arg, row, context);
    if (value !== null && (best === null || compareValues(value, best) * sign > 0)) best = value;
  }
  return best;
}
