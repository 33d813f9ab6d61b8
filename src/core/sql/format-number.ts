// to_char of numbers: PostgreSQL's templates (utils/adt/formatting.c), whose rules of signs, blanks and zeros are its own. Group and decimal
// separators are those of locale C.

import type { Numeric } from './access.ts';
import { asciiLower, asciiUpper } from './ascii.ts';
import { fail } from './failure.ts';
import { ordinalOf, partsOfTemplate, type TemplatePart } from './format-template.ts';
import { formatNumeric, isFiniteNumeric, magnitude, powerOfTen, round } from './numeric.ts';

const WORDS =
  ', . 0 9 B C D EEEE FM G L MI PL PR RN SG SP S TH V b c d eeee fm g l mi pl pr rn sg sp s th v'.split(' ');

export interface Template {
  readonly parts: readonly TemplatePart[];
  readonly words: ReadonlySet<string>;
  pre: number;
  post: number;
  /** Places that V adds. */
  multi: number;
  /** Where zeros begin (from 1, 0: nowhere) and end. */
  zeroStart: number;
  zeroEnd: number;
  sign: 'none' | 'pre' | 'post';
  signAt: number;
}

const refuse = (message: string): never => fail('42601', message);

/** NUMDesc_prepare. */
export function readTemplate(text: string): Template {
  const parts = partsOfTemplate(text, WORDS).map((part) => ({
    ...part,
    word: part.word === null || part.word === 'rn' || part.word === 'th' ? part.word : asciiUpper(part.word),
  }));
  const seen = new Set<string>();
  const t: Template = {
    parts,
    words: seen,
    pre: 0,
    post: 0,
    multi: 0,
    zeroStart: 0,
    zeroEnd: 0,
    sign: 'none',
    signAt: 0,
  };
  for (const { word } of parts) {
    if (word === null) continue;
    if (seen.has('EEEE') && word !== 'EEEE') refuse('"EEEE" must be the last pattern used');
    readWord(t, seen, word);
    seen.add(word);
  }
  return t;
}

function readWord(t: Template, seen: Set<string>, word: string): void {
  const has = (...words: readonly string[]): boolean => words.some((one) => seen.has(one));
  const isBehind = has('D', '.');
  switch (word) {
    case '9':
    case '0':
      if (has('PR')) refuse(`"${word}" must be ahead of "PR"`);
      if (word === '9' && has('V')) t.multi += 1;
      else {
        if (word === '0' && t.zeroStart === 0 && !isBehind) t.zeroStart = t.pre + 1;
        if (isBehind) t.post += 1;
        else t.pre += 1;
        if (word === '0') t.zeroEnd = t.pre + t.post;
      }
      return;
    case 'D':
    case '.':
      if (isBehind) refuse('multiple decimal points');
      if (has('V')) refuse('cannot use "V" and decimal point together');
      return;
    case 'S':
      if (has('S')) refuse('cannot use "S" twice');
      if (has('PL', 'MI', 'SG', 'PR')) refuse('cannot use "S" and "PL"/"MI"/"SG"/"PR" together');
      t.sign = isBehind ? 'post' : 'pre';
      t.signAt = t.pre;
      return;
    case 'MI':
    case 'PL':
    case 'SG':
      if (has('S')) refuse(`cannot use "S" and "${word}" together`);
      return;
    case 'PR':
      if (has('S', 'PL', 'MI', 'SG')) refuse('cannot use "PR" and "S"/"PL"/"MI"/"SG" together');
      return;
    case 'RN':
    case 'rn':
      if (has('RN', 'rn')) refuse('cannot use "RN" twice');
      return;
    case 'V':
      if (isBehind) refuse('cannot use "V" and decimal point together');
      return;
    case 'EEEE':
      if (has('EEEE')) refuse('cannot use "EEEE" twice');
      if (has('B', 'FM', 'S', 'PR', 'MI', 'PL', 'SG', 'RN', 'rn', 'V'))
        refuse('"EEEE" is incompatible with other formats');
  }
}

/** A number as a template takes it: rounded to decimals, and in scientific form. */
export interface Formattable {
  /** How many of the asked decimals it has. */
  readonly decimals: (asked: number, shift: number) => number;
  /** Its digits with so many decimals, after its point is moved by `shift`. */
  readonly fixed: (decimals: number, shift: number) => string;
  /** `1.23e+04`; null: it is not finite. */
  readonly scientific: (decimals: number) => string | null;
  readonly whole: () => number | null;
}

const NUMERALS: readonly (readonly [string, number])[] = [
  ['M', 1000],
  ['CM', 900],
  ['D', 500],
  ['CD', 400],
  ['C', 100],
  ['XC', 90],
  ['L', 50],
  ['XL', 40],
  ['X', 10],
  ['IX', 9],
  ['V', 5],
  ['IV', 4],
  ['I', 1],
];

