// numeric against PostgreSQL itself (PGlite): every operator over pairs of values, every function and cast over single
// ones, with result scales, SQLSTATEs and messages equal to the letter.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { holdAgainstPostgres } from './testing/held-against-postgres.ts';

let held: Awaited<ReturnType<typeof holdAgainstPostgres>>;

beforeAll(async () => {
  held = await holdAgainstPostgres();
});

afterAll(() => held.close());

const VALUES = [
  '0.0',
  '1.0',
  '1.00',
  '-0.5',
  '2.5',
  '-2.50',
  '3',
  '-7::bigint',
  '0.1',
  '0.3000',
  '9999.9',
  '10000.0',
  '-99999999.99',
  '0.00012345',
  '123456789012345678901234567890',
  '-9223372036854775809',
  '0.00000000000000000000000000000000000001',
  "'1e200'::numeric",
  "'-1e-150'::numeric",
  "'NaN'::numeric",
  "'Infinity'::numeric",
  "'-Infinity'::numeric",
  "'2.25'::float8",
];

const OPERATORS = ['+', '-', '*', '/', '%', '<', '=', '>='];

test('operators over all pairs of values give rows, scales and refusals as PostgreSQL does', async () => {
  const statements = VALUES.flatMap((a) =>
    VALUES.flatMap((b) => OPERATORS.map((op) => `select (${a}) ${op} (${b})`)),
  );
  expect(statements.length).toBeGreaterThan(4000);
  expect(await held.differences(statements)).toEqual([]);
});

const FUNCTIONS = [
  '- (?)',
  'abs(?)',
  'sign(?)',
  'ceil(?)',
  'ceiling(?)',
  'floor(?)',
  'round(?)',
  'trunc(?)',
  'round(?, 3)',
  'round(?, -2)',
  'trunc(?, 1)',
  'trunc(?, -4)',
  'sqrt(?)',
  'mod(?, 0.7)',
  '(?)::int',
  '(?)::bigint',
  '(?)::float8',
  '(?)::numeric',
  '(?)::text',
  '(?)::numeric(10, 3)',
  '(?)::numeric(3)',
  '(?)::decimal(4, -2)',
  '(?)::numeric(3, 6)',
  '(?)::boolean',
  'coalesce(null, ?, 1.5)',
  'greatest(?, 1, 0.250)',
  'least(?, 1.0, 2)',
  'nullif(?, 1)',
  'nullif(1, ?)',
  "'<' || (?)",
  'case when (?) > 1 then ? else 0 end',
  '(?) in (1, 2.50, 0.1)',
  '(?) between -1 and 2.50',
  '(?) is distinct from 1.000',
  'concat(?, null, 1.50)',
];

const MORE_VALUES = [
  '0.49999',
  '0.5',
  '1.5',
  '-1.5',
  '2147483647.49',
  '2147483647.5',
  '-2147483648.5',
].concat(
  ['9223372036854775807.4', '9223372036854775807.5', '99.9995', '999.5', '0.0009995', '1e15::float8'],
  ['1e-5::float8', '123456789.123456789::float8', '100000000000000.5::float8', '100000000000001.5::float8'],
  ['0.1::float8', '1e300::float8', '5e-324::float8', "'-0'::float8", "'1.50'", "'1e400'::numeric", '-1e-400'],
);

test('functions and casts over single values do so', async () => {
  const statements = [...VALUES, ...MORE_VALUES].flatMap((value) =>
    FUNCTIONS.map((f) => `select ${f.replaceAll('?', value)}`),
  );
  expect(statements.length).toBeGreaterThan(1400);
  expect(await held.differences(statements)).toEqual([]);
});

const TEXTS = [
  '1',
  ' 1.50 ',
  '.5',
  '5.',
  '-.5e-2',
  '+7',
  '1e5',
  '1E-5',
  '1e+3',
  '0e200000',
  '0e-16384',
  '1_000.5',
].concat(
  [
    '0x1F',
    '-0b101',
    '0o17',
    '0x',
    '1e1_0',
    '1__0',
    '_1',
    '1_',
    '1._5',
    '1_.5',
    '1.5_',
    '',
    ' ',
    '.',
    '-',
    '+-1',
  ],
  ['e5', '1e', '1e+', '1.5x', '1 2', '--1', '1e131071', '1e131072', '1e-16383', '1e-16384', '1e999999999'],
  ['1e2147483648', 'NaN', 'nan', '+NaN', 'inf', '-inf', '+Infinity', '-INFINITY', 'infinit', '0.000', '-0.0'],
);

test('the text form is read as PostgreSQL reads it', async () => {
  const statements = TEXTS.flatMap((text) => [
    `select '${text}'::numeric`,
    `select ('${text}'::text)::numeric`,
    `select 1.0 + '${text}'`,
    `select cast('${text}' as numeric(6, 2))`,
  ]);
  expect(await held.differences(statements)).toEqual([]);
});

