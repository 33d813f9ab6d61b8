// Words of a tape's line: how names, numbers, times and quoted texts are read and printed. Everything is checked; nothing
// is guessed, and what is printed reads back as it was.

import { type Refusal, type RefusalKind, refusal } from '../presets/refusals.ts';
import { TAPE_LIMITS } from './tape-limits.ts';

/** Largest integer on a line (T05). */
export const MAX_INTEGER: number = Number.MAX_SAFE_INTEGER;

/** Why a line is refused. Thrown by readers of a line, caught where the line's number is known. */
export class BadLine extends Error {
  override name = 'BadLine';
  readonly why: Refusal;
  /** Of the line that is wrong, where it is another one than the one being read. */
  readonly line: number | null;
  /** The word that is wrong: the one that was read last, the next one, or one that is missing at the end. */
  readonly place: 'last' | 'next' | 'end';

  constructor(why: Refusal, line: number | null = null, place: BadLine['place'] = 'last') {
    super(why.error);
    this.why = why;
    this.line = line;
    this.place = place;
  }
}

export const badLine = (
  kind: RefusalKind,
  of: Refusal['of'] = {},
  place: BadLine['place'] = 'last',
): BadLine => new BadLine(refusal(kind, of), null, place);

/** What a word is called where it is missing or wrong; of several, any of them. */
type What = string | readonly string[];

/** Refuses a line of which there is one already. */
export function once(isNew: boolean, key: string): void {
  if (!isNew) throw badLine('givenTwice', { what: key });
}

export interface Token {
  readonly text: string;
  readonly isQuoted: boolean;
  /** Where it begins on the line, from 0, and the place behind it. */
  readonly start: number;
  readonly end: number;
}

/** The line's words, read from left to right. */
export interface Words {
  readonly tokens: readonly Token[];
  at: number;
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['"', '"'],
  ['\\', '\\'],
]);

function readQuoted(line: string, start: number): { text: string; end: number } {
  let text = '';
  for (let i = start + 1; i < line.length; i++) {
    const char = line[i] as string;
    if (char === '"') return { text, end: i + 1 };
    if (char !== '\\') {
      text += char;
      continue;
    }
    const next = line[++i] ?? '';
    if (next === 'u') {
      const hex = line.slice(i + 1, i + 5);
      if (!/^[0-9a-f]{4}$/.test(hex)) throw badLine('noHexEscape', { found: hex });
      text += String.fromCharCode(Number.parseInt(hex, 16));
      i += 4;
      continue;
    }
    const plain = escapes.get(next);
    if (plain === undefined) throw badLine('unknownEscape', { found: next });
    text += plain;
  }
  throw badLine('openQuote');
}

const KIB = TAPE_LIMITS.textBytes / 1024;

/** Bytes of the text as UTF-8, without making them. */
function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Either half of a surrogate pair counts two; one alone becomes the three bytes of its replacement, at most.
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code < 0xe000 ? 2 : 3;
  }
  return bytes;
}

export function splitWords(line: string): Words {
  const tokens: Token[] = [];
  let i = 0;
  while (i < line.length) {
    if (line[i] === ' ' || line[i] === '\t') {
      i++;
    } else if (line[i] === '"') {
      const { text, end } = readQuoted(line, i);
      if (utf8Bytes(text) > TAPE_LIMITS.textBytes) throw badLine('textTooLong', { most: KIB });
      tokens.push({ text, isQuoted: true, start: i, end });
      i = end;
    } else {
      let end = i;
      while (end < line.length && line[end] !== ' ' && line[end] !== '\t') end++;
      if (end - i > TAPE_LIMITS.textBytes) throw badLine('wordTooLong', { most: KIB });
      tokens.push({ text: line.slice(i, end), isQuoted: false, start: i, end });
      i = end;
    }
  }
  return { tokens, at: 0 };
}

/** Where the wrong word begins on its line, from 0; behind the last one where one is missing. */
export function columnOf({ tokens, at }: Words, { place }: BadLine): number {
  if (place === 'end') return tokens[tokens.length - 1]?.end ?? 0;
  return tokens[place === 'next' ? at : at - 1]?.start ?? 0;
}

