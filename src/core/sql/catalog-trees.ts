// Casts and functions by which tools read the catalog, as the queries of the catalog that they stand for: names of object ids
// (regclass, regtype …) and definitions as SQL text.

import { hasNoRows } from './absent-catalogs.ts';
import { isList, withoutItem } from './catalog-lists.ts';
import {
  type Fields,
  fieldsOf,
  has,
  nodeOf,
  nodesOf,
  optionalText,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';
import { FIRST_MADE_ID } from './types.ts';
import {
  callTree,
  castTree,
  columnTree,
  constantTree,
  infixTree,
  lookupTree,
  type Tree,
  treeOf,
} from './written-tree.ts';

/** Definitions as SQL text, by kind and object id (engine/system-texts.ts). */
const DEFINITIONS = 'pg_lab_definitions';

const DEFINITION_KINDS: ReadonlyMap<string, 'constraint' | 'index' | 'view'> = new Map([
  ['pg_get_constraintdef', 'constraint'],
  ['pg_get_indexdef', 'index'],
  ['pg_get_viewdef', 'view'],
]);

/** `array_to_string(ARRAY (SELECT …), separator)`, which needs no array; null: it is no such call. */
function joinedRows(fields: Fields): Tree | null {
  const [rows, between] = nodesOf(fields, 'args');
  if (stringsOf(fields, 'funcname').at(-1) !== 'array_to_string' || between === undefined) return null;
  if (rows?.tag !== 'SubLink' || textOf(rows.fields, 'subLinkType') !== 'ARRAY_SUBLINK') return null;
  const { tag, fields: select } = nodeOf(rows.fields, 'subselect');
  if (hasNoRows(select)) return constantTree('');
  const item = castTree(columnTree('lab_item'), 'text');
  const alias = { aliasname: 'lab_items', colnames: [{ String: { sval: 'lab_item' } }] };
  const joined = {
    targetList: [{ ResTarget: { val: callTree('string_agg', [item, treeOf(between)]) } }],
    fromClause: [{ RangeSubselect: { subquery: { [tag]: select }, alias } }],
    limitOption: 'LIMIT_OPTION_DEFAULT',
    op: 'SETOP_NONE',
  };
  const text = { SubLink: { subLinkType: 'EXPR_SUBLINK', subselect: { SelectStmt: joined } } };
  return { CoalesceExpr: { args: [text, constantTree('')] } };
}

/** Names of relations, as the session's search path has them (engine/system-names.ts). */
export const NAMES = 'pg_lab_names';

/** `pg_table_is_visible(relation)`: its name means it without a schema. */
function isVisible(fields: Fields): Tree | null {
  const [relation] = nodesOf(fields, 'args');
  if (stringsOf(fields, 'funcname').at(-1) !== 'pg_table_is_visible' || relation === undefined) return null;
  const plain = lookupTree(NAMES, 'lab_plain', [['lab_id', treeOf(relation)]]);
  return { NullTest: { arg: plain, nulltesttype: 'IS_NOT_NULL' } };
}

/** Types by how they are written, those that CREATE TYPE made too (engine/system-types.ts). */
export const TYPES = 'pg_lab_types';

/** `format_type(type, modifier)`; null: it is no such call. */
function formattedType(fields: Fields): Tree | null {
  const [type, modifier] = nodesOf(fields, 'args');
  if (stringsOf(fields, 'funcname').at(-1) !== 'format_type' || type === undefined) return null;
  if (modifier === undefined) return null;
  const isNull = modifier.tag === 'A_Const' && has(modifier.fields, 'isnull');
  return typeWritten(treeOf(type), isNull ? constantTree(-1) : treeOf(modifier));
}

/** Of no type three question marks, of null null. */
function typeWritten(type: Tree, modifier: Tree): Tree {
  const given = callTree('lab_format_type', [type, modifier]);
  const { ival } = type.A_Const ?? {};
  if (ival !== undefined && Number((ival as Fields).ival) < FIRST_MADE_ID) return given;
  const made = lookupTree(TYPES, 'lab_text', [['lab_id', type]]);
  const nothing = callTree('substr', [castTree(type, 'text'), constantTree(1), constantTree(0)]);
  return { CoalesceExpr: { args: [given, made, infixTree('||', constantTree('???'), nothing)] } };
}

/** `pg_get_serial_sequence(table, column)`; null: it is no such call. */
export function serialSequence(fields: Fields): Tree | null {
  const [table, column] = nodesOf(fields, 'args');
  if (stringsOf(fields, 'funcname').at(-1) !== 'pg_get_serial_sequence') return null;
  if (table === undefined || column === undefined) return null;
  const name = [treeOf(table), constantTree('.'), treeOf(column)].reduce((before, text) =>
    infixTree('||', before, text),
  );
  return lookupTree(DEFINITIONS, 'lab_text', [
    ['lab_kind', constantTree('serial')],
    ['lab_name', name],
  ]);
}

/** Functions that are queries of the catalog, whatever their arguments are. */
export const CATALOG_QUERIES = [
  ...DEFINITION_KINDS.keys(),
  'pg_table_is_visible',
  'pg_get_serial_sequence',
  'format_type',
  'to_regclass',
  'to_regnamespace',
];

/** `obj_description(table, 'pg_class')` and `col_description(table, column)`; null: it is no such call. */
function description(fields: Fields): Tree | null {
  const name = stringsOf(fields, 'funcname').at(-1);
  const [relation, second] = nodesOf(fields, 'args');
  if (relation === undefined) return null;
  const isColumn = name === 'col_description' && second !== undefined;
  const isTable = name === 'obj_description' && (second === undefined || constantOf(second) === 'pg_class');
  if (!isColumn && !isTable) return null;
  return lookupTree('pg_description', 'description', [
    ['objoid', treeOf(relation)],
    ['objsubid', isColumn ? treeOf(second) : constantTree(0)],
  ]);
}

/** `array_position(list, item)` of a list of the catalog; null: it is no such call. */
function placeInList(fields: Fields): Tree | null {
  const [list, item] = nodesOf(fields, 'args');
  if (stringsOf(fields, 'funcname').at(-1) !== 'array_position' || item === undefined) return null;
  if (list === undefined || !isList(list) || item.tag === 'TypeCast') return null;
  return callTree('array_position', [treeOf(list), castTree(treeOf(item), 'text')]);
}

/** What a call of a catalog's function stands for; null: it is an ordinary one. */
export function catalogCall(fields: Fields): Tree | null {
  const read = joinedRows(fields) ?? formattedType(fields);
  if (read !== null) return read;
  const own = isVisible(fields) ?? withoutItem(fields) ?? description(fields) ?? placeInList(fields);
  if (own !== null) return own;
  const sequence = serialSequence(fields);
  if (sequence !== null) return sequence;
  const kind = DEFINITION_KINDS.get(stringsOf(fields, 'funcname').at(-1) ?? '');
  const [id, column] = nodesOf(fields, 'args');
  if (kind === undefined || id === undefined) return null;
  return lookupTree(DEFINITIONS, 'lab_text', [
    ['lab_kind', constantTree(kind)],
    ['lab_id', treeOf(id)],
    ['lab_part', kind !== 'index' || column === undefined ? constantTree(0) : treeOf(column)],
  ]);
}

/** The text of a constant; null: it is no constant text. */
export const constantOf = ({ tag, fields }: TreeNode): string | null =>
  tag === 'A_Const' && has(fields, 'sval') ? (optionalText(fieldsOf(fields, 'sval'), 'sval') ?? '') : null;
