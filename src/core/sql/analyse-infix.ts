// The A_Expr nodes of the syntax tree: infix and prefix operators, IN, BETWEEN, LIKE, IS DISTINCT FROM, NULLIF.

import { analyseOverArray } from './analyse-array.ts';
import { analyseExpression } from './analyse-expression.ts';
import { comparableType, leftmost, makeBinary, makeComparison, makeUnary } from './analyse-operator.ts';
import type { Analysis } from './analysis.ts';
import { joinedOptions, memberOfList } from './catalog-lists.ts';
import { coerce } from './coerce.ts';
import type { Expr } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { rowComparison, rowInList } from './row-comparison.ts';
import {
  type Fields,
  listItems,
  locationOf,
  nodeOf,
  onlyFields,
  optionalNode,
  stringsOf,
  textOf,
} from './tree.ts';
import { commonType, isDateTime, isIntegerType, isNumeric, type SqlType, typeName } from './types.ts';
import { nodeOfTree } from './written-tree.ts';

const A_EXPR = new Set(['kind', 'name', 'lexpr', 'rexpr', 'rexpr_list_start', 'rexpr_list_end', 'location']);

export function analyseOperator(analysis: Analysis, fields: Fields): Expr {
  onlyFields(fields, A_EXPR, 'an operator');
  const at = locationOf(fields);
  const kind = textOf(fields, 'kind');
  switch (kind) {
    case 'AEXPR_OP': {
      const options = joinedOptions(fields);
      return options === null
        ? analyseSimple(analysis, fields, at)
        : analyseExpression(analysis, nodeOfTree(options));
    }
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
    case 'AEXPR_SIMILAR':
      return analyseSimple(analysis, fields, at);
    case 'AEXPR_IN':
      return analyseIn(analysis, fields, at);
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN':
    case 'AEXPR_BETWEEN_SYM':
    case 'AEXPR_NOT_BETWEEN_SYM':
      return analyseBetween(analysis, fields, kind, at);
    case 'AEXPR_DISTINCT':
    case 'AEXPR_NOT_DISTINCT': {
      const { left, right } = comparable(analysis, fields, at);
      return {
        kind: 'isDistinct',
        type: 'bool',
        left,
        right,
        negated: kind === 'AEXPR_NOT_DISTINCT',
        at: left.at,
      };
    }
    case 'AEXPR_NULLIF':
      return analyseNullIf(analysis, fields, at);
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL': {
      const member = memberOfList(fields);
      if (member !== null) return analyseExpression(analysis, nodeOfTree(member));
      const left = analyseExpression(analysis, nodeOf(fields, 'lexpr'));
      const isAny = kind === 'AEXPR_OP_ANY';
      return analyseOverArray(analysis, symbolOf(fields, at), left, nodeOf(fields, 'rexpr'), isAny, at);
    }
    default:
      return unsupported(kind, at);
  }
}

function symbolOf(fields: Fields, at: number): string {
  const names = stringsOf(fields, 'name');
  const own = names.length === 2 && names[0] === 'pg_catalog' ? names.slice(1) : names;
  const [symbol] = own;
  return own.length === 1 && symbol !== undefined ? symbol : unsupported('a qualified operator', at);
}

function analyseSimple(analysis: Analysis, fields: Fields, at: number): Expr {
  const symbol = symbolOf(fields, at);
  const leftNode = optionalNode(fields, 'lexpr');
  const rows = rowComparison(fields, symbol);
  if (rows !== null) return analyseExpression(analysis, nodeOfTree(rows));
  if (leftNode === null)
    return makeUnary(analysis, symbol, analyseExpression(analysis, nodeOf(fields, 'rexpr')), at);
  const left = analyseExpression(analysis, leftNode);
  const right = analyseExpression(analysis, nodeOf(fields, 'rexpr'));
  return makeBinary(analysis, symbol, left, right, at);
}

