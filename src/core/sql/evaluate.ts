// The interpreter: an expression over one row and the statement's parameters. Three-valued logic: null is unknown.

import { AssertionError } from '../../base/assert.ts';
import type { Row, Value } from './access.ts';
import { BUILTINS, VARIADICS } from './builtins.ts';
import { compareValues } from './compare.ts';
import type { CallExpr, CompareOp, Expr, InExpr } from './expression.ts';

export function evaluate(e: Expr, row: Row, params: Row): Value {
  switch (e.kind) {
    case 'column': {
      const value = row[e.index];
      if (value === undefined) throw new AssertionError(`no column ${e.index} in the row`);
      return value;
    }
    case 'const':
      return e.value;
    case 'param':
      return params[e.number - 1] ?? null;
    case 'compare': {
      const left = evaluate(e.left, row, params);
      const right = evaluate(e.right, row, params);
      return left === null || right === null ? null : holds(e.op, compareValues(left, right));
    }
    case 'call':
      return call(e, row, params);
    case 'and':
      return junction(e.args, row, params, false);
    case 'or':
      return junction(e.args, row, params, true);
    case 'not': {
      const value = evaluate(e.arg, row, params);
      return value === null ? null : !value;
    }
    case 'isNull':
      return (evaluate(e.arg, row, params) === null) !== e.negated;
    case 'isTruth': {
      const value = evaluate(e.arg, row, params);
      return (value === (e.test === 'unknown' ? null : e.test === 'true')) !== e.negated;
    }
    case 'in':
      return within(e, row, params);
    case 'case':
      for (const { condition, result } of e.whens)
        if (evaluate(condition, row, params) === true) return evaluate(result, row, params);
      return evaluate(e.otherwise, row, params);
    case 'coalesce':
      for (const arg of e.args) {
        const value = evaluate(arg, row, params);
        if (value !== null) return value;
      }
      return null;
    case 'greatest':
      return extreme(e.args, row, params, 1);
    case 'least':
      return extreme(e.args, row, params, -1);
    case 'nullIf': {
      const left = evaluate(e.left, row, params);
      const right = evaluate(e.right, row, params);
      return left !== null && right !== null && compareValues(left, right) === 0
        ? null
        : evaluate(e.result, row, params);
    }
    case 'isDistinct': {
      const left = evaluate(e.left, row, params);
      const right = evaluate(e.right, row, params);
      const same = left === null || right === null ? left === right : compareValues(left, right) === 0;
      return same === e.negated;
    }
    case 'variadic':
      return VARIADICS[e.fn](e.args.map((arg) => evaluate(arg, row, params)));
    case 'aggregate':
      throw new AssertionError('an aggregate outside its operator');
  }
}

/** Does the condition hold (neither false nor unknown)? */
export function isTrue(condition: Expr | null, row: Row, params: Row): boolean {
  return condition === null || evaluate(condition, row, params) === true;
}

function holds(op: CompareOp, order: number): boolean {
  switch (op) {
    case 'eq':
      return order === 0;
    case 'ne':
      return order !== 0;
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
  }
}

function call(e: CallExpr, row: Row, params: Row): Value {
  const [first, second, third] = e.args;
  if (first === undefined) throw new AssertionError(`${e.fn} without arguments`);
  const a = evaluate(first, row, params);
  const b = second === undefined ? undefined : evaluate(second, row, params);
  const c = third === undefined ? undefined : evaluate(third, row, params);
  if (a === null || b === null || c === null) return null;
  const run: (a: Value, b: Value, c: Value) => Value = BUILTINS[e.fn];
  return run(a, b ?? null, c ?? null);
}

/** AND (decided by false) or OR (decided by true), left to right. */
function junction(args: readonly Expr[], row: Row, params: Row, decider: boolean): Value {
  let unknown = false;
  for (const arg of args) {
    const value = evaluate(arg, row, params);
    if (value === decider) return decider;
    if (value === null) unknown = true;
  }
  return unknown ? null : !decider;
}

function within(e: InExpr, row: Row, params: Row): Value {
  const value = evaluate(e.arg, row, params);
  if (value === null) return null;
  let unknown = false;
  for (const item of e.list) {
    const candidate = evaluate(item, row, params);
    if (candidate === null) unknown = true;
    else if (compareValues(value, candidate) === 0) return !e.negated;
  }
  return unknown ? null : e.negated;
}

function extreme(args: readonly Expr[], row: Row, params: Row, sign: 1 | -1): Value {
  let best: Value = null;
  for (const arg of args) {
    const value = evaluate(arg, row, params);
    if (value !== null && (best === null || compareValues(value, best) * sign > 0)) best = value;
  }
  return best;
}
