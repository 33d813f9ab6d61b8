// Aggregates of statistics, bits and ordered sets, a line each: how a row changes the state, and the result of the state. The state is a
// list of values; PostgreSQL's utils/adt/float.c, numeric.c and orderedsetaggs.c say what is in it.

import type { Numeric, Value } from './access.ts';
import { compareValues } from './compare.ts';
import { fail } from './failure.ts';
import * as spans from './interval.ts';
import { ARRAY_ITEMS_MAX } from './limits.ts';
import { arr, big, dec, num, real, span } from './narrow.ts';
import { isFiniteNumeric, NOT_A_NUMBER, numericOf } from './numeric.ts';
import { add, divide, multiply, subtract } from './numeric-arithmetic.ts';
import { rootAt } from './numeric-functions.ts';

interface TableAggregate {
  /** `value` is no null; `state` is null before the first. */
  readonly step: (state: Value, value: Value, second: Value) => Value;
  /** `direct`: what stands in the brackets of an ordered set. */
  readonly finish: (state: Value, direct: Value) => Value;
}

const listOf = (items: readonly Value[]): Value => ({ kind: 'array', element: 'float8', items });
const floatsOf = (state: Value): readonly number[] => (state === null ? [] : arr(state).items.map(num));
const floatOf = (value: Value): number => (typeof value === 'number' ? value : real(value));

/** Youngs and Cramer: count, sum, and the sum of the squared distances from the mean. */
function stepFloat(state: Value, value: Value): Value {
  const [n = 0, sum = 0, squares = 0] = floatsOf(state);
  const x = floatOf(value);
  const [count, total] = [n + 1, sum + x];
  if (n === 0) return listOf([1, total, Number.isFinite(x) ? 0 : Number.NaN]);
  const distance = x * count - total;
  const next = squares + (distance * distance) / (count * n);
  if (Number.isFinite(total) && (Number.isFinite(next) || Number.isNaN(next)))
    return listOf([count, total, next]);
  if (Number.isFinite(sum) && Number.isFinite(x)) fail('22003', 'value out of range: overflow');
  return listOf([count, total, Number.NaN]);
}

const floatSpread = (isSample: boolean, isRoot: boolean): TableAggregate => ({
  step: stepFloat,
  finish: (state) => {
    const [n = 0, , squares = 0] = floatsOf(state);
    if (n === 0 || (isSample && n === 1)) return null;
    const variance = squares / (isSample ? n - 1 : n);
    return isRoot ? Math.sqrt(variance) : variance;
  },
});

const decimalOf = (value: Value): Numeric =>
  typeof value === 'number'
    ? numericOf(BigInt(value))
    : typeof value === 'bigint'
      ? numericOf(value)
      : dec(value);

/** Count, sum and the sum of squares. */
function stepNumeric(state: Value, value: Value): Value {
  const x = decimalOf(value);
  if (state === null) return listOf([numericOf(1n), x, multiply(x, x)]);
  const [n = null, sum = null, squares = null] = arr(state).items;
  return listOf([add(dec(n), numericOf(1n)), add(dec(sum), x), add(dec(squares), multiply(x, x))]);
}

const numericSpread = (isSample: boolean, isRoot: boolean): TableAggregate => ({
  step: stepNumeric,
  finish: (state) => {
    if (state === null) return null;
    const [n, sum, squares] = arr(state).items.map(dec);
    if (n === undefined || sum === undefined || squares === undefined || (isSample && n.digits === 1n))
      return null;
    if (!isFiniteNumeric(sum)) return NOT_A_NUMBER;
    const distance = subtract(multiply(n, squares), multiply(sum, sum));
    if (distance.digits <= 0n) return numericOf(0n);
    const variance = divide(distance, multiply(n, isSample ? subtract(n, numericOf(1n)) : n));
    return isRoot ? rootAt(variance, variance.scale) : variance;
  },
});

