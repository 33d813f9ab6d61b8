// CREATE SCHEMA, and ALTER SCHEMA … OWNER TO.

import { type AlterTable, NOTHING_TO_ALTER } from './analyse-alter.ts';
import { checkOwner } from './analyse-owner.ts';
import { type Analysis, noSchema } from './analysis.ts';
import { fail, unsupported } from './failure.ts';
import { isTemporarySchema, PUBLIC, schemaEntry } from './relation-name.ts';
import {
  type Fields,
  fieldsOf,
  firstLocation,
  flagOf,
  has,
  nameOf,
  nodeOf,
  onlyFields,
  optionalText,
  textOf,
} from './tree.ts';

export interface CreateSchema {
  readonly name: string;
  readonly ifNotExists: boolean;
}

const ALTER_OWNER = new Set(['objectType', 'object', 'newowner']);
const CREATE_SCHEMA = new Set(['schemaname', 'authrole', 'if_not_exists']);

/**
 * Of AUTHORIZATION only the name counts: nobody is refused anything here. `path`: the search path, in which a connection says the schema
 * that it makes for its temporary tables.
 */
export function analyseCreateSchema(fields: Fields, path: readonly string[]): CreateSchema {
  if (has(fields, 'schemaElts'))
    unsupported('CREATE SCHEMA with what it is to hold', firstLocation(fields, 0));
  onlyFields(fields, CREATE_SCHEMA, 'CREATE SCHEMA');
  const role = has(fields, 'authrole') ? optionalText(fieldsOf(fields, 'authrole'), 'rolename') : null;
  const name = has(fields, 'schemaname') ? nameOf(fields, 'schemaname') : (role ?? 'postgres');
  const isOwn = isTemporarySchema(name) && path.includes(name);
  if (name.startsWith('pg_') && !isOwn) fail('42939', `unacceptable schema name "${name}"`);
  return { name, ifNotExists: flagOf(fields, 'if_not_exists') };
}

/** ALTER SCHEMA … OWNER TO; tables and what is like them come with ALTER TABLE. */
export function analyseAlterOwner(analysis: Analysis, fields: Fields): AlterTable {
  const type = textOf(fields, 'objectType').replace('OBJECT_', '').replaceAll('_', ' ');
  if (type !== 'SCHEMA') unsupported(`ALTER ${type} … OWNER TO`);
  onlyFields(fields, ALTER_OWNER, 'ALTER OWNER');
  checkOwner(fields);
  const name = textOf(nodeOf(fields, 'object').fields, 'sval');
  if (name === PUBLIC) unsupported('another owner of the schema public');
  if (analysis.findTable(schemaEntry(name)) === null) noSchema(name);
  return { ...NOTHING_TO_ALTER, tag: 'ALTER SCHEMA' };
}
