// Casts and functions by which tools read the catalog, as the queries of the catalog that they stand for: names of object ids
// (regclass, regtype …) and definitions as SQL text.

import { hasNoRows } from './absent-catalogs.ts';
import { CATALOG_IDS } from './catalog-ids.ts';
import { isList, withoutItem } from './catalog-lists.ts';
import { readNameParts } from './relation-name.ts';
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
const NAMES = 'pg_lab_names';

/** `pg_table_is_visible(relation)`: its name means it without a schema. */
function isVisible(fields: Fields): Tree | null {
  const [relation] = nodesOf(fields, 'args');
  if (stringsOf(fields, 'funcname').at(-1) !== 'pg_table_is_visible' || relation === undefined) return null;
  const plain = lookupTree(NAMES, 'lab_plain', [['lab_id', treeOf(relation)]]);
  return { NullTest: { arg: plain, nulltesttype: 'IS_NOT_NULL' } };
}

/** Types by how they are written, those that CREATE TYPE made too (engine/system-types.ts). */
const TYPES = 'pg_lab_types';

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

/** The column of the type of that name; null where there is none. */
const typeNamed = (name: Tree, column: string): Tree => ({
  CoalesceExpr: {
    args: ['lab_text', 'lab_name'].map((by) => lookupTree(TYPES, column, [[by, name]])),
  },
});

/** `pg_get_serial_sequence(table, column)`; null: it is no such call. */
function serialSequence(fields: Fields): Tree | null {
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
const constantOf = ({ tag, fields }: TreeNode): string | null =>
  tag === 'A_Const' && has(fields, 'sval') ? (optionalText(fieldsOf(fields, 'sval'), 'sval') ?? '') : null;

/**
 * A cast to a type of the catalog: of a name (a constant) it is the object id, as a number; of an object id the name, as a text.
 * Null: it is no such cast.
 */
export function catalogCast(fields: Fields): Tree | null {
  const type = fieldsOf(fields, 'typeName');
  const names = stringsOf(type, 'names');
  if (has(type, 'arrayBounds') && names.at(-1) === 'oid')
    return {
      TypeCast: { ...fields, typeName: { ...type, names: [{ String: { sval: 'int8' } }] } },
    };
  if (has(type, 'arrayBounds') || (names.length === 2 && names[0] !== 'pg_catalog')) return null;
  const arg = nodeOf(fields, 'arg');
  switch (names.at(-1)) {
    case 'oid':
      return castTree(treeOf(arg), 'int8');
    case 'char':
      return castTree(treeOf(arg), 'text');
    case 'regtype':
      if (constantOf(arg) !== null) return typeNamed(treeOf(arg), 'lab_id');
      return isTextual(arg)
        ? typeNamed(callTree('lab_last_name', [treeOf(arg)]), 'lab_text')
        : typeWritten(treeOf(arg), constantTree(-1));
    case 'regproc':
      return constantOf(arg) === null ? castTree(treeOf(arg), 'text') : null;
    case 'regrole':
      return constantOf(arg) === null ? callTree('pg_get_userbyid', [treeOf(arg)]) : null;
    case 'regnamespace':
      return namespaceTree(arg);
    case 'regclass':
      return relationTreeOf(arg);
    default:
      return null;
  }
}

function namespaceTree(arg: TreeNode): Tree {
  const text = constantOf(arg);
  if (text === null) return lookupTree('pg_namespace', 'nspname', [['oid', treeOf(arg)]]);
  if (/^\d+$/.test(text)) return castTree(treeOf(arg), 'int8');
  const [name = text] = readNameParts(text) ?? [];
  return lookupTree('pg_namespace', 'oid', [['nspname', constantTree(name)]]);
}

/** What gives a text, by its form: names put together, as mappers of objects do. */
function isTextual({ tag, fields }: TreeNode): boolean {
  if (tag === 'A_Expr') return stringsOf(fields, 'name').at(-1) === '||';
  if (tag === 'TypeCast') return stringsOf(fieldsOf(fields, 'typeName'), 'names').at(-1) === 'text';
  return tag === 'FuncCall' && /^(?:quote_ident|concat)$/.test(stringsOf(fields, 'funcname').at(-1) ?? '');
}

/** The relation that a text names, with its schema or as the search path finds it; null where there is none. */
function relationNamed(name: Tree): Tree {
  const ids = ['lab_full', 'lab_shown'].map((column) => lookupTree(NAMES, 'lab_id', [[column, name]]));
  return { CoalesceExpr: { args: ids } };
}

function relationTreeOf(arg: TreeNode): Tree {
  const text = constantOf(arg);
  if (text === null && arg.tag === 'FuncCall' && serialSequence(arg.fields) !== null)
    return lookupTree(NAMES, 'lab_id', [['lab_full', treeOf(arg)]]);
  if (text === null && isTextual(arg)) return relationNamed(treeOf(arg));
  if (text === null) return lookupTree(NAMES, 'lab_shown', [['lab_id', treeOf(arg)]]);
  if (/^\d+$/.test(text)) return castTree(treeOf(arg), 'int8');
  const [first = text, second] = readNameParts(text) ?? [];
  const own = second === undefined || first === 'pg_catalog' ? CATALOG_IDS.get(second ?? first) : undefined;
  if (own !== undefined) return castTree(constantTree(own), 'int8');
  return second === undefined
    ? lookupTree(NAMES, 'lab_id', [['lab_plain', constantTree(first)]])
    : lookupTree(NAMES, 'lab_id', [
        ['lab_schema', constantTree(first)],
        ['lab_name', constantTree(second)],
      ]);
}
