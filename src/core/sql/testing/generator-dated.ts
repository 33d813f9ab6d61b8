// Random literals and expressions of smallint, real, char(n), dates and times, uuid and bytea.

import { nextBelow, nextChance } from '../../../base/prng.ts';
import type { ColumnType } from '../access.ts';
import { type Generator, type Inner, pick, small } from './generator-state.ts';

/** Types whose values have no other literals than texts. */
export const NEWER = [
  'int2',
  'float4',
  'bpchar',
  'date',
  'timestamp',
  'timestamptz',
  'uuid',
  'bytea',
] as const;

/** Operands of two types that are compared. */
export const PAIRS = [
  ['int2', 'int4'],
  ['int8', 'int2'],
  ['float4', 'float8'],
  ['int4', 'float4'],
  ['float4', 'numeric'],
  ['date', 'timestamp'],
  ['timestamptz', 'date'],
  ['timestamp', 'timestamptz'],
  ['bpchar', 'text'],
  ['varchar', 'bpchar'],
] as const;

const WRITTEN_DATES = [
  '2024-02-29',
  '1999-12-31',
  '0001-01-01',
  '2000-01-01',
  '2026-11-22',
  '0044-03-15 BC',
  'infinity',
];
const WRITTEN_TIMES = [
  '2024-02-29 12:34:56.789',
  '1999-12-31 23:59:59.999999',
  '2000-01-01',
  '2026-11-22T00:00:00.5',
  '0044-03-15 01:02:03 BC',
  '20240229 10:20',
  'epoch',
  '-infinity',
];
export const LITERALS_OF = {
  name: ["'a'::name", "'abc'::name", "''::name"],
  bpchar: [
    "'ab'::char(3)",
    "'a'::char(3)",
    "'a '::bpchar",
    "''::char(2)",
    "'日本語'::char(3)",
    "'abcdef'::char(4)",
  ],
  float4: [
    "'1.5'::real",
    "'-0'::real",
    "'0.1'::real",
    "'1e10'::real",
    "'NaN'::real",
    "'Infinity'::real",
    '3::real',
    "'123456.789'::real",
    "'1e-7'::real",
    '16777217::real',
  ],
  date: WRITTEN_DATES.map((text) => `date '${text}'`),
  time: ["time '12:34:56.789'", "time '00:00'", "time '24:00:00'"],
  interval: ["interval '1 mon'", "interval '30 days'", "interval '-1 day 02:03:04.5'", "interval '0'"],
  json: ['\'{"a": 1}\'::json'],
  jsonb: ['\'{"a": [1, null]}\'::jsonb'],
  timestamp: WRITTEN_TIMES.map((text) => `timestamp '${text}'`),
  timestamptz: [
    ...WRITTEN_TIMES,
    '2024-02-29 12:34:56+05:30',
    '2024-02-29 12:34:56 -0800',
    '2024-02-29 12:00Z',
  ].map((text) => `timestamptz '${text}'`),
  uuid: [
    "'00000000-0000-0000-0000-000000000000'::uuid",
    "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid",
    "'{6BA7B8119DAD11D180B400C04FD430C8}'::uuid",
    "'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid",
  ],
  bytea: [
    "'\\x'::bytea",
    "'\\x00ff'::bytea",
    "'\\xDE ad'::bytea",
    "'abc'::bytea",
    "'a\\\\b\\001'::bytea",
    "'¡'::bytea",
  ],
} as const;

export function smallint(g: Generator, inner: Inner): string {
  const small2 = (): string => (g.safe ? `mod(${inner('int2')}, 100::smallint)` : inner('int2'));
  switch (nextBelow(g.prng, 5)) {
    case 0:
      return `(${small2()} ${pick(g.prng, ['+', '-', '*'])} ${small2()})`;
    case 1:
      return `(${inner('int2')} ${pick(g.prng, ['/', '%'])} 3::smallint)`;
    case 2:
      return `abs(${small2()})`;
    case 3:
      return `(- ${small2()})`;
    default:
      return `(${small(g, inner(pick(g.prng, ['int4', 'int8'] as const)))})::smallint`;
  }
}

export function realNumber(g: Generator, inner: Inner): string {
  const bounded = (e: string): string => (g.safe ? `least(greatest(${e}, -1000::real), 1000::real)` : e);
  switch (nextBelow(g.prng, 5)) {
    case 0:
      return `(${bounded(inner('float4'))} ${pick(g.prng, ['+', '-'])} ${bounded(inner('float4'))})`;
    case 1:
      return g.safe ? `abs(${inner('float4')})` : `(${inner('float4')} * ${inner('float4')})`;
    case 2:
      return `(${bounded(inner('float4'))} / 3::real)`;
    case 3:
      return `(- ${inner('float4')})`;
    default:
      return `(${small(g, inner('int4'))})::real`;
  }
}

const FIELDS = [
  'year',
  'month',
  'day',
  'dow',
  'isodow',
  'doy',
  'week',
  'isoyear',
  'quarter',
  'decade',
  'century',
  'millennium',
  'epoch',
];
const CLOCK_FIELDS = ['hour', 'minute', 'second', 'milliseconds', 'microseconds'];
const TRUNCATIONS = [
  ...CLOCK_FIELDS,
  'day',
  'week',
  'month',
  'quarter',
  'year',
  'decade',
  'century',
  'millennium',
];

/** char(n), dates and times, uuid and bytea. */
export function dated(g: Generator, type: Exclude<ColumnType, 'int2'>, inner: Inner): string {
  const isLucky = nextChance(g.prng, 50, 100);
  switch (type) {
    case 'bpchar':
      return `cast(${inner(isLucky ? 'text' : 'int4')} as char(${1 + nextBelow(g.prng, 5)}))`;
    case 'date':
      if (isLucky) return `(${inner('date')} ${pick(g.prng, ['+', '-'])} mod(${inner('int4')}, 700))`;
      return g.safe ? inner('date') : `(${inner(pick(g.prng, ['timestamp', 'timestamptz'] as const))})::date`;
    case 'timestamp':
    case 'timestamptz':
      if (isLucky) return `date_trunc('${pick(g.prng, TRUNCATIONS)}', ${inner(type)})`;
      return `(${inner(pick(g.prng, ['date', 'timestamp', 'timestamptz'] as const))})::${type}`;
    case 'bytea':
      if (isLucky && !g.safe) return `(${inner('bytea')} || ${inner('bytea')})`;
      return `decode(encode(${inner('bytea')}, '${isLucky ? 'hex' : 'base64'}'), '${isLucky ? 'hex' : 'base64'}')`;
    default:
      return pick(g.prng, LITERALS_OF.uuid);
  }
}

export function extracted(g: Generator, inner: Inner): string {
  if (nextChance(g.prng, 40, 100)) return `extract(${pick(g.prng, FIELDS)} from ${inner('date')})`;
  const type = pick(g.prng, ['timestamp', 'timestamptz'] as const);
  return `extract(${pick(g.prng, [...FIELDS, ...CLOCK_FIELDS])} from ${inner(type)})`;
}
