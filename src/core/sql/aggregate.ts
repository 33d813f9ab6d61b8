// Aggregates over one group: accumulate a row, give the result. Nulls are skipped, as the SQL standard wants.

import { AssertionError, present } from '../../base/assert.ts';
import type { ArrayType, Row, Value } from './access.ts';
import { statisticsOf } from './aggregate-statistics.ts';
import { BUILTINS } from './builtins.ts';
import { makeArray } from './builtins-array.ts';
import { checkLength } from './builtins-text.ts';
import { compareRows, compareValues, groupKey } from './compare.ts';
import { evaluate, isTrue, operandOf, type Surroundings } from './evaluate.ts';
import type { AggregateExpr, AggregateName } from './expression.ts';
import { fail } from './failure.ts';
import { INT8_MAX, INT8_MIN } from './integer-limits.ts';
import { over, sumOf } from './interval.ts';
import { jsonTextOf, nameOf } from './json-of-value.ts';
import { ARRAY_ITEMS_MAX } from './limits.ts';
import { arr, big, bool, dec, num, real, span, str } from './narrow.ts';
import { numericOf } from './numeric.ts';
import { add, divide } from './numeric-arithmetic.ts';
import { parseValue } from './text-form.ts';
import { elementOf, isArray } from './types.ts';

/** What an aggregate has seen so far. */
interface Accumulator {
  count: number;
  value: Value;
  readonly seen: Set<string> | null;
  /** Arguments of the rows that are ordered before they count. */
  readonly rows: Row[] | null;
}

export interface Group {
  readonly keys: Row;
  readonly accumulators: readonly Accumulator[];
}

export function makeGroup(keys: Row, aggregates: readonly AggregateExpr[]): Group {
  const accumulators = aggregates.map((e) => ({
    count: 0,
    value: null,
    seen: e.distinct ? new Set<string>() : null,
    rows: e.order.length > 0 ? [] : null,
  }));
  return { keys, accumulators };
}

/** Adds a row to the group; answers how many values DISTINCT and ORDER BY had to remember. */
export function accumulate(
  group: Group,
  aggregates: readonly AggregateExpr[],
  row: Row,
  context: Surroundings,
): number {
  let remembered = 0;
  for (let i = 0; i < aggregates.length; i++) {
    const e = aggregates[i] as AggregateExpr;
    const accumulator = group.accumulators[i] as Accumulator;
    if (e.filter !== null && !isTrue(e.filter, row, context)) continue;
    const first = e.args[0];
    const own = e.args.length - e.order.length;
    const second = own > 1 ? e.args[1] : undefined;
    const value = first === undefined ? null : operandOf(first, row, context);
    const separator = second === undefined ? null : evaluate(second, row, context);
    if (value === null && !TAKES_NULLS.has(e.fn)) continue;
    if (accumulator.seen !== null) {
      const key = groupKey(second === undefined ? [value] : [value, separator]);
      if (accumulator.seen.has(key)) continue;
      accumulator.seen.add(key);
      remembered += 1;
    }
    if (accumulator.rows === null) {
      accumulator.value = combine(e, accumulator, value, separator);
      accumulator.count += 1;
    } else {
      const keys = e.args.slice(own).map((arg) => evaluate(arg, row, context));
      accumulator.rows.push([value, separator, ...keys]);
      remembered += 1;
    }
  }
  return remembered;
}

function combine(
  e: AggregateExpr,
  { count, value: sum }: Accumulator,
  value: Value,
  separator: Value,
): Value {
  switch (e.fn) {
    case 'count':
    case 'countRows':
      return null;
    case 'sumInt4':
    case 'avgInt4':
      return addWhole(count === 0 ? 0 : sum, num(value));
    case 'sumInt8':
    case 'avgInt8':
      return (count === 0 ? 0n : big(sum)) + big(value);
    case 'sumFloat8':
    case 'avgFloat8':
      return addFloats(count === 0 ? 0 : num(sum), num(value));
    case 'sumFloat4':
      return BUILTINS.float4Add(count === 0 ? { kind: 'real', value: 0 } : sum, value);
    case 'avgFloat4':
      return addFloats(count === 0 ? 0 : num(sum), real(value));
    case 'sumNumeric':
    case 'avgNumeric':
      return count === 0 ? value : add(dec(sum), dec(value));
    case 'sumInterval':
    case 'avgInterval':
      return count === 0 ? value : sumOf(span(sum), span(value));
    // Of equal values that print differently (1.0 and 1.00) PostgreSQL keeps the last.
    case 'min':
      return sum === null || compareValues(value, sum) <= 0 ? value : sum;
    case 'max':
      return sum === null || compareValues(value, sum) >= 0 ? value : sum;
    case 'boolAnd':
      return count === 0 ? value : bool(sum) && bool(value);
    case 'boolOr':
      return count === 0 ? value : bool(sum) || bool(value);
    case 'arrayAgg': {
      if (count === 0) return makeArray(elementOf(arrayTypeOf(e)), [value]);
      // its own list until the group is finished
      const { items } = arr(sum);
      if (items.length >= ARRAY_ITEMS_MAX) fail('54000', `an array has at most ${ARRAY_ITEMS_MAX} items`);
      (items as Value[]).push(value);
      return sum;
    }
    case 'jsonAgg':
    case 'jsonbAgg':
      return checkLength(count === 0 ? jsonTextOf(value) : `${str(sum)}, ${jsonTextOf(value)}`);
    case 'jsonObjectAgg':
    case 'jsonbObjectAgg': {
      if (value === null) return nullName(e.fn);
      const member = `${nameOf(value)} : ${jsonTextOf(separator)}`;
      return checkLength(count === 0 ? member : `${str(sum)}, ${member}`);
    }
    case 'stringAgg':
      return count === 0
        ? value
        : checkLength(str(sum) + (separator === null ? '' : str(separator)) + str(value));
    default:
      return present(statisticsOf(e.fn), 'an aggregate').step(sum, value, separator);
  }
}