function analyseIn(analysis: Analysis, fields: Fields, at: number): Expr {
  const symbol = symbolOf(fields, at);
  const rows = rowInList(fields, symbol);
  if (rows !== null) return analyseExpression(analysis, nodeOfTree(rows));
  const left = analyseExpression(analysis, nodeOf(fields, 'lexpr'));
  const right = nodeOf(fields, 'rexpr');
  if (right.tag !== 'List') return unsupported('IN with a subquery', at);
  const items = listItems(right).map((item) => analyseExpression(analysis, item));
  const common = commonType([left, ...items].map((e) => e.type));
  const type = common === 'varchar' ? 'text' : common;
  if (typeof type !== 'string' || type === 'json') {
    const mismatch = typeof type === 'string' ? 1 : type.mismatch;
    const culprit =
      items.find((item) => comparableType(left.type, item.type) === null) ?? items[mismatch - 1];
    const operands = `${typeName(left.type)} ${symbol} ${typeName(culprit?.type ?? 'unknown')}`;
    return fail('42883', `operator does not exist: ${operands}`, at);
  }
  const arg = coerce(analysis, left, type);
  const list = items.map((item) => coerce(analysis, item, type));
  return { kind: 'in', type: 'bool', arg, list, negated: symbol === '<>', at: leftmost(at, left) };
}

function analyseBetween(analysis: Analysis, fields: Fields, kind: string, at: number): Expr {
  const value = analyseExpression(analysis, nodeOf(fields, 'lexpr'));
  const [lowNode, highNode] = listItems(nodeOf(fields, 'rexpr'));
  if (lowNode === undefined || highNode === undefined) return fail('08P01', 'malformed syntax tree: BETWEEN');
  const low = analyseExpression(analysis, lowNode);
  const high = analyseExpression(analysis, highNode);
  const within = (from: Expr, to: Expr): Expr => ({
    kind: 'and',
    type: 'bool',
    args: [
      makeComparison(analysis, 'ge', '>=', value, from, at),
      makeComparison(analysis, 'le', '<=', value, to, at),
    ],
    at: value.at,
  });
  const without = (from: Expr, to: Expr): Expr => ({
    kind: 'or',
    type: 'bool',
    args: [
      makeComparison(analysis, 'lt', '<', value, from, at),
      makeComparison(analysis, 'gt', '>', value, to, at),
    ],
    at: value.at,
  });
  switch (kind) {
    case 'AEXPR_BETWEEN':
      return within(low, high);
    case 'AEXPR_NOT_BETWEEN':
      return without(low, high);
    case 'AEXPR_BETWEEN_SYM':
      return { kind: 'or', type: 'bool', args: [within(low, high), within(high, low)], at: value.at };
    default:
      return { kind: 'and', type: 'bool', args: [without(low, high), without(high, low)], at: value.at };
  }
}

/** Both operands in the type in which they are compared. */
function comparable(analysis: Analysis, fields: Fields, at: number): { left: Expr; right: Expr } {
  const left = analyseExpression(analysis, nodeOf(fields, 'lexpr'));
  const right = analyseExpression(analysis, nodeOf(fields, 'rexpr'));
  const type = comparableType(left.type, right.type);
  if (type === null) {
    return fail('42883', `operator does not exist: ${typeName(left.type)} = ${typeName(right.type)}`, at);
  }
  return { left: coerce(analysis, left, type), right: coerce(analysis, right, type) };
}

/** Types of two widths that are compared as they are. */
function hasOperatorBetween(left: SqlType, right: SqlType): boolean {
  if (isDateTime(left) && isDateTime(right)) return true;
  if (left === 'float4') return right !== 'unknown' && isNumeric(right);
  return isIntegerType(left) && isIntegerType(right);
}

/** NULLIF compares as `=` does; where that takes the operands as they are, the first keeps its type. */
function analyseNullIf(analysis: Analysis, fields: Fields, at: number): Expr {
  const left = analyseExpression(analysis, nodeOf(fields, 'lexpr'));
  const right = analyseExpression(analysis, nodeOf(fields, 'rexpr'));
  const type = comparableType(left.type, right.type);
  if (type === null) {
    const operands = `${typeName(left.type)} = ${typeName(right.type)}`;
    return fail('42883', `operator does not exist: ${operands}`, at);
  }
  const compared = coerce(analysis, left, type);
  const result = hasOperatorBetween(left.type, right.type) ? left : compared;
  return {
    kind: 'nullIf',
    type: result.type,
    left: compared,
    right: coerce(analysis, right, type),
    result,
    at: leftmost(at, left),
  };
}
