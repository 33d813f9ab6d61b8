// Casts and functions by which tools read the catalog, as the queries of the catalog that they stand for: names of object ids
// (regclass, regtype …) and definitions as SQL text.

import { asciiLower } from './ascii.ts';
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
import { callTree, castTree, constantTree, lookupTree, type Tree, treeOf } from './written-tree.ts';

/** Definitions as SQL text, by kind and object id (engine/system-texts.ts). */
const DEFINITIONS = 'pg_lab_definitions';

const DEFINITION_KINDS: ReadonlyMap<string, 'constraint' | 'index'> = new Map([
  ['pg_get_constraintdef', 'constraint'],
  ['pg_get_indexdef', 'index'],
]);

/** What a call of a catalog's function stands for; null: it is an ordinary one. */
export function catalogCall(fields: Fields): Tree | null {
  const kind = DEFINITION_KINDS.get(stringsOf(fields, 'funcname').at(-1) ?? '');
  const [id, column] = nodesOf(fields, 'args');
  if (kind === undefined || id === undefined) return null;
  return lookupTree(DEFINITIONS, 'lab_text', [
    ['lab_kind', constantTree(kind)],
    ['lab_id', treeOf(id)],
    ['lab_part', kind === 'constraint' || column === undefined ? constantTree(0) : treeOf(column)],
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
  if (has(type, 'arrayBounds') || (names.length === 2 && names[0] !== 'pg_catalog')) return null;
  const arg = nodeOf(fields, 'arg');
  switch (names.at(-1)) {
    case 'oid':
      return castTree(treeOf(arg), 'int8');
    case 'name':
    case 'char':
      return castTree(treeOf(arg), 'text');
    case 'regtype':
      return constantOf(arg) === null ? callTree('format_type', [treeOf(arg), constantTree(-1)]) : null;
    case 'regrole':
      return constantOf(arg) === null ? callTree('pg_get_userbyid', [treeOf(arg)]) : null;
    case 'regnamespace':
      return named('pg_namespace', 'nspname', arg);
    case 'regclass':
      return named('pg_class', 'relname', arg);
    default:
      return null;
  }
}

function named(table: string, column: string, arg: TreeNode): Tree {
  const text = constantOf(arg);
  if (text === null) return lookupTree(table, column, [['oid', treeOf(arg)]]);
  if (/^\d+$/.test(text)) return castTree(treeOf(arg), 'int8');
  const [, plain, quoted] = /^(?:(?:public|pg_catalog)\.)?(?:([\w$]+)|"((?:[^"]|"")+)")$/i.exec(text) ?? [];
  const name = quoted?.replaceAll('""', '"') ?? asciiLower(plain ?? text);
  return lookupTree(table, 'oid', [[column, constantTree(name)]]);
}
