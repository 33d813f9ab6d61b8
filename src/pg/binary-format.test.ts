import { describe, expect, test } from 'vitest';
import type { ColumnType } from '../core/sql/access.ts';
import { fromBinary, idOfType, sizeOfType, toBinary, typeOfId, typmodOfType } from './binary-format.ts';

const VALUES: readonly (readonly [ColumnType, string])[] = [
  ['bool', 't'],
  ['bool', 'f'],
  ['int2', '-32768'],
  ['int4', '2147483647'],
  ['int8', '-9223372036854775808'],
  ['float4', '1.5'],
  ['float8', '-0.1'],
  ['float8', 'Infinity'],
  ['float8', 'NaN'],
  ['numeric', '0'],
  ['numeric', '0.00'],
  ['numeric', '-12345678.90120'],
  ['numeric', '0.00001234'],
  ['numeric', '10000'],
  ['numeric', '99999999999999999999.5'],
  ['numeric', 'NaN'],
  ['numeric', '-Infinity'],
  ['date', '2026-01-01'],
  ['date', '0044-03-15 BC'],
  ['date', 'infinity'],
  ['timestamp', '1999-12-31 23:59:59.999999'],
  ['timestamptz', '2026-01-01 00:00:00.04+00'],
  ['timestamptz', '-infinity'],
  ['time', '23:59:59.999999'],
  ['time', '24:00:00'],
  ['interval', '1 year 2 mons -3 days +04:05:06.789'],
  ['interval', '-infinity'],
  ['interval[]', '{"1 day",NULL}'],
  ['json', '{"a" : [1]}'],
  ['jsonb', '{"a": "é"}'],
  ['jsonb[]', '{1,NULL}'],
  ['uuid', '12345678-1234-1234-1234-123456789abc'],
  ['bytea', '\\x0001ff'],
  ['bytea', '\\x'],
  ['text', 'Grüße, 漢\u{1f600}'],
  ['varchar', ''],
  ['bpchar', 'ab  '],
  ['int4[]', '{1,NULL,-3}'],
  ['int4[]', '{}'],
  ['text[]', '{a,"b c","NULL","","q\\"\\\\"}'],
  ['numeric[]', '{1.50,NaN}'],
  ['timestamptz[]', '{"2026-01-01 00:00:00.04+00"}'],
];

describe('the binary format', () => {
  test.each(VALUES)('%s %s comes back as it went', (type, text) => {
    expect(fromBinary(type, toBinary(type, text))).toBe(text);
  });

  test('bytes are those of PostgreSQL', () => {
    const hex = (type: ColumnType, text: string) => Buffer.from(toBinary(type, text)).toString('hex');
    expect(hex('int4', '258')).toBe('00000102');
    expect(hex('date', '2000-01-02')).toBe('00000001');
    expect(hex('timestamp', '2000-01-01 00:00:01')).toBe('00000000000f4240');
    // jsonb_send: the version of the format, then the text
    expect(hex('jsonb', '[1]')).toBe('01' + '5b315d');
    // interval_send: microseconds, days, months
    expect(hex('interval', '1 mon 2 days 00:00:01')).toBe('00000000000f4240' + '00000002' + '00000001');
    expect(hex('time', '00:00:01')).toBe('00000000000f4240');
    // numeric_send: digits, weight, sign, display scale, digits in base 10000
    expect(hex('numeric', '12345.678')).toBe('0003000100000003' + '0001' + '0929' + '1a7c');
    // array_send: dimensions, nulls, type of the items, length and first place, then each with its length
    expect(hex('int2[]', '{7,NULL}')).toBe(
      '00000001' + '00000001' + '00000015' + '00000002' + '00000001' + '00000002' + '0007' + 'ffffffff',
    );
    expect(hex('numeric', '-0.0001')).toBe('0001ffff40000004' + '0001');
  });

  test('bytes that are no value of the type are refused', () => {
    expect(fromBinary('int4', Uint8Array.of(1, 2))).toBeNull();
    expect(fromBinary('numeric', Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0))).toBeNull();
    expect(fromBinary('numeric', Uint8Array.of(0, 1, 0, 0, 0x12, 0, 0, 0, 0, 1))).toBeNull();
    expect(fromBinary('text', Uint8Array.of(0xff))).toBeNull();
    expect(fromBinary('jsonb', Uint8Array.of(2, 0x31))).toBeNull();
    expect(fromBinary('time', Uint8Array.of(0xff, 0, 0, 0, 0, 0, 0, 0))).toBeNull();
    const array = toBinary('int4[]', '{1,2}');
    for (let length = 0; length < array.length; length++)
      expect(fromBinary('int4[]', array.subarray(0, length))).toBeNull();
    expect(fromBinary('int8[]', array)).toBeNull();
    const twoDimensions = Uint8Array.from(array);
    twoDimensions[3] = 2;
    expect(fromBinary('int4[]', twoDimensions)).toBeNull();
  });

  test('types have the object ids and sizes of pg_type', () => {
    expect(idOfType('integer')).toBe(23);
    expect(idOfType('timestamp with time zone')).toBe(1184);
    expect(idOfType('unknown')).toBe(25);
    expect([typeOfId(1700), typeOfId(0), typeOfId(142)]).toEqual(['numeric', null, null]);
    expect([sizeOfType('bigint'), sizeOfType('text')]).toEqual([8, -1]);
  });
});

test.each([
  ['character varying(20)', 1043, 24],
  ['character(5)', 1042, 9],
  ['numeric(10,2)', 1700, 655_366],
  ['numeric(3,-2)', 1700, 198_658],
  ['numeric', 1700, -1],
  ['integer', 23, -1],
  ['time(2) without time zone', 1083, 2],
  ['timestamp(0) with time zone[]', 1185, 0],
  ['interval', 1186, -1],
  ['interval(3)', 1186, 0x7fff_0003],
  ['interval day to second(2)', 1186, 0x1c08_0002],
  ['interval year to month[]', 1187, 0x0006_ffff],
  ['integer[]', 1007, -1],
  ['character varying(20)[]', 1015, 24],
])('%s is of type %i with atttypmod %i, as in PostgreSQL', (name, id, typmod) => {
  expect([idOfType(name), typmodOfType(name)]).toEqual([id, typmod]);
});
