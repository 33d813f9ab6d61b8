// DROP of tables, views, indexes, sequences, schemas and types.

import { type Analysis, findNamedType, meantRelation, noSchema } from './analysis.ts';
import { fail, unsupported } from './failure.ts';
import type { DropKind, DropNames } from './plan-types.ts';
import { PUBLIC, relationNameOf, schemaEntry } from './relation-name.ts';
import {
  checkName,
  type Fields,
  flagOf,
  listItems,
  nameOf,
  nodesOf,
  onlyFields,
  optionalText,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';
import { TYPES_BY_NAME } from './types.ts';

const DROP_STMT = new Set(['objects', 'removeType', 'behavior', 'missing_ok', 'concurrent']);

const DROPPED: ReadonlyMap<string, DropKind> = new Map([
  ['OBJECT_TABLE', 'dropTable'],
  ['OBJECT_VIEW', 'dropView'],
  ['OBJECT_INDEX', 'dropIndex'],
  ['OBJECT_SEQUENCE', 'dropSequence'],
  ['OBJECT_SCHEMA', 'dropSchema'],
  ['OBJECT_TYPE', 'dropType'],
]);

export function analyseDrop(analysis: Analysis, fields: Fields): DropNames & { readonly kind: DropKind } {
  const concurrently = flagOf(fields, 'concurrent');
  if (concurrently) analysis.runsAlone = 'DROP INDEX CONCURRENTLY';
  onlyFields(fields, DROP_STMT, 'DROP');
  const kind = DROPPED.get(textOf(fields, 'removeType'));
  if (kind === undefined)
    return unsupported(`DROP ${textOf(fields, 'removeType').replace('OBJECT_', '').replaceAll('_', ' ')}`);
  const ifExists = flagOf(fields, 'missing_ok');
  const cascade = (optionalText(fields, 'behavior') ?? 'DROP_RESTRICT') === 'DROP_CASCADE';
  const names = nodesOf(fields, 'objects').flatMap((object) =>
    kind === 'dropSchema'
      ? [droppedSchema(object)]
      : kind === 'dropType'
        ? [droppedType(analysis, object)]
        : dropName(analysis, object, ifExists),
  );
  if (!concurrently) return { kind, names, ifExists, cascade };
  const refuse = (what: string): never => fail('0A000', `DROP INDEX CONCURRENTLY does not support ${what}`);
  if (nodesOf(fields, 'objects').length !== 1) refuse('dropping multiple objects');
  if (cascade) refuse('CASCADE');
  return { kind, names, ifExists, cascade, concurrently };
}

const droppedSchema = ({ fields }: TreeNode): string => schemaEntry(nameOf(fields, 'sval'));

/** A type that is not there is looked for in the first schema of the path. */
function droppedType(analysis: Analysis, { fields }: TreeNode): string {
  const names = stringsOf(fields, 'names');
  const [schema, name] = [names.at(-2) ?? null, names.at(-1) ?? ''];
  if (schema === 'pg_catalog' || (names.length === 1 && TYPES_BY_NAME.has(name)))
    fail('2BP01', `cannot drop type ${name} because it is required by the database system`);
  const found = findNamedType(analysis, [schema, name]);
  return found?.name ?? relationNameOf(schema ?? PUBLIC, name);
}

/** The name; none when IF EXISTS forgives a schema that does not exist. */
function dropName(analysis: Analysis, object: TreeNode, ifExists: boolean): readonly string[] {
  const parts = listItems(object).map((part) => checkName(textOf(part.fields, 'sval')));
  if (parts.length > 3) fail('42601', `improper relation name (too many dotted names): ${parts.join('.')}`);
  if (parts.length === 3) unsupported('a cross-database reference');
  const [schema, name] = parts.length === 1 ? [null, parts[0]] : parts;
  if (schema === undefined || name === undefined) return fail('08P01', 'malformed syntax tree: DROP');
  const isThere = schema === null || schema === PUBLIC || analysis.findTable(schemaEntry(schema)) !== null;
  if (!isThere) return ifExists ? [] : noSchema(schema ?? '');
  return [meantRelation(analysis, [schema, name], 'relation')];
}
