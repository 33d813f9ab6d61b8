import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadBytes } from '../../base/bytes.ts';
import { makePrng, nextBelow } from '../../base/prng.ts';
import type { ArrayValue, BaseType, ColumnType, IndexDef, TableDef, Tagged, Value } from '../sql/access.ts';
import { compareValues, groupKey } from '../sql/compare.ts';
import { compareNumeric, INFINITY, MINUS_INFINITY, NOT_A_NUMBER, SCALE_MAX } from '../sql/numeric.ts';
import { makeTableDef, plainKeys } from '../sql/table-def.ts';
import { parseValue } from '../sql/text-form.ts';
import { arrayOf, elementOf, isArray } from '../sql/types.ts';
import {
  afterPrefix,
  encodeKeyValues as encodeIndexKey,
  hasPrefix,
  makeTid,
  tidBlock,
  tidOfKey,
  tidSlot,
  withTid,
} from './key-codec.ts';
import { decodeRow, encodeRow } from './row-codec.ts';

const tableOf = (types: readonly ColumnType[]): TableDef => {
  const columns = types.map((type, i) => ({ name: `c${i}`, type, notNull: true }));
  const keys = plainKeys(types.map((_, i) => i));
  return makeTableDef(9, 't', columns, [
    { name: 't_pkey', relation: 10, keys, isUnique: true, constraint: 'primary', since: 0 },
  ]);
};
const encodeKeyValues = (table: TableDef, values: readonly Value[]): Uint8Array =>
  encodeIndexKey(table, table.indexes[0] as IndexDef, values);

const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
  return a.length - b.length;
};

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const orders: Record<BaseType, (a: never, b: never) => number> = {
  int4: (a: number, b: number) => a - b,
  int8: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
  float8: (a: number, b: number) =>
    Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : a < b ? -1 : a > b ? 1 : 0,
  bool: (a: boolean, b: boolean) => Number(a) - Number(b),
  text: (a: string, b: string) => compareBytes(utf8(a), utf8(b)),
  name: (a: string, b: string) => compareBytes(utf8(a), utf8(b)),
  varchar: (a: string, b: string) => compareBytes(utf8(a), utf8(b)),
  numeric: compareNumeric,
  int2: (a: number, b: number) => a - b,
  float4: compareValues,
  bpchar: compareValues,
  date: compareValues,
  time: compareValues,
  interval: compareValues,
  json: () => 0,
  jsonb: compareValues,
  timestamp: compareValues,
  timestamptz: compareValues,
  uuid: compareValues,
  bytea: compareValues,
};
const arbitraries: Record<BaseType, fc.Arbitrary<Value>> = {
  int4: fc.oneof(fc.integer(), fc.constantFrom(-2147483648, -1, 0, 1, 2147483647)),
  int8: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  float8: fc.oneof(fc.double(), fc.constantFrom(0, -0, 5e-324, -5e-324, Number.NaN, Infinity, -Infinity)),
  bool: fc.boolean(),
  int2: fc.integer({ min: -32768, max: 32767 }),
  float4: fc
    .oneof(fc.float(), fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity))
    .map((value) => ({ kind: 'real', value: Math.fround(value) }) as const),
  bpchar: fc
    .oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'a', 'a  ', 'a \0', 'a\t'))
    .map((text) => ({ kind: 'char', text }) as const),
  date: fc
    .oneof(fc.integer({ min: -2_451_545, max: 2_145_031_948 }), fc.constantFrom(-Infinity, -1, 0, Infinity))
    .map((days) => ({ kind: 'date', days }) as const),
  timestamp: fc
    .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    .map((micros) => ({ kind: 'timestamp', micros }) as const),
  time: fc.bigInt({ min: 0n, max: 86_400_000_000n }).map((micros) => ({ kind: 'time', micros }) as const),
  json: fc.constant({ kind: 'json', text: '1' } as const),
  jsonb: fc.oneof(fc.jsonValue(), fc.constantFrom([], {}, [[]], [{}], '', 0)).map((value) => {
    const text = JSON.stringify(value, (_, part) => (Object.is(part, -0) ? 0 : part));
    return parseValue('jsonb', text.replaceAll('\\u0000', '0').replace(/\\ud[89a-f]../g, '')) as Tagged;
  }),
  interval: fc
    .record({
      months: fc.oneof(fc.integer(), fc.integer({ min: -2, max: 2 })),
      days: fc.oneof(fc.integer(), fc.constantFrom(-30, 0, 30, 60)),
      micros: fc.oneof(
        fc.constantFrom(0n, 86_400_000_000n),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      ),
    })
    .map((parts) => ({ kind: 'interval', ...parts }) as const),
  timestamptz: fc.bigInt({ min: -9n, max: 9n }).map((micros) => ({ kind: 'timestamptz', micros }) as const),
  uuid: fc.uuid().map((text) => ({ kind: 'uuid', text }) as const),
  bytea: fc
    .uint8Array({ maxLength: 6 })
    .map((bytes) => ({ kind: 'bytea', hex: Buffer.from(bytes).toString('hex') }) as const),
  name: fc.string({ unit: 'binary' }),
  varchar: fc.string({ unit: 'binary' }),
  text: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '\0', 'a', 'a\0', 'a\0\u0001', 'a\u0001'),
  ),
  numeric: fc.oneof(
    fc.record({ digits: fc.bigInt({ min: -1200n, max: 1200n }), scale: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ digits: fc.bigInt(), scale: fc.integer({ min: 0, max: 40 }) }),
    fc.record({
      digits: fc.integer({ min: -11, max: 11 }).map((d) => BigInt(d) * 10n ** 300n),
      scale: fc.constantFrom(0, 299, 300, 301, SCALE_MAX),
    }),
    fc.constantFrom(NOT_A_NUMBER, INFINITY, MINUS_INFINITY),
  ),
};
/** A json has no order, so it is in no key. */
const scalars = (Object.keys(arbitraries) as BaseType[]).filter((type) => type !== 'json');
const types: readonly ColumnType[] = scalars.flatMap((type) => [type, arrayOf(type)]);

