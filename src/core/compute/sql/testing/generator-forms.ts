// Less common forms of statements, with random expressions in their gaps.

import { nextBelow } from '../../../../base/prng.ts';
import type { ColumnType } from '../../access.ts';
import type { GeneratorTable } from './generator.ts';
import { expressionOf, type Generator, literalOf, pick } from './generator-expression.ts';

const TYPES: readonly ColumnType[] = ['int4', 'int8', 'text', 'float8', 'bool'];

const unordered = (sql: string): { sql: string; ordered: boolean } => ({ sql, ordered: false });
const ordered = (sql: string): { sql: string; ordered: boolean } => ({ sql, ordered: true });

export function formOf(
  g: Generator,
  table: GeneratorTable,
): { readonly sql: string; readonly ordered: boolean } {
  const t = table.name;
  const any = (): ColumnType => pick(g.prng, TYPES);
  const e = (type: ColumnType = any(), depth = 2): string => expressionOf(g, type, depth, true);
  const condition = (): string => e('bool');
  const lit = (type: ColumnType): string => literalOf(g, type);
  const columns = table.columns.map((c) => c.name);
  const name = pick(g.prng, columns);
  const n = nextBelow(g.prng, 5);
  const id = nextBelow(g.prng, 400);
  switch (nextBelow(g.prng, 44)) {
    case 0:
      return unordered(`select ${t}.${name}, ${t}.* from ${t} where ${condition()}`);
    case 1:
      return unordered(`select o.${name} as "Odd Name", o.* from ${t} as o where o.${name} is not null`);
    case 2:
      return unordered(`select public.${t}.${name} from public.${t}`);
    case 3:
      return ordered(
        `values (1, ${lit('text')}), (${lit('int4')}, null), (null, ${lit('text')}) order by 1, 2`,
      );
    case 4:
      return ordered(`values (1), (${lit('float8')}), (${lit('int8')}) order by column1 desc limit ${n}`);
    case 5:
      return ordered(`select ${lit('int4')} as x, ${lit('text')} y where ${lit('bool')}`);
    case 6:
      return unordered(`select count(*), count(${name}) from ${t} where false`);
    case 7:
      return unordered(`select max(${name}) from ${t} where null`);
    case 8:
      return unordered(
        `select ${name}, count(*) from ${t} group by ${name} having count(*) >= 1 and ${pick(g.prng, ['true', 'count(*) < 100'])}`,
      );
    case 9:
      return unordered(`select count(*) from ${t} having count(*) > ${n}`);
    case 10:
      return unordered(`select 1 from ${t} having true`);
    case 11:
      return ordered(
        `select ${name}, count(*) as c from ${t} group by ${name} order by count(*) desc, c, ${name} nulls first`,
      );
    case 12:
      return ordered(`select ${name} as renamed from ${t} group by renamed order by renamed desc nulls last`);
    case 13:
      return ordered(
        `select length(c) + 1, count(*) from items group by length(c) + 1 order by length(c) + 1`,
      );
    case 14:
      return unordered(`select length(c), count(*) from items group by length(c) + 1`);
    case 15:
      return unordered(`select id, c, count(*), a + 1 from items group by id`);
    case 16:
      return unordered(`select k, w, count(*) from parts group by n, k`);
    case 17:
      return unordered(`select k, w, count(*) from parts group by k`);
    case 18:
      return ordered(`select string_agg(${lit('text')}, ',') from ${t}`);
    case 19:
      return ordered(`select string_agg(c, '-') from items where id = ${id}`);
    case 20:
      return ordered(`select distinct ${name} from ${t} order by ${name} limit ${n} offset ${n}`);
    case 21:
      return ordered(`select id from items order by id limit ${n} + 1 offset '1'`);
    case 22:
      return ordered(`select id from items order by id desc fetch first ${n} rows only`);
    case 23:
      return ordered(`select a as id, id as a from items order by id, a`);
    case 24:
      return unordered(`select ${name}, ${name} as ${columns[0]} from ${t} order by ${columns[0]}`);
    case 25:
      return unordered(`insert into loose default values`);
    case 26:
      return unordered(`insert into loose values (${lit('int4')})`);
    case 27:
      return unordered(`insert into loose (y, x) values (default, '12'), ('5', default)`);
    case 28:
      return unordered(`insert into loose (x) values (${lit('float8')}), (2.5), (-2.5), (3.5)`);
    case 29:
      return unordered(`insert into loose (y) values (${lit('int4')}), (${lit('bool')}), (${lit('float8')})`);
    case 30:
      return unordered(
        `insert into loose (z, x) select 1, '7' union_free`.replace(
          ' union_free',
          ` from ${t} where ${condition()} limit 1`,
        ),
      );
    case 31:
      return unordered(`insert into loose select a, c from items order by id limit ${n}`);
    case 32:
      return unordered(`update items set id = ${id} where id = ${nextBelow(g.prng, 400)}`);
    case 33:
      return unordered(
        `update parts as p set v = p.n, f = default where p.k = ${lit('text')} and p.n > ${n}`,
      );
    case 34:
      return unordered(`update items set a = 'x' where id = ${id}`);
    case 35:
      return unordered(`delete from items as i where i.id = ${id} or i.id = ${id + 1}`);
    case 36:
      return unordered(`table ${t}`);
    case 37:
      return ordered(
        `select case ${lit('text')} when 'a' then 1 else 2.5 end, coalesce(null, null), nullif('a', 'b'), greatest(1, 2.5, null)`,
      );
    case 38:
      return ordered(
        `select '5' + 3, '5' || 3, 1 < 2.5, 'a' < 'b', - 5 % 3, 7 / -2, 2 + 3 * 4, '1' = 1, null = null, not null`,
      );
    case 39:
      return ordered(
        `select ' 12 '::int, 'yes'::bool, 'of'::bool, '1e3'::float8, 'Inf'::float8, '0x1F'::int, '1_000'::int, ${pick(g.prng, ["''::int", "'t'::bool::int", "'o'::bool", "'1.5'::int", "'-infinity'::float8", "'1e-400'::float8", "'9223372036854775808'::bigint"])}`,
      );
    case 40:
      return ordered(
        `select ${pick(g.prng, ['2.5', '-2.5', '3.5', '0.4999', '1e3', '2147483647.4', '2147483647.5'])}::int, 2.5::float8::int, 3.5::float8::int`,
      );
    case 41:
      return unordered(
        `select ${e()} is null, ${e('bool')} is true, (${e()}) is not distinct from null from ${t}`,
      );
    case 42:
      return unordered(`select ${name}.${name} from ${t} where nope = 1`);
    default:
      return ordered(
        `select round(${lit('float8')}), trunc(${lit('float8')}), ceil(${lit('int4')}), sign(${lit('int4')}), chr(${60 + n}), reverse(${lit('text')}), replace(${lit('text')}, '', 'x'), lpad('x', ${n}), octet_length(${lit('text')})`,
      );
  }
}
