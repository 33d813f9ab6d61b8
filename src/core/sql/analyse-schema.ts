// CREATE SCHEMA.

import { type Analysis, schemasSearched } from './analysis.ts';
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

/** The schema of a connection's temporary tables, which it makes itself and says in its search path. */
const isOwnTemporary = (analysis: Analysis, name: string): boolean =>
  isTemporarySchema(name) && schemasSearched(analysis).includes(name);

/** Of AUTHORIZATION only the name counts: nobody is refused anything here. */
export function analyseCreateSchema(analysis: Analysis, fields: Fields): CreateSchema {
  if (has(fields, 'schemaElts'))
    unsupported('CREATE SCHEMA with what it is to hold', firstLocation(fields, 0));
  onlyFields(fields, CREATE_SCHEMA, 'CREATE SCHEMA');
  const role = has(fields, 'authrole') ? optionalText(fieldsOf(fields, 'authrole'), 'rolename') : null;
  const name = has(fields, 'schemaname') ? nameOf(fields, 'schemaname') : (role ?? 'postgres');
  if (name.startsWith('pg_') && !isOwnTemporary(analysis, name))
    fail('42939', `unacceptable schema name "${name}"`);
  return { name, ifNotExists: flagOf(fields, 'if_not_exists') };
}
