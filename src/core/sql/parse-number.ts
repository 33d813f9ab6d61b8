// to_number: what a template reads of a text (NUM_processor of PostgreSQL's utils/adt/formatting.c), in locale C.

import type { Numeric } from './access.ts';
import { NUMERIC_BUILTINS } from './builtins-numeric.ts';
import { fail } from './failure.ts';
import { readTemplate, type Template } from './format-number.ts';
import { dec } from './narrow.ts';
import { makeTypmod, numericOf } from './numeric.ts';
import * as numerics from './numeric-functions.ts';
import { parseValue } from './text-form.ts';

interface Reading {
  /** Its bytes, as PostgreSQL goes by them. */
  readonly text: readonly string[];
  at: number;
  /** A space: none has been read. */
  sign: string;
  digits: string;
  before: number;
  behind: number;
  isBehind: boolean;
}

const utf8 = new TextEncoder();

/** Bytes of the character that begins here. */
function widthAt({ text, at }: Reading): number {
  const byte = text[at]?.charCodeAt(0) ?? 0;
  return byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

const isDigit = (character: string | undefined): boolean => /^[0-9]$/.test(character ?? '');

/** Null of an empty template. */
export function numberByTemplate(text: string, template: string): Numeric | null {
  if (template === '') return null;
  const t = readTemplate(template);
  if (t.words.has('EEEE')) fail('0A000', '"EEEE" not supported for input');
  if (t.words.has('RN') || t.words.has('rn')) fail('0A000', '"RN" not supported for input');
  const r: Reading = {
    text: [...utf8.encode(text)].map((byte) => String.fromCharCode(byte)),
    at: 0,
    sign: ' ',
    digits: '',
    before: 0,
    behind: 0,
    isBehind: false,
  };
  for (const { word } of t.parts) {
    if (r.at >= r.text.length) break;
    if (word === null) r.at += widthAt(r);
    else if (isRead(r, t, word)) r.at += 1;
  }
  const digits = r.digits.endsWith('.') ? r.digits.slice(0, -1) : r.digits;
  const whole = parseValue('numeric', `${r.sign}${digits}`);
  const typmod = makeTypmod(t.pre + t.multi + r.behind, r.behind);
  const fitted = dec(NUMERIC_BUILTINS.numericToTypmod(whole, typmod));
  if (!t.words.has('V')) return fitted;
  const by = numerics.power(numericOf(10n), numericOf(BigInt(-t.multi)));
  return dec(NUMERIC_BUILTINS.numericMultiply(fitted, by));
}

/** Whether the character at hand has been read by it. */
function isRead(r: Reading, t: Template, word: string): boolean {
  const character = r.text[r.at];
  switch (word) {
    case '9':
    case '0':
    case 'D':
    case '.':
      readPart(r, t, word === '9' || word === '0');
      return true;
    case ',':
    case 'G':
      return !t.words.has('FM') && character === ',';
    case 'L':
      skip(r, 1);
      return false;
    case 'th':
    case 'TH':
      if (!t.words.has('D') && !t.words.has('.')) skip(r, 2);
      return false;
    case 'MI':
    case 'PL':
    case 'SG': {
      const isSign = (character === '-' && word !== 'PL') || (character === '+' && word !== 'MI');
      if (isSign) r.sign = character;
      else skip(r, 1);
      return isSign;
    }
    default:
      return false;
  }
}

/** Characters that are no part of a number. */
function skip(r: Reading, count: number): void {
  for (let i = 0; i < count && r.at < r.text.length && !/^[0-9.,+-]$/.test(r.text[r.at] ?? ''); i++)
    r.at += widthAt(r);
}

/** NUM_numpart_from_char: a digit or the point, with the sign before the first or behind the last. */
function readPart(r: Reading, t: Template, isDigitWord: boolean): void {
  const isSigned = t.sign !== 'none';
  const isOver = (): boolean => r.at >= r.text.length;
  if (r.text[r.at] === ' ') r.at += 1;
  if (isOver()) return;
  if (r.sign === ' ' && isDigitWord && r.before + r.behind === 0) {
    const character = r.text[r.at];
    const isBracket = t.words.has('PR') && t.sign !== 'pre';
    if (character === '-' || (isBracket && character === '<')) r.sign = '-';
    else if (character === '+') r.sign = '+';
    if (r.sign !== ' ') r.at += 1;
  }
  if (isOver()) return;
  const character = r.text[r.at];
  let isTaken = false;
  if (character !== undefined && isDigit(character)) {
    if (r.isBehind && r.behind === t.post) return;
    r.digits += character;
    if (r.isBehind) r.behind += 1;
    else r.before += 1;
    isTaken = true;
  } else if ((t.words.has('D') || t.words.has('.')) && !r.isBehind && character === '.') {
    r.digits += '.';
    r.isBehind = true;
    isTaken = true;
  }
  if (r.sign !== ' ' || r.before + r.behind === 0) return;
  const next = r.text[r.at + 1];
  if (isSigned && isTaken && next !== undefined && !isDigit(next)) {
    if (next !== '-' && next !== '+') return;
    r.sign = next;
    r.at += 1;
  } else if (!isTaken && !isSigned && ['PL', 'MI', 'SG'].some((word) => t.words.has(word)))
    if (character === '-' || character === '+') r.sign = character;
}