/** Aggregates that count a null as well. */
const TAKES_NULLS: ReadonlySet<AggregateName> = new Set([
  'countRows',
  'arrayAgg',
  'jsonAgg',
  'jsonbAgg',
  'jsonObjectAgg',
  'jsonbObjectAgg',
]);

const nullName = (fn: AggregateName): never =>
  fn === 'jsonObjectAgg'
    ? fail('22004', 'null value not allowed for object key')
    : fail('22023', 'field name must not be null');

/** A number for as long as it is exact, then a bigint. */
function addWhole(sum: Value, value: number): number | bigint {
  if (typeof sum !== 'number') return big(sum) + BigInt(value);
  const next = sum + value;
  return Number.isSafeInteger(next) ? next : BigInt(sum) + BigInt(value);
}

const wholeOf = (sum: Value): bigint => (typeof sum === 'number' ? BigInt(sum) : big(sum));

function addFloats(a: number, b: number): number {
  const sum = a + b;
  if (!Number.isFinite(sum) && Number.isFinite(a) && Number.isFinite(b))
    fail('22003', 'value out of range: overflow');
  return sum;
}

/** The group as a row: its keys, then the aggregates' results. */
export function finishGroup(group: Group, aggregates: readonly AggregateExpr[], context: Surroundings): Row {
  const results = group.accumulators.map((accumulator, i) =>
    finish(present(aggregates[i], 'aggregate'), accumulator, context),
  );
  return [...group.keys, ...results];
}

/** What the rows give in their order. */
function inOrder(e: AggregateExpr, rows: readonly Row[]): Accumulator {
  const keys = e.order.map((key, i) => ({ ...key, output: i + OWN_ARGUMENTS }));
  const ordered: Accumulator = { count: 0, value: null, seen: null, rows: null };
  for (const [value = null, separator = null] of rows.toSorted((a, b) => compareRows(a, b, keys))) {
    ordered.value = combine(e, ordered, value, separator);
    ordered.count += 1;
  }
  return ordered;
}
/** The value and what stands between two, in a row that is ordered. */
const OWN_ARGUMENTS = 2;

function finish(e: AggregateExpr, accumulator: Accumulator, context: Surroundings): Value {
  const { count, value } = accumulator.rows === null ? accumulator : inOrder(e, accumulator.rows);
  switch (e.fn) {
    case 'count':
    case 'countRows':
      return BigInt(count);
    case 'sumInt4': {
      if (value === null) return null;
      const sum = wholeOf(value);
      if (sum > INT8_MAX || sum < INT8_MIN) fail('22003', 'bigint out of range');
      return sum;
    }
    case 'sumInt8':
      return value === null ? null : numericOf(big(value));
    case 'avgInt4':
    case 'avgInt8':
      return value === null ? null : divide(numericOf(wholeOf(value)), numericOf(BigInt(count)));
    case 'avgNumeric':
      return value === null ? null : divide(dec(value), numericOf(BigInt(count)));
    case 'jsonAgg':
      return value === null ? null : { kind: 'json', text: `[${str(value)}]` };
    case 'jsonbAgg':
      return value === null ? null : parseValue('jsonb', `[${str(value)}]`);
    case 'jsonObjectAgg':
      return value === null ? null : { kind: 'json', text: `{ ${str(value)} }` };
    case 'jsonbObjectAgg':
      return value === null ? null : parseValue('jsonb', `{${str(value)}}`);
    case 'avgInterval':
      return value === null ? null : over(span(value), count);
    case 'avgFloat4':
    case 'avgFloat8':
      return value === null ? null : num(value) / count;
    case 'arrayAgg': {
      if (value === null) return null;
      const { element, items } = arr(value);
      return makeArray(element, [...items]);
    }
    default: {
      const statistics = statisticsOf(e.fn);
      if (statistics === null) return value;
      const direct = e.args[1];
      const isOrdered = e.order.length > 0 && direct !== undefined && e.args.length > e.order.length + 1;
      const result = statistics.finish(value, isOrdered ? evaluate(direct, [], context) : null);
      return isArray(e.type) && result !== null ? makeArray(elementOf(e.type), arr(result).items) : result;
    }
  }
}

function arrayTypeOf({ type }: AggregateExpr): ArrayType {
  if (!isArray(type)) throw new AssertionError(`array_agg of type ${type}`);
  return type;
}