/** Of pairs: count, sums of x and their squared distances, the same of y, and of both. */
function stepPair(state: Value, first: Value, second: Value): Value {
  if (second === null) return state;
  const [n = 0, sumX = 0, squaresX = 0, sumY = 0, squaresY = 0, both = 0] = floatsOf(state);
  const [y, x] = [num(first), num(second)];
  const [count, totalX, totalY] = [n + 1, sumX + x, sumY + y];
  const [ofX, ofY] = [x, y].map((one) => (Number.isFinite(one) ? 0 : Number.NaN));
  if (n === 0) return listOf([1, totalX, ofX ?? 0, totalY, ofY ?? 0, (ofX ?? 0) + (ofY ?? 0)]);
  const [distanceX, distanceY, scale] = [x * count - totalX, y * count - totalY, 1 / (count * n)];
  const next = [
    count,
    totalX,
    squaresX + distanceX * distanceX * scale,
    totalY,
    squaresY + distanceY * distanceY * scale,
    both + distanceX * distanceY * scale,
  ];
  if (next.every((one) => Number.isFinite(one) || Number.isNaN(one))) return listOf(next);
  if ([x, y, sumX, sumY].every(Number.isFinite)) fail('22003', 'value out of range: overflow');
  return listOf(next.map((one, i) => (i === 2 || i > 3 ? (Number.isFinite(one) ? one : Number.NaN) : one)));
}

interface Pairs {
  readonly n: number;
  readonly sumX: number;
  readonly xx: number;
  readonly sumY: number;
  readonly yy: number;
  readonly xy: number;
}

const ofPairs = (least: number, body: (pairs: Pairs) => Value): TableAggregate => ({
  step: stepPair,
  finish: (state) => {
    const [n = 0, sumX = 0, xx = 0, sumY = 0, yy = 0, xy = 0] = floatsOf(state);
    return n < least ? null : body({ n, sumX, xx, sumY, yy, xy });
  },
});

type Bits = (a: bigint, b: bigint) => bigint;

const ofBits = (body: Bits): TableAggregate => ({
  step: (state, value) => {
    if (state === null) return value;
    if (typeof value === 'bigint') return body(big(state), value);
    return Number(body(BigInt(num(state)), BigInt(num(value))));
  },
  finish: (state) => state,
});

function collect(state: Value, value: Value): Value {
  if (state === null) return listOf([value]);
  const { items } = arr(state);
  if (items.length >= ARRAY_ITEMS_MAX) fail('54000', `an array has at most ${ARRAY_ITEMS_MAX} items`);
  // its own list until the group is finished
  (items as Value[]).push(value);
  return state;
}

const fraction = (value: Value): number => {
  const part = num(value);
  if (!(part >= 0 && part <= 1))
    fail('22003', `percentile value ${shownFraction(part)} is not between 0 and 1`);
  return part;
};

/** C's %g. */
const shownFraction = (part: number): string =>
  Number.isFinite(part)
    ? String(Number(part.toPrecision(6)))
    : Number.isNaN(part)
      ? 'nan'
      : part > 0
        ? 'inf'
        : '-inf';

/** One value for each fraction; a list of them gives an array. */
const percentile = (pick: (items: readonly Value[], part: number) => Value): TableAggregate => ({
  step: collect,
  finish: (state, direct) => {
    if (direct === null) return null;
    const items = state === null ? [] : arr(state).items;
    if (typeof direct === 'number') {
      const part = fraction(direct);
      return items.length === 0 ? null : pick(items, part);
    }
    const parts = arr(direct).items;
    if (items.length === 0) return null;
    return listOf(parts.map((part) => (part === null ? null : pick(items, fraction(part)))));
  },
});

const between =
  (mix: (low: Value, high: Value, part: number) => Value) =>
  (items: readonly Value[], part: number): Value => {
    const place = part * (items.length - 1);
    const [low, high] = [Math.floor(place), Math.ceil(place)];
    const [first = null, second = null] = [items[low], items[high]];
    return low === high ? first : mix(first, second, place - low);
  };

