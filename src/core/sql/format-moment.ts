// to_char of timestamps and intervals: PostgreSQL's templates (utils/adt/formatting.c), in locale C.

import type { IntervalValue, Timestamp } from './access.ts';
import { asciiLower, asciiUpper } from './ascii.ts';
import { civilOf, daysOf, instantOf, isFiniteMicros } from './datetime.ts';
import { isoDay, isoYear } from './datetime-fields.ts';
import { fail } from './failure.ts';
import { ordinalOf, partsOfTemplate, type TemplatePart } from './format-template.ts';
import { infinityOf } from './interval.ts';
import { powerOfTen } from './numeric.ts';

export const MONTHS =
  'January February March April May June July August September October November December'.split(' ');
export const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
export const MONTH_NUMERALS = 'I II III IV V VI VII VIII IX X XI XII'.split(' ');

const BOTH =
  'cc ddd dd d ff1 ff2 ff3 ff4 ff5 ff6 fx hh24 hh12 hh iddd id iw iyyy iyy iy i j mi mm ms of q rm sssss ssss ss tzh tzm tz us ww w y,yyy yyyy yyy yy y ' +
  'a.d. ad b.c. bc a.m. am p.m. pm day dy month mon';
const lower = BOTH.split(' ');

/** Longer ones before those that they begin with. */
export const MOMENT_WORDS: readonly string[] = [
  ...lower,
  ...lower.map(asciiUpper),
  'Day',
  'Dy',
  'Month',
  'Mon',
].sort((a, b) => b.length - a.length);

export interface MomentPart extends TemplatePart {
  readonly isFilled: boolean;
  /** A name without blanks behind it. */
  readonly isTranslated: boolean;
  readonly ordinal: 'th' | 'TH' | null;
}

/** Words with FM or TM before them and TH behind them. */
export function momentParts(template: string): readonly MomentPart[] {
  const parts: MomentPart[] = [];
  let prefix = '';
  for (const part of partsOfTemplate(template, ['FM', 'fm', 'TM', 'tm', 'TH', 'th', ...MOMENT_WORDS])) {
    const last = parts.at(-1);
    if (part.word === null) parts.push({ ...part, isFilled: false, isTranslated: false, ordinal: null });
    else if (/^(?:FM|TM)$/i.test(part.word)) {
      prefix = asciiUpper(part.word);
      continue;
    } else if (/^th$/i.test(part.word)) {
      const isBehind = last !== undefined && last.word !== null && last.ordinal === null && prefix === '';
      if (isBehind) parts[parts.length - 1] = { ...last, ordinal: part.word as 'th' };
      else
        for (const text of part.text)
          parts.push({ word: null, text, isFilled: false, isTranslated: false, ordinal: null });
      continue;
    } else parts.push({ ...part, isFilled: prefix === 'FM', isTranslated: prefix === 'TM', ordinal: null });
    prefix = '';
  }
  return parts;
}

/** What a template shows, of a moment or of an interval. */
interface Shown {
  /** Of a moment as PostgreSQL counts years, of an interval its own. */
  readonly year: number;
  readonly isBefore: boolean;
  /** 0: an interval without any. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
  readonly dayOfYear: number;
  /** Since 2000-01-01; of an interval the day that its parts would name. */
  readonly days: number;
  readonly isSpan: boolean;
  readonly zone: string;
}

export function formatMoment({ kind, micros }: Timestamp, template: string): string | null {
  if (!isFiniteMicros(micros) || template === '') return null;
  const { days, micros: ofDay } = instantOf(micros);
  const { year, month, day } = civilOf(days);
  const seconds = Math.floor(ofDay / 1_000_000);
  return written(template, {
    year: year > 0 ? year : 1 - year,
    isBefore: year <= 0,
    month,
    day,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    micros: ofDay % 1_000_000,
    dayOfYear: days - daysOf({ year, month: 1, day: 1 }) + 1,
    days,
    isSpan: false,
    zone: kind === 'timestamptz' ? 'UTC' : '',
  });
}

