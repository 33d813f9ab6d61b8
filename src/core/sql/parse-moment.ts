// to_date and to_timestamp: a text read by a template (utils/adt/formatting.c).

import type { DateValue, Timestamp } from './access.ts';
import { asciiLower } from './ascii.ts';
import { checkedDate, checkedTimestamp, civilOf, daysInMonth, daysOf, microsOf } from './datetime.ts';
import { isoDay } from './datetime-fields.ts';
import { fail } from './failure.ts';
import { DAYS, JULIAN, MONTH_NUMERALS, MONTHS, type MomentPart, momentParts } from './format-moment.ts';
import { powerOfTen } from './numeric.ts';

type Field =
  | 'hh'
  | 'pm'
  | 'mi'
  | 'ss'
  | 'ssss'
  | 'd'
  | 'dd'
  | 'ddd'
  | 'mm'
  | 'ms'
  | 'us'
  | 'year'
  | 'bc'
  | 'ww'
  | 'w'
  | 'cc'
  | 'j'
  | 'zone';

/** The most digits of each word that is a number, and the field that it sets; null: none. */
const NUMBERS: Readonly<Record<string, readonly [digits: number, field: Field | null]>> = {
  hh: [2, 'hh'],
  hh12: [2, 'hh'],
  hh24: [2, 'hh'],
  mi: [2, 'mi'],
  ss: [2, 'ss'],
  ms: [3, 'ms'],
  us: [6, 'us'],
  ff1: [1, 'us'],
  ff2: [2, 'us'],
  ff3: [3, 'us'],
  ff4: [4, 'us'],
  ff5: [5, 'us'],
  ff6: [6, 'us'],
  ssss: [4, 'ssss'],
  sssss: [5, 'ssss'],
  mm: [2, 'mm'],
  ddd: [3, 'ddd'],
  iddd: [3, 'ddd'],
  dd: [2, 'dd'],
  d: [1, 'd'],
  id: [1, 'd'],
  ww: [2, 'ww'],
  iw: [2, 'ww'],
  q: [1, null],
  cc: [2, 'cc'],
  yyyy: [4, 'year'],
  iyyy: [4, 'year'],
  yyy: [3, 'year'],
  iyy: [3, 'year'],
  yy: [2, 'year'],
  iy: [2, 'year'],
  y: [1, 'year'],
  i: [1, 'year'],
  w: [1, 'w'],
  j: [1, 'j'],
};

const NAMES: Readonly<
  Record<string, readonly [names: readonly string[], field: Field, value: (i: number) => number]>
> = {
  'a.m.': [['a.m.', 'p.m.'], 'pm', (i) => i],
  'p.m.': [['a.m.', 'p.m.'], 'pm', (i) => i],
  am: [['am', 'pm'], 'pm', (i) => i],
  pm: [['am', 'pm'], 'pm', (i) => i],
  'a.d.': [['a.d.', 'b.c.'], 'bc', (i) => i],
  'b.c.': [['a.d.', 'b.c.'], 'bc', (i) => i],
  ad: [['ad', 'bc'], 'bc', (i) => i],
  bc: [['ad', 'bc'], 'bc', (i) => i],
  month: [MONTHS, 'mm', (i) => i + 1],
  mon: [MONTHS.map((name) => name.slice(0, 3)), 'mm', (i) => i + 1],
  day: [DAYS, 'd', (i) => i + 1],
  dy: [DAYS.map((name) => name.slice(0, 3)), 'd', (i) => i + 1],
  rm: [MONTH_NUMERALS, 'mm', (i) => i + 1],
};

