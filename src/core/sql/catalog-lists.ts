// Lists of the catalog (pg_index.indkey, pg_constraint.conkey …), which the lab has in their text form only: what tools ask of them, as
// trees that need no arrays.

import { hasNoRows } from './absent-catalogs.ts';
import {
  asNode,
  type Fields,
  fieldsOf,
  flagOf,
  has,
  nodeOf,
  nodesOf,
  optionalNode,
  optionalText,
  own,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';
import {
  callTree,
  castTree,
  columnTree,
  constantTree,
  infixTree,
  junctionTree,
  nodeOfTree,
  relationTree,
  type Tree,
  treeOf,
} from './written-tree.ts';

const isNamed = ({ tag, fields }: TreeNode, name: string): boolean => {
  const last = tag === 'ColumnRef' ? nodesOf(fields, 'fields').at(-1) : undefined;
  return last?.tag === 'String' && textOf(last.fields, 'sval') === name;
};

/** Its items are texts. */
const isOptions = (list: TreeNode): boolean => isNamed(list, 'reloptions');

/** `reloptions || ARRAY (SELECT …)` of no rows, which is the list; null: it is no such operation. */
export function joinedOptions(fields: Fields): Tree | null {
  if (stringsOf(fields, 'name').at(-1) !== '||') return null;
  const [list, more] = [optionalNode(fields, 'lexpr'), optionalNode(fields, 'rexpr')];
  if (list === null || !isOptions(list) || more?.tag !== 'SubLink') return null;
  return hasNoRows(nodeOf(more.fields, 'subselect').fields) ? treeOf(list) : null;
}

/** `array_remove(reloptions, item)`, also of what is such a call; null: it is none. */
export function withoutItem(fields: Fields): Tree | null {
  if (functionOf(fields) !== 'array_remove') return null;
  const [list, item] = nodesOf(fields, 'args');
  if (list === undefined || item === undefined) return null;
  const within = isOptions(list) ? treeOf(list) : list.tag === 'FuncCall' ? withoutItem(list.fields) : null;
  return within === null ? null : callTree('lab_list_without', [within, castTree(treeOf(item), 'text')]);
}

const LISTS: ReadonlySet<string> = new Set(['indkey', 'indoption', 'i_indoption', 'conkey', 'confkey']);

/** A column of the catalog that is a list, also by the name that JDBC's driver gives one. */
export function isList({ tag, fields }: TreeNode): boolean {
  const last = tag === 'ColumnRef' ? nodesOf(fields, 'fields').at(-1) : undefined;
  return last?.tag === 'String' && LISTS.has(textOf(last.fields, 'sval'));
}

/** `x = ANY (list)`; null: it is none. */
export function memberOfList(fields: Fields): Tree | null {
  const list = nodeOf(fields, 'rexpr');
  if (!(isList(list) || isOptions(list)) || textOf(fields, 'kind') !== 'AEXPR_OP_ANY') return null;
  if (stringsOf(fields, 'name').at(-1) !== '=') return null;
  const item = castTree(treeOf(nodeOf(fields, 'lexpr')), 'text');
  return {
    NullTest: { arg: callTree('array_position', [treeOf(list), item]), nulltesttype: 'IS_NOT_NULL' },
  };
}

/** Whole numbers from 1. */
const NUMBERS = 'pg_lab_numbers';
const PLACE = columnTree('lab_place');

const SPREADING = /^(?:unnest|generate_subscripts|_pg_expandarray)$/;

/** The list that a target spreads over rows: `unnest(list)`, `generate_subscripts(list, 1)`, `(_pg_expandarray(list)).n`. */
function spreadList(target: TreeNode): TreeNode | null {
  const { tag, fields } = spreader(target);
  if (tag !== 'FuncCall' || !SPREADING.test(functionOf(fields))) return null;
  const [list] = nodesOf(fields, 'args');
  return list !== undefined && isList(list) ? list : null;
}

/** The call, perhaps within a choice of one of its fields. */
function spreader(target: TreeNode): TreeNode {
  const val = nodeOf(target.fields, 'val');
  return val.tag === 'A_Indirection' ? nodeOf(val.fields, 'arg') : val;
}

/** `list[n]`, and a character of a type's name; null: it is no list of the catalog. */
function itemAt(list: TreeNode, place: TreeNode): TreeNode | null {
  if (isNamed(list, 'typname'))
    return nodeOfTree(
      callTree('substr', [castTree(treeOf(list), 'text'), plus(treeOf(place), 1), constantTree(1)]),
    );
  const isSchemas = list.tag === 'FuncCall' && functionOf(list.fields) === 'current_schemas';
  if (!isSchemas && !isList(list)) return null;
  const item = callTree('lab_list_item', [
    treeOf(list),
    !isSchemas && isVector(list) ? plus(treeOf(place), 1) : treeOf(place),
  ]);
  return nodeOfTree(isSchemas ? item : castTree(item, 'int2'));
}

/** A list whose items are counted from 0. */
export const isVector = ({ fields }: TreeNode): boolean =>
  VECTORS.has(textOf(nodesOf(fields, 'fields').at(-1)?.fields ?? {}, 'sval'));

const plus = (to: Tree, count: number): Tree => infixTree('+', to, constantTree(count));

/**
 * A choice of a field or an item: `conkey[n]`, `(current_schemas(true))[1]`, and `(keys).x` where `keys` is what `_pg_expandarray` has spread, as JDBC's drivers ask for primary keys: the item itself, which stands
 * for the pair of item and place. Null: another choice of a field.
 */
export function chosenField(fields: Fields): TreeNode | null {
  const arg = nodeOf(fields, 'arg');
  const [field, second] = nodesOf(fields, 'indirection');
  if (field?.tag === 'A_Indices' && second === undefined && !flagOf(field.fields, 'is_slice'))
    return itemAt(arg, nodeOf(field.fields, 'uidx'));
  if (arg.tag !== 'ColumnRef' || second !== undefined || field?.tag !== 'String') return null;
  const last = nodesOf(arg.fields, 'fields').at(-1);
  const isKeys = last?.tag === 'String' && textOf(last.fields, 'sval') === 'keys';
  return isKeys && textOf(field.fields, 'sval') === 'x' ? arg : null;
}

const functionOf = (fields: Fields): string => stringsOf(fields, 'funcname').at(-1) ?? '';

/** A SELECT of a list's items as one over its places; the same where none is spread. */
export function overPlaces(select: Fields): Fields {
  if (has(select, 'valuesLists')) return select;
  const targets = nodesOf(select, 'targetList');
  const list = targets.map(spreadList).find((one) => one !== null);
  if (list === undefined) return select;
  const where = optionalNode(select, 'whereClause');
  const length = callTree('array_length', [treeOf(list), constantTree(1)]);
  const isPlace = infixTree('<=', PLACE, length);
  return {
    ...select,
    targetList: targets.map((target) => ({ ResTarget: { ...target.fields, val: atPlace(target) } })),
    fromClause: [...nodesOf(select, 'fromClause').map(treeOf), relationTree(NUMBERS)],
    whereClause: junctionTree('AND_EXPR', where === null ? [isPlace] : [treeOf(where), isPlace]),
  };
}

function atPlace(target: TreeNode): Tree {
  const list = spreadList(target);
  const val = nodeOf(target.fields, 'val');
  if (list === null) return treeOf(val);
  const isPlace = val.tag === 'A_Indirection' && stringsOf(val.fields, 'indirection').at(-1) === 'n';
  if (isPlace) return PLACE;
  if (functionOf(spreader(target).fields) === 'generate_subscripts') return subscriptOf(list);
  return castTree(callTree('lab_list_item', [treeOf(list), PLACE]), 'int2');
}

/** Of the vectors of an index, which PostgreSQL counts from 0; its arrays count from 1. */
const VECTORS: ReadonlySet<string> = new Set(['indkey', 'indoption', 'i_indoption']);

function subscriptOf(list: TreeNode): Tree {
  return isVector(list) ? plus(PLACE, -1) : PLACE;
}

/** Lengths of lists, as many as the catalog has numbers at most. */
const isLength = ({ tag, fields }: TreeNode): boolean => {
  const [list] = tag === 'FuncCall' && LENGTH.test(functionOf(fields)) ? nodesOf(fields, 'args') : [];
  return list !== undefined && isList(list);
};
const LENGTH = /^array_(?:upper|length)$/;

const numberOf = (fields: Fields): number =>
  has(fields, 'ival') ? Number(own(fieldsOf(fields, 'ival'), 'ival') ?? 0) : Number.POSITIVE_INFINITY;

/** `generate_series(1, array_upper(list, 1))` in FROM, by which drivers count the columns of keys, as a query of the catalog's numbers; null: it is none. */
export function seriesOf(fields: Fields): TreeNode | null {
  const [list, second] = nodesOf(fields, 'functions');
  const items = list === undefined ? undefined : own(list.fields, 'items');
  const call = Array.isArray(items) ? asNode(items[0], 'a function in FROM') : undefined;
  if (second !== undefined || flagOf(fields, 'ordinality') || call?.tag !== 'FuncCall') return null;
  const [first, end, step] = nodesOf(call.fields, 'args');
  if (functionOf(call.fields) !== 'generate_series' || step !== undefined) return null;
  if (first?.tag !== 'A_Const' || numberOf(first.fields) !== 1) return null;
  if (end === undefined || !isLength(end)) return null;
  const isWithin = infixTree('<=', PLACE, treeOf(end));
  const alias = has(fields, 'alias') ? fieldsOf(fields, 'alias') : { aliasname: 'generate_series' };
  // Without a name of its own the column is called as the function is.
  const name = optionalText(alias, 'aliasname') ?? '';
  const subquery = {
    SelectStmt: {
      targetList: [{ ResTarget: { name, val: PLACE } }],
      fromClause: [relationTree(NUMBERS)],
      whereClause: isWithin,
      limitOption: 'LIMIT_OPTION_DEFAULT',
      op: 'SETOP_NONE',
    },
  };
  return { tag: 'RangeSubselect', fields: { subquery, alias } };
}