export function formatSpan(value: IntervalValue, template: string): string | null {
  if (infinityOf(value) !== 0 || template === '') return null;
  const year = Math.trunc(value.months / 12);
  const month = value.months % 12;
  const seconds = value.micros / 1_000_000n;
  return written(template, {
    year,
    isBefore: false,
    month,
    day: value.days,
    hour: Number(seconds / 3600n),
    minute: Number((seconds / 60n) % 60n),
    second: Number(seconds % 60n),
    micros: Number(value.micros % 1_000_000n),
    dayOfYear: (year * 12 + month) * 30 + value.days,
    days: julianOf(year, month, value.days) - JULIAN,
    isSpan: true,
    zone: '',
  });
}

const notOfIntervals = (): never => fail('22007', 'invalid format specification for an interval value');

/** As C's printf, whose width has the sign. */
const padded = (value: number, width: number, isFilled: boolean): string => {
  const digits = String(Math.abs(value));
  if (value >= 0) return digits.padStart(isFilled ? 0 : width, '0');
  return `-${digits.padStart(isFilled ? 0 : width - 1, '0')}`;
};

/** With as many digits for a negative number. */
const signed = (value: number, width: number, isFilled: boolean): string =>
  padded(value, value < 0 ? width + 1 : width, isFilled);

/** As the word is written: in capitals, with a capital, or small. */
function cased(text: string, word: string): string {
  if (word === asciiUpper(word)) return asciiUpper(text);
  return word === asciiLower(word) ? asciiLower(text) : text;
}

function written(template: string, shown: Shown): string {
  let out = '';
  for (const part of momentParts(template)) {
    if (part.word === null) out += part.text;
    else {
      const text = nameOf(part.word, part, shown) ?? wordText(part.word, part.isFilled, shown);
      const isNumber = /\d$/.test(text);
      const ending =
        part.ordinal === null || !isNumber || /^(?:of|tzh|tzm)$/i.test(part.word) ? '' : ordinalOf(text);
      out += text + (part.ordinal === 'TH' ? asciiUpper(ending) : ending);
    }
  }
  return out;
}

/** Names of months, days, halves of days and eras; null: the word is another. */
function nameOf(word: string, { isFilled, isTranslated }: MomentPart, shown: Shown): string | null {
  const { days, isSpan } = shown;
  const name = (text: string, width: number): string =>
    isFilled || isTranslated ? cased(text, word) : cased(text, word).padEnd(width);
  const month = MONTHS[(shown.month + 11) % 12] ?? '';
  switch (asciiLower(word)) {
    case 'a.m.':
    case 'p.m.':
      return cased(shown.hour % 24 >= 12 ? 'P.M.' : 'A.M.', word);
    case 'am':
    case 'pm':
      return cased(shown.hour % 24 >= 12 ? 'PM' : 'AM', word);
    case 'a.d.':
    case 'b.c.':
      return isSpan ? notOfIntervals() : cased(shown.isBefore ? 'B.C.' : 'A.D.', word);
    case 'ad':
    case 'bc':
      return isSpan ? notOfIntervals() : cased(shown.isBefore ? 'BC' : 'AD', word);
    case 'month':
      return isSpan ? notOfIntervals() : name(month, 9);
    case 'mon':
      return isSpan ? notOfIntervals() : cased(month.slice(0, 3), word);
    case 'day':
      return isSpan ? notOfIntervals() : name(DAYS[isoDay(days) % 7] ?? '', 9);
    case 'dy':
      return isSpan ? notOfIntervals() : cased((DAYS[isoDay(days) % 7] ?? '').slice(0, 3), word);
    case 'rm': {
      if (shown.month === 0 && shown.year === 0) return '';
      const at =
        shown.month === 0 ? (shown.year >= 0 ? 12 : 1) : shown.month < 0 ? 13 + shown.month : shown.month;
      const numeral = cased(MONTH_NUMERALS[at - 1] ?? '', word);
      return isFilled ? numeral : numeral.padEnd(4);
    }
    default:
      return null;
  }
}