const GREGORIAN = /^(?:month|mon|mm|day|dy|ddd|dd|d|ww|w|rm|y,yyy|yyyy|yyy|yy|y)$/;
const ISO = /^(?:iddd|id|iw|iyyy|iyy|iy|i)$/;
const IS_NUMBER = /^(?:hh|mi|ss|ms|us|ff|mm|ddd|iddd|dd|d$|id|ww|iw|w$|q|cc|y|iy|i$|j)/;
const SEPARATOR = /[!-/:-@[-`{-~]/;
const SPACE = /\s/;

interface Reading {
  readonly text: string;
  at: number;
  readonly fields: Map<Field, number>;
  isIso: boolean | null;
  isTwelve: boolean;
  isWest: boolean;
  yearDigits: number;
  /** Characters that were left out beyond those of the template. */
  skipped: number;
}

const invalid = (text: string, word: string): never => fail('22007', `invalid value "${text}" for "${word}"`);

function set(r: Reading, field: Field | null, value: number, word: string): void {
  if (field === null) return;
  const before = r.fields.get(field) ?? 0;
  if (before !== 0 && before !== value)
    fail('22007', `conflicting values for "${word}" field in formatting string`);
  r.fields.set(field, value);
}

const skipSpaces = (r: Reading): number => {
  const from = r.at;
  while (r.at < r.text.length && SPACE.test(r.text.charAt(r.at))) r.at += 1;
  return r.at - from;
};

/** Whether digits of the next part cannot follow at once. */
function isBeforeSeparator(part: MomentPart, next: MomentPart | undefined): boolean {
  if (part.ordinal !== null || next === undefined) return true;
  return next.word === null ? !/\d/.test(next.text) : !IS_NUMBER.test(asciiLower(next.word));
}

/** Answers how many characters it had. */
function readNumber(
  r: Reading,
  digits: number,
  part: MomentPart,
  next: MomentPart | undefined,
): readonly [number, number] {
  const word = part.text;
  skipSpaces(r);
  const isOpen = part.isFilled || isBeforeSeparator(part, next);
  const source = r.text.slice(r.at, isOpen ? undefined : r.at + digits);
  if (!isOpen && source.length < digits)
    fail('22007', `source string too short for "${word}" formatting field`);
  const found = /^[+-]?\d+/.exec(source)?.[0] ?? '';
  if (found === '') invalid(r.text.slice(r.at, r.at + digits), word);
  if (!isOpen && found.length < digits) invalid(source, word);
  const value = Number(found);
  if (Math.abs(value) > 2_147_483_647) fail('22008', `value for "${word}" in source string is out of range`);
  r.at += found.length;
  return [value, found.length];
}

function readName(r: Reading, names: readonly string[], word: string): number {
  const rest = asciiLower(r.text.slice(r.at));
  const lengths = names.map((name) => (rest.startsWith(asciiLower(name)) ? name.length : 0));
  const longest = Math.max(...lengths);
  if (longest === 0) invalid(/^\S*/.exec(r.text.slice(r.at))?.[0] ?? '', word);
  r.at += longest;
  return lengths.indexOf(longest);
}

/** Two or three digits of a year stand for one near 2020. */
const nearYear = (year: number): number =>
  year < 70
    ? year + 2000
    : year < 100
      ? year + 1900
      : year < 520
        ? year + 2000
        : year < 1000
          ? year + 1000
          : year;

function readWord(r: Reading, part: MomentPart, next: MomentPart | undefined): void {
  const word = asciiLower(part.word ?? '');
  const isIso = ISO.test(word);
  if (isIso || GREGORIAN.test(word)) {
    if (r.isIso !== null && r.isIso !== isIso) fail('22007', 'invalid combination of date conventions');
    r.isIso = isIso;
  }
  const name = NAMES[word];
  if (name !== undefined) {
    set(r, name[1], name[2](readName(r, name[0], part.text)), part.text);
    if (name[1] === 'pm') r.isTwelve = true;
    return;
  }
  if (word === 'y,yyy') {
    readLongYear(r, part.text);
    return;
  }
  if (word === 'tz' || word === 'of' || word === 'tzh' || word === 'tzm') {
    readZone(r, word, part.text);
    return;
  }
  const [digits, field] = NUMBERS[word] ?? fail('0A000', `formatting field "${part.text}" is not supported`);
  const [read, length] = readNumber(r, digits, part, next);
  let value = read;
  if (word === 'hh' || word === 'hh12') r.isTwelve = true;
  if (field === 'ms') value *= Number(powerOfTen(Math.max(0, 3 - length)));
  if (field === 'us') value *= Number(powerOfTen(Math.max(0, 6 - length)));
  if (word === 'id') value = value + 1 > 7 ? 1 : value + 1;
  if (field === 'year') {
    r.yearDigits = digits;
    if (digits < 4 && length < 4) value = nearYear(value);
  }
  set(r, field, value, part.text);
  if (part.ordinal !== null) r.at += 2;
}

function readLongYear(r: Reading, word: string): void {
  const rest = r.text.slice(r.at);
  const found = /^\s*([+-]?\d+),(\d{1,3})/.exec(rest) ?? invalid(rest, word);
  r.at += found[0].length;
  r.yearDigits = 4;
  set(r, 'year', Number(found[1]) * 1000 + Number(found[2]), word);
}

/** Minutes that the zone is ahead. */
function readZone(r: Reading, kind: string, word: string): void {
  const rest = r.text.slice(r.at);
  const pattern =
    kind === 'tzm'
      ? /^()(\d{1,2})()/
      : kind === 'tzh'
        ? /^([+-]?)(\d{1,2})()/
        : /^([+-])(\d{1,2})(?::?(\d\d))?/;
  const utc = kind === 'tz' || kind === 'of' ? /^(?:utc|gmt|z)\b/i.exec(rest) : null;
  const found = utc ?? pattern.exec(rest) ?? invalid(rest, word);
  const [, sign = '', first = '0', second = '0'] = utc === null ? found : [];
  // The sign may have been left out as a separator.
  const isWest =
    sign === '-' || (kind === 'tzh' && sign === '' && r.skipped > 0 && r.text.charAt(r.at - 1) === '-');
  r.at += found[0].length;
  const before = r.fields.get('zone') ?? 0;
  const size = kind === 'tzm' ? Number(first) : Number(first) * 60 + Number(second);
  r.fields.set('zone', kind === 'tzm' ? before + (r.isWest ? -size : size) : isWest ? -size : size);
  if (kind !== 'tzm') r.isWest = isWest;
}

/** DCH_from_char. */
function read(text: string, parts: readonly MomentPart[]): Reading {
  const r: Reading = {
    text,
    at: 0,
    fields: new Map(),
    isIso: null,
    isTwelve: false,
    isWest: false,
    yearDigits: 0,
    skipped: 0,
  };
  let isExact = false;
  for (const [i, part] of parts.entries()) {
    if (r.at >= text.length) break;
    const isWord = part.word !== null;
    if (!isExact && (!isWord || !/^fx$/i.test(part.word)) && (isWord || i === 0)) r.skipped += skipSpaces(r);
    const character = text.charAt(r.at);
    if (!isWord && (SPACE.test(part.text) || SEPARATOR.test(part.text))) {
      if (isExact) r.at += 1;
      else {
        r.skipped -= 1;
        if (SPACE.test(character) || (character !== '' && SEPARATOR.test(character))) {
          r.at += 1;
          r.skipped += 1;
        }
      }
    } else if (!isWord) {
      if (!isExact && r.skipped > 0) r.skipped -= 1;
      else r.at += 1;
    } else if (/^fx$/i.test(part.word)) isExact = true;
    else {
      readWord(r, part, parts[i + 1]);
      if (!isExact) r.skipped = skipSpaces(r);
    }
  }
  return r;
}

function yearOf(r: Reading): number | null {
  const value = r.fields.get('year') ?? 0;
  const sign = r.fields.get('bc') ? -1 : 1;
  const century = (r.fields.get('cc') ?? 0) * sign;
  if (value !== 0) {
    if (century === 0 || r.yearDigits > 2) return value * sign < 0 ? value * sign + 1 : value * sign;
    const short = value % 100;
    if (short === 0) return century * 100 + (century >= 0 ? 0 : 1);
    return century >= 0 ? short + (century - 1) * 100 : (century + 1) * 100 - short + 1;
  }
  if (century === 0) return null;
  return century > 0 ? (century - 1) * 100 + 1 : century * 100 + 1;
}

/** The Monday of the ISO year's first week. */
function firstMonday(year: number): number {
  const fourth = daysOf({ year, month: 1, day: 4 });
  return fourth - (isoDay(fourth) - 1);
}

interface Parts {
  year: number;
  month: number;
  day: number;
}

function dateOf(r: Reading): Parts {
  const of = (field: Field): number => r.fields.get(field) ?? 0;
  const year = yearOf(r);
  const parts: Parts = { year: year ?? 0, month: 1, day: 1 };
  const take = (days: number): void => void Object.assign(parts, civilOf(days));
  let dayOfYear = of('ddd');
  if (of('j') !== 0) take(of('j') - JULIAN);
  if (of('ww') !== 0) {
    if (r.isIso === true) {
      const start = firstMonday(parts.year) + (of('ww') - 1) * 7;
      take(of('d') === 0 ? start : of('d') > 1 ? start + of('d') - 2 : start + 6);
    } else dayOfYear = (of('ww') - 1) * 7 + 1;
  }
  const day = of('w') === 0 ? of('dd') : (of('w') - 1) * 7 + 1;
  if (day !== 0) parts.day = day;
  if (of('mm') !== 0) parts.month = of('mm');
  if (dayOfYear !== 0 && (parts.month <= 1 || parts.day <= 1)) {
    if (parts.year === 0 && !of('bc')) fail('22007', 'cannot calculate day of year without year information');
    if (r.isIso === true) take(firstMonday(parts.year) - 1 + dayOfYear);
    else takeDayOfYear(parts, dayOfYear);
  }
  return parts;
}

function takeDayOfYear(parts: Parts, dayOfYear: number): void {
  let [month, rest] = [1, dayOfYear];
  while (month <= 12 && rest > daysInMonth(parts.year, month)) {
    rest -= daysInMonth(parts.year, month);
    month += 1;
  }
  if (parts.month <= 1) parts.month = month;
  if (parts.day <= 1) parts.day = rest;
}

export function parseByTemplate(
  kind: 'date' | 'timestamptz',
  text: string,
  template: string,
): DateValue | Timestamp {
  const r = read(text, momentParts(template));
  const of = (field: Field): number => r.fields.get(field) ?? 0;
  const overflow = (): never => fail('22008', `date/time field value out of range: "${text}"`);
  const ssss = of('ssss');
  let hour = of('hh') || Math.trunc(ssss / 3600);
  const minute = of('mi') || Math.trunc((ssss % 3600) / 60);
  const second = of('ss') || ssss % 60;
  if (r.isTwelve) {
    if (hour < 1 || hour > 12) fail('22007', `hour "${hour}" is invalid for the 12-hour clock`);
    if (of('pm') !== 0 && hour < 12) hour += 12;
    else if (of('pm') === 0 && hour === 12) hour = 0;
  }
  const { year, month, day } = dateOf(r);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) overflow();
  const micros = of('ms') * 1000 + of('us');
  const isClock = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
  if (!isClock || micros < 0 || micros >= 1_000_000) overflow();
  const days = daysOf({ year, month, day });
  if (kind === 'date') return checkedDate(days, undefined, text);
  const ofDay = ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros;
  const utc = microsOf({ days, micros: ofDay }) - BigInt(of('zone')) * 60_000_000n;
  return checkedTimestamp(kind, utc);
}
