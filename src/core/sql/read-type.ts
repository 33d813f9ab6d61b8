// Type names of the syntax tree: one of the five types, 0A000 for PostgreSQL's other types, 42704 for unknown ones.

import type { ColumnType } from './access.ts';
import { fail, unsupported } from './failure.ts';
import { type Fields, has, locationOf, nodesOf, onlyFields, stringsOf } from './tree.ts';
import { OTHER_TYPES, TYPES_BY_NAME } from './types.ts';

const TYPE_NAME = new Set(['names', 'typemod', 'typmods', 'location']);

export function readTypeName(fields: Fields): ColumnType {
  const at = locationOf(fields);
  if (has(fields, 'arrayBounds')) unsupported('an array type', at);
  onlyFields(fields, TYPE_NAME, 'a type name');
  const names = stringsOf(fields, 'names');
  const name = names[names.length - 1] ?? '';
  const known = names.length === 1 || (names.length === 2 && names[0] === 'pg_catalog');
  const type = known ? TYPES_BY_NAME.get(name) : undefined;
  if (type === undefined) {
    if (known && OTHER_TYPES.has(name)) unsupported(`type ${name}`, at);
    return fail('42704', `type "${names.join('.')}" does not exist`, at);
  }
  if (nodesOf(fields, 'typmods').length > 0) unsupported(`type ${name} with a length`, at);
  return type;
}
