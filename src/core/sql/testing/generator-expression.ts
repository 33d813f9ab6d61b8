// Random expressions of a wanted type, over the columns of the generator's table if it has one.

import { nextBelow, nextBetween, nextChance } from '../../../base/prng.ts';
import type { ColumnType } from '../access.ts';
import { isEnum } from '../enum-type.ts';
import { elementOf, isArray } from '../types.ts';
import { dated, extracted, LITERALS_OF, NEWER, PAIRS, realNumber, smallint } from './generator-dated.ts';
import { type Generator, type Inner, pick, small } from './generator-state.ts';

/** Letters beyond ASCII are caseless: upper and lower know ASCII only. */
const WORDS = [
  '',
  'a',
  'ab',
  'abc',
  'B',
  'Zebra',
  'x%y',
  'under_score',
  'back\\slash',
  '¡',
  '日本',
  '😀',
  '  pad ',
  "it''s",
  '10',
  '-3',
  '1.5',
  'true',
];
const INTS = ['0', '1', '2', '3', '7', '10', '-1', '-4', '100', '2147483647', '-2147483648'];
const BIGS = ['0', '1', '5', '-7', '3000000000', '-3000000000', '9223372036854775807'];
const FLOATS = [
  "'0'",
  "'1.5'",
  "'-2.25'",
  "'0.1'",
  "'1e10'",
  "'3'",
  "'-0'",
  "'NaN'",
  "'Infinity'",
  "'1e-7'",
  "'123456.789'",
  "'1e15'",
  "'100000'",
];

const NUMERICS = [
  '0.0',
  '1.0',
  '1.00',
  '0.1',
  '-0.30',
  '2.5',
  '-2.5',
  '100::numeric',
  '-7.125',
  '99.995',
  '1234567.891',
  '12345678901234567890',
  '0.000000001',
  "'1e3'::numeric",
  "'NaN'::numeric",
  "'Infinity'::numeric",
  "'-Infinity'::numeric",
];

/** A constant of the type. */
export function literalOf(g: Generator, type: ColumnType): string {
  const { prng } = g;
  if (g.params !== null && g.params.length < 3 && nextChance(prng, 30, 100))
    return parameter(g, g.params, type);
  switch (type) {
    case 'int4':
      return nextChance(prng, 60, 100) ? String(nextBetween(prng, -5, 20)) : pick(prng, INTS);
    case 'int8':
      return nextChance(prng, 40, 100) ? String(nextBetween(prng, -5, 20)) : `${pick(prng, BIGS)}::bigint`;
    case 'text':
      return `'${pick(prng, WORDS)}'`;
    case 'varchar':
      return `'${pick(prng, WORDS)}'${pick(prng, ['', '::varchar', '::varchar(2)'])}`;
    case 'float8':
      return nextChance(prng, 30, 100)
        ? `${nextBetween(prng, -50, 50)}::float8`
        : `${pick(prng, FLOATS)}::float8`;
    case 'numeric':
      return nextChance(prng, 30, 100)
        ? `${nextBetween(prng, -50, 50)}.${nextBelow(prng, 100)}`
        : pick(prng, NUMERICS);
    case 'bool':
      return pick(prng, ['true', 'false']);
    case 'int2':
      return nextChance(prng, 60, 100)
        ? `${nextBetween(prng, -5, 20)}::smallint`
        : `'${pick(prng, ['0', '7', '-300', '32767', '-32768'])}'::smallint`;
    default:
      return isArray(type)
        ? `array[${literalOf(g, elementOf(type))}]`
        : pick(prng, isEnum(type) ? [] : LITERALS_OF[type]);
  }
}

function parameter(g: Generator, params: string[], type: ColumnType): string {
  const value: Readonly<Partial<Record<ColumnType, string>>> = {
    int4: String(nextBetween(g.prng, -5, 20)),
    int8: String(nextBetween(g.prng, -5, 20)),
    text: pick(g.prng, ['a', 'ab', '¡', '']),
    varchar: pick(g.prng, ['a', 'ab']),
    float8: '1.5',
    numeric: pick(g.prng, ['1.50', '-3', '1e2']),
    bool: 'true',
  };
  const given = value[type];
  if (given === undefined) return literalOf({ ...g, params: null }, type);
  params.push(given);
  return `$${params.length}::${type}`;
}

