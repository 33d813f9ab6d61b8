// interval, time and what is done with them beside dates and timestamps, held against PostgreSQL itself.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { isDeep } from '../testing/depth.ts';
import { holdAgainstPostgres } from './testing/held-against-postgres.ts';

let held: Awaited<ReturnType<typeof holdAgainstPostgres>>;
beforeAll(async () => {
  held = await holdAgainstPostgres();
});
afterAll(() => held.close());

const INTERVALS = [
  '0',
  '1 day',
  '-1 day',
  '1 mon',
  '30 days',
  '-1 mon +1 day',
  '1 year 2 mons 3 days 04:05:06.789',
  '-23:59:59.999999',
  '25:00:00',
  '1 day -25:00',
  '-2 mons -40 days -50:00:00',
  '178000000 years',
  '2147483647 days',
  '2562047788:00:54.775807',
  'infinity',
  '-infinity',
].map((text) => `interval '${text}'`);

const TIMES = ['00:00', '12:34:56.789', '23:59:59.999999', '24:00:00'].map((text) => `time '${text}'`);
const DATES = ['2024-02-29', '2024-01-31', '0044-03-15 BC', 'infinity', '-infinity'].map(
  (text) => `date '${text}'`,
);
const MOMENTS = [
  '2024-02-29 12:34:56.789',
  '1999-12-31 23:59:59.999999',
  '2001-01-30',
  '0044-03-15 01:02:03 BC',
  'infinity',
  '-infinity',
].flatMap((text) => [`timestamp '${text}'`, `timestamptz '${text}'`]);
const NUMBERS = [
  '0',
  '1',
  '-3',
  '0.5',
  '1.0 / 3',
  '7::bigint',
  '1e300::float8',
  "'NaN'::float8",
  "'Infinity'::float8",
];
const UNKNOWN = ["'1 day'", 'null'];
const ALL = [...INTERVALS, ...TIMES, ...DATES, ...MOMENTS];

test.runIf(isDeep)('operators over all pairs of values', async () => {
  const statements = [...ALL, ...NUMBERS, ...UNKNOWN].flatMap((a) =>
    [...ALL, ...NUMBERS, ...UNKNOWN].flatMap((b) =>
      ALL.includes(a) || ALL.includes(b)
        ? ['+', '-', '*', '/', '<', '='].map((op) => `select (${a}) ${op} (${b})`)
        : [],
    ),
  );
  expect(statements.length).toBeGreaterThan(5000);
  expect(await held.differences(statements)).toEqual([]);
});

const FIELDS =
  'microseconds milliseconds second minute hour day week month quarter year decade century millennium epoch dow doy isoyear julian timezone us msec sec h qtr nonsense'.split(
    ' ',
  );

test('fields and truncation', async () => {
  const statements = [...INTERVALS, ...TIMES].flatMap((value) =>
    FIELDS.flatMap((field) => [
      `select extract(${field} from ${value})`,
      `select date_part('${field}', ${value})`,
      ...(value.startsWith('interval') ? [`select date_trunc('${field}', ${value})`] : []),
    ]),
  );
  expect(await held.differences(statements)).toEqual([]);
});

const FUNCTIONS = [
  '- ?',
  '+ ?',
  'justify_hours(?)',
  'justify_days(?)',
  'justify_interval(?)',
  '?::text',
  '?::time',
  '?::interval',
  'isfinite(?)',
  '?::interval(2)',
  '?::interval day to minute',
  '?::interval year',
  '?::time(1)',
  '(?)::varchar',
  'array[?]',
  'min(?)',
  'sum(?)',
  'avg(?)',
  'coalesce(?, null)',
  "? in ('1 day', '00:00')",
  '?::timestamp(0)',
  '?::timestamptz(2)',
  "date_bin(?, timestamp '2024-02-29 12:34:56', timestamp '2001-01-01')",
];

test('functions and casts over single values', async () => {
  const statements = ALL.flatMap((value) => FUNCTIONS.map((f) => `select ${f.replaceAll('?', value)}`));
  expect(await held.differences(statements)).toEqual([]);
});

