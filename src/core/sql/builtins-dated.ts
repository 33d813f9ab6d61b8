// Functions, operators and casts of dates, times and intervals.

import type { IntervalValue, Timestamp, Value } from './access.ts';
import {
  checkedDate,
  checkedTimestamp,
  DAY_MICROS,
  isFiniteMicros,
  TIMESTAMP_INFINITY,
  TIMESTAMP_MINUS_INFINITY,
  UNIX_EPOCH_MICROS,
} from './datetime.ts';
import { dateToMoment, daysBetween } from './datetime-casts.ts';
import { parseDateTime } from './datetime-parse.ts';
import { fail, NOWHERE } from './failure.ts';
import { CAST, define, defineStable, FIT } from './function-table.ts';
import { INT8_MAX, INT8_MIN } from './integer-limits.ts';
import * as spans from './interval.ts';
import {
  extractFromInterval,
  extractFromTime,
  intervalPart,
  timePart,
  truncateInterval,
} from './interval-fields.ts';
import { parseInterval } from './interval-form.ts';
import { fitInterval, roundMicros } from './moment-typmod.ts';
import { clock, day, moment, num, span, str } from './narrow.ts';
import { roundHalfEven } from './round.ts';
import { makeTime, parseTime, timeOf } from './time-of-day.ts';

/** The sum, where an infinite part decides; two that contradict each other are out of range. */
function plus(value: Timestamp, by: IntervalValue): Timestamp {
  const { kind, micros } = value;
  const sign = spans.infinityOf(by);
  if (sign !== 0) {
    const end = sign > 0 ? TIMESTAMP_INFINITY : TIMESTAMP_MINUS_INFINITY;
    if (!isFiniteMicros(micros) && micros !== end) fail('22008', 'timestamp out of range');
    return { kind, micros: end };
  }
  if (!isFiniteMicros(micros)) return value;
  const shifted = checkedTimestamp(kind, spans.shiftDays(micros, by.months, by.days));
  return checkedFinite(kind, shifted.micros + by.micros);
}

function checkedFinite(kind: Timestamp['kind'], micros: bigint): Timestamp {
  if (!isFiniteMicros(micros)) fail('22008', 'timestamp out of range');
  return checkedTimestamp(kind, micros);
}

const minus = (value: Timestamp, by: IntervalValue): Timestamp => plus(value, spans.negated(by));

/** The time from one to the other, in days and hours. */
function between(a: Timestamp, b: Timestamp): IntervalValue {
  const signs = [a, b].map(({ micros }) => (isFiniteMicros(micros) ? 0 : micros > 0n ? 1 : -1));
  const [left = 0, right = 0] = signs;
  if (left !== 0 || right !== 0) return left === right ? spans.outOfRange() : spans.infinite(left - right);
  return spans.justifyHours(spans.makeInterval(0, 0, a.micros - b.micros));
}

function age(a: Timestamp, b: Timestamp): IntervalValue {
  return isFiniteMicros(a.micros) && isFiniteMicros(b.micros) ? spans.ageBetween(a, b) : between(a, b);
}

const dateWithTime = (date: Value, time: Value): Timestamp => {
  const value = dateToMoment(date, 'timestamp');
  return isFiniteMicros(value.micros)
    ? checkedTimestamp('timestamp', value.micros + clock(time).micros)
    : value;
};

function moved(time: Value, by: IntervalValue, sign: bigint): Value {
  const words = sign > 0n ? 'add infinite interval to' : 'subtract infinite interval from';
  if (spans.infinityOf(by) !== 0) fail('22008', `cannot ${words} time`);
  // PostgreSQL lets the sum go around.
  return timeOf(BigInt.asIntN(64, clock(time).micros + by.micros * sign));
}

function intervalToTime(value: IntervalValue): Value {
  if (spans.infinityOf(value) !== 0) fail('22008', 'cannot convert infinite interval to time');
  return timeOf(value.micros);
}

const momentToTime = (value: Value): Value =>
  isFiniteMicros(moment(value).micros) ? timeOf(moment(value).micros) : null;

function made(parts: readonly Value[], seconds: number): IntervalValue {
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0] = parts.map(num);
  const micros = roundHalfEven(seconds * 1e6);
  if (!Number.isFinite(seconds) || Math.abs(micros) >= 2 ** 63) return spans.outOfRange();
  const clockMicros = (BigInt(hours) * 60n + BigInt(minutes)) * spans.MINUTE_MICROS + BigInt(micros);
  return spans.makeInterval(years * spans.MONTHS_OF_YEAR + months, weeks * 7 + days, clockMicros);
}

function madeTime(hour: number, minute: number, second: number): Value {
  const micros = (hour * 60 + minute) * 60_000_000 + roundHalfEven(second * 1e6);
  const isWithin =
    hour >= 0 && minute >= 0 && minute < 60 && second >= 0 && second <= 60 && micros <= Number(DAY_MICROS);
  if (!isWithin) fail('22008', `time field value out of range: ${hour}:${two(minute)}:${two(second)}`);
  return makeTime(BigInt(micros));
}
const two = (part: number): string => String(part).padStart(2, '0');

