// Drawn calls of functions, by family: what they are given, and statements that always run.

import { nextBelow, type Prng } from '../../base/prng.ts';
import { random, readNumbers } from './drawn-numbers.ts';
import { regexes } from './drawn-regex.ts';
import { decimal, digits, type Family, NUMBER_WORDS, pick } from './drawn-values.ts';

const SPECIAL = ['0', '1', '-1', '0.5', '2', '10', '100', "'NaN'", "'Infinity'", "'-Infinity'"];
const numeric = (prng: Prng): string =>
  `${nextBelow(prng, 8) === 0 ? pick(prng, SPECIAL) : `(${decimal(prng, pick(prng, [1, 2, 5, 12]), pick(prng, [0, 2, 6, 20]))})`}::numeric`;
const float = (prng: Prng): string => {
  if (nextBelow(prng, 8) === 0) return `${pick(prng, [...SPECIAL, "'1e300'", "'-1e-300'"])}::float8`;
  return `(${decimal(prng, pick(prng, [1, 2, 4]), pick(prng, [1, 4, 12]))})::float8`;
};

const OF_FLOAT =
  'exp ln log log10 cbrt sin cos tan cot sind cosd tand cotd asin acos atan asind acosd atand sinh cosh tanh asinh acosh atanh degrees radians sqrt'.split(
    ' ',
  );
const OF_NUMERIC = 'exp ln log log10 sqrt scale min_scale trim_scale factorial_of'.split(' ');

/** Twelve digits of a double. */
const shown = (call: string): string => `to_char(${call}, '9.99999999999EEEE')`;

const math: Family = {
  draw: (prng) => {
    const name = pick(prng, OF_FLOAT);
    switch (nextBelow(prng, 10)) {
      case 0:
        return `select ${shown(`power(${float(prng)}, ${float(prng)})`)}`;
      case 1:
        return `select ${shown(`${float(prng)} ^ ${pick(prng, ['2', '3', '0.5', '-1', '7'])}`)}`;
      case 2:
        return `select ${shown(`${pick(prng, ['atan2', 'atan2d'])}(${float(prng)}, ${float(prng)})`)}`;
      case 3:
        return `select width_bucket(${float(prng)}, ${float(prng)}, ${float(prng)}, ${nextBelow(prng, 12) - 1})`;
      default:
        return `select ${shown(`${name}(${float(prng)})`)}`;
    }
  },
  fixed: [
    'select width_bucket(5, array[1, 3, 7]), width_bucket(2.5, array[1, 2, 3]), width_bucket(1, array[2, null])',
    'select pi(), |/ 25.0, ||/ 27.0, 2 ^ 10, 2.0 ^ 0.5, 2 ^ -1, power(2, 3), power(2.0, 3)',
    "select power('0', -1), 1",
    'select exp(1), ln(2), log(100), sqrt(2), cbrt(27)',
    'select 1 << 4, 256 >> 2, ~5, (7::bigint << 40), 3::smallint << 2, -8 >> 1, 1 << 33',
    'select exp(1000::float8)',
    'select exp(-1000::float8)',
    'select ln(0::float8)',
    'select power(10::float8, 400)',
    'select power(10::float8, -400)',
    'select sind(30), cosd(60), tand(45), cotd(45), sind(180), cosd(90), cosd(270), tand(135), asind(0.5), acosd(0.5), atand(1)',
  ],
};

const numerics: Family = {
  draw: (prng) => {
    switch (nextBelow(prng, 8)) {
      case 0:
        return `select power(${numeric(prng)}, ${numeric(prng)})`;
      case 1:
        return `select (${numeric(prng)}) ^ (${nextBelow(prng, 60) - 20})`;
      case 2:
        return `select log(${numeric(prng)}, ${numeric(prng)})`;
      case 3:
        return `select ${pick(prng, ['gcd', 'lcm', 'div'])}(${numeric(prng)}, ${numeric(prng)})`;
      case 4:
        return `select width_bucket(${numeric(prng)}, ${numeric(prng)}, ${numeric(prng)}, ${nextBelow(prng, 12) - 1})`;
      default: {
        const name = pick(prng, OF_NUMERIC);
        return name === 'factorial_of'
          ? `select factorial(${nextBelow(prng, 60) - 5})`
          : `select ${name}(${numeric(prng)})`;
      }
    }
  },
  fixed: [
    'select gcd(12, 18), lcm(12, 18), gcd(-4::bigint, 6), lcm(2147483647, 2), gcd(0, 0)',
    'select lcm(2147483647, 2147483646)',
    'select exp(5000.0), exp(-5000.0)',
    'select exp(6001.0)',
    'select exp(-6001.0)',
    'select ln(0.00000000000000000000000000000001), ln(1.0000000001), ln(123456789012345678901234567890.0)',
    'select power(1.0000001, 100000), power(0.5, 3000), power(99.99, 40.5), 10.0 ^ -30',
    'select power(12345.678, 20000)',
    'select factorial(100), factorial(32178)',
    "select power('NaN'::numeric, 0), power(1::numeric, 'NaN'), 0::numeric ^ 0",
  ],
};