function wordText(word: string, isFilled: boolean, shown: Shown): string {
  const { hour, minute, second, micros, isSpan } = shown;
  const two = (value: number): string => signed(value, 2, isFilled);
  const small = asciiLower(word);
  switch (small) {
    case 'hh':
    case 'hh12':
      return two(hour % 12 === 0 ? 12 : hour % 12);
    case 'hh24':
      return two(hour);
    case 'mi':
      return two(minute);
    case 'ss':
      return two(second);
    case 'ms':
      return padded(Math.trunc(micros / 1000), 3, false);
    case 'us':
      return padded(micros, 6, false);
    case 'ssss':
    case 'sssss':
      return String(hour * 3600 + minute * 60 + second);
    case 'tz':
      return isSpan ? notOfIntervals() : cased(shown.zone, word);
    case 'tzh':
      return isSpan ? notOfIntervals() : '+00';
    case 'of':
      return isSpan ? notOfIntervals() : `+${two(0)}`;
    case 'tzm':
      return isSpan ? notOfIntervals() : '00';
    case 'fx':
      return '';
    default:
      if (small.startsWith('ff'))
        return padded(
          Math.trunc(micros / Number(powerOfTen(6 - Number(small.slice(2))))),
          Number(small.slice(2)),
          false,
        );
      return dateText(small, isFilled, shown);
  }
}

function dateText(word: string, isFilled: boolean, shown: Shown): string {
  const { year, month, day, dayOfYear, days, isSpan } = shown;
  const number = (value: number, width: number): string => padded(value, width, isFilled);
  const week = isoYear(days, shown.isBefore ? 1 - year : year);
  const isoOwn = isSpan || week.year > 0 ? week.year : 1 - week.year;
  const own = word.startsWith('i') ? isoOwn : year;
  const ofYear = (value: number, width: number): string => number(value, year < 0 ? width + 1 : width);
  switch (word) {
    case 'mm':
      return signed(month, 2, isFilled);
    case 'dd':
      return number(day, 2);
    case 'ddd':
      return number(dayOfYear, 3);
    case 'iddd':
      return number(days - week.start + 1, 3);
    case 'd':
      return isSpan ? notOfIntervals() : String((isoDay(days) % 7) + 1);
    case 'id':
      return isSpan ? notOfIntervals() : String(isoDay(days));
    case 'ww':
      return number(Math.trunc((dayOfYear - 1) / 7) + 1, 2);
    case 'iw':
      return number(Math.trunc((days - week.start) / 7) + 1, 2);
    case 'w':
      return String(Math.trunc((day - 1) / 7) + 1);
    case 'q':
      return month === 0 ? '' : String(Math.trunc((month - 1) / 3) + 1);
    case 'cc': {
      const century = isSpan ? Math.trunc(year / 100) : Math.trunc((year - 1) / 100) + 1;
      return signed(shown.isBefore ? -century : century, Math.abs(century) > 99 ? 0 : 2, isFilled);
    }
    case 'j':
      return String(days + JULIAN);
    case 'y,yyy':
      return `${Math.trunc(year / 1000)},${String(Math.abs(year % 1000)).padStart(3, '0')}`;
    case 'yyyy':
    case 'iyyy':
      return ofYear(own, 4);
    case 'yyy':
    case 'iyy':
      return ofYear(own % 1000, 3);
    case 'yy':
    case 'iy':
      return ofYear(own % 100, 2);
    default:
      return ofYear(own % 10, 1);
  }
}

/** Days from the beginning of Julian days to 2000-01-01. */
export const JULIAN = 2_451_545;

/** date2j, which takes any month and day. */
function julianOf(year: number, month: number, day: number): number {
  const [y, m] = month > 2 ? [year + 4800, month + 1] : [year + 4799, month + 13];
  const century = Math.trunc(y / 100);
  const leaps = Math.trunc(y / 4) - century + Math.trunc(century / 4);
  return y * 365 - 32_167 + leaps + Math.trunc((7834 * m) / 256) + day;
}
