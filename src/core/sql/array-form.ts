// The text form of arrays (array_in, array_out): items in braces, each in quotes where it is empty, NULL, or has what has a meaning there.

import type { Value } from './access.ts';
import { fail, unsupported } from './failure.ts';
import { ARRAY_ITEMS_MAX } from './limits.ts';

const malformed = (text: string, at: number): never =>
  fail('22P02', `malformed array literal: "${text}"`, at);

/** `read`: one item of its text. */
export function parseArray(text: string, at: number, read: (item: string) => Value): readonly Value[] {
  const body = text.trim();
  if (/^\[-?\d+(?::-?\d+)?\]/.test(body)) unsupported('an array with bounds', at);
  if (!body.startsWith('{') || !body.endsWith('}') || body.length < 2) return malformed(text, at);
  const end = body.length - 1;
  if (body.slice(1, end).trim() === '') return [];
  const items: Value[] = [];
  let next = 1;
  for (;;) {
    const item = readItem(body, next, end, text, at);
    if (items.length === ARRAY_ITEMS_MAX) fail('54000', `an array has at most ${ARRAY_ITEMS_MAX} items`, at);
    items.push(item.value === null ? null : read(item.value));
    if (item.end === end) return items;
    next = item.end + 1;
  }
}

/** The item from `from` on, and where the comma or brace behind it stands. */
function readItem(
  body: string,
  from: number,
  limit: number,
  text: string,
  at: number,
): { readonly value: string | null; readonly end: number } {
  let value = '';
  let kept = 0;
  let isQuoted = false;
  let i = from;
  while (i < limit && isSpace(body.charAt(i))) i++;
  for (; i < limit && body.charAt(i) !== ','; i++) {
    const character = body.charAt(i);
    if (character === '{') unsupported('an array of arrays', at);
    if (character === '}') malformed(text, at);
    if (isQuoted && !isSpace(character)) malformed(text, at);
    if (character === '"') {
      if (value !== '') malformed(text, at);
      isQuoted = true;
      for (i++; body.charAt(i) !== '"'; i++) {
        if (i >= limit) malformed(text, at);
        if (body.charAt(i) === '\\') i++;
        value += body.charAt(i);
      }
    } else if (!isQuoted) {
      const isEscaped = character === '\\';
      if (isEscaped) i++;
      if (i >= limit) malformed(text, at);
      value += body.charAt(i);
      if (isEscaped || !isSpace(character)) kept = value.length;
    }
  }
  if (isQuoted) return { value, end: i };
  value = value.slice(0, kept);
  if (value === '') malformed(text, at);
  return { value: /^null$/i.test(value) ? null : value, end: i };
}

const isSpace = (character: string): boolean => /^[ \t\n\r\v\f]$/.test(character);

export const formatArray = (items: readonly (string | null)[]): string =>
  `{${items.map((item) => (item === null ? 'NULL' : itemText(item))).join(',')}}`;

const itemText = (item: string): string =>
  item === '' || /^null$/i.test(item) || /[{}",\\\s]/.test(item)
    ? `"${item.replace(/["\\]/g, '\\$&')}"`
    : item;