const TEXTS = [
  '',
  'a',
  'Hello World',
  "o'clock",
  'a\\b',
  'x_1',
  'SELECT',
  'été',
  '日本語',
  'abc def-ghi jkl',
  '  pad ',
  '%s',
].map((text) => `'${text.replaceAll("'", "''")}'`);

const strings: Family = {
  draw: (prng) => {
    const text = (): string => pick(prng, TEXTS);
    const n = (): number => nextBelow(prng, 12) - 2;
    switch (nextBelow(prng, 12)) {
      case 0:
        return `select md5(${text()}), md5(${text()}::bytea)`.replaceAll(
          /'[^']*\\[^']*'::bytea/g,
          "'z'::bytea",
        );
      case 1:
        return `select ${pick(prng, ['sha224', 'sha256', 'sha384', 'sha512'])}(convert_to(${text()} || repeat('y', ${nextBelow(prng, 300)}), 'UTF8'))`;
      case 2:
        return `select translate(${text()}, ${text()}, ${text()})`;
      case 3:
        return `select overlay(${text()} placing ${text()} from ${n()} for ${n()})`;
      case 4:
        return `select overlay(${text()} placing ${text()} from ${n()})`;
      case 5:
        return `select quote_literal(${text()}), quote_nullable(${pick(prng, ['null', text()])}), quote_ident(${text()})`;
      case 6:
        return `select to_hex(${n()}), to_hex(${n()}::bigint), to_bin(${n()}), to_oct(${n()}::bigint), bit_length(${text()})`;
      case 7:
        return `select num_nulls(${pick(prng, ['null', '1'])}, ${pick(prng, ['null', "'x'"])}), num_nonnulls(null, ${n()})`;
      case 8:
        return `select pg_size_pretty((${decimal(prng, 17, 0)})::bigint), pg_size_pretty((${decimal(prng, 24, 3)})::numeric)`;
      case 9:
        return `select convert_from(convert_to(${text()}, 'UTF8'), 'utf-8')`;
      default:
        return `select format(${pick(prng, FORMATS)}, ${[text(), n(), pick(prng, ['null', 'true', '1.50'])].join(', ')})`;
    }
  },
  fixed: [
    "select initcap('hello WORLD o''neil x2y'), md5(''), sha256(''::bytea)",
    "select format('%s'), 1",
    "select format('hello'), format(null), format('%%')",
    "select format('%z', 1)",
    "select format('%', 1)",
    "select format('%I', null)",
    "select format('%0$s', 1)",
    "select format('%5')",
    'select quote_literal(42), quote_literal(1.5)',
    'select pg_size_pretty(10239::bigint), pg_size_pretty(10240::bigint), pg_size_pretty(-1234567890::bigint), pg_size_pretty(20 * 1024::bigint ^ 2)',
  ],
};
const FORMATS = [
  "'%s-%s-%s'",
  "'%2$s %1$s'",
  "'%I.%I'",
  "'%L, %L, %L'",
  "'%10s|%-6s|'",
  "'%3$L'",
  "'%1$I %1$L %1$s'",
  "'%s %% %s'",
  "'%-10I|'",
  "'%*2$s|'",
];

