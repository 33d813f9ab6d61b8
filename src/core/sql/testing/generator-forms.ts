// Less common forms of statements, with random expressions in their gaps.

import { nextBelow, type Prng } from '../../../base/prng.ts';
import type { ColumnType } from '../access.ts';
import { expressionOf, literalOf } from './generator-expression.ts';
import type { GeneratorTable } from './generator-schema.ts';
import { type Generator, pick } from './generator-state.ts';

/** What the gaps are filled with. */
interface Filling {
  readonly prng: Prng;
  /** The table, one of its columns, all of them. */
  readonly t: string;
  readonly name: string;
  readonly columns: readonly string[];
  /** A small number, and a likely id. */
  readonly n: number;
  readonly id: number;
  readonly e: (type?: ColumnType) => string;
  readonly condition: () => string;
  readonly lit: (type: ColumnType) => string;
}

interface Form {
  readonly sql: string;
  readonly ordered: boolean;
}

const TYPES: readonly ColumnType[] = ['int4', 'int8', 'text', 'float8', 'bool', 'numeric'];

const unordered = (sql: string): Form => ({ sql, ordered: false });
const ordered = (sql: string): Form => ({ sql, ordered: true });

export function formOf(g: Generator, table: GeneratorTable): Form {
  const columns = table.columns.map((c) => c.name);
  const e = (type: ColumnType = pick(g.prng, TYPES)): string => expressionOf(g, type, 2, true);
  const filling: Filling = {
    prng: g.prng,
    t: table.name,
    name: pick(g.prng, columns),
    columns,
    n: nextBelow(g.prng, 5),
    id: nextBelow(g.prng, 400),
    e,
    condition: () => e('bool'),
    lit: (type) => literalOf(g, type),
  };
  return pick(g.prng, FORMS)(filling);
}

const QUERIES: readonly ((f: Filling) => Form)[] = [
  (f) => unordered(`select ${f.t}.${f.name}, ${f.t}.* from ${f.t} where ${f.condition()}`),
  (f) => unordered(`select o.${f.name} as "Odd Name", o.* from ${f.t} as o where o.${f.name} is not null`),
  (f) => unordered(`select public.${f.t}.${f.name} from public.${f.t}`),
  (f) =>
    ordered(`values (1, ${f.lit('text')}), (${f.lit('int4')}, null), (null, ${f.lit('text')}) order by 1, 2`),
  (f) => ordered(`values (1), (${f.lit('float8')}), (${f.lit('int8')}) order by column1 desc limit ${f.n}`),
  (f) => ordered(`select ${f.lit('int4')} as x, ${f.lit('text')} y where ${f.lit('bool')}`),
  (f) => unordered(`select count(*), count(${f.name}) from ${f.t} where false`),
  (f) => unordered(`select max(${f.name}) from ${f.t} where null`),
  (f) =>
    unordered(
      `select ${f.name}, count(*) from ${f.t} group by ${f.name} having count(*) >= 1 and ${pick(f.prng, ['true', 'count(*) < 100'])}`,
    ),
  (f) => unordered(`select count(*) from ${f.t} having count(*) > ${f.n}`),
  (f) => unordered(`select 1 from ${f.t} having true`),
  (f) =>
    ordered(
      `select ${f.name}, count(*) as c from ${f.t} group by ${f.name} order by count(*) desc, c, ${f.name} nulls first`,
    ),
  (f) => ordered(`select ${f.name} as renamed from ${f.t} group by renamed order by renamed desc nulls last`),
  () => ordered(`select length(c) + 1, count(*) from items group by length(c) + 1 order by length(c) + 1`),
  () => unordered(`select length(c), count(*) from items group by length(c) + 1`),
  () => unordered(`select id, c, count(*), a + 1 from items group by id`),
  () => unordered(`select k, w, count(*) from parts group by n, k`),
  () => unordered(`select k, w, count(*) from parts group by k`),
  (f) => ordered(`select string_agg(${f.lit('text')}, ',') from ${f.t}`),
  (f) => ordered(`select string_agg(c, '-') from items where id = ${f.id}`),
  (f) => ordered(`select distinct ${f.name} from ${f.t} order by ${f.name} limit ${f.n} offset ${f.n}`),
  (f) => ordered(`select id from items order by id limit ${f.n} + 1 offset '1'`),
  (f) => ordered(`select id from items order by id desc fetch first ${f.n} rows only`),
  () => ordered(`select a as id, id as a from items order by id, a`),
  (f) => unordered(`select ${f.name}, ${f.name} as ${f.columns[0]} from ${f.t} order by ${f.columns[0]}`),
  (f) => unordered(`table ${f.t}`),
  (f) =>
    ordered(
      `select case ${f.lit('text')} when 'a' then 1 else 2.5 end, coalesce(null, null), nullif('a', 'b'), greatest(1, 2.5, null)`,
    ),
  () =>
    ordered(
      `select '5' + 3, '5' || 3, 1 < 2.5, 'a' < 'b', - 5 % 3, 7 / -2, 2 + 3 * 4, '1' = 1, null = null, not null`,
    ),
  (f) =>
    ordered(
      `select ' 12 '::int, 'yes'::bool, 'of'::bool, '1e3'::float8, 'Inf'::float8, '0x1F'::int, '1_000'::int, ${pick(f.prng, ["''::int", "'t'::bool::int", "'o'::bool", "'1.5'::int", "'-infinity'::float8", "'1e-400'::float8", "'9223372036854775808'::bigint"])}`,
    ),
  (f) =>
    ordered(
      `select ${pick(f.prng, ['2.5', '-2.5', '3.5', '0.4999', '1e3', '2147483647.4', '2147483647.5'])}::int, 2.5::float8::int, 3.5::float8::int`,
    ),
  (f) =>
    ordered(
      `select ${f.lit('numeric')} * 1.050, 7 / 2.0, 1 / 3.0, ${f.lit('numeric')}::text, sum(${f.lit('numeric')}), round(avg(${f.lit('int4')})), 10 % 2.5, sqrt(2.0)`,
    ),
  (f) =>
    unordered(
      `select ${f.e()} is null, ${f.e('bool')} is true, (${f.e()}) is not distinct from null from ${f.t}`,
    ),
  (f) => unordered(`select ${f.name}.${f.name} from ${f.t} where nope = 1`),
  (f) =>
    ordered(
      `select round(${f.lit('float8')}), trunc(${f.lit('float8')}), ceil(${f.lit('int4')}), sign(${f.lit('int4')}), chr(${60 + f.n}), reverse(${f.lit('text')}), replace(${f.lit('text')}, '', 'x'), lpad('x', ${f.n}), octet_length(${f.lit('text')})`,
    ),
];

