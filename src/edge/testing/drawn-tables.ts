// Drawn statements over tables that they change: indexes of a part of the rows and of expressions.

import { nextBelow } from '../../base/prng.ts';
import { type Family, pick } from './drawn-values.ts';

const indexes: Family = {
  before: [
    'create table x (id int primary key, a int, b text, c numeric(8, 2))',
    'create unique index x_part on x (b) where a > 5',
    'create unique index x_expr on x ((a * 10 + coalesce(length(b), 0)), lower(b)) where c is not null',
    'create index x_sum on x ((a + id) desc)',
    'create index x_low on x (lower(b))',
  ],
  draw: (prng) => {
    const id = (): number => nextBelow(prng, 60);
    const a = (): string => pick(prng, ['null', ...Array.from({ length: 12 }, (_, i) => String(i))]);
    const b = (): string => pick(prng, ['null', "'a'", "'A'", "'b'", "'Bc'", "'bC'", "''"]);
    const c = (): string => pick(prng, ['null', '1.5', '2', '-3.25']);
    const condition = (): string =>
      pick(prng, [
        `lower(b) = ${b()}`,
        `lower(b) in ('a', 'bc')`,
        `a > 5 and b = ${b()}`,
        `a > 7 and b >= 'a'`,
        `a + id = ${id()}`,
        `a + id between ${id()} and ${id() + 10}`,
        `c is not null and a * 10 + coalesce(length(b), 0) = ${nextBelow(prng, 100)}`,
        `c > ${nextBelow(prng, 3)}`,
      ]);
    switch (nextBelow(prng, 8)) {
      case 0:
      case 1:
        return `insert into x values (${id()}, ${a()}, ${b()}, ${c()})`;
      case 2:
        return `insert into x values (${id()}, ${a()}, ${b()}, ${c()}) on conflict do nothing`;
      case 3:
        return `insert into x values (${id() + 100}, ${a()}, ${b()}, ${c()}) on conflict (b) where a > 5 do update set c = coalesce(x.c, 0) + 1 returning id, c`;
      case 4:
        return `update x set ${pick(prng, [`a = ${a()}`, `b = ${b()}`, `c = ${c()}`])} where id = ${id()}`;
      case 5:
        return `delete from x where ${condition()} and id % 3 = ${nextBelow(prng, 3)}`;
      case 6:
        return `select id, a, b, c from x where ${condition()} order by id`;
      default:
        return `select a + id, lower(b), count(*) from x where ${condition()} group by 1, 2 order by 1 desc, 2`;
    }
  },
  fixed: [
    'create index on x ((a + (select 1)))',
    'create index on x ((now()))',
    'create index on x (a) where b = now()::text',
    'insert into x values (1000, 1) on conflict (lower(b)) do nothing',
  ],
};

/** Tables that are made of queries under a few names, so that some are there already. */
const queries: Family = {
  before: [
    'create table y (id int primary key, a int, b text, c numeric(8, 2))',
    "insert into y select i, i % 4, nullif(repeat('b', i % 3), ''), i * 1.25 from generate_series(1, 30) as s(i)",
    'insert into y values (31), (32, null, null, -1)',
  ],
  draw: (prng) => {
    const name = (): string => pick(prng, ['t1', 't2', 't3', 't4']);
    const keys = pick(prng, [
      'a',
      'b',
      'a, b',
      'a desc',
      'b nulls first, a',
      'c % 3',
      'a % 2, b desc nulls last',
    ]);
    const count = pick(prng, ['0', '1', '2', '5', '12', '100', '(1 + 1)', 'null', '(-1)']);
    const offset = pick(prng, ['', '', ' offset 1', ' offset 7', ' offset 40']);
    const tied = `order by ${keys} fetch first ${count} rows with ties`;
    // Which of the rows that are tied it leaves out is open.
    const behind = `order by ${keys}${offset} fetch first ${count} rows with ties`;
    const query = pick(prng, [
      `select * from y where a = ${nextBelow(prng, 5)}`,
      'select a, count(*) as n, sum(c) as s from y group by a',
      `select id, upper(b) as u, c::numeric(10, 1), a::smallint as small from y ${tied}`,
      "values (1, 'x', now()::date - now()::date), (2, null, 0)",
      'select a, a from y',
      "select array[a, id] as list, b || '!' as shout, c > 5 as big from y",
      'select distinct on (a) a, b::char(4) as four, id::float8 as f from y order by a, id',
    ]);
    switch (nextBelow(prng, 8)) {
      case 0:
        return `create table ${name()}${pick(prng, ['', '', ' (p)', ' (p, q, r, s, t, u)'])} as ${query}${pick(prng, ['', '', ' with no data'])}`;
      case 1:
        return `create table if not exists ${name()} as ${query}`;
      case 2:
        return `select a, max(id) as m into ${name()} from y where id < ${nextBelow(prng, 40)} group by a`;
      case 3:
        return `drop table if exists ${name()}`;
      case 4:
        return `select array_agg(t::text order by t::text) from (select a::text || coalesce(b, '') as t from y ${tied}) as q`;
      case 5:
        return `select count(*) from (select a, c from y ${behind}) as q`;
      case 6:
        return `select * from ${name()} where false`;
      default:
        return `select count(*) from ${name()}`;
    }
  },
  fixed: [
    'create table no as select 1 as a, 2 as a',
    'select (select 1 into no)',
    'create table no as select a from nothing',
    'select id from y fetch first 2 rows with ties',
    'create table again as select id from y order by id fetch first 3 rows with ties',
    'select * from again order by id',
  ],
};

export const OVER_TABLES = {
  'tables of queries, and rows that are tied': queries,
  'indexes of a part of the rows and of expressions': indexes,
} as const satisfies Readonly<Record<string, Family>>;