/** An expression of the type; `needsColumn` asks for one that is not constant where there is a table. */
export function expressionOf(g: Generator, type: ColumnType, depth: number, needsColumn = false): string {
  const { prng } = g;
  const columns =
    g.table?.columns.filter((c) => c.type === type || (type === 'text' && c.type === 'varchar')) ?? [];
  if (depth <= 0 || nextChance(prng, 25, 100)) {
    if (columns.length > 0 && (needsColumn || nextChance(prng, 65, 100))) return pick(prng, columns).name;
    if (!needsColumn && nextChance(prng, 6, 100)) return `null::${type}`;
    return literalOf(g, type);
  }
  const inner = (t: ColumnType): string => expressionOf(g, t, depth - 1, needsColumn);
  if (nextChance(prng, 12, 100)) return choice(g, type, inner);
  switch (type) {
    case 'int4':
      return integer(g, inner);
    case 'int8':
      return bigint(g, inner);
    case 'text':
      return text(g, inner);
    case 'varchar':
      return `cast(${inner('text')} as varchar(${1 + nextBelow(prng, 5)}))`;
    case 'float8':
      return float(g, inner);
    case 'numeric':
      return numeric(g, inner);
    case 'bool':
      return boolean(g, inner);
    case 'int2':
      return smallint(g, inner);
    case 'float4':
      return realNumber(g, inner);
    default:
      return dated(g, type, inner);
  }
}

function choice(g: Generator, type: ColumnType, inner: Inner): string {
  switch (nextBelow(g.prng, 5)) {
    case 0:
      return `case when ${inner('bool')} then ${inner(type)} else ${inner(type)} end`;
    case 1:
      return `case ${inner('int4')} when ${inner('int4')} then ${inner(type)} when 3 then ${inner(type)} end`;
    case 2:
      return `coalesce(${inner(type)}, ${inner(type)})`;
    case 3:
      return `nullif(${inner(type)}, ${inner(type)})`;
    default:
      return `${pick(g.prng, ['greatest', 'least'])}(${inner(type)}, ${inner(type)})`;
  }
}

const smallFloat = (g: Generator, e: string): string =>
  g.safe ? `least(greatest(${e}, -1000::float8), 1000::float8)` : e;
const smallNumeric = (g: Generator, e: string): string => (g.safe ? `least(greatest(${e}, -1000), 1000)` : e);

function integer(g: Generator, inner: Inner): string {
  const whole = (): string => small(g, inner('int4'));
  switch (nextBelow(g.prng, 12)) {
    case 0:
    case 1:
    case 2:
      return `(${whole()} ${pick(g.prng, ['+', '-'])} ${whole()})`;
    case 3:
      return `(${whole()} * ${whole()})`;
    case 4:
      return `(${inner('int4')} ${pick(g.prng, ['/', '%'])} ${divisor(g, ['2', '3', '-7'], inner('int4'))})`;
    case 5:
      return `(- ${whole()})`;
    case 6:
      return `abs(${whole()})`;
    case 7:
      if (nextChance(g.prng, 30, 100))
        return pick(g.prng, [
          `length(${inner(pick(g.prng, ['bpchar', 'bytea'] as const))})`,
          `octet_length(${inner(pick(g.prng, ['bpchar', 'bytea'] as const))})`,
          `(${small(g, inner('int2'))} + ${small(g, inner('int4'))})`,
          `(date '2024-03-01' - make_date(2023, 1 + abs(mod(${inner('int4')}, 12)), 28))`,
        ]);
      return `${pick(g.prng, ['length', 'char_length', 'octet_length', 'ascii'])}(${inner('text')})`;
    case 8:
      return pick(g.prng, [
        `strpos(${inner('text')}, ${inner('text')})`,
        `position(${inner('text')} in ${inner('text')})`,
      ]);
    case 9:
      return `mod(${inner('int4')}, ${divisor(g, ['3', '5'], inner('int4'))})`;
    case 10:
      return `(${inner('bool')})::int`;
    default:
      return nextChance(g.prng, 50, 100)
        ? pick(g.prng, [
            `(${smallFloat(g, inner('float8'))})::int`,
            `(${smallNumeric(g, inner('numeric'))})::int`,
          ])
        : `(${small(g, inner('int8'))})::int`;
  }
}

/** A constant, or in risky mode sometimes an expression that may be zero. */
const divisor = (g: Generator, constants: readonly string[], risk: string): string =>
  g.safe || nextChance(g.prng, 75, 100) ? pick(g.prng, constants) : risk;

