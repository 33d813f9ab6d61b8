// Values of SQL as JSON (to_json): numbers and truth values as they are, moments in the form of ISO 8601, arrays as arrays, all else as strings.

import type { Value } from './access.ts';
import { fail } from './failure.ts';
import { encode } from './json.ts';
import { formatValue } from './text-form.ts';

const FINITE = /^-?\d/;

export function jsonTextOf(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  const text = formatValue(value) ?? '';
  if (typeof value === 'string') return encode(text);
  if (typeof value !== 'object' || !('kind' in value) || value.kind === 'real')
    return FINITE.test(text) ? text : encode(text);
  switch (value.kind) {
    case 'json':
    case 'jsonb':
      return value.text;
    case 'array':
      return `[${value.items.map(jsonTextOf).join(',')}]`;
    case 'timestamp':
      return encode(text.replace(' ', 'T'));
    case 'timestamptz':
      return encode(text.replace(' ', 'T').replace(/([+-]\d\d)(?=$| BC)/, '$1:00'));
    default:
      return encode(text);
  }
}

/** As the name of a member. */
export function nameOf(value: Value): string {
  if (typeof value === 'object' && value !== null && 'kind' in value)
    if (value.kind === 'array' || value.kind === 'json' || value.kind === 'jsonb')
      fail('22023', 'key value must be scalar, not array, composite, or json');
  const text = typeof value === 'boolean' ? String(value) : jsonTextOf(value);
  return text.startsWith('"') ? text : encode(text);
}