export const hasMore = (words: Words): boolean => words.at < words.tokens.length;

export const peekToken = (words: Words): Token | undefined => words.tokens[words.at];

/** True when the next word is this very one, unquoted. */
export function isNext(words: Words, text: string): boolean {
  const token = peekToken(words);
  return token !== undefined && !token.isQuoted && token.text === text;
}

export function takeToken(words: Words, what: What): Token {
  const token = words.tokens[words.at];
  if (token === undefined) throw badLine('missing', { what }, 'end');
  words.at++;
  return token;
}

export function takeWord(words: Words, what: What): string {
  const token = takeToken(words, what);
  if (token.isQuoted) throw badLine('notWord', { what, found: token.text });
  return token.text;
}

export function takeText(words: Words, what: string): string {
  const token = takeToken(words, what);
  if (!token.isQuoted) throw badLine('notText', { what, found: token.text });
  return token.text;
}

export function expectWord(words: Words, text: string): void {
  const found = takeWord(words, `"${text}"`);
  if (found !== text) throw badLine('expected', { anyOf: `"${text}"`, found });
}

export function expectEnd(words: Words): void {
  const token = peekToken(words);
  if (token !== undefined) throw badLine('notExpected', { found: token.text }, 'next');
}

/** A name of a node, session, workload, preset: a short word of plain characters. */
export const takeName = (words: Words, what: string): string => checkName(takeWord(words, what), what);

export function checkName(name: string, what: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(name)) throw badLine('notName', { what, found: name });
  return name;
}

export function takeInteger(words: Words, what: string, min: number, max: number): number {
  return parseInteger(takeWord(words, what), what, min, max);
}

export function parseInteger(text: string, what: string, min: number, max: number): number {
  if (!/^-?\d{1,16}$/.test(text)) throw badLine('notWhole', { what, found: text });
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw badLine('notInRange', { what, found: text, min, max });
  }
  return value === 0 ? 0 : value;
}

/** Milliseconds with up to three decimals, as µs. */
export function parseMs(text: string, what: string, minUs: number, maxUs: number): number {
  const found = /^(-?)(\d{1,13})(?:\.(\d{1,3}))?$/.exec(text);
  if (found === null) throw badLine('notMs', { what, found: text });
  const [, sign, whole = '0', decimals = ''] = found;
  const size = Number(whole) * 1000 + Number(decimals.padEnd(3, '0'));
  const us = sign === '-' && size !== 0 ? -size : size;
  if (!Number.isSafeInteger(us) || us < minUs || us > maxUs) {
    throw badLine('msNotInRange', { what, found: text, min: minUs / 1000, max: maxUs / 1000 });
  }
  return us;
}

export const takeMs = (words: Words, what: string, minUs: number, maxUs: number): number =>
  parseMs(takeWord(words, what), what, minUs, maxUs);

export function takeHash(words: Words, what: string): string {
  const hash = takeWord(words, what);
  if (!/^[0-9a-f]{16}$/.test(hash)) throw badLine('notHash', { what, found: hash });
  return hash;
}

/** Milliseconds with three decimals: `12.500`. */
export function printMs(us: number): string {
  const sign = us < 0 ? '-' : '';
  const size = Math.abs(us);
  return `${sign}${Math.floor(size / 1000)}.${String(size % 1000).padStart(3, '0')}`;
}

/** A quoted text on one line: backslash, quote and control characters are escaped. */
export function printText(text: string): string {
  let out = '"';
  for (const char of text) {
    const code = char.charCodeAt(0);
    if (char === '"' || char === '\\') out += `\\${char}`;
    else if (char === '\n') out += '\\n';
    else if (char === '\t') out += '\\t';
    else if (code < 0x20 || code === 0x7f || (code >= 0xd800 && code < 0xe000 && char.length === 1)) {
      out += `\\u${code.toString(16).padStart(4, '0')}`;
    } else out += char;
  }
  return `${out}"`;
}
