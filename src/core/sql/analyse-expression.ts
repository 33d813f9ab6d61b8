// One expression of the syntax tree, with its types settled as PostgreSQL settles them. Anything unknown is 0A000.

import { analyseArray, analyseSubscript } from './analyse-array.ts';
import { analyseCall, analyseValueFunction } from './analyse-function.ts';
import { analyseOperator } from './analyse-infix.ts';
import { makeComparison } from './analyse-operator.ts';
import { analyseSubquery } from './analyse-subquery.ts';
import { type Analysis, deeper, madeTypes, paramType } from './analysis.ts';
import { catalogCast } from './catalog-casts.ts';
import { chosenField } from './catalog-lists.ts';
import { castExplicitly, coerceArgument, coerceToCommon, resolveUnknown } from './coerce.ts';
import { type BooleanTest, type Expr, makeConst } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { readConstant } from './read-constant.ts';
import { readTypeName } from './read-type.ts';
import { resolveName, resolveQualified } from './scope.ts';
import {
  type Fields,
  fieldsOf,
  firstLocation,
  integerOf,
  locationOf,
  nodeOf,
  nodesOf,
  onlyFields,
  optionalNode,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';
import { isArray } from './types.ts';
import { nodeOfTree } from './written-tree.ts';

export function analyseExpression(analysis: Analysis, node: TreeNode): Expr {
  return deeper(analysis, locationOf(node.fields), () => dispatch(analysis, node));
}

/** A condition: `argument of WHERE must be type boolean …`. */
export function analyseCondition(analysis: Analysis, node: TreeNode, clause: string): Expr {
  return coerceArgument(analysis, analyseExpression(analysis, node), 'bool', clause);
}

function dispatch(analysis: Analysis, { tag, fields }: TreeNode): Expr {
  switch (tag) {
    case 'A_Const':
      return readConstant(fields);
    case 'ColumnRef':
      return analyseColumn(analysis, fields);
    case 'ParamRef': {
      onlyFields(fields, PARAM_REF, 'a parameter');
      const at = locationOf(fields);
      const number = integerOf(fields, 'number');
      return { kind: 'param', type: paramType(analysis, number, at), number, at };
    }
    case 'A_Expr':
      return analyseOperator(analysis, fields);
    case 'BoolExpr':
      return analyseBoolean(analysis, fields);
    case 'FuncCall':
      return analyseCall(analysis, fields);
    case 'SQLValueFunction':
      return analyseValueFunction(analysis, fields);
    case 'TypeCast':
      return analyseCast(analysis, fields);
    case 'CollateClause':
      return analyseCollate(analysis, fields);
    case 'NullTest':
      return analyseNullTest(analysis, fields);
    case 'BooleanTest':
      return analyseBooleanTest(analysis, fields);
    case 'CaseExpr':
      return analyseCase(analysis, fields);
    case 'SubLink':
      return analyseSubquery(analysis, fields);
    case 'CoalesceExpr':
    case 'MinMaxExpr':
      return analyseChoice(analysis, tag, fields);
    case 'A_Indirection': {
      const chosen = chosenField(fields);
      return chosen === null ? analyseSubscript(analysis, fields) : analyseExpression(analysis, chosen);
    }
    case 'A_ArrayExpr':
      return analyseArray(analysis, fields, null);
    default:
      return unsupported(CONSTRUCTS.get(tag) ?? tag, firstLocation(fields, 0));
  }
}

const PARAM_REF = new Set(['number', 'location']);
const COLUMN_REF = new Set(['fields', 'location']);
const BOOL_EXPR = new Set(['boolop', 'args', 'location']);
const TYPE_CAST = new Set(['arg', 'typeName', 'location']);
const NULL_TEST = new Set(['arg', 'nulltesttype', 'location']);
const BOOLEAN_TEST = new Set(['arg', 'booltesttype', 'location']);
const CASE_EXPR = new Set(['arg', 'args', 'defresult', 'location']);
const CASE_WHEN = new Set(['expr', 'result', 'location']);
const CHOICE = new Set(['args', 'op', 'location']);

const CONSTRUCTS: ReadonlyMap<string, string> = new Map([
  ['RowExpr', 'a row constructor'],
  ['SetToDefault', 'DEFAULT in this context'],
  ['NamedArgExpr', 'a named argument'],
  ['GroupingFunc', 'GROUPING'],
  ['CurrentOfExpr', 'CURRENT OF'],
  ['MultiAssignRef', 'assignment of a row'],
  ['XmlExpr', 'XML'],
  ['XmlSerialize', 'XML'],
]);

/** Texts are ordered by their bytes, which is what these two say. */
const COLLATIONS: ReadonlySet<string> = new Set(['default', 'C']);

function analyseCollate(analysis: Analysis, fields: Fields): Expr {
  if (!COLLATIONS.has(stringsOf(fields, 'collname').at(-1) ?? '')) unsupported('COLLATE', locationOf(fields));
  return analyseExpression(analysis, nodeOf(fields, 'arg'));
}

function analyseColumn(analysis: Analysis, fields: Fields): Expr {
  onlyFields(fields, COLUMN_REF, 'a column reference');
  const at = locationOf(fields);
  const parts = nodesOf(fields, 'fields').map((part) => {
    if (part.tag === 'A_Star') return fail('42601', 'row expansion via "*" is not supported here', at);
    if (part.tag !== 'String') return unsupported(part.tag, at);
    return textOf(part.fields, 'sval');
  });
  const name = parts[parts.length - 1] ?? fail('08P01', 'malformed syntax tree: ColumnRef');
  return parts.length === 1
    ? resolveName(analysis, name, at)
    : resolveQualified(analysis, qualifier(parts, at), name, at, parts.length === 3 ? parts[0] : undefined);
}

/** The relation's name in `relation.column` or `schema.relation.column`. */
function qualifier(parts: readonly string[], at: number): string {
  if (parts.length === 2) return parts[0] ?? '';
  if (parts.length !== 3) unsupported('a cross-database reference', at);
  return parts[1] ?? '';
}

function analyseBoolean(analysis: Analysis, fields: Fields): Expr {
  onlyFields(fields, BOOL_EXPR, 'a condition');
  const at = locationOf(fields);
  const op = textOf(fields, 'boolop');
  const name = op === 'AND_EXPR' ? 'AND' : op === 'OR_EXPR' ? 'OR' : 'NOT';
  const args = nodesOf(fields, 'args').map((node) => analyseCondition(analysis, node, name));
  const [first] = args;
  if (first === undefined) return fail('08P01', 'malformed syntax tree: BoolExpr');
  if (op === 'AND_EXPR') return { kind: 'and', type: 'bool', args, at: first.at };
  if (op === 'OR_EXPR') return { kind: 'or', type: 'bool', args, at: first.at };
  return { kind: 'not', type: 'bool', arg: first, at };
}

function analyseCast(analysis: Analysis, fields: Fields): Expr {
  onlyFields(fields, TYPE_CAST, 'a cast');
  const read = catalogCast(fields);
  if (read !== null) return analyseExpression(analysis, nodeOfTree(read));
  const type = readTypeName(madeTypes(analysis), fieldsOf(fields, 'typeName'));
  const inner = nodeOf(fields, 'arg');
  const arg =
    inner.tag === 'A_ArrayExpr' && isArray(type.type)
      ? analyseArray(analysis, inner.fields, type.type)
      : analyseExpression(analysis, inner);
  const at = locationOf(fields) >= 0 ? locationOf(fields) : arg.at;
  const cast = castExplicitly(analysis, arg, type, at);
  // PostgreSQL places a cast at its leftmost part.
  return cast === arg ? arg : { ...cast, at: arg.at >= 0 && arg.at < at ? arg.at : at };
}

function analyseNullTest(analysis: Analysis, fields: Fields): Expr {
  onlyFields(fields, NULL_TEST, 'IS NULL');
  const arg = resolveUnknown(analysis, analyseExpression(analysis, nodeOf(fields, 'arg')));
  const negated = textOf(fields, 'nulltesttype') === 'IS_NOT_NULL';
  return { kind: 'isNull', type: 'bool', arg, negated, at: arg.at };
}

function analyseBooleanTest(analysis: Analysis, fields: Fields): Expr {
  onlyFields(fields, BOOLEAN_TEST, 'IS TRUE');
  const kind = textOf(fields, 'booltesttype');
  const negated = kind.startsWith('IS_NOT_');
  const test: BooleanTest = kind.endsWith('TRUE') ? 'true' : kind.endsWith('FALSE') ? 'false' : 'unknown';
  const arg = analyseCondition(analysis, nodeOf(fields, 'arg'), kind.replaceAll('_', ' '));
  return { kind: 'isTruth', type: 'bool', arg, test, negated, at: arg.at };
}

function analyseCase(analysis: Analysis, fields: Fields): Expr {
  onlyFields(fields, CASE_EXPR, 'CASE');
  const at = locationOf(fields);
  const argNode = optionalNode(fields, 'arg');
  const arg = argNode === null ? null : resolveUnknown(analysis, analyseExpression(analysis, argNode));
  const conditions: Expr[] = [];
  const results: Expr[] = [];
  for (const branch of nodesOf(fields, 'args')) {
    if (branch.tag !== 'CaseWhen') return unsupported(branch.tag, at);
    onlyFields(branch.fields, CASE_WHEN, 'CASE WHEN');
    const when = nodeOf(branch.fields, 'expr');
    if (arg === null) conditions.push(analyseCondition(analysis, when, 'CASE/WHEN'));
    else {
      const value = analyseExpression(analysis, when);
      conditions.push(makeComparison(analysis, 'eq', '=', arg, value, locationOf(branch.fields)));
    }
    results.push(analyseExpression(analysis, nodeOf(branch.fields, 'result')));
  }
  const otherwiseNode = optionalNode(fields, 'defresult');
  const otherwise =
    otherwiseNode === null ? makeConst('unknown', null, at) : analyseExpression(analysis, otherwiseNode);
  const [last = otherwise, ...others] = coerceToCommon(analysis, [otherwise, ...results], 'CASE');
  const whens = conditions.map((condition, i) => ({ condition, result: others[i] ?? last }));
  return { kind: 'case', type: last.type, whens, otherwise: last, at };
}

function analyseChoice(analysis: Analysis, tag: 'CoalesceExpr' | 'MinMaxExpr', fields: Fields): Expr {
  onlyFields(fields, CHOICE, 'COALESCE');
  const op = tag === 'CoalesceExpr' ? 'COALESCE' : textOf(fields, 'op') === 'IS_LEAST' ? 'LEAST' : 'GREATEST';
  const list = nodesOf(fields, 'args').map((node) => analyseExpression(analysis, node));
  const args = coerceToCommon(analysis, list, op);
  const type = args[0]?.type ?? 'text';
  if (op !== 'COALESCE' && type === 'json')
    fail('42883', 'could not identify a comparison function for type json');
  const kind = op === 'COALESCE' ? 'coalesce' : op === 'LEAST' ? 'least' : 'greatest';
  return { kind, type, args, at: locationOf(fields) };
}