function bigint(g: Generator, inner: Inner): string {
  const whole = (): string => small(g, inner(pick(g.prng, ['int4', 'int8', 'int8'] as const)));
  switch (nextBelow(g.prng, 7)) {
    case 0:
      return `(${small(g, inner('int8'))} ${pick(g.prng, ['+', '-', '*'])} ${whole()})`;
    case 1:
      return `(${small(g, inner('int4'))} ${pick(g.prng, ['+', '-'])} ${small(g, inner('int8'))})`;
    case 2:
      return `(${inner('int8')} ${pick(g.prng, ['/', '%'])} ${divisor(g, ['2', '3', '-7'], inner('int8'))})`;
    case 3:
      return `abs(${small(g, inner('int8'))})`;
    case 4:
      return `${inner('int4')}::bigint`;
    case 5:
      return `cast(${smallNumeric(g, inner('numeric'))} as bigint)`;
    default:
      return `cast(${smallFloat(g, inner('float8'))} as bigint)`;
  }
}

function float(g: Generator, inner: Inner): string {
  const number = (): ColumnType => pick(g.prng, ['int4', 'float8', 'float8'] as const);
  switch (nextBelow(g.prng, 8)) {
    case 0:
    case 1:
      return `(${inner('float8')} ${pick(g.prng, ['+', '-'])} ${inner(number())})`;
    case 2:
      return `(${smallFloat(g, inner('float8'))} * ${smallFloat(g, inner(number()))})`;
    case 3:
      return `(${inner('float8')} / ${divisor(g, ['2', '3', '0.5::float8'], inner('float8'))})`;
    case 4:
      return `${pick(g.prng, ['abs', 'ceil', 'floor', 'round', 'trunc', 'sign', 'ceiling'])}(${inner('float8')})`;
    case 5:
      return `sqrt(${g.safe ? 'abs(' : pick(g.prng, ['abs(', '('])}${inner('float8')}))`;
    case 6:
      return `(- ${inner('float8')})`;
    default:
      return `(${inner(pick(g.prng, ['int4', 'int8', 'numeric'] as const))})::float8`;
  }
}

/** Products are rounded in safe mode, so that what is stored does not grow from one update to the next. */
function numeric(g: Generator, inner: Inner): string {
  if (nextChance(g.prng, 10, 100)) return extracted(g, inner);
  const number = (): string => inner(pick(g.prng, ['int4', 'int8', 'numeric', 'numeric'] as const));
  switch (nextBelow(g.prng, 12)) {
    case 0:
    case 1:
      return `(${inner('numeric')} ${pick(g.prng, ['+', '-'])} ${number()})`;
    case 2:
    case 3: {
      const product = `(${smallNumeric(g, inner('numeric'))} * ${number()})`;
      return g.safe ? `round(${product}, 4)` : product;
    }
    case 4: {
      const quotient = `(${inner('numeric')} / ${divisor(g, ['2', '3', '-0.7', '1e5', '0.00'], number())})`;
      return g.safe ? `round(${inner('numeric')} / ${pick(g.prng, ['3', '-0.7'])}, 6)` : quotient;
    }
    case 5:
      return `(${inner('numeric')} % ${divisor(g, ['2', '0.3', '-7.5'], number())})`;
    case 6:
      return `${pick(g.prng, ['abs', 'ceil', 'floor', 'round', 'trunc', 'sign'])}(${inner('numeric')})`;
    case 7:
      return `${pick(g.prng, ['round', 'trunc'])}(${inner('numeric')}, ${nextBetween(g.prng, -3, 6)})`;
    case 8:
      return `sqrt(${g.safe ? 'abs(' : pick(g.prng, ['abs(', '('])}${inner('numeric')}))`;
    case 9:
      return `(- ${inner('numeric')})`;
    case 10:
      return `(${smallNumeric(g, inner('numeric'))})::numeric(${pick(g.prng, ['12,3', '9', '6,1', '8,-1'])})`;
    default:
      return `(${inner(pick(g.prng, ['int4', 'int8', 'float8'] as const))})::numeric`;
  }
}