const numbers: Family = {
  draw: (prng) => {
    const template =
      nextBelow(prng, 3) === 0
        ? Array.from({ length: 1 + nextBelow(prng, 9) }, () => pick(prng, NUMBER_WORDS)).join('')
        : pick(prng, ['', 'FM', 'S', 'FMS']) +
          pick(prng, ['9', '99', '999', '0', '09', '990', '9,999', '9G999G999', '000', '9,909']) +
          pick(prng, ['', '.9', '.99', 'D00', '.90', '.09', '.0', 'V99', '.9999']) +
          pick(prng, ['', '', 'MI', 'PR', 'S', 'PL', 'SG', 'th', 'EEEE', '"ab"', ' x']);
    const type = pick(prng, ['int', 'bigint', 'numeric', 'float8', 'real', 'numeric']);
    const value =
      type === 'int' || type === 'bigint'
        ? decimal(prng, pick(prng, [1, 2, 4, 7]), 0)
        : nextBelow(prng, 12) === 0
          ? pick(prng, ["'NaN'", "'Infinity'", "'-Infinity'", '0', '0.1', '-0.001', '0.5'])
          : decimal(prng, pick(prng, [0, 1, 2, 4, 7]), pick(prng, [0, 1, 2, 5]));
    return `select to_char((${value})::${type}, '${template}')`;
  },
  fixed: [
    "select to_char(1234, 'RN'), to_char(1234, 'FMrn'), to_char(0, 'RN'), to_char(3999.5, 'rn'), to_char(485::bigint, 'RN')",
    "select to_char(12345.678, '9.99EEEE'), to_char(-0.00012, '9.9EEEE'), to_char(0, '9.999EEEE'), to_char(1e100::float8, '9EEEE')",
    "select to_char(1, 'FM9th'), to_char(2, 'FM9TH'), to_char(11, 'FM99th'), to_char(23, 'FM99th')",
    "select to_char(125.8::real, '999D9'), to_char(-125.8, '999D99S'), to_char(148.5, 'FM999.990'), to_char(485, '\"Good number:\"999')",
    "select to_char(1, ''), to_char(null::int, '9'), to_char(1, null)",
  ],
};

const MOMENT_PATTERNS =
  'YYYY YYY YY Y MM DD DDD D ID IYYY IYY IY I IW WW W Q CC J HH24 HH12 HH MI SS MS US FF1 FF3 FF6 SSSS AM PM a.m. p.m. BC ad A.D. Month MONTH month Mon MON Day DAY day Dy DY RM rm Y,YYY IDDD TZ tz TZH TZM OF SSSSS'.split(
    ' ',
  );
const moment = (prng: Prng): string => {
  const year = pick(prng, [1 + nextBelow(prng, 2999), 2000 + nextBelow(prng, 40), 1 + nextBelow(prng, 20)]);
  const two = (most: number, least = 0): string => String(least + nextBelow(prng, most)).padStart(2, '0');
  const text = `${String(year).padStart(4, '0')}-${two(12, 1)}-${two(28, 1)} ${two(24)}:${two(60)}:${two(60)}.${digits(prng, 6)}`;
  return `${pick(prng, ['timestamp', 'timestamptz'])} '${text}${nextBelow(prng, 8) === 0 ? ' BC' : ''}'`;
};

const moments: Family = {
  draw: (prng) => {
    const template = Array.from(
      { length: 1 + nextBelow(prng, 5) },
      () =>
        pick(prng, ['', '', '', 'FM', 'TM']) +
        pick(prng, MOMENT_PATTERNS) +
        pick(prng, ['', '', '', 'th', 'TH', ' ', '-', ':', '/', '"at"', ', ']),
    ).join('');
    if (nextBelow(prng, 5) > 0) return `select to_char(${moment(prng)}, '${template}')`;
    const span = `interval '${nextBelow(prng, 60) - 20} months ${nextBelow(prng, 500) - 100} days ${nextBelow(prng, 200000) - 50000}.25 seconds'`;
    return `select to_char(${span}, '${template}')`;
  },
  fixed: [
    "select to_char(timestamp 'infinity', 'YYYY'), to_char(timestamp '2001-02-03', ''), to_char(date '2001-02-03', 'YYYY-MM-DD HH24')",
    'select to_char(timestamp \'2001-02-03 04:05:06\', \'"Day: "FMDay, DDth "of" FMMonth YYYY \\"q\\"\')',
    "select to_char(interval '15h 2m 12s', 'HH24:MI:SS'), to_char(interval '1 year 2 mons', 'YYYY MM RM')",
    "select to_char(interval '1 day', 'Day')",
    "select to_char(timestamp '2001-02-03 04:05:06', 'YYYYfmMMDDspSP')",
  ],
};

