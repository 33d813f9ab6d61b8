// json and jsonb, held against PostgreSQL itself.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { isDeep } from '../testing/depth.ts';
import { holdAgainstPostgres } from './testing/held-against-postgres.ts';

let held: Awaited<ReturnType<typeof holdAgainstPostgres>>;
beforeAll(async () => {
  held = await holdAgainstPostgres();
});
afterAll(() => held.close());

const VALUES = [
  'null',
  'true',
  'false',
  '0',
  '-1.50',
  '1e3',
  '12345678901234567890.10',
  '""',
  '"a"',
  '"1"',
  String.raw`"q\"\\\/\b\f\n\r\té😀 \u007f\u00e9\ud83d\ude00"`,
  '[]',
  '[[]]',
  '{}',
  '[1, 2.0, "a", null]',
  '["a", "b"]',
  '[{"a": 1}, {"b": [2]}]',
  '{"a": 1}',
  '{"a": 1.0, "b": null}',
  '{"bb": 1, "a": {"x": [1, {"y": 2}]}, "a": {"x": [10, {"y": "z"}, null]}, "": 5, "é": 6, "zz": 7}',
  ' { "a" : [ 1 , 2 ] , "c" : "d" } ',
];
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const JSONB = VALUES.map((text) => `${quoted(text)}::jsonb`);
const ALL = [...JSONB, ...VALUES.map((text) => `${quoted(text)}::json`)];

test('operators over all pairs of jsonb', async () => {
  const operators = ['@>', '<@', '||', '=', '<', '<>', '>='];
  const statements = JSONB.flatMap((a) =>
    JSONB.flatMap((b) => operators.map((op) => `select (${a}) ${op} (${b})`)),
  );
  expect(statements.length).toBeGreaterThan(3000);
  expect(await held.differences(statements)).toEqual([]);
});

const KEYS = [
  "'a'",
  "'bb'",
  "''",
  "'a'::text",
  '0',
  '1',
  '-1',
  '7',
  '-9',
  "'{a}'::text[]",
  "'{a,x,1,y}'::text[]",
  "'{1}'::text[]",
  "'{a,-1}'::text[]",
  "'{}'::text[]",
  "array['a', null]",
  "'{a,x,z}'::text[]",
  'null',
  '1.5',
  'true',
];

test.runIf(isDeep)('operators with keys and paths', async () => {
  const operators = ['->', '->>', '#>', '#>>', '?', '?|', '?&', '-', '#-', '||', '+', '=', '@>'];
  const statements = ALL.flatMap((a) =>
    KEYS.flatMap((b) => operators.map((op) => `select (${a}) ${op} (${b})`)),
  );
  expect(await held.differences(statements)).toEqual([]);
});

const FUNCTIONS = [
  '?::text',
  '?::json',
  '?::jsonb',
  '?::int',
  '?::bigint',
  '?::smallint',
  '?::numeric',
  '?::float8',
  '?::real',
  '?::bool',
  '?::varchar(4)',
  '?::uuid',
  '?::timestamp',
  'json_typeof(?)',
  'jsonb_typeof(?)',
  'json_array_length(?)',
  'jsonb_array_length(?)',
  'jsonb_pretty(?)',
  'jsonb_strip_nulls(?)',
  'jsonb_strip_nulls(?, true)',
  "jsonb_set(?, '{a}', '9')",
  "jsonb_set(?, '{a,x,1}', '[9]')",
  "jsonb_set(?, '{a,x,1,y}', '9', false)",
  "jsonb_set(?, '{0}', '9')",
  "jsonb_set(?, '{-1}', '9')",
  "jsonb_set(?, '{9}', '9')",
  "jsonb_set(?, '{-9}', '9')",
  "jsonb_set(?, '{c}', '9', false)",
  "jsonb_set(?, '{}', '9')",
  "jsonb_set(?, array[null::text], '9')",
  "jsonb_set(?, '{a,nope}', '9')",
  "jsonb_set(target => ?, path => '{a}', replacement => '1')",
  "jsonb_set(jsonb_in => ?, path => '{a}', replacement => '1', create_if_missing => false)",
  "jsonb_insert(?, '{a}', '9')",
  "jsonb_insert(?, '{1}', '9')",
  "jsonb_insert(?, '{1}', '9', true)",
  "jsonb_insert(?, '{-1}', '9')",
  "jsonb_insert(?, '{new}', '9')",
  'to_json(?)',
  'to_jsonb(?)',
  'json_build_array(?, 1)',
  "jsonb_build_object('k', ?)",
  'json_build_object(?, 1)',
  "coalesce(?, '{}')",
  '? is null',
  'json_agg(?)',
  'jsonb_agg(?)',
  "json_object_agg('k', ?)",
  "jsonb_object_agg('k', ?)",
  'min(?)',
  'sum(?)',
  'array[?]',
  'count(distinct ?)',
  "? || 'x'",
  "'x' || ?",
  'upper(?)',
  'concat(?)',
  'lower(?::text)',
  '- ?',
  'case when true then ? end',
  '? = ?',
  '? in (?)',
  "nullif(?, '1')",
  'greatest(?, null)',
];

