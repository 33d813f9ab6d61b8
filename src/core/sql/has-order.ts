// What has values of a type in order, or knows equal ones, needs operators that json alone has not.

import { fail, NOWHERE } from './failure.ts';
import { elementOf, type SqlType, typeName } from './types.ts';

const hasOrder = (type: SqlType): boolean => type === 'unknown' || elementOf(type) !== 'json';

/** 42883 for a type whose values nothing compares. */
export function checkOrdered(type: SqlType, at = NOWHERE, which: 'ordering' | 'equality' = 'ordering'): void {
  const kind = which === 'ordering' ? 'an ordering' : 'an equality';
  if (!hasOrder(type)) fail('42883', `could not identify ${kind} operator for type ${typeName(type)}`, at);
}

/** 42704 for a type of which there can be no index. */
export function checkIndexed(type: SqlType): void {
  if (!hasOrder(type))
    fail('42704', `data type ${typeName(type)} has no default operator class for access method "btree"`);
}