/** A template, and texts that mostly fit it. */
const READ: readonly (readonly [template: string, make: (prng: Prng) => string])[] = [
  ['YYYY-MM-DD', (p) => `${1900 + nextBelow(p, 200)}-${1 + nextBelow(p, 13)}-${1 + nextBelow(p, 31)}`],
  ['YYYYMMDD', (p) => `${1900 + nextBelow(p, 200)}${digits(p, pick(p, [4, 4, 3]))}`],
  [
    'DD Mon YYYY',
    (p) =>
      `${1 + nextBelow(p, 30)} ${pick(p, ['Jan', 'feb', 'MAR', 'Xyz', 'december'])} ${digits(p, pick(p, [4, 2]))}`,
  ],
  ['DD/MM/YY', (p) => `${digits(p, 2)}/${digits(p, 2)}/${digits(p, 2)}`],
  ['HH12:MI:SS AM', (p) => `${digits(p, 2)}:${digits(p, 2)}:${digits(p, 2)} ${pick(p, ['AM', 'pm', 'xx'])}`],
  [
    'YYYY-MM-DD HH24:MI:SS.MS',
    (p) =>
      `20${digits(p, 2)}-0${1 + nextBelow(p, 9)}-1${digits(p, 1)} ${nextBelow(p, 26)}:${nextBelow(p, 60)}:${nextBelow(p, 61)}.${digits(p, 1 + nextBelow(p, 4))}`,
  ],
  ['YYYY DDD', (p) => `${1900 + nextBelow(p, 200)} ${1 + nextBelow(p, 370)}`],
  ['IYYY-IW-ID', (p) => `${1990 + nextBelow(p, 50)}-${1 + nextBelow(p, 53)}-${1 + nextBelow(p, 7)}`],
  ['IYYY-IDDD', (p) => `${1990 + nextBelow(p, 50)}-${digits(p, 3)}`],
  [
    'Month DD, YYYY',
    (p) =>
      `${pick(p, ['January', 'may', 'JULY', 'Sept'])} ${1 + nextBelow(p, 30)}, ${1900 + nextBelow(p, 200)}`,
  ],
  ['J', (p) => digits(p, 7)],
  ['CC YY', (p) => `${nextBelow(p, 22)} ${digits(p, 2)}`],
  ['YYYY BC', (p) => `${1 + nextBelow(p, 3000)} ${pick(p, ['BC', 'AD', 'bc'])}`],
  ['Y,YYY', (p) => `${nextBelow(p, 3)},${digits(p, 3)}`],
  [
    'DD-RM-YYYY',
    (p) => `${1 + nextBelow(p, 28)}-${pick(p, ['I', 'iv', 'XII', 'VIII', 'q'])}-${2000 + nextBelow(p, 20)}`,
  ],
  [
    'FXYYYY MM DD',
    (p) => `${1900 + nextBelow(p, 200)}${pick(p, [' ', '-'])}${digits(p, pick(p, [2, 1]))} ${digits(p, 2)}`,
  ],
  ['SSSS', (p) => digits(p, 5)],
  ['YYYY WW', (p) => `${1990 + nextBelow(p, 50)} ${1 + nextBelow(p, 53)}`],
  ['YYYY-MM W', (p) => `${1990 + nextBelow(p, 50)}-${1 + nextBelow(p, 12)} ${1 + nextBelow(p, 5)}`],
  [
    'YYYY-MM-DD HH24:MI TZH:TZM',
    (p) => `2020-01-0${1 + nextBelow(p, 9)} 10:30 ${pick(p, ['+', '-'])}${nextBelow(p, 13)}:30`,
  ],
  ['HH24MISS US', (p) => `${digits(p, 6)} ${digits(p, 1 + nextBelow(p, 6))}`],
  ['Dy DDth Mon YYYY', (p) => `${pick(p, ['Mon', 'sun'])} ${1 + nextBelow(p, 28)}th Jan 2020`],
  ['YYYY HH24 HH12', (p) => `2020 ${nextBelow(p, 24)} ${nextBelow(p, 24)}`],
  ['YYYY IW', () => '2020 10'],
];

const reading: Family = {
  draw: (prng) => {
    const [template, make] = pick(prng, READ);
    const spaced = nextBelow(prng, 6) === 0 ? `  ${make(prng)} ` : make(prng);
    return `select ${pick(prng, ['to_date', 'to_timestamp'])}('${spaced}', '${template}')`;
  },
  fixed: [
    "select to_date('', ''), to_timestamp('', 'YYYY'), to_date(null, 'YYYY'), to_date('2000', null)",
    "select to_timestamp('2000JUN', 'YYYY MON'), to_timestamp('2000    JUN', 'YYYY MON'), to_timestamp('2000/JUN', 'YYYY MON')",
    "select to_timestamp('12:34:56.25', 'HH24:MI:SS.FF2'), to_date('2001-02-03 rest', 'YYYY-MM-DD')",
  ],
};

const AGGREGATED = ['i', 's', 'b', 'n', 'f', 'r'];
const SPREAD = ['stddev', 'stddev_pop', 'stddev_samp', 'variance', 'var_pop', 'var_samp'];
const PAIRS =
  'corr covar_pop covar_samp regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy'.split(
    ' ',
  );

