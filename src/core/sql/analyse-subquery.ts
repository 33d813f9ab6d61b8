// Queries within expressions: scalar, EXISTS, IN, ANY and ALL. What they use of the queries around them becomes outer
// values, so a subquery without any is run once.

import { hasNoRows } from './absent-catalogs.ts';
import { analyseExpression } from './analyse-expression.ts';
import { makeBinary } from './analyse-operator.ts';
import { analyseQuery } from './analyse-query.ts';
import type { Analysis } from './analysis.ts';
import { type Expr, makeConst, type SubqueryExpr } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { planTrimmed } from './plan.ts';
import type { Query } from './query.ts';
import { outerNeeds } from './scope.ts';
import {
  type Fields,
  locationOf,
  nodeOf,
  nodesOf,
  onlyFields,
  optionalNode,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';
import { typeName } from './types.ts';
import { callTree, columnTree, constantTree, nodeOfTree, type Tree, treeOf } from './written-tree.ts';

const SUB_LINK = new Set(['subLinkType', 'testexpr', 'operName', 'subselect', 'location']);

export function analyseSubquery(analysis: Analysis, fields: Fields): Expr {
  onlyFields(fields, SUB_LINK, 'a subquery');
  const at = locationOf(fields);
  const kind = textOf(fields, 'subLinkType');
  const select = nodeOf(fields, 'subselect');
  if (select.tag !== 'SelectStmt') return unsupported(select.tag, at);
  if (
    kind === 'EXPR_SUBLINK' &&
    hasNoRows(select.fields) &&
    nodesOf(select.fields, 'targetList').length === 1
  )
    return makeConst('unknown', null, at);
  const isArray = kind === 'ARRAY_SUBLINK';
  if (isArray && hasNoRows(select.fields)) return makeConst('text', '{}', at);
  if (isArray) return analyseExpression(analysis, nodeOfTree(arrayOfRows(select)));
  const { query, level } = analyseQuery(analysis, select.fields, { isTested: kind === 'EXISTS_SUBLINK' });
  const needs = outerNeeds(analysis, level);
  const make = (test: SubqueryExpr['test'], type: Expr['type']): SubqueryExpr => {
    const slot = analysis.slots++;
    analysis.queries.set(slot, query);
    const plan = planTrimmed(analysis, query);
    return { kind: 'subquery', type, test, slot, plan, ...needs, compare: null, candidate: -1, at };
  };
  switch (kind) {
    case 'EXISTS_SUBLINK':
      return make('exists', 'bool');
    case 'EXPR_SUBLINK': {
      const [column, second] = query.columns;
      if (column === undefined || second !== undefined)
        fail('42601', 'subquery must return only one column', at);
      analysis.subqueryNames.set(fields, column?.name ?? '');
      return make('scalar', column?.type ?? 'text');
    }
    case 'ANY_SUBLINK':
    case 'ALL_SUBLINK':
      return quantified(analysis, fields, query, make(kind === 'ANY_SUBLINK' ? 'any' : 'all', 'bool'));
    default:
      return unsupported(kind, at);
  }
}

/** `ARRAY(SELECT …)`, as the array that an aggregate makes of the rows. */
function arrayOfRows(select: TreeNode): Tree {
  const alias = { aliasname: 'lab_items', colnames: [{ String: { sval: 'lab_item' } }] };
  const items = callTree('array_agg', [columnTree('lab_item')]);
  const query = {
    targetList: [{ ResTarget: { val: { CoalesceExpr: { args: [items, constantTree('{}')] } } } }],
    fromClause: [{ RangeSubselect: { subquery: treeOf(select), alias } }],
    limitOption: 'LIMIT_OPTION_DEFAULT',
    op: 'SETOP_NONE',
  };
  return { SubLink: { subLinkType: 'EXPR_SUBLINK', subselect: { SelectStmt: query } } };
}

function quantified(analysis: Analysis, fields: Fields, query: Query, e: SubqueryExpr): Expr {
  const test = optionalNode(fields, 'testexpr') ?? fail('08P01', 'malformed syntax tree: SubLink');
  if (test.tag === 'RowExpr') unsupported('a row constructor', locationOf(test.fields));
  const [symbol = '=', ...rest] = stringsOf(fields, 'operName');
  if (rest.length > 0) unsupported('a qualified operator', e.at);
  const left = analyseExpression(analysis, test);
  const [column, second] = query.columns;
  if (column === undefined) fail('42601', 'subquery has too few columns', e.at);
  if (second !== undefined) fail('42601', 'subquery has too many columns', e.at);
  const candidate = analysis.outers++;
  const inner: Expr = { kind: 'outer', type: column?.type ?? 'text', id: candidate, at: e.at };
  const compare = makeBinary(analysis, symbol, left, inner, e.at);
  if (compare.type !== 'bool')
    fail(
      '42804',
      `row comparison operator must yield type boolean, not type ${typeName(compare.type)}`,
      e.at,
    );
  return { ...e, compare, candidate };
}
