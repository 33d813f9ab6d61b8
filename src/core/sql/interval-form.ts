// The text form of intervals: read as DecodeInterval does (`1 day 02:03`, `1-2`, `P1DT2H`), written in style postgres.

import type { IntervalValue } from './access.ts';
import { asciiLower } from './ascii.ts';
import { clockOf, DAY_MICROS } from './datetime.ts';
import { fail, NOWHERE } from './failure.ts';
import { INT4_MAX, INT4_MIN, INT8_MAX, INT8_MIN } from './integer-limits.ts';
import {
  DAYS_OF_MONTH,
  FOREVER,
  FOREVER_AGO,
  HOUR_MICROS,
  infinityOf,
  MINUTE_MICROS,
  MONTHS_OF_YEAR,
  makeInterval,
  SECOND_MICROS,
} from './interval.ts';
import type { IntervalField, IntervalFields } from './moment-typmod.ts';
import { roundHalfEven } from './round.ts';
import { type TimeUnit, unitNamed } from './time-units.ts';

/** What a text has said so far. */
interface Parts {
  years: number;
  months: number;
  days: number;
  micros: bigint;
}

/** What PostgreSQL answers for a text that it does not take. */
class BadForm extends Error {}
class Overflow extends Error {}

const overflow = (): never => {
  throw new Overflow();
};
const badForm = (): never => {
  throw new BadForm();
};

const whole = (value: number): number => (value >= INT4_MIN && value <= INT4_MAX ? value : overflow());
const wide = (value: bigint): bigint => (value >= INT8_MIN && value <= INT8_MAX ? value : overflow());

function addMicros(parts: Parts, value: bigint, fraction: number, scale: bigint): void {
  parts.micros = wide(parts.micros + wide(value * scale));
  addFraction(parts, fraction, Number(scale));
}

function addFraction(parts: Parts, fraction: number, scale: number): void {
  if (fraction === 0) return;
  const exact = fraction * scale;
  const cut = Math.trunc(exact);
  const rest = exact - cut;
  parts.micros = wide(parts.micros + BigInt(cut + (rest > 0.5 ? 1 : rest < -0.5 ? -1 : 0)));
}

const int4 = (value: bigint): number =>
  value >= BigInt(INT4_MIN) && value <= BigInt(INT4_MAX) ? Number(value) : overflow();

function addDays(parts: Parts, value: bigint, fraction: number, scale: number): void {
  parts.days = whole(parts.days + whole(int4(value) * scale));
  addFractionOfDays(parts, fraction, scale);
}

function addFractionOfDays(parts: Parts, fraction: number, scale: number): void {
  const exact = fraction * scale;
  const cut = Math.trunc(exact);
  parts.days = whole(parts.days + cut);
  addFraction(parts, exact - cut, Number(DAY_MICROS));
}

function addYears(parts: Parts, value: bigint, fraction: number, scale: number): void {
  parts.years = whole(parts.years + whole(int4(value) * scale));
  parts.months = whole(parts.months + roundHalfEven(fraction * scale * MONTHS_OF_YEAR));
}

function addMonths(parts: Parts, value: bigint, fraction: number): void {
  parts.months = whole(parts.months + int4(value));
  addFractionOfDays(parts, fraction, DAYS_OF_MONTH);
}

type Unit = Exclude<TimeUnit, 'quarter'>;

type Adder = (parts: Parts, value: bigint, fraction: number) => void;
const micros =
  (scale: bigint): Adder =>
  (parts, value, fraction) =>
    addMicros(parts, value, fraction, scale);
const days =
  (scale: number): Adder =>
  (parts, value, fraction) =>
    addDays(parts, value, fraction, scale);
const years =
  (scale: number): Adder =>
  (parts, value, fraction) =>
    addYears(parts, value, fraction, scale);

const ADDERS: Readonly<Record<Unit, Adder>> = {
  microseconds: micros(1n),
  milliseconds: micros(1000n),
  second: micros(SECOND_MICROS),
  minute: micros(MINUTE_MICROS),
  hour: micros(HOUR_MICROS),
  day: days(1),
  week: days(7),
  month: addMonths,
  year: years(1),
  decade: years(10),
  century: years(100),
  millennium: years(1000),
};

interface Token {
  readonly kind: 'time' | 'signed' | 'number' | 'date' | 'word';
  readonly text: string;
}

const TOKENS: readonly (readonly [RegExp, Token['kind'] | null])[] = [
  [/[\s]+/y, null],
  [/\d+:[\d:.]*/y, 'time'],
  [/\d+(?:[-/][\da-z]*|\.\d*\.)[\da-z./-]*/iy, 'date'],
  [/\d+(?:\.\d*)?|\.\d*/y, 'number'],
  [/[a-z]+/iy, 'word'],
  [/[+-]\s*\d[\d:.-]*/y, 'signed'],
  [/[+-]\s*[a-z]+/iy, 'word'],
  [/[!"#$%&'()*,/:;<=>?@[\\\]^_`{|}~]/y, null],
];

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const found = TOKENS.find(([form]) => {
      form.lastIndex = at;
      return form.test(text);
    });
    if (found === undefined) return badForm();
    const [form, kind] = found;
    if (kind !== null) tokens.push({ kind, text: text.slice(at, form.lastIndex).replace(/\s/g, '') });
    at = form.lastIndex;
  }
  return tokens;
}

