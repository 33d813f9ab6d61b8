// One line per event: its fields in their order, ranges in interval form, pages by their names. The kind stays as it is in the trace, so that
// list, exports and checkers speak of the same thing.

import type { TraceEvent } from '../../core/kernel/trace.ts';
import { rangeText } from '../kit/format.ts';
import { pageText } from './known-names.ts';

export function eventText(event: TraceEvent): string {
  const parts: string[] = [];
  const fields = new Map<string, unknown>(Object.entries(event));
  fields.delete('kind');
  const first = fields.get('first');
  const last = fields.get('last');
  const end = typeof last === 'number' ? last + 1 : fields.get('end');
  if (typeof first === 'number' && typeof end === 'number') {
    parts.push(rangeText(first, end));
    for (const name of ['first', 'end', 'last']) fields.delete(name);
  }
  for (const [name, value] of fields) {
    if (value === '' || value === false) continue;
    if (name === 'group' || name === 'volume') parts.unshift(String(value));
    else if (name === 'blockKey')
      parts.push(...(typeof value === 'number' && value >= 0 ? [`page ${pageText(value)}`] : []));
    else if (Array.isArray(value))
      parts.push(`${name} ${value.length > 6 ? `${value.slice(0, 6).join(' ')} …` : value.join(' ')}`);
    else parts.push(value === true ? name : `${name} ${String(value)}`);
  }
  return parts.join(' · ');
}