function madeTimestamp(parts: readonly Value[], date: Value): Value {
  const [hour = 0, minute = 0, second = 0] = parts.map(num);
  return dateWithTime(date, madeTime(hour, minute, second));
}

function fromEpoch(seconds: number): Timestamp {
  if (Number.isNaN(seconds)) fail('22008', 'timestamp cannot be NaN');
  if (!Number.isFinite(seconds))
    return { kind: 'timestamptz', micros: seconds > 0 ? TIMESTAMP_INFINITY : TIMESTAMP_MINUS_INFINITY };
  if (Math.abs(seconds) > 1e13) fail('22008', `timestamp out of range: "${seconds}"`);
  return checkedTimestamp('timestamptz', BigInt(roundHalfEven(seconds * 1e6)) - UNIX_EPOCH_MICROS);
}

/** The beginning of the stride that a moment is in, counted from an origin. */
function binned(stride: IntervalValue, value: Timestamp, origin: Timestamp): Timestamp {
  if (!isFiniteMicros(value.micros)) return value;
  if (!isFiniteMicros(origin.micros)) fail('22008', 'origin out of range');
  if (spans.infinityOf(stride) !== 0) fail('22008', 'timestamps cannot be binned into infinite intervals');
  if (stride.months !== 0)
    fail('0A000', 'timestamps cannot be binned into intervals containing months or years');
  const width = spans.lengthOf(stride);
  if (width > INT8_MAX || width < INT8_MIN) spans.outOfRange();
  if (width <= 0n) fail('22008', 'stride must be greater than zero');
  const since = value.micros - origin.micros;
  const rest = ((since % width) + width) % width;
  return checkedTimestamp(value.kind, value.micros - rest);
}

const fitMoment = (value: Value, typmod: Value): Value => {
  const { kind, micros } = moment(value);
  return isFiniteMicros(micros) ? checkedTimestamp(kind, roundMicros(micros, num(typmod))) : value;
};

const INTERVAL_PARTS = ['years', 'months', 'weeks', 'days', 'hours', 'mins', 'secs'].map(
  (name) => [name, 0] as const,
);

const C = CAST;