function text(g: Generator, inner: Inner): string {
  const length = (): string => String(nextBetween(g.prng, -3, 6));
  switch (nextBelow(g.prng, 14)) {
    case 12:
      return `(${inner(pick(g.prng, NEWER))})::text`;
    case 13:
      return pick(g.prng, [
        `encode(${inner('bytea')}, '${pick(g.prng, ['hex', 'base64', 'escape'])}')`,
        `(${inner('bpchar')} || ${inner('text')})`,
        `concat(${inner('bpchar')}, ${inner('date')})`,
        `upper(${inner('bpchar')})`,
      ]);
    case 0:
      return `(${inner('text')} || ${inner('text')})`;
    case 1:
      return `(${inner('text')} || ${inner(pick(g.prng, ['int4', 'int8', 'bool', 'numeric'] as const))})`;
    case 2:
      return `${pick(g.prng, ['upper', 'lower', 'reverse', 'btrim', 'ltrim', 'rtrim'])}(${inner('text')})`;
    case 3:
      return `${pick(g.prng, ['left', 'right', 'repeat', 'substr'])}(${inner('text')}, ${length()})`;
    case 4:
      return `substring(${inner('text')} from ${length()} for ${nextBelow(g.prng, 5)})`;
    case 5:
      return `replace(${inner('text')}, ${inner('text')}, 'Q')`;
    case 6:
      return `trim(${pick(g.prng, ['both', 'leading', 'trailing'])} ${pick(g.prng, ["'a'", "' '", "'ab'"])} from ${inner('text')})`;
    case 7:
      return `concat(${inner('text')}, ${inner(pick(g.prng, ['int4', 'bool', 'float8'] as const))})`;
    case 8:
      return `${pick(g.prng, ['lpad', 'rpad'])}(${inner('text')}, ${length()}, ${pick(g.prng, ["'xy'", "''", "'¡'"])})`;
    case 9:
      return `split_part(${inner('text')}, ${pick(g.prng, ["'a'", "''", "'b'"])}, ${pick(g.prng, g.safe ? ['1', '2', '-1'] : ['1', '2', '-1', '0'])})`;
    case 10:
      return `concat_ws('-', ${inner('text')}, ${inner('int4')})`;
    default:
      return `(${inner(pick(g.prng, ['int4', 'int8', 'bool', 'float8', 'numeric'] as const))})::text`;
  }
}

function boolean(g: Generator, inner: Inner): string {
  const type = nextChance(g.prng, 25, 100)
    ? pick(g.prng, NEWER)
    : pick(g.prng, ['int4', 'int8', 'text', 'float8', 'bool', 'numeric'] as const);
  if (nextChance(g.prng, 6, 100)) {
    const [left, right] = pick(g.prng, PAIRS);
    return `(${inner(left)} ${pick(g.prng, ['=', '<>', '<', '<=', '>', '>='])} ${inner(right)})`;
  }
  if (nextChance(g.prng, 3, 100)) return `(${inner('bpchar')} ${pick(g.prng, ['like', 'ilike'])} 'a%')`;
  switch (nextBelow(g.prng, 15)) {
    case 0:
    case 1:
    case 2:
      return `${inner(type)} ${pick(g.prng, ['=', '<>', '<', '<=', '>', '>='])} ${inner(type)}`.replace(
        /^(.*)$/s,
        '($1)',
      );
    case 3:
      return `(${inner('bool')} and ${inner('bool')})`;
    case 4:
      return `(${inner('bool')} or ${inner('bool')})`;
    case 5:
      return `(not ${inner('bool')})`;
    case 6:
      return `(${inner(type)} ${pick(g.prng, ['is null', 'is not null'])})`;
    case 7:
      return `(${inner(type)} ${pick(g.prng, ['in', 'not in'])} (${inner(type)}, ${inner(type)}, null))`.replace(
        /, null\)\)$/,
        nextChance(g.prng, 30, 100) ? ', null))' : '))',
      );
    case 8:
      return `(${inner(type)} ${pick(g.prng, ['between', 'not between', 'between symmetric'])} ${inner(type)} and ${inner(type)})`;
    case 9:
      return `(${inner('text')} ${pick(g.prng, ['like', 'not like', 'ilike'])} ${pick(g.prng, ["'%a%'", "'_b%'", "'a'", "'%\\_%'", "'x!%y' escape '!'", "''", "'%😀'", g.safe ? "'a_'" : inner('text')])})`;
    case 10:
      return `(${inner('bool')} is ${pick(g.prng, ['true', 'false', 'not true', 'not false', 'unknown', 'not unknown'])})`;
    case 11:
      return `(${inner(type)} is ${pick(g.prng, ['', 'not '])}distinct from ${inner(type)})`;
    case 12:
      return `(${inner('int4')} ${pick(g.prng, ['=', '<', '>='])} ${inner(pick(g.prng, ['int8', 'float8', 'numeric'] as const))})`;
    case 13:
      return `(${inner('numeric')} ${pick(g.prng, ['=', '<>', '>'])} ${inner(pick(g.prng, ['int4', 'int8', 'float8'] as const))})`;
    default:
      return `starts_with(${inner('text')}, ${inner('text')})`;
  }
}