/** An array of values, some of them null, or a value. */
function arbitraryOf(type: ColumnType): fc.Arbitrary<Value> {
  const element = elementOf(type);
  const item = arbitraries[element as BaseType];
  if (!isArray(type)) return item;
  return fc
    .array(fc.option(item), { maxLength: 3 })
    .map((items) => ({ kind: 'array', element, items }) as const);
}

/** Null is above all, and what ends first comes first. */
function orderOf(type: ColumnType, a: Value, b: Value): number {
  const order = orders[elementOf(type) as BaseType];
  if (!isArray(type)) return order(a as never, b as never);
  const itemsOf = (value: Value): readonly Value[] => (value as ArrayValue).items;
  for (const [i, item] of itemsOf(a).entries()) {
    const other = itemsOf(b)[i];
    if (other === undefined) return 1;
    if (item === null && other === null) continue;
    if (item === null || other === null) return item === null ? 1 : -1;
    const found = order(item as never, other as never);
    if (found !== 0) return found;
  }
  return itemsOf(a).length - itemsOf(b).length;
}

const rows = fc
  .array(fc.constantFrom(...types), { minLength: 1, maxLength: 3 })
  .chain((chosen) =>
    fc.tuple(fc.constant(chosen), fc.tuple(...chosen.map(arbitraryOf)), fc.tuple(...chosen.map(arbitraryOf))),
  );

