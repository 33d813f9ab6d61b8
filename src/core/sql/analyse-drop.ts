// DROP of tables, views, indexes, sequences and schemas.

import { type Analysis, meantRelation, noSchema } from './analysis.ts';
import { fail, unsupported } from './failure.ts';
import type { DropKind, DropNames } from './plan-types.ts';
import { PUBLIC, schemaEntry } from './relation-name.ts';
import {
  checkName,
  type Fields,
  flagOf,
  listItems,
  nameOf,
  nodesOf,
  onlyFields,
  optionalText,
  type TreeNode,
  textOf,
} from './tree.ts';

const DROP_STMT = new Set(['objects', 'removeType', 'behavior', 'missing_ok', 'concurrent']);

const DROPPED: ReadonlyMap<string, DropKind> = new Map([
  ['OBJECT_TABLE', 'dropTable'],
  ['OBJECT_VIEW', 'dropView'],
  ['OBJECT_INDEX', 'dropIndex'],
  ['OBJECT_SEQUENCE', 'dropSequence'],
  ['OBJECT_SCHEMA', 'dropSchema'],
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
    kind === 'dropSchema' ? [droppedSchema(object)] : dropName(analysis, object, ifExists),
  );
  if (!concurrently) return { kind, names, ifExists, cascade };
  const refuse = (what: string): never => fail('0A000', `DROP INDEX CONCURRENTLY does not support ${what}`);
  if (nodesOf(fields, 'objects').length !== 1) refuse('dropping multiple objects');
  if (cascade) refuse('CASCADE');
  return { kind, names, ifExists, cascade, concurrently };
}

const droppedSchema = ({ fields }: TreeNode): string => schemaEntry(nameOf(fields, 'sval'));

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