function roman(value: number | null): string {
  if (value === null || value < 1 || value > 3999) return '###############';
  let rest = value;
  let out = '';
  for (const [numeral, size] of NUMERALS) for (; rest >= size; rest -= size) out += numeral;
  return out;
}

export function formatByTemplate(value: Formattable, text: string): string {
  if (text === '') return '';
  const t = readTemplate(text);
  if (t.words.has('RN') || t.words.has('rn')) return romanText(value, t);
  if (t.words.has('EEEE')) {
    const digits = value.scientific(t.post);
    if (digits === null) return ` ${'#'.repeat(t.pre)}.${'#'.repeat(t.post + 4)}`;
    return digits.startsWith('-') ? digits : ` ${digits}`;
  }
  t.post = value.decimals(t.post, t.multi);
  const written = value.fixed(t.post, t.multi);
  t.pre += t.multi;
  const sign = written.startsWith('-') ? '-' : '+';
  let digits = sign === '-' ? written.slice(1) : written;
  const point = digits.indexOf('.');
  const before = point < 0 ? digits.length : point;
  if (before > t.pre) digits = `${'#'.repeat(t.pre)}.${'#'.repeat(t.post)}`;
  return write(t, digits, sign, Math.max(0, t.pre - before));
}

function romanText(value: Formattable, t: Template): string {
  const isFilled = t.words.has('FM');
  let out = '';
  for (const { word, text } of t.parts) {
    if (word === null) out += text;
    if (word !== 'RN' && word !== 'rn') continue;
    const numeral = word === 'rn' ? asciiLower(roman(value.whole())) : roman(value.whole());
    out += isFilled ? numeral : numeral.padStart(15);
  }
  return out;
}

/** A digit that the number has not ends what is shown, as in a text of C. */
const END = '\0';

/** NUM_processor: `spaces` are the places before the number's first digit. */
function write(t: Template, digits: string, sign: '+' | '-', spaces: number): string {
  const has = (word: string): boolean => t.words.has(word);
  const isFilled = has('FM');
  const isDecimal = has('D') || has('.');
  const hasMinus = has('MI') || has('SG');
  const hasPlus = has('PL') || has('SG');
  const isZero = t.zeroStart > 0;
  const zeroStart = t.zeroStart - 1;
  const isBracket = has('PR') && !(sign === '+' && isFilled);
  let lastSign = t.sign;
  let isSigned: boolean;
  if (hasPlus || hasMinus) isSigned = hasMinus;
  else {
    isSigned = sign === '+' && isFilled && t.sign === 'none';
    if (t.sign === 'pre' && t.pre === t.signAt) lastSign = 'post';
  }
  let count = t.post + t.pre - 1;
  let relevant = isFilled && isDecimal ? lastRelevant(digits) : -1;
  if (relevant >= 0 && t.zeroEnd > spaces)
    relevant = Math.max(relevant, Math.min(digits.length - 1, t.zeroEnd - spaces));
  if (!isSigned && spaces === 0) count += 1;
  let out = '';
  let hasDigits = false;
  let place = 0;
  let at = 0;
  const isBlankZero = (): boolean => !isZero && at === 0 && digits[0] === '0' && t.post !== 0;
  const endsAtPoint = relevant >= 0 && digits[relevant] === '.';
  const writeSign = (): void => {
    if (isSigned || !(place >= spaces || (isZero && zeroStart === place))) return;
    if (isBlankZero() && !endsAtPoint) return;
    if (t.sign !== 'none') {
      if (lastSign !== 'pre') return;
      out += sign;
    } else if (isBracket) out += sign === '+' ? ' ' : '<';
    else if (sign === '-') out += '-';
    else if (!isFilled) out += ' ';
    isSigned = true;
  };
  const writeDigit = (word: string): void => {
    hasDigits = false;
    writeSign();
    if (place < spaces && (zeroStart > place || !isZero)) out += isFilled ? '' : ' ';
    else if (isZero && place < spaces) {
      out += '0';
      hasDigits = true;
    } else {
      if (digits[at] === '.') out += '.';
      else if (relevant >= 0 && at > relevant && word !== '0') out += '';
      else if (isBlankZero()) out += isFilled ? (endsAtPoint ? '0' : '') : ' ';
      else {
        out += digits[at] ?? END;
        hasDigits = true;
      }
      if (at < digits.length) at += 1;
    }
    const end = relevant >= 0 && relevant === at ? place : count + (spaces > 0 ? 1 : 0) + (isDecimal ? 1 : 0);
    if (place + 1 === end) {
      if (isSigned && isBracket) out += sign === '+' ? ' ' : '>';
      else if (t.sign !== 'none' && lastSign === 'post') out += sign;
    }
    place += 1;
  };
  for (const { word, text } of t.parts) {
    if (word === null) out += text;
    else if (word === '9' || word === '0' || word === '.' || word === 'D') writeDigit(word);
    else if (word === ',' || word === 'G') out += hasDigits ? ',' : isFilled ? '' : ' ';
    else if (word === 'L') out += ' ';
    else if (word === 'th' || word === 'TH') {
      if (digits.startsWith('#') || sign === '-' || isDecimal) continue;
      out += word === 'th' ? ordinalOf(digits) : asciiUpper(ordinalOf(digits));
    } else if (word === 'MI') out += sign === '-' ? '-' : isFilled ? '' : ' ';
    else if (word === 'PL') out += sign === '+' ? '+' : isFilled ? '' : ' ';
    else if (word === 'SG') out += sign;
  }
  const end = out.indexOf(END);
  return end < 0 ? out : out.slice(0, end);
}