/** Fields that a text has named, of which each may be named once. */
const TIME_FIELDS = ['hour', 'minute', 'second', 'milliseconds', 'microseconds'];
const SECOND_FIELDS = ['second', 'milliseconds', 'microseconds'];

class Reader {
  readonly parts: Parts = { years: 0, months: 0, days: 0, micros: 0n };
  readonly seen = new Set<string>();
  readonly finest: IntervalField;
  readonly isMinutes: boolean;
  unit: Unit | null = null;
  isUnitOpen = false;
  constructor(fields: IntervalFields) {
    this.finest = fields.at(-1) ?? 'second';
    this.isMinutes = fields.join() === 'minute,second';
  }

  mark(fields: readonly string[]): void {
    for (const field of fields) {
      if (this.seen.has(field)) badForm();
      this.seen.add(field);
    }
  }

  time(text: string, sign: 1n | -1n): void {
    this.parts.micros = this.readTime(text) * sign;
    this.unit = 'day';
    this.mark(TIME_FIELDS);
  }

  /** `h:m`, `h:m:s.f` and `m:s.f`. */
  readTime(text: string): bigint {
    const [, first = '', second = '', third, fraction] =
      /^(\d+):(\d*)(?::(\d*))?(\.\d*)?$/.exec(text) ?? badForm();
    const isShort = third === undefined && (fraction !== undefined || this.isMinutes);
    const hours = isShort ? 0n : wide(BigInt(first));
    const minutes = isShort ? int4(BigInt(first)) : int4(BigInt(second));
    const seconds = isShort ? int4(BigInt(second)) : int4(BigInt(third ?? 0));
    if (minutes > 59 || seconds > 60) overflow();
    const micros = BigInt(minutes * 60 + seconds) * SECOND_MICROS + BigInt(microsOfFraction(fraction));
    return wide(wide(hours * HOUR_MICROS) + micros);
  }

  number(text: string): void {
    this.unit ??= this.finest;
    this.isUnitOpen = false;
    const [, sign = '', digits = '', years, fraction] =
      /^([+-]?)(\d*)(-\d+)?(\.\d*)?$/.exec(text) ?? badForm();
    const factor = sign === '-' ? -1n : 1n;
    const value = wide(BigInt(digits === '' ? 0 : digits) * factor);
    if (years !== undefined) {
      if (fraction !== undefined) badForm();
      const months = BigInt(years.slice(1));
      if (months >= MONTHS_OF_YEAR) overflow();
      addMonths(this.parts, wide(wide(value * 12n) + months * factor), 0);
      this.unit = 'month';
      this.mark(['month']);
      return;
    }
    const rest = fraction === undefined || fraction === '.' ? 0 : Number(`0${fraction}`) * Number(factor);
    ADDERS[this.unit](this.parts, value, rest);
    this.mark(this.unit === 'second' && rest !== 0 ? SECOND_FIELDS : [this.unit]);
    if (this.unit === 'hour') this.unit = 'day';
  }

  word(text: string): void {
    if (text === 'at' || text === 'on') return;
    const unit = unitNamed(text);
    this.unit = unit === undefined || unit === 'quarter' ? badForm() : unit;
    if (this.isUnitOpen) badForm();
    this.isUnitOpen = true;
  }
}

const microsOfFraction = (fraction: string | undefined): number =>
  fraction === undefined || fraction === '.' ? 0 : roundHalfEven(Number(`0${fraction}`) * 1e6);

/** From the last word to the first, because a unit stands behind its number. */
function readWords(text: string, fields: IntervalFields): Parts | IntervalValue {
  const tokens = [...tokensOf(text)];
  const [first] = tokens;
  if (tokens.length === 1 && first?.kind === 'word') {
    if (/^\+?infinity$/i.test(first.text)) return FOREVER;
    if (/^-infinity$/i.test(first.text)) return FOREVER_AGO;
  }
  const isAgo = tokens.length > 0 && asciiLower(tokens.at(-1)?.text ?? '') === 'ago';
  if (isAgo) tokens.pop();
  const reader = new Reader(fields);
  for (const { kind, text: word } of tokens.toReversed()) {
    if (kind === 'time') reader.time(word, 1n);
    else if (kind === 'signed' && isTime(word)) reader.time(word.slice(1), word.startsWith('-') ? -1n : 1n);
    else if (kind === 'word') reader.word(asciiLower(word));
    else reader.number(word);
  }
  if (reader.seen.size === 0 || reader.isUnitOpen) badForm();
  const { parts } = reader;
  if (!isAgo) return parts;
  const { years, months, days, micros } = parts;
  return { years: whole(-years), months: whole(-months), days: whole(-days), micros: wide(-micros) };
}