describe('keys', () => {
  it('bytes are ordered as the values are, column by column, and no key is a prefix of another', () => {
    fc.assert(
      fc.property(rows, ([chosen, left, right]) => {
        const table = tableOf(chosen);
        const a = encodeKeyValues(table, left);
        const b = encodeKeyValues(table, right);
        let order = 0;
        for (let i = 0; i < chosen.length && order === 0; i++)
          order = orderOf(chosen[i] as ColumnType, left[i] as Value, right[i] as Value);
        expect(Math.sign(compareBytes(a, b))).toBe(Math.sign(order));
        if (order !== 0) expect(hasPrefix(a, 0, a.length, b)).toBe(false);
        const prefix = encodeKeyValues(table, left.slice(0, 1));
        expect(hasPrefix(a, 0, a.length, prefix)).toBe(true);
        const after = afterPrefix(prefix);
        if (after) expect(compareBytes(a, after)).toBeLessThan(0);
        if (after && compareBytes(b, prefix) > 0 && !hasPrefix(b, 0, b.length, prefix))
          expect(compareBytes(b, after)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });

  it('the tid at the end comes back', () => {
    const tid = makeTid(0xabcdef, 0x1234);
    const key = withTid(Uint8Array.of(1, 2), tid);
    expect([tidOfKey(key, 0, key.length), tidBlock(tid), tidSlot(tid)]).toEqual([tid, 0xabcdef, 0x1234]);
  });

  it('rows come back from their bytes, nulls included', () => {
    const columns = tableOf(types).columns;
    const nullable = fc.tuple(...types.map((type) => fc.option(arbitraryOf(type))));
    fc.assert(
      fc.property(nullable, (row) => {
        const bytes = encodeRow(columns, row);
        expect(decodeRow(columns, bytes, 0, bytes.length)).toEqual(row);
      }),
    );
  });

  it('equal numbers of different scales are one key, one group and different rows', () => {
    const table = tableOf(['numeric']);
    const number = arbitraries.numeric as fc.Arbitrary<{ digits: bigint; scale: number }>;
    fc.assert(
      fc.property(number, fc.integer({ min: 1, max: 9 }), ({ digits, scale }, more) => {
        fc.pre(scale >= 0 && scale + more <= SCALE_MAX);
        const same = [{ digits, scale }];
        const longer = [{ digits: digits * 10n ** BigInt(more), scale: scale + more }];
        expect(encodeKeyValues(table, longer)).toEqual(encodeKeyValues(table, same));
        expect(groupKey(longer)).toBe(groupKey(same));
        expect(encodeRow(table.columns, longer)).not.toEqual(encodeRow(table.columns, same));
      }),
    );
  });

  it('a numeric has one form in a row: all else are bad bytes', () => {
    const { columns } = tableOf(['numeric']);
    const decode = (...bytes: number[]) =>
      decodeRow(columns, Uint8Array.of(0, ...bytes), 0, bytes.length + 1);
    expect(decode(3 + 2 * 2 + 1, 1, 150)).toEqual([{ digits: -150n, scale: 2 }]);
    const scaleTooLarge = [0x83, 0x80, 0x02];
    for (const bytes of [[4, 0], [3, 1, 0], [3, 2, 0, 7], [3, 2, 7], [3], [], [...scaleTooLarge, 1, 1]])
      expect(() => decode(...bytes)).toThrow(BadBytes);
    expect(decode(0x82, 0x80, 0x02, 1, 1)).toEqual([{ digits: -1n, scale: SCALE_MAX }]);
  });

  it('damaged rows are bad bytes or rows that come back from theirs', () => {
    const { columns } = tableOf(['numeric', 'int4', 'numeric']);
    const prng = makePrng(18, 'row-codec');
    const counts = { bad: 0, read: 0 };
    for (let i = 0; i < 20_000; i++) {
      const scale = nextBelow(prng, 12);
      const number = { digits: BigInt(nextBelow(prng, 1_000_000)) ** 3n, scale };
      const bytes = encodeRow(columns, [number, i, { digits: -7n, scale: 1 }]).slice();
      for (let k = 0; k <= nextBelow(prng, 3); k++)
        bytes[nextBelow(prng, bytes.length)] = nextBelow(prng, 256);
      try {
        const row = decodeRow(columns, bytes, 0, bytes.length - nextBelow(prng, 3));
        const again = encodeRow(columns, row);
        expect(decodeRow(columns, again, 0, again.length)).toEqual(row);
        counts.read += 1;
      } catch (error) {
        if (!(error instanceof BadBytes)) throw error;
        counts.bad += 1;
      }
    }
    expect(Math.min(counts.bad, counts.read)).toBeGreaterThan(1000);
  });
});