test('functions and casts over single values', async () => {
  const statements = ALL.flatMap((value) => FUNCTIONS.map((f) => `select ${f.replaceAll('?', value)}`));
  expect(await held.differences(statements)).toEqual([]);
});

const ROWS = [
  'json_array_elements',
  'json_array_elements_text',
  'json_object_keys',
  'json_each',
  'json_each_text',
];

test('functions that give rows', async () => {
  const statements = VALUES.flatMap((text) =>
    ROWS.flatMap((name) => [
      `select * from ${name}(${quoted(text)}::json)`,
      `select * from ${name.replace('json', 'jsonb')}(${quoted(text)}::jsonb)`,
    ]),
  );
  const more = [
    `select jsonb_array_elements('[1, 2]'), 'x'`,
    `select jsonb_array_elements('[1, 2]'::jsonb) -> 'a'`,
    `select jsonb_object_keys('{"b": 1, "a": 2}')`,
    `select k, v from jsonb_each('{"b": 1, "a": null}') as t(k, v)`,
    `select key, value from jsonb_each_text('{"b": 1, "a": null}') order by key`,
    `select value, ordinality from jsonb_array_elements_text('["x", null]') with ordinality`,
    `select t.* from jsonb_array_elements_text('["x", "y"]') as t`,
    `select e from jsonb_array_elements('["x", "y"]') as t(e)`,
    `select v.id, e.value ->> 'n' from (values (1, '[{"n": 5}]'::jsonb), (2, '[]')) v(id, list), jsonb_array_elements(v.list) e`,
    `select * from jsonb_array_elements(null)`,
  ].filter((sql) => !sql.includes("-> 'a'"));
  expect(await held.differences([...statements, ...more])).toEqual([]);
});

const TEXTS = [
  '',
  ' ',
  '{',
  '}',
  '[1',
  '[1,]',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{a:1}',
  "{'a':1}",
  '01',
  '1.',
  '.5',
  '+1',
  '-',
  '1e',
  '1 2',
  'nul',
  'nulll',
  'True',
  'NaN',
  '"a',
  '"\t"',
  String.raw`"\x"`,
  String.raw`"\u12"`,
  String.raw`"\u0000"`,
  String.raw`"\ud800"`,
  String.raw`"\udc00\ud800"`,
  '[[[[[1]]]]]',
  '1e400',
  '1e-400',
  '-0',
  '-0.0',
  '1E+2',
  '"\u007f"',
  '[1 2]',
  '{"a" 1}',
  '\u00a01',
  '1e999999',
  '//',
  '[]]',
  '"a" "b"',
];

test('texts are read', async () => {
  const statements = TEXTS.flatMap((text) => [
    `select ${quoted(text)}::json`,
    `select ${quoted(text)}::jsonb`,
    `select (${quoted(text)}::text)::jsonb`,
  ]);
  expect(await held.differences(statements)).toEqual([]);
});

const MADE = [
  "1, 'x'::text",
  "null, true, 1.50, 'NaN'::float8, 1e300::float8, 'Infinity'::numeric, 1.5::real",
  "date '2024-01-01', timestamp '2024-01-01 10:00:00.5', timestamptz '2024-01-01 10:00+00', interval '1 day', time '10:00', timestamp 'infinity', timestamp '0044-03-15 01:02 BC', timestamptz '0044-03-15 01:02+00 BC'",
  "array[1, null], array['a\"b'], array[timestamp '2024-01-01'], '{}'::int[], array['[1]'::json]",
  "'\\x00ff'::bytea, '00000000-0000-0000-0000-000000000000'::uuid, 'ab'::char(4), 'n'::name",
  `'{"a": 1 }'::json, '{"b":  2}'::jsonb`,
  '',
];

