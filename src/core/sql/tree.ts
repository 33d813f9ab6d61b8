// Reads libpg-query's parse tree, which comes from a client and is untrusted: every access checks presence and type,
// only own properties count, size and nesting are limited, and a field that the caller does not know is refused
// (0A000), so that nothing in a statement is silently ignored.

import { fail, NOWHERE, unsupported } from './failure.ts';
import { NAME_BYTES_MAX, TREE_BYTES_MAX, TREE_NESTING_MAX } from './limits.ts';
import { NOT_TEXT } from './text-form.ts';

/** The inside of a node: fields by name. */
export type Fields = { readonly [field: string]: unknown };

/** A node with its tag: `{"A_Const": {...}}`. */
export interface TreeNode {
  readonly tag: string;
  readonly fields: Fields;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

const malformed = (what: string): never => fail('08P01', `malformed syntax tree: ${what}`);

/** The tree's JSON as an object, or a failure. Nesting is checked on the bytes, before the JSON is read. */
export function decodeTree(tree: Uint8Array): Fields {
  if (tree.length > TREE_BYTES_MAX) fail('54000', `statement too large: its tree takes ${tree.length} bytes`);
  checkNesting(tree);
  let root: unknown;
  try {
    root = JSON.parse(decoder.decode(tree));
  } catch {
    malformed('not JSON');
  }
  return isFields(root) ? root : malformed('not an object');
}

function checkNesting(tree: Uint8Array): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < tree.length; i++) {
    const byte = tree[i];
    if (inString) {
      if (byte === 0x5c) i += 1;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > TREE_NESTING_MAX) fail('54001', 'stack depth limit exceeded');
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The field, or undefined. Never an inherited property. */
export function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

export const has = (fields: Fields, name: string): boolean => own(fields, name) !== undefined;

/** Byte offset where the node begins, or NOWHERE. */
export function locationOf(fields: Fields): number {
  const location = own(fields, 'location');
  return typeof location === 'number' && Number.isSafeInteger(location) && location >= 0 ? location : NOWHERE;
}

export function asFields(value: unknown, what: string): Fields {
  return isFields(value) ? value : malformed(what);
}

export function asNode(value: unknown, what: string): TreeNode {
  const outer = asFields(value, what);
  const tags = Object.keys(outer);
  const tag = tags[0];
  if (tag === undefined || tags.length !== 1) return malformed(what);
  return { tag, fields: asFields(outer[tag], tag) };
}

export function optionalNode(fields: Fields, name: string): TreeNode | null {
  const value = own(fields, name);
  return value === undefined ? null : asNode(value, name);
}

export function nodeOf(fields: Fields, name: string): TreeNode {
  return asNode(own(fields, name), name);
}

export function fieldsOf(fields: Fields, name: string): Fields {
  return asFields(own(fields, name), name);
}

/** A list of nodes; absent means empty. */
export function nodesOf(fields: Fields, name: string): readonly TreeNode[] {
  const value = own(fields, name);
  if (value === undefined) return [];
  if (!Array.isArray(value)) return malformed(name);
  return value.map((item: unknown) => asNode(item, name));
}

export function textOf(fields: Fields, name: string): string {
  const value = own(fields, name);
  return typeof value === 'string' ? value : malformed(name);
}

export function optionalText(fields: Fields, name: string): string | null {
  return has(fields, name) ? textOf(fields, name) : null;
}

/** An integer; libpg-query leaves zero out. */
export function integerOf(fields: Fields, name: string): number {
  const value = own(fields, name);
  if (value === undefined) return 0;
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : malformed(name);
}

/** A boolean; libpg-query leaves false out. */
export function flagOf(fields: Fields, name: string): boolean {
  const value = own(fields, name);
  if (value === undefined) return false;
  return typeof value === 'boolean' ? value : malformed(name);
}

/** An identifier: not empty, encodable, within NAMEDATALEN. */
export function nameOf(fields: Fields, name: string): string {
  return checkName(textOf(fields, name));
}

export function checkName(name: string): string {
  if (name.length === 0 || NOT_TEXT.test(name)) malformed('identifier');
  if (name.length > NAME_BYTES_MAX) fail('42622', 'identifier too long');
  return name;
}

/** The texts of a list of String nodes, as in a qualified name. */
export function stringsOf(fields: Fields, name: string): readonly string[] {
  return nodesOf(fields, name).map((node) => {
    if (node.tag !== 'String') return malformed(name);
    return checkName(textOf(node.fields, 'sval'));
  });
}

/** The items of a List node. */
export function listItems(node: TreeNode): readonly TreeNode[] {
  return node.tag === 'List' ? nodesOf(node.fields, 'items') : malformed('List');
}

/** The call of a function in FROM; beside it its list has an empty item. */
export function calledInFrom(fields: Fields): TreeNode {
  const [list] = nodesOf(fields, 'functions');
  const items = list === undefined ? undefined : own(list.fields, 'items');
  return asNode(Array.isArray(items) ? items[0] : undefined, 'a function in FROM');
}

/** Refuses every field that is not in `known`, by the name a person would use. */
export function onlyFields(fields: Fields, known: ReadonlySet<string>, construct: string): void {
  for (const name of Object.keys(fields)) {
    if (known.has(name)) continue;
    unsupported(CONSTRUCT_NAMES.get(name) ?? `${construct} with ${name}`, firstLocation(fields[name], 0));
  }
}

/** The first location found inside a subtree, to point at it. */
export function firstLocation(value: unknown, depth: number): number {
  if (depth > TREE_NESTING_MAX) return NOWHERE;
  if (Array.isArray(value)) {
    for (const item of value) {
      const at = firstLocation(item, depth + 1);
      if (at !== NOWHERE) return at;
    }
    return NOWHERE;
  }
  if (!isFields(value)) return NOWHERE;
  const here = locationOf(value);
  if (here !== NOWHERE) return here;
  for (const name of Object.keys(value)) {
    const at = firstLocation(value[name], depth + 1);
    if (at !== NOWHERE) return at;
  }
  return NOWHERE;
}

const CONSTRUCT_NAMES: ReadonlyMap<string, string> = new Map([
  ['withClause', 'WITH'],
  ['returningClause', 'RETURNING'],
  ['lockingClause', 'FOR UPDATE/SHARE'],
  ['intoClause', 'SELECT INTO'],
  ['groupDistinct', 'GROUP BY DISTINCT'],
  ['agg_within_group', 'WITHIN GROUP'],
  ['agg_order', 'ORDER BY inside an aggregate'],
  ['func_variadic', 'VARIADIC'],
  ['tablesample', 'TABLESAMPLE'],
  ['inhRelations', 'INHERITS'],
  ['partspec', 'PARTITION BY'],
  ['partbound', 'PARTITION OF'],
  ['ofTypename', 'OF type'],
  ['options', 'WITH (storage parameters)'],
  ['tablespacename', 'TABLESPACE'],
  ['accessMethod', 'USING access method'],
  ['collClause', 'COLLATE'],
  ['compression', 'COMPRESSION'],
  ['storage_name', 'STORAGE'],
  ['raw_default', 'DEFAULT'],
  ['arrayBounds', 'an array type'],
  ['catalogname', 'a cross-database reference'],
  ['useOp', 'ORDER BY … USING'],
]);

/** UNION, INTERSECT or EXCEPT. */
export const isSetOperation = (select: Fields): boolean =>
  (optionalText(select, 'op') ?? 'SETOP_NONE') !== 'SETOP_NONE';