const TEXTS = [
  '1',
  '1.5',
  '-1.5 days',
  '1 day 2 hours ago',
  'ago',
  '1 ago day',
  '@ 1 minute',
  '1:2',
  '1:2:3.4567891',
  '1:2.5',
  '-1:02',
  '+1:02:03',
  '1-2',
  '-1-2',
  '1-13',
  '1 2:03',
  '1 2',
  '1.5 mons',
  '1.3 years',
  '0.7 weeks',
  '1 week',
  '3 decades 2 centuries',
  '1 millennium',
  '1.23456789 sec',
  '5 ms',
  '5.5 us',
  'P1Y2M3DT4H5M6.7S',
  'P1.5W',
  'PT1.5H',
  'P',
  'PT',
  'P1',
  'P0001-02-03T04:05:06',
  'P00010203T040506',
  'P1Y2',
  'p1y',
  'PT-1M',
  'P-1Y',
  '1 day 1 day',
  '1 hour 01:00',
  '1 qtr',
  'nonsense',
  '',
  ' ',
  '1 nonsense',
  'infinity',
  '-infinity',
  '+infinity',
  ' Infinity ',
  'infinity 1 day',
  '1 day infinity',
  '9999999999 days',
  '2147483648 mons',
  '99999999999 years',
  '9223372036854775808 us',
  '1:60',
  '1:59:60',
  '25:59:61',
  '1y2mon',
  '1d2h3m4s',
  '1 d,2 h',
  '1 year -2 mons',
  '- 3 days',
  '1e3 days',
  '.5 day',
  '1. day',
  '1 microseconds',
  '2 MILLISECONDS',
  '1 yr 2 mons',
  '4 days ago 3 hours',
  'day 1',
  '1 day ago ago',
  '1:',
  ':1',
  '1::2',
  '1 mon 1.5 day',
];
const CLOCKS = [
  '1:2',
  '01:02:03',
  '01:02:03.4567891',
  '010203',
  '0102',
  '1:02 pm',
  '12:00 AM',
  '12:30 pm',
  '13:00 pm',
  '0:30 am',
  '24:00',
  '24:00:01',
  '25:00',
  '1:60',
  '1:59:60',
  '1:59:61',
  '12:00:00+02',
  '12:00Z',
  '12:00:00 UTC',
  '2024-01-01 10:11:12',
  'T040506',
  'allballs',
  '',
  'noon',
  '1',
  'abc',
  '12:00:00.',
];

test('texts are read', async () => {
  const statements = [
    ...TEXTS.flatMap((text) => [`select interval '${text}'`, `select ('${text}'::text)::interval`]),
    ...['1', '1.5', '1-2', '1 2:3', '2:3', '2:3:4.5678', '1.23456'].flatMap((text) =>
      [
        'year',
        'month',
        'day',
        'hour',
        'minute',
        'second',
        'second(2)',
        'year to month',
        'day to hour',
        'day to minute',
        'day to second',
        'day to second(1)',
        'hour to minute',
        'hour to second',
        'minute to second',
      ].map((range) => `select interval '${text}' ${range}`),
    ),
    "select interval(2) '1.2345 sec', cast('1.2345' as interval(1)), '1.2345'::interval(0)",
    ...CLOCKS.flatMap((text) => [`select time '${text}'`, `select ('${text}'::text)::time`]),
    "select time(2) '01:02:03.456', '01:02:03.456'::time(0), timestamp(1) '2024-01-01 00:00:00.05', timestamptz(0) '1999-12-31 23:59:59.5'",
  ];
  expect(await held.differences(statements)).toEqual([]);
});