const LITERALS = [
  '1.5',
  '-1.50',
  '1e3',
  '1E-3',
  '.5',
  '5.',
  '1_000.25',
  '9223372036854775807',
  '9223372036854775808',
].concat(
  [
    '-9223372036854775808',
    '-9223372036854775809',
    '0x7fffffffffffffff',
    '0xffffffffffffffff',
    '2147483648',
    '1e400',
  ],
  ['1e-400', '1e131072', '1e-16384', '0.00', '-0.00', `1.${'3'.repeat(500)}`, '9'.repeat(600)],
);

const OTHERS = [
  ...LITERALS.flatMap((text) => [`select ${text}`, `select - ${text}`, `select ${text} * 2`]),
  'select sum(x), avg(x), min(x), max(x) from (values (1)) v(x)',
  'select 1.5 % 2::float8',
  'select round(2.5::float8, 1)',
  'select true::numeric',
  'select 1.5 + true',
  "select mod('5', '3')",
  'select sqrt(-1.0)',
  'select sqrt(2), sqrt(2.0), sqrt(2::float8)',
  'select round(5), round(5::bigint, 1), abs(-5), sign(-3), ceil(7)',
  'select 1::numeric(0, 0)',
  'select 1::numeric(1001)',
  'select 1::numeric(5, 1001)',
  'select 1::numeric(5, -1001)',
  'select 1::numeric(5, 2, 1)',
  'select 1::numeric(a)',
  'select 1::numeric(1.5)',
  "select 1::numeric('3')",
  'select 1::numeric(1 + 1)',
  'select null::numeric(3, 1), null::numeric + 1',
  'select 12345::numeric(3, -2), 0.00012::numeric(2, 5), 123.45::numeric(5, 2)',
  'select 0.1 + 0.2 = 0.3, 1.0 = 1.00, 1.5 = 1.5::float8',
  'values (1), (2.50), (3::bigint) order by 1 desc',
  'values (1), (2.50), (3::float8) order by 1 desc',
  'select 3 limit 1.5',
  'select 3 order by 1.5',
].filter((sql) => !sql.includes('from (values'));

test('literals, overloads and type modifiers are settled as PostgreSQL settles them', async () => {
  expect(await held.differences(OTHERS)).toEqual([]);
});

const TABLE_STATEMENTS = [
  'create table accounts (id int primary key, balance bigint, rate numeric(6, 3), note numeric)',
  'create table prices (amount numeric primary key, label text)',
  "insert into accounts values (1, 705, 1.5, 1.10), (2, 700, '2.0005', 2), (3, null, null, null)",
  'select sum(balance) / count(*), sum(balance), avg(balance), avg(id), round(avg(id)) from accounts',
  'select round(avg(id)) from accounts where id > 1',
  'select sum(rate), avg(rate), min(rate), max(rate), sum(note), avg(note), sum(distinct note) from accounts',
  'select sum(balance), avg(note) from accounts where id > 3',
  'update accounts set balance = balance * 1.05 where id = 1',
  'update accounts set balance = 1.25 + 1.25, note = 0.1 where id = 2',
  'select * from accounts order by id',
  'update accounts set rate = 999.9995 where id = 1',
  'update accounts set rate = 999.9994 where id = 1',
  "update accounts set rate = 'Infinity' where id = 1",
  "update accounts set rate = 'NaN' where id = 2",
  'update accounts set id = 9223372036854775808 where id = 2',
  "update accounts set balance = 'NaN'::numeric where id = 2",
  'select * from accounts order by rate desc, id',
  "insert into prices values (1.0, 'one'), (-2.50, 'minus'), (0, 'zero'), (1e30, 'big'), ('NaN', 'nan')",
  "insert into prices values ('-Infinity', 'low'), ('Infinity', 'high'), (0.001, 'small'), (10, 'ten')",
  "insert into prices values (1.00, 'again')",
  'select amount, label from prices order by amount',
  'select label from prices where amount = 1.000',
  'select label from prices where amount in (10.0, 0.0, 7, 0.0010) order by amount desc',
  'select label from prices where amount > -3 and amount <= 10 order by amount limit 4',
  "select label from prices where amount > 1e29 or amount = 'NaN' order by amount",
  "update prices set amount = 1.0000 where label = 'one'",
  "update prices set amount = amount * 10 where label = 'one'",
  'select amount, label from prices where amount > 0.5 and amount < 11 order by amount',
  "update prices set amount = 11 where label = 'ten'",
  'update prices set amount = amount * 1.10 where amount < 100 and amount > 0',
  'select amount from prices order by amount',
  "insert into prices select id * 1.25, 'from accounts' from accounts",
  'select count(*), count(distinct amount) from prices group by amount > 0 order by 1',
  'delete from prices where amount = 1.250',
  'select amount::text from prices order by amount',
];

test('columns, keys, aggregates and assignments do so', async () => {
  expect(await held.differences(TABLE_STATEMENTS)).toEqual([]);
});
