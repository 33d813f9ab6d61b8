// CREATE SCHEMA.

import { fail, unsupported } from './failure.ts';
import { isTemporarySchema } from './relation-name.ts';
import {
  type Fields,
  fieldsOf,
  firstLocation,
  flagOf,
  has,
  nameOf,
  onlyFields,
  optionalText,
} from './tree.ts';

export interface CreateSchema {
  readonly name: string;
  readonly ifNotExists: boolean;
}

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