const OTHERS = [
  ...MOMENTS.flatMap((a) => MOMENTS.map((b) => `select age(${a}, ${b})`)),
  "select age(timestamp '2001-04-10', timestamp '1957-06-13'), age(date '2024-02-29', '2023-02-28')",
  'select make_interval()',
  'select make_interval(1, 2, 3, 4, 5, 6, 7.5)',
  'select make_interval(days => 10), make_interval(1, hours => 2), make_interval(secs => 1.5, years => -1)',
  'select make_interval(1, years => 2)',
  'select make_interval(nonsense => 2)',
  'select make_interval(1, 2, 3, 4, 5, 6, 7, 8)',
  'select make_interval(days => null)',
  'select make_time(8, 15, 23.5), make_timestamp(2013, 7, 15, 8, 15, 23.5), make_date(2013, 7, 15)',
  'select make_time(8, 65, 23.5)',
  'select make_time(24, 0, 0.1)',
  'select make_timestamp(2013, 13, 15, 8, 15, 23.5)',
  "select to_timestamp(0), to_timestamp(1284352323.5), to_timestamp('infinity')",
  "select date '2024-01-01' + time '10:00', time '10:00' + date '2024-01-01'",
  "select greatest(interval '1 mon', '31 days', interval '720:00:01')",
  "select least(interval '1 mon', '30 days'), interval '1 mon' between '29 days' and '31 days'",
  "select time '10:00' < interval '11 hours', interval '1 day' = time '24:00'",
  "select case when true then time '10:00' else interval '1 day' end",
  "select coalesce(time '10:00', date '2024-01-01')",
  "select coalesce(interval '1 day', date '2024-01-01')",
  "select coalesce(array[1], array['a'::text])",
  "select nullif(interval '1 mon', interval '30 days')",
  "select array[interval '1 day', '2 hours'], '{1 day,\"01:02:03\",NULL}'::interval[], array['10:00'::time]",
  "select array_agg(x order by x desc) from (values (interval '1 mon'), ('29 days'), ('31 days'), (null)) v(x)",
  "select sum(x), avg(x), min(x), max(x), count(distinct x) from (values (interval '1 mon'), ('30 days'), ('01:00'), (null)) v(x)",
  "select min(x), max(x), sum(x), avg(x) from (values (time '10:00'), ('11:30'), (null)) v(x)",
  "select x, count(*) from (values (interval '1 mon'), ('30 days'), ('24:00'), ('1 day')) v(x) group by x order by x",
  "select distinct x from (values (interval '1 mon'), ('1 mon'), ('2 mon')) v(x) order by 1",
  "select '1 day'::interval || 'x', 'y' || time '10:00', concat(interval '1 day', null, time '01:00')",
  "select interval '1 day' || interval '1 day'",
  "select timetz '10:00'",
  'select localtime = localtimestamp::time, current_time',
  "select extract(epoch from timestamp '2024-01-02' - timestamp '2024-01-01')",
  "select '1 day'::interval::int",
  'select 1::interval',
  "select 1.5 * interval '1 hour', interval '1 hour' / 3, interval '1 day' * 1.1",
].filter((sql) => !sql.includes('timetz') && !sql.includes('current_time'));

test('functions, aggregates and choices', async () => {
  expect(await held.differences(OTHERS)).toEqual([]);
});

const TABLE = [
  "create table spans (id int primary key, i interval default '1 day', t time not null default '10:00', short interval day to second(2), p timestamp(3), z timestamptz(0), u time(1), list interval[])",
  'insert into spans (id) values (1)',
  "insert into spans values (2, '1 mon', '24:00', '1.23456 sec', '2024-01-01 00:00:00.0005', '2024-01-01 00:00:00.5+00', '10:00:00.05', '{1 day,NULL}')",
  "insert into spans values (3, '30 days', '00:00', '-1.235 sec', null, null, null, array[interval '1 mon'])",
  'insert into spans values (4, null, null)',
  "insert into spans values (4, 5, '10:00')",
  "insert into spans select 5, '-infinity', localtimestamp - localtimestamp + time '01:02:03', '1 year', now(), now(), time '23:59:59.99', '{}'",
  'select id, i, t, short, u, list from spans order by i desc nulls last, id',
  "select id from spans where i = interval '30 days' order by id",
  'create index spans_i on spans (i)',
  "select id from spans where i > '1 day' and i < '31 days' order by i, id",
  "select id from spans where t between '09:00' and '11:00' order by t",
  'create unique index spans_t on spans (t desc)',
  "insert into spans values (6, '1 day', '10:00')",
  'create table keyed (i interval primary key, t time unique)',
  "insert into keyed values ('1 mon', '10:00'), ('2 mon', '10:01')",
  "insert into keyed values ('30 days', '11:00')",
  "update keyed set i = i + '1 day', t = t + interval '1 hour'",
  'select * from keyed order by i',
];

test('columns, keys, defaults and the catalog', async () => {
  expect(await held.differences(TABLE)).toEqual([]);
});