export const DATED = {
  textToTime: defineStable(C, 'text', 'time', (a) => parseTime(str(a))),
  textToInterval: defineStable(C, 'text', 'interval', (a) => parseInterval(str(a))),
  timeToInterval: define(C, 'time', 'interval', (a) => spans.makeInterval(0, 0, clock(a).micros)),
  intervalToTime: define(C, 'interval', 'time', (a) => intervalToTime(span(a))),
  timestampToTime: define(C, 'timestamp', 'time', momentToTime),
  timestamptzToTime: defineStable(C, 'timestamptz', 'time', momentToTime),
  intervalFit: define(FIT, 'interval int4', 'interval', (a, b) => fitInterval(span(a), num(b))),
  momentFit: define(FIT, 'timestamp int4', 'timestamp', fitMoment),
  timeFit: define(FIT, 'time int4', 'time', (a, b) => makeTime(roundMicros(clock(a).micros, num(b)))),

  dateAdd: define('+', 'date int4', 'date', (a, b) => checkedDate(day(a).days + num(b))),
  dateAddTo: define('+', 'int4 date', 'date', (a, b) => checkedDate(day(b).days + num(a))),
  dateSubtract: define('-', 'date int4', 'date', (a, b) => checkedDate(day(a).days - num(b))),
  dateDifference: define('-', 'date date', 'int4', (a, b) => daysBetween(day(a).days, day(b).days)),
  intervalMinus: define('-', 'interval', 'interval', (a) => spans.negated(span(a))),
  intervalAdd: define('+', 'interval interval', 'interval', (a, b) => spans.sumOf(span(a), span(b))),
  intervalSubtract: define('-', 'interval interval', 'interval', (a, b) =>
    spans.differenceOf(span(a), span(b)),
  ),
  intervalMultiply: define('*', 'interval float8', 'interval', (a, b) => spans.times(span(a), num(b))),
  intervalMultiplied: define('*', 'float8 interval', 'interval', (a, b) => spans.times(span(b), num(a))),
  intervalDivide: define('/', 'interval float8', 'interval', (a, b) => spans.over(span(a), num(b))),
  timestampDifference: define('-', 'timestamp timestamp', 'interval', (a, b) =>
    between(moment(a), moment(b)),
  ),
  timestamptzDifference: define('-', 'timestamptz timestamptz', 'interval', (a, b) =>
    between(moment(a), moment(b)),
  ),
  timestampAdd: define('+', 'timestamp interval', 'timestamp', (a, b) => plus(moment(a), span(b))),
  timestampAddTo: define('+', 'interval timestamp', 'timestamp', (a, b) => plus(moment(b), span(a))),
  timestampSubtract: define('-', 'timestamp interval', 'timestamp', (a, b) => minus(moment(a), span(b))),
  timestamptzAdd: defineStable('+', 'timestamptz interval', 'timestamptz', (a, b) =>
    plus(moment(a), span(b)),
  ),
  timestamptzAddTo: defineStable('+', 'interval timestamptz', 'timestamptz', (a, b) =>
    plus(moment(b), span(a)),
  ),
  timestamptzSubtract: defineStable('-', 'timestamptz interval', 'timestamptz', (a, b) =>
    minus(moment(a), span(b)),
  ),
  dateAddInterval: define('+', 'date interval', 'timestamp', (a, b) =>
    plus(dateToMoment(a, 'timestamp'), span(b)),
  ),
  dateAddedToInterval: define('+', 'interval date', 'timestamp', (a, b) =>
    plus(dateToMoment(b, 'timestamp'), span(a)),
  ),
  dateSubtractInterval: define('-', 'date interval', 'timestamp', (a, b) =>
    minus(dateToMoment(a, 'timestamp'), span(b)),
  ),
  dateAddTime: define('+', 'date time', 'timestamp', dateWithTime),
  timeAddDate: define('+', 'time date', 'timestamp', (a, b) => dateWithTime(b, a)),
  timeAdd: define('+', 'time interval', 'time', (a, b) => moved(a, span(b), 1n)),
  timeAddTo: define('+', 'interval time', 'time', (a, b) => moved(b, span(a), 1n)),
  timeSubtract: define('-', 'time interval', 'time', (a, b) => moved(a, span(b), -1n)),
  timeDifference: define('-', 'time time', 'interval', (a, b) =>
    spans.makeInterval(0, 0, clock(a).micros - clock(b).micros),
  ),

  timestampAge: define('age', 'timestamp timestamp', 'interval', (a, b) => age(moment(a), moment(b))),
  timestamptzAge: define('age', 'timestamptz timestamptz', 'interval', (a, b) => age(moment(a), moment(b))),
  justifyHours: define('justify_hours', 'interval', 'interval', (a) => spans.justifyHours(span(a))),
  justifyDays: define('justify_days', 'interval', 'interval', (a) => spans.justifyDays(span(a))),
  justifyInterval: define('justify_interval', 'interval', 'interval', (a) => spans.justifyInterval(span(a))),
  makeInterval: define(
    'make_interval',
    'int4 int4 int4 int4 int4 int4 float8',
    'interval',
    (y, m, w, d, h, min, s) => made([y, m, w, d, h, min], num(s)),
    { named: INTERVAL_PARTS },
  ),
  makeTime: define('make_time', 'int4 int4 float8', 'time', (h, m, s) => madeTime(num(h), num(m), num(s))),
  makeTimestamp: define(
    'make_timestamp',
    'int4 int4 int4 int4 int4 float8',
    'timestamp',
    (y, mon, d, h, m, s) => madeTimestamp([h, m, s], madeDate(num(y), num(mon), num(d))),
  ),
  makeDate: define('make_date', 'int4 int4 int4', 'date', (y, m, d) => madeDate(num(y), num(m), num(d))),
  extractInterval: define('extract', 'text interval', 'numeric', (a, b) =>
    extractFromInterval(str(a), span(b)),
  ),
  extractTime: define('extract', 'text time', 'numeric', (a, b) => extractFromTime(str(a), clock(b))),
  intervalPart: define('date_part', 'text interval', 'float8', (a, b) => intervalPart(str(a), span(b))),
  timePart: define('date_part', 'text time', 'float8', (a, b) => timePart(str(a), clock(b))),
  truncateInterval: define('date_trunc', 'text interval', 'interval', (a, b) =>
    truncateInterval(str(a), span(b)),
  ),
  dateIsFinite: define('isfinite', 'date', 'bool', (a) => Number.isFinite(day(a).days)),
  timestampIsFinite: define('isfinite', 'timestamp', 'bool', (a) => isFiniteMicros(moment(a).micros)),
  timestamptzIsFinite: define('isfinite', 'timestamptz', 'bool', (a) => isFiniteMicros(moment(a).micros)),
  intervalIsFinite: define('isfinite', 'interval', 'bool', (a) => spans.infinityOf(span(a)) === 0),
  timestampBin: define('date_bin', 'interval timestamp timestamp', 'timestamp', (a, b, c) =>
    binned(span(a), moment(b), moment(c)),
  ),
  timestamptzBin: define('date_bin', 'interval timestamptz timestamptz', 'timestamptz', (a, b, c) =>
    binned(span(a), moment(b), moment(c)),
  ),
  epochToTimestamptz: define('to_timestamp', 'float8', 'timestamptz', (a) => fromEpoch(num(a))),
};

function madeDate(year: number, month: number, date: number): Value {
  const message = `date field value out of range: ${year}-${two(month)}-${two(date)}`;
  if (year === 0 || month < 1 || month > 12 || date < 1 || date > 31) fail('22008', message);
  const text = `${String(Math.abs(year)).padStart(4, '0')}-${month}-${date}${year < 0 ? ' BC' : ''}`;
  try {
    return parseDateTime('date', text, NOWHERE);
  } catch {
    return fail('22008', message);
  }
}
