// Lists of the catalog (pg_index.indkey, pg_constraint.conkey …), which the lab has in their text form only: what tools ask of them, as
// trees that need no arrays.

import { type Fields, has, nodeOf, nodesOf, optionalNode, stringsOf, type TreeNode, textOf } from './tree.ts';
import {
  callTree,
  castTree,
  columnTree,
  constantTree,
  relationTree,
  type Tree,
  treeOf,
} from './written-tree.ts';

const LISTS: ReadonlySet<string> = new Set(['indkey', 'indoption', 'conkey', 'confkey']);

/** A column of the catalog that is a list. */
export function isList({ tag, fields }: TreeNode): boolean {
  const last = tag === 'ColumnRef' ? nodesOf(fields, 'fields').at(-1) : undefined;
  return last?.tag === 'String' && LISTS.has(textOf(last.fields, 'sval'));
}

/** `x = ANY (list)`; null: it is none. */
export function memberOfList(fields: Fields): Tree | null {
  const list = nodeOf(fields, 'rexpr');
  if (!isList(list) || textOf(fields, 'kind') !== 'AEXPR_OP_ANY') return null;
  if (stringsOf(fields, 'name').at(-1) !== '=') return null;
  const item = castTree(treeOf(nodeOf(fields, 'lexpr')), 'text');
  return {
    NullTest: { arg: callTree('array_position', [treeOf(list), item]), nulltesttype: 'IS_NOT_NULL' },
  };
}

/** Whole numbers from 1. */
const NUMBERS = 'pg_lab_numbers';
const PLACE = columnTree('lab_place');

/** The list that a target spreads over rows: `unnest(list)`, `generate_subscripts(list, 1)`. */
function spreadList(target: TreeNode): TreeNode | null {
  const { tag, fields } = nodeOf(target.fields, 'val');
  if (tag !== 'FuncCall' || !/^(?:unnest|generate_subscripts)$/.test(functionOf(fields))) return null;
  const [list] = nodesOf(fields, 'args');
  return list !== undefined && isList(list) ? list : null;
}

const functionOf = (fields: Fields): string => stringsOf(fields, 'funcname').at(-1) ?? '';

/** A SELECT of a list's items as one over its places; the same where none is spread. */
export function overPlaces(select: Fields): Fields {
  if (has(select, 'valuesLists')) return select;
  const targets = nodesOf(select, 'targetList');
  const list = targets.map(spreadList).find((one) => one !== null);
  if (list === undefined) return select;
  const where = optionalNode(select, 'whereClause');
  const isPlace = {
    A_Expr: {
      kind: 'AEXPR_OP',
      name: [{ String: { sval: '<=' } }],
      lexpr: PLACE,
      rexpr: callTree('array_length', [treeOf(list), constantTree(1)]),
    },
  };
  return {
    ...select,
    targetList: targets.map((target) => ({ ResTarget: { ...target.fields, val: atPlace(target) } })),
    fromClause: [...nodesOf(select, 'fromClause').map(treeOf), relationTree(NUMBERS)],
    whereClause:
      where === null ? isPlace : { BoolExpr: { boolop: 'AND_EXPR', args: [treeOf(where), isPlace] } },
  };
}

function atPlace(target: TreeNode): Tree {
  const list = spreadList(target);
  const val = nodeOf(target.fields, 'val');
  if (list === null) return treeOf(val);
  if (functionOf(val.fields) === 'generate_subscripts') return subscriptOf(list);
  return castTree(callTree('lab_list_item', [treeOf(list), PLACE]), 'int2');
}

/** Of the vectors of an index, which PostgreSQL counts from 0; its arrays count from 1. */
const VECTORS: ReadonlySet<string> = new Set(['indkey', 'indoption']);

function subscriptOf({ fields }: TreeNode): Tree {
  const name = textOf(nodesOf(fields, 'fields').at(-1)?.fields ?? fields, 'sval');
  if (!VECTORS.has(name)) return PLACE;
  return {
    A_Expr: {
      kind: 'AEXPR_OP',
      name: [{ String: { sval: '-' } }],
      lexpr: PLACE,
      rexpr: constantTree(1),
    },
  };
}