const WRITES: readonly ((f: Filling) => Form)[] = [
  // INSERT … SELECT would let it grow without end.
  () => unordered('delete from loose'),
  () => unordered('delete from loose where x is not null or y is not null'),
  () => unordered(`insert into loose default values`),
  (f) => unordered(`insert into loose values (${f.lit('int4')})`),
  (f) => unordered(`insert into loose (x, p) values (2.5, ${f.lit('numeric')}), (-2.5, '12.345'), (3.5, 7)`),
  (f) => unordered(`update items set a = m * 1.05, b = m + 0.5 where abs(m) < 1000 and id > ${f.id}`),
  (f) => unordered(`delete from prices where amount > ${f.lit('numeric')}`),
  () => unordered(`insert into loose (y, x) values (default, '12'), ('5', default)`),
  (f) => unordered(`insert into loose (x) values (${f.lit('float8')}), (2.5), (-2.5), (3.5)`),
  (f) =>
    unordered(`insert into loose (y) values (${f.lit('int4')}), (${f.lit('bool')}), (${f.lit('float8')})`),
  (f) =>
    unordered(
      `insert into loose (z, x) select 1, '7' union_free`.replace(
        ' union_free',
        ` from ${f.t} where ${f.condition()} limit 1`,
      ),
    ),
  (f) => unordered(`insert into loose select a, c from items order by id limit ${f.n}`),
  (f) => unordered(`update items set id = ${f.id} where id = ${nextBelow(f.prng, 400)}`),
  (f) =>
    unordered(`update parts as p set v = p.n, f = default where p.k = ${f.lit('text')} and p.n > ${f.n}`),
  (f) => unordered(`update items set a = 'x' where id = ${f.id}`),
  (f) => unordered(`delete from items as i where i.id = ${f.id} or i.id = ${f.id + 1}`),
];

const FORMS = [...QUERIES, ...WRITES];