const aggregates: Family = {
  before: [
    'create table v (id int primary key, g int, i int, s smallint, b bigint, n numeric(12, 3), f float8, r real, t text, d interval)',
    ...Array.from({ length: 40 }, (_, k) => {
      const nul = (i: number, value: string): string => ((k * 7 + i) % 11 === 0 ? 'null' : value);
      const columns = [
        nul(1, String((k * 37) % 19)),
        nul(2, String((k * 5) % 13)),
        nul(3, String(k * 1_000_000_007)),
        nul(4, `${(k * 173) % 91}.${k}`),
        nul(5, `${(k * 31) % 17}.25`),
        nul(6, `${(k * 3) % 23}.5`),
        nul(7, `'t${(k * 11) % 9}'`),
        nul(8, `'${(k * 13) % 29} hours'`),
      ];
      return `insert into v values (${k}, ${k % 5}, ${columns.join(', ')})`;
    }),
  ],
  draw: (prng) => {
    const column = pick(prng, AGGREGATED);
    const part = pick(prng, [
      '0',
      '1',
      '0.5',
      '0.25',
      '0.333',
      '0.9',
      'null',
      '1.5',
      '-0.1',
      'array[0.1, 0.5, 0.9]',
      'array[0.5, null]',
    ]);
    const direction = pick(prng, ['', '', ' desc', ' nulls first']);
    const call = ((): string => {
      switch (nextBelow(prng, 6)) {
        case 0:
          return `${pick(prng, SPREAD)}(${pick(prng, ['', 'distinct '])}${column})`;
        case 1:
          return `${pick(prng, ['bit_and', 'bit_or', 'bit_xor'])}(${pick(prng, ['i', 's', 'b'])})`;
        case 2:
          return `${pick(prng, PAIRS)}(${pick(prng, ['f', 'i', 'r'])}, ${pick(prng, ['f', 'i', 'id'])})`;
        case 3:
          return `percentile_cont(${part}) within group (order by ${pick(prng, [...AGGREGATED, 'd'])}${direction})`;
        case 4:
          return `percentile_disc(${part}) within group (order by ${pick(prng, [...AGGREGATED, 't', 'd'])}${direction})`;
        default:
          return `mode() within group (order by ${pick(prng, [...AGGREGATED, 't'])}${direction})`;
      }
    })();
    const filtered =
      nextBelow(prng, 5) === 0 ? `${call} filter (where id % 3 = ${nextBelow(prng, 3)})` : call;
    switch (nextBelow(prng, 4)) {
      case 0:
        return `select g, ${filtered} from v group by g order by g`;
      case 1:
        return `select ${filtered} from v where id < ${nextBelow(prng, 4)}`;
      case 2:
        return /within/.test(filtered)
          ? `select ${filtered} from v`
          : `select id, ${filtered} over (order by id rows ${nextBelow(prng, 5)} preceding) from v order by id limit 12`;
      default:
        return `select ${filtered} from v`;
    }
  },
  fixed: [
    'select percentile_cont(0.5) from v',
    'select sum(i) within group (order by i) from v',
    "select lower('x') within group (order by 1)",
    'select percentile_cont(0.5) within group (order by t) from v',
    'select percentile_cont(0.5) within group (order by i) over () from v',
    'select mode(1) within group (order by i) from v',
    "select percentile_cont(0.25) within group (order by x) from unnest(array['10:00'::time, '12:00', '13:30']) as x",
    "select percentile_cont(array[0.25, 1]) within group (order by x desc) from unnest(array['10:00'::time, '12:00']) as x",
    "select percentile_cont(array[1]::smallint[], '10:00'::time)",
    'select stddev(t) from v',
    "select stddev('1'), 1",
    "select variance(x) from unnest(array['NaN'::float8, 1]) x",
    "select variance(x) from unnest(array['Infinity'::numeric, 1]) x",
    'select stddev(x), var_pop(x) from unnest(array[1e200::float8, -1e200]) x',
  ],
};

export const CALLS = {
  'random numbers of a seed': random,
  'mathematical functions of double precision': math,
  'mathematical functions of numeric': numerics,
  'functions of texts and bytes': strings,
  'to_char of numbers': numbers,
  to_number: readNumbers,
  'to_char of timestamps and intervals': moments,
  'to_date and to_timestamp': reading,
  'regular expressions': regexes,
  'aggregates of statistics, bits and ordered sets': aggregates,
} as const satisfies Readonly<Record<string, Family>>;