export const STATISTICS = {
  varPopFloat8: floatSpread(false, false),
  varSampFloat8: floatSpread(true, false),
  stddevPopFloat8: floatSpread(false, true),
  stddevSampFloat8: floatSpread(true, true),
  varPopNumeric: numericSpread(false, false),
  varSampNumeric: numericSpread(true, false),
  stddevPopNumeric: numericSpread(false, true),
  stddevSampNumeric: numericSpread(true, true),
  regrCount: ofPairs(0, ({ n }) => BigInt(n)),
  regrSxx: ofPairs(1, ({ xx }) => xx),
  regrSyy: ofPairs(1, ({ yy }) => yy),
  regrSxy: ofPairs(1, ({ xy }) => xy),
  regrAvgX: ofPairs(1, ({ n, sumX }) => sumX / n),
  regrAvgY: ofPairs(1, ({ n, sumY }) => sumY / n),
  covarPop: ofPairs(1, ({ n, xy }) => xy / n),
  covarSamp: ofPairs(2, ({ n, xy }) => xy / (n - 1)),
  corr: ofPairs(1, ({ xx, yy, xy }) => (xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy))),
  regrR2: ofPairs(1, ({ xx, yy, xy }) => (xx === 0 ? null : yy === 0 ? 1 : (xy * xy) / (xx * yy))),
  regrSlope: ofPairs(1, ({ xx, xy }) => (xx === 0 ? null : xy / xx)),
  regrIntercept: ofPairs(1, ({ n, sumX, sumY, xx, xy }) => (xx === 0 ? null : (sumY - (sumX * xy) / xx) / n)),
  bitAnd: ofBits((a, b) => a & b),
  bitOr: ofBits((a, b) => a | b),
  bitXor: ofBits((a, b) => a ^ b),
  percentileFloat8: percentile(between((low, high, part) => num(low) + part * (num(high) - num(low)))),
  percentileInterval: percentile(
    between((low, high, part) =>
      spans.sumOf(span(low), spans.times(spans.differenceOf(span(high), span(low)), part)),
    ),
  ),
  percentileDisc: percentile((items, part) => items[Math.max(0, Math.ceil(part * items.length) - 1)] ?? null),
  mode: { step: collect, finish: (state) => (state === null ? null : mostFrequent(arr(state).items)) },
} satisfies Readonly<Record<string, TableAggregate>>;

export type StatisticsName = keyof typeof STATISTICS;

export const statisticsOf = (fn: string): TableAggregate | null =>
  Object.hasOwn(STATISTICS, fn) ? STATISTICS[fn as StatisticsName] : null;

/** Of ordered values; of several the first. */
function mostFrequent(items: readonly Value[]): Value {
  let best: Value = null;
  let most = 0;
  for (let from = 0; from < items.length; ) {
    const value = items[from] ?? null;
    let to = from + 1;
    while (to < items.length && compareValues(items[to] ?? null, value) === 0) to += 1;
    if (to - from > most) [most, best] = [to - from, value];
    from = to;
  }
  return best;
}

/** Beside each name its results by the type of the argument. */
const spread = (name: 'varPop' | 'varSamp' | 'stddevPop' | 'stddevSamp'): readonly Overload[] => [
  ...(['int2', 'int4', 'int8', 'numeric'] as const).map(
    (type): Overload => [type, 'numeric', `${name}Numeric`],
  ),
  ...(['float4', 'float8'] as const).map((type): Overload => [type, 'float8', `${name}Float8`]),
];
const bits = (name: StatisticsName): readonly Overload[] =>
  (['int2', 'int4', 'int8'] as const).map((type): Overload => [type, type, name]);
const pairs = (name: StatisticsName, result: 'float8' | 'int8' = 'float8'): readonly Overload[] => [
  ['float8 float8', result, name],
];

type Overload = readonly [
  args: string,
  result: 'int2' | 'int4' | 'int8' | 'numeric' | 'float8',
  fn: StatisticsName,
];

export const STATISTICS_OVERLOADS: Readonly<Record<string, readonly Overload[]>> = {
  var_pop: spread('varPop'),
  var_samp: spread('varSamp'),
  variance: spread('varSamp'),
  stddev_pop: spread('stddevPop'),
  stddev_samp: spread('stddevSamp'),
  stddev: spread('stddevSamp'),
  bit_and: bits('bitAnd'),
  bit_or: bits('bitOr'),
  bit_xor: bits('bitXor'),
  corr: pairs('corr'),
  covar_pop: pairs('covarPop'),
  covar_samp: pairs('covarSamp'),
  regr_avgx: pairs('regrAvgX'),
  regr_avgy: pairs('regrAvgY'),
  regr_count: pairs('regrCount', 'int8'),
  regr_intercept: pairs('regrIntercept'),
  regr_r2: pairs('regrR2'),
  regr_slope: pairs('regrSlope'),
  regr_sxx: pairs('regrSxx'),
  regr_sxy: pairs('regrSxy'),
  regr_syy: pairs('regrSyy'),
};
