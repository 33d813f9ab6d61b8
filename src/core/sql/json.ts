// JSON texts as trees whose parts know where they stand in their text. A jsonb is kept in the one form that PostgreSQL writes it in: keys by
// length, then by bytes, each once, numbers as numeric writes them, a space behind each comma and colon.

import type { Numeric } from './access.ts';
import { fail, NOWHERE } from './failure.ts';
import { JSON_DEPTH_MAX } from './limits.ts';
import { compareNumeric, formatNumeric, parseDecimal, withoutTrailingZeros } from './numeric.ts';
import { compareText } from './text-order.ts';

interface Place {
  readonly start: number;
  readonly end: number;
}

export type Json = Place &
  (
    | { readonly type: 'null' }
    | { readonly type: 'boolean'; readonly value: boolean }
    /** As it is written. */
    | { readonly type: 'number' | 'string'; readonly raw: string }
    | { readonly type: 'array'; readonly items: readonly Json[] }
    | { readonly type: 'object'; readonly members: readonly Member[] }
  );

/** The name is decoded. */
export type Member = readonly [name: string, value: Json];

const invalid = (at: number): never => fail('22P02', 'invalid input syntax for type json', at);

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a string of JSON has none of them
const STRING = /"[^"\\\0-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\0-\x1f]*)*"/y;
const WORD = /(?:null|true|false)(?!\w)/y;

class JsonReader {
  readonly text: string;
  readonly at: number;
  next = 0;
  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  take(form: RegExp): string | null {
    form.lastIndex = this.next;
    const found = form.exec(this.text);
    if (found === null) return null;
    this.next = form.lastIndex;
    return found[0];
  }

  takes(sign: string): boolean {
    this.take(SPACE);
    const isThere = this.text.startsWith(sign, this.next);
    if (isThere) this.next += sign.length;
    return isThere;
  }

  value(depth: number): Json {
    if (depth > JSON_DEPTH_MAX) fail('54001', 'stack depth limit exceeded');
    this.take(SPACE);
    const start = this.next;
    const place = (): Place => ({ start, end: this.next });
    if (this.takes('{')) {
      const members = this.list('}', () => this.member(depth + 1));
      return { type: 'object', members, ...place() };
    }
    if (this.takes('[')) {
      const items = this.list(']', () => this.value(depth + 1));
      return { type: 'array', items, ...place() };
    }
    const string = this.take(STRING);
    if (string !== null) return { type: 'string', raw: string, ...place() };
    const number = this.take(NUMBER);
    if (number !== null) return { type: 'number', raw: number, ...place() };
    const word = this.take(WORD) ?? invalid(this.at);
    return word === 'null'
      ? { type: 'null', ...place() }
      : { type: 'boolean', value: word === 'true', ...place() };
  }

  member(depth: number): Member {
    this.take(SPACE);
    const name = this.take(STRING) ?? invalid(this.at);
    if (!this.takes(':')) invalid(this.at);
    return [decode(name, this.at), this.value(depth)];
  }

  list<T>(end: string, read: () => T): readonly T[] {
    const items: T[] = [];
    if (this.takes(end)) return items;
    do items.push(read());
    while (this.takes(','));
    if (!this.takes(end)) invalid(this.at);
    return items;
  }
}