const isTime = (word: string): boolean => /^[+-]\d+:\d*(?::\d*)?(?:\.\d*)?$/.test(word);

const DESIGNATED: ReadonlyMap<string, Unit> = new Map([
  ['Y', 'year'],
  ['M', 'month'],
  ['W', 'week'],
  ['D', 'day'],
  ['TH', 'hour'],
  ['TM', 'minute'],
  ['TS', 'second'],
]);
const NUMBER = String.raw`-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?`;
const PART = new RegExp(`(T)|(${NUMBER})([YMWDHS])`, 'y');
const DATE = new RegExp(
  `^P(?:(\\d{4})(\\d\\d)(\\d\\d)|(${NUMBER})(?:-(${NUMBER})(?:-(${NUMBER}))?)?)?(?:T(.*))?$`,
);
const CLOCK = new RegExp(`^(?:(\\d\\d)(\\d\\d)(\\d\\d)|(${NUMBER})(?::(${NUMBER})(?::(${NUMBER}))?)?)$`);
/** Beyond it a number is out of range. */
const ISO_MAX = 1e15;

function addIso(parts: Parts, unit: Unit, text: string): void {
  const value = Number(text);
  if (!(Math.abs(value) <= ISO_MAX)) overflow();
  const cut = Math.trunc(value);
  ADDERS[unit](parts, BigInt(cut), value - cut);
}

/** ISO 8601: with designators, or in the forms of a date and a time. */
function readIso(text: string): Parts {
  const parts: Parts = { years: 0, months: 0, days: 0, micros: 0n };
  if (!text.startsWith('P') || text.length < 2) badForm();
  let isClock = false;
  let at = 1;
  while (at < text.length) {
    PART.lastIndex = at;
    const found = PART.exec(text);
    if (found === null) return readIsoDate(text);
    const [all, isT, number = '', letter = ''] = found;
    if (isT !== undefined) isClock = true;
    else addIso(parts, DESIGNATED.get((isClock ? 'T' : '') + letter) ?? badForm(), number);
    at += all.length;
  }
  return parts;
}

function readIsoDate(text: string): Parts {
  const parts: Parts = { years: 0, months: 0, days: 0, micros: 0n };
  const [, y4, m2, d2, year, month, day, clock] = DATE.exec(text) ?? badForm();
  const add = (unit: Unit, number: string | undefined): void => {
    if (number !== undefined) addIso(parts, unit, number);
  };
  add('year', y4 ?? year);
  add('month', m2 ?? month);
  add('day', d2 ?? day);
  if (clock === undefined) return parts;
  const [, h2, i2, s2, hour, minute, second] = CLOCK.exec(clock) ?? badForm();
  add('hour', h2 ?? hour);
  add('minute', i2 ?? minute);
  add('second', s2 ?? second);
  return parts;
}

/** `fields`: what the type says that it has, by which a number without a unit is read. */
export function parseInterval(text: string, at = NOWHERE, fields: IntervalFields = []): IntervalValue {
  let parts: Parts | IntervalValue;
  try {
    parts = readEither(text, fields);
  } catch (error) {
    if (error instanceof Overflow) fail('22015', `interval field value out of range: "${text}"`, at);
    if (error instanceof BadForm) fail('22007', `invalid input syntax for type interval: "${text}"`, at);
    throw error;
  }
  if ('kind' in parts) return parts;
  return makeInterval(parts.years * MONTHS_OF_YEAR + parts.months, parts.days, parts.micros, at);
}

function readEither(text: string, fields: IntervalFields): Parts | IntervalValue {
  try {
    return readWords(text, fields);
  } catch (error) {
    if (error instanceof BadForm) return readIso(text);
    throw error;
  }
}

export function formatInterval(value: IntervalValue): string {
  const sign = infinityOf(value);
  if (sign !== 0) return sign > 0 ? 'infinity' : '-infinity';
  const { months, days, micros } = value;
  let text = '';
  let isNegative = false;
  const add = (count: number, unit: string): void => {
    if (count === 0) return;
    const plus = isNegative && count > 0 ? '+' : '';
    text += `${text === '' ? '' : ' '}${plus}${count} ${unit}${count === 1 ? '' : 's'}`;
    isNegative = count < 0;
  };
  add(Math.trunc(months / MONTHS_OF_YEAR), 'year');
  add(months % MONTHS_OF_YEAR, 'mon');
  add(days, 'day');
  if (text !== '' && micros === 0n) return text;
  const clock = `${micros < 0n ? '-' : isNegative ? '+' : ''}${clockOf(micros < 0n ? -micros : micros)}`;
  return text === '' ? clock : `${text} ${clock}`;
}