/** The last digit behind the point that is not 0, or the point; −1: there is none. */
function lastRelevant(digits: string): number {
  const point = digits.indexOf('.');
  if (point < 0) return -1;
  return digits.replace(/0+$/, '').length - 1;
}

/** `d.ddde+xx` of exact digits, rounded half away from zero. */
function scientificText(value: Numeric, decimals: number): string {
  const text = magnitude(value.digits).toString();
  let exponent = value.digits === 0n ? 0 : text.length - 1 - value.scale;
  let rounded = round(value, decimals - exponent);
  const size = magnitude(rounded.digits).toString().length;
  if (rounded.digits !== 0n && size - 1 - rounded.scale > exponent) {
    exponent += 1;
    rounded = round(rounded, decimals - exponent);
  }
  const shift = decimals - exponent - rounded.scale;
  const digits = magnitude(
    shift >= 0 ? rounded.digits * powerOfTen(shift) : rounded.digits / powerOfTen(-shift),
  )
    .toString()
    .padStart(decimals + 1, '0');
  const point = decimals === 0 ? '' : `.${digits.slice(1)}`;
  const power = `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  return `${value.digits < 0n ? '-' : ''}${digits.slice(0, 1)}${point}${power}`;
}

export const ofNumeric = (value: Numeric): Formattable => ({
  decimals: (asked) => asked,
  fixed: (decimals, shift) => {
    if (!isFiniteNumeric(value)) return formatNumeric(value);
    const moved = value.scale >= shift ? { ...value, scale: value.scale - shift } : null;
    return formatNumeric(
      round(moved ?? { digits: value.digits * powerOfTen(shift - value.scale), scale: 0 }, decimals),
    );
  },
  scientific: (decimals) => (isFiniteNumeric(value) ? scientificText(value, decimals) : null),
  whole: () => {
    if (!isFiniteNumeric(value)) return null;
    const whole = Number(round(value, 0).digits);
    return Math.abs(whole) > 2_147_483_647 ? null : whole;
  },
});

/** Of a double or a real, which has so many digits that count. */
export const ofFloat = (value: number, digits: number): Formattable => ({
  decimals: (asked, shift) => {
    const before = fixedText(Math.abs(movedBy(value, shift)), 0).length;
    return before >= digits ? 0 : Math.min(asked, digits - before);
  },
  fixed: (decimals, shift) => fixedText(movedBy(value, shift), decimals),
  scientific: (decimals) => (Number.isFinite(value) ? exponentText(value, decimals) : null),
  whole: () => {
    const whole = Number(fixedText(value, 0));
    return Number.isFinite(value) && Math.abs(whole) <= 2_147_483_647 ? whole : null;
  },
});

const movedBy = (value: number, shift: number): number =>
  shift === 0 ? value : value * Number(powerOfTen(shift));

/** As C's printf, of the whole value, a tie to the even digit. */
function fixedText(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return String(value);
  const exact = exactly(value);
  const text = formatNumeric(roundHalfEven(exact, decimals));
  return Object.is(value, -0) || (value < 0 && !text.startsWith('-')) ? `-${text}` : text;
}

function exponentText(value: number, decimals: number): string {
  const exact = exactly(value);
  const length = magnitude(exact.digits).toString().length;
  const exponent = exact.digits === 0n ? 0 : length - 1 - exact.scale;
  const rounded = roundHalfEven(exact, decimals - exponent);
  const text = scientificText(rounded, decimals);
  return Object.is(value, -0) ? `-${text}` : text;
}

/** A finite double's value, to the last digit. */
function exactly(value: number): Numeric {
  let rest = Math.abs(value);
  let scale = 0;
  while (!Number.isInteger(rest)) {
    rest *= 2;
    scale += 1;
  }
  const digits = BigInt(rest) * 5n ** BigInt(scale);
  return { digits: value < 0 ? -digits : digits, scale };
}

function roundHalfEven(a: Numeric, places: number): Numeric {
  if (places >= a.scale) return round(a, places);
  const rounded = round(a, places);
  const unit = powerOfTen(a.scale - places);
  const rest = magnitude(a.digits) % unit;
  if (rest * 2n !== unit) return rounded;
  const kept = magnitude(a.digits) / unit;
  const even = kept % 2n === 0n ? kept : kept + 1n;
  const signed = a.digits < 0n ? -even : even;
  return places >= 0 ? { digits: signed, scale: places } : { digits: signed * powerOfTen(-places), scale: 0 };
}