export function parseJson(text: string, at = NOWHERE): Json {
  const reader = new JsonReader(text, at);
  const json = reader.value(0);
  reader.take(SPACE);
  return reader.next === text.length ? json : invalid(at);
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** What a string means. A zero character has no text, and half a surrogate pair no bytes. */
export function decode(raw: string, at = NOWHERE): string {
  const inner = raw.slice(1, -1);
  if (!inner.includes('\\')) return inner;
  const text = inner.replace(/\\(?:u([\da-fA-F]{4})|(.))/g, (_, hex: string | undefined, letter: string) => {
    if (hex === undefined) return ESCAPES[letter] ?? letter;
    if (hex === '0000') fail('22P05', 'unsupported Unicode escape sequence', at);
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
  return /[\ud800-\udfff]/u.test(text) ? invalid(at) : text;
}

/** As a string of JSON. */
export const encode = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are written as escapes
  `"${text.replace(/["\\\0-\x1f]/g, (sign) => {
    const letter = Object.entries(ESCAPES).find(([, meant]) => meant === sign)?.[0];
    if (letter !== undefined) return `\\${letter}`;
    if (sign >= ' ') return `\\${sign}`;
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  })}"`;

const numberOf = (raw: string, at: number): Numeric => parseDecimal(raw, at) ?? invalid(at);

const utf8 = new TextEncoder();
/** By the bytes' number, then by the bytes. */
const compareNames = ([a]: Member, [b]: Member): number =>
  utf8.encode(a).length - utf8.encode(b).length || compareText(a, b);

/** Each name once, with the value that came last. */
export const inOrder = (members: readonly Member[]): readonly Member[] =>
  [...new Map(members)].sort(compareNames);

/** A tree as PostgreSQL writes a jsonb. */
export function formatJson(json: Json, at = NOWHERE): string {
  switch (json.type) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(json.value);
    case 'number':
      return formatNumeric(numberOf(json.raw, at));
    case 'string':
      return encode(decode(json.raw, at));
    case 'array':
      return `[${json.items.map((item) => formatJson(item, at)).join(', ')}]`;
    case 'object': {
      const members = inOrder(json.members);
      return `{${members.map(([name, value]) => `${encode(name)}: ${formatJson(value, at)}`).join(', ')}}`;
    }
  }
}

/** With a line for each part. */
export function prettyJson(json: Json, indent = ''): string {
  const inner = `${indent}    `;
  const lines = (open: string, parts: readonly string[], close: string): string =>
    parts.length === 0
      ? `${open}\n${indent}${close}`
      : `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
  if (json.type === 'array')
    return lines(
      '[',
      json.items.map((item) => prettyJson(item, inner)),
      ']',
    );
  if (json.type !== 'object') return formatJson(json);
  const members = json.members.map(([name, value]) => `${encode(name)}: ${prettyJson(value, inner)}`);
  return lines('{', members, '}');
}

const RANKS = { null: 0, string: 1, number: 2, boolean: 3, array: 4, object: 5 } as const;
export const rankOf = ({ type }: Json): number => RANKS[type];
const isContainer = (json: Json): boolean => json.type === 'array' || json.type === 'object';
export const isEmptyArray = (json: Json): boolean => json.type === 'array' && json.items.length === 0;

/** As jsonb's operator class: by kind, then by the number of parts, then by the parts. `isWhole`: an empty array is below what is no container. */
export function compareJson(a: Json, b: Json, isWhole = false): number {
  if (isWhole && isContainer(a) !== isContainer(b)) {
    if (isEmptyArray(a)) return -1;
    if (isEmptyArray(b)) return 1;
  }
  if (a.type === 'number' && b.type === 'number')
    return compareNumeric(numberOf(a.raw, NOWHERE), numberOf(b.raw, NOWHERE));
  if (a.type === 'string' && b.type === 'string') return compareText(decode(a.raw), decode(b.raw));
  if (a.type === 'boolean' && b.type === 'boolean') return Number(a.value) - Number(b.value);
  if (a.type === 'array' && b.type === 'array') return compareLists(a.items, b.items, compareJson);
  if (a.type === 'object' && b.type === 'object') return compareLists(a.members, b.members, compareMembers);
  return rankOf(a) - rankOf(b);
}

const compareMembers = ([name, value]: Member, [other, otherValue]: Member): number =>
  compareText(name, other) || compareJson(value, otherValue);

function compareLists<T>(a: readonly T[], b: readonly T[], compare: (x: T, y: T) => number): number {
  if (a.length !== b.length) return a.length - b.length;
  for (const [i, item] of a.entries()) {
    const order = compare(item, b[i] as T);
    if (order !== 0) return order;
  }
  return 0;
}

/** A text that is the same for equal values. */
export function keyOfJson(json: Json): string {
  switch (json.type) {
    case 'number':
      return formatNumeric(withoutTrailingZeros(numberOf(json.raw, NOWHERE)));
    case 'array':
      return `[${json.items.map(keyOfJson).join()}]`;
    case 'object':
      return `{${json.members.map(([name, value]) => `${encode(name)}:${keyOfJson(value)}`).join()}}`;
    default:
      return formatJson(json);
  }
}

/** Does it have all that the other has? An array of values has one of them, too. */
export function containsJson(outer: Json, inner: Json, isWhole = true): boolean {
  if (outer.type === 'object' && inner.type === 'object') {
    const members = new Map(outer.members);
    return inner.members.every(([name, value]) => {
      const found = members.get(name);
      return found !== undefined && containsJson(found, value, false);
    });
  }
  if (outer.type === 'array' && inner.type === 'array')
    return inner.items.every((item) => outer.items.some((one) => containsJson(one, item, false)));
  if (isWhole && outer.type === 'array' && !isContainer(inner))
    return outer.items.some((one) => compareJson(one, inner) === 0);
  return !isContainer(outer) && !isContainer(inner) && compareJson(outer, inner) === 0;
}