const OTHERS = [
  ...MADE.flatMap((list) =>
    ['json_build_array', 'jsonb_build_array', 'json_build_object', 'jsonb_build_object'].map(
      (name) => `select ${name}(${list})`,
    ),
  ),
  ...MADE.flatMap((list) =>
    list
      .split(/, (?![^(]*\))/)
      .flatMap((one) =>
        /^[^'[]*('[^']*'[^'[]*)*$/.test(one) && one !== ''
          ? [`select to_json(${one}), to_jsonb(${one})`]
          : [],
      ),
  ),
  "select json_build_object(1, 2, true, false, 1.5, date '2024-01-01', 'k', null)",
  "select jsonb_build_object(1, 2, true, false, 1.5, date '2024-01-01', 'k', null, 'k', 3)",
  'select json_build_object(null, 1)',
  'select jsonb_build_object(null, 1)',
  'select jsonb_build_object(array[1], 1)',
  "select jsonb_build_object('{}'::json, 1)",
  'select json_agg(x), jsonb_agg(x) from (values (1), (null), (3)) v(x)',
  'select json_agg(x), jsonb_agg(x) from (values (1)) v(x) where false',
  "select json_agg(distinct x), jsonb_agg(distinct x) from (values ('b'), ('a'), ('a')) v(x)",
  "select json_object_agg(k, v), jsonb_object_agg(k, v) from (values ('b', 1), ('a', null), ('b', 3)) t(k, v)",
  'select json_object_agg(k, v) from (values (null, 1)) t(k, v)',
  'select jsonb_object_agg(k, v) from (values (null, 1)) t(k, v)',
  'select json_object_agg(k, v order by k) filter (where v > 1) from (values (2, 1), (1, 5), (3, 7)) t(k, v)',
  `select x from (values ('1'::jsonb), ('[]'), ('{}'), ('"a"'), ('null'), ('[1]'), ('true'), ('{"a":1}'), (null)) v(x) order by x`,
  `select x, count(*) from (values ('1'::jsonb), ('1.0'), ('{"a":1,"b":2}'), ('{"b":2.00,"a":1}')) v(x) group by x order by x`,
  `select distinct x from (values ('1'::jsonb), ('1')) v(x)`,
  `select x from (values ('1'::json)) v(x) order by x`,
  `select distinct x from (values ('1'::json)) v(x)`,
  `select x from (values ('1'::json)) v(x) group by x`,
  `select '1'::json = '1'::json`,
  `select '1'::json union select '2'::json`,
  `select coalesce('1'::json, '2'::jsonb)`,
  `select '{"a": [1, {"b": 2}]}'::jsonb -> 'a' -> 1 ->> 'b'`,
  `select '{"a": {"b": 1}}'::jsonb @> '{"a": {}}', '[1, 2, 2]'::jsonb @> '[2, 2, 2]', '["a"]'::jsonb @> '"a"', '"a"'::jsonb @> '["a"]'`,
  `select ('{"n": 5}'::jsonb ->> 'n')::int + 1, ('{"n": 5}'::jsonb -> 'n')::int + 1`,
  `select to_jsonb('abc')`,
  `select jsonb '{"a": 1}' || '{"b": 2}', jsonb '[1]' || '2', jsonb '{"a":1}' || null`,
  `select array['1'::jsonb, '"a"'], '{1,"{\\"a\\": 1}"}'::jsonb[]`,
];

test('what is made, gathered and ordered', async () => {
  expect(await held.differences(OTHERS)).toEqual([]);
});

const TABLE = [
  "create table docs (id int primary key, j json, b jsonb not null default '{}', list jsonb[])",
  'insert into docs (id) values (1)',
  `insert into docs values (2, '{"b": 1,  "a": [1, 2]}', '{"b": 1,  "a": [1, 2]}', '{"1","{}"}')`,
  `insert into docs values (3, '[', '{}', null)`,
  `insert into docs values (3, null, 5, null)`,
  `insert into docs values (3, to_jsonb(1), '"x"'::json, array['[]'::jsonb])`,
  'select * from docs order by b desc, id',
  `update docs set b = jsonb_set(b, '{n}', to_jsonb(id * 10)) where id < 3`,
  `update docs set b = b || '{"m": 1}' where b ? 'n' and (b ->> 'n')::int = 20`,
  `select id, b -> 'n', b #>> '{a,1}' from docs where b @> '{"n": 20}'`,
  'create unique index docs_b on docs (b)',
  `insert into docs values (4, null, '"x"')`,
  `select id from docs where b = '"x"' order by b`,
  'create table keyed (k jsonb primary key)',
  `insert into keyed values ('1'), ('[]'), ('{}'), ('"a"'), ('null'), ('[1]'), ('true'), ('{"a":1}'), ('[[]]'), ('2'), ('{"b": [1]}')`,
  `insert into keyed values ('1.00')`,
  `select k from keyed order by k`,
  `select k from keyed where k > '"a"' and k < '[1]' order by k`,
  'create index on docs (j)',
  'create table bad (j json primary key)',
  'create table worse (j json unique)',
];

test('columns, keys and defaults', async () => {
  expect(await held.differences(TABLE)).toEqual([]);
});
