// Statements that make and drop a table, right and wrong, and the mistakes that people make.

import { expressionOf } from './generator-expression.ts';
import type { GeneratorTable } from './generator-schema.ts';
import { type Generator, pick } from './generator-state.ts';

/** Statements about a table that is there only at times. */
export const SPARE_STATEMENTS: readonly string[] = [
  'create table spare (a int, b text)',
  'create table spare (a numeric(0))',
  'create table spare (a numeric(10, 2), b numeric primary key)',
  'create table if not exists spare (a int primary key)',
  'create table spare (a int primary key, b bigint not null, primary key (b))',
  'create table spare (a int, a text)',
  'create table spare (a int null primary key)',
  'create table spare (a int, primary key (nope))',
  'create table spare (a int, b text, primary key (b, b))',
  'drop table spare',
  'drop table if exists spare',
  'drop table spare, public.spare',
  'drop table spare, nope',
  'drop table nope.spare',
  'drop table if exists nope.spare, spare',
  'drop table a.b.c.spare',
  'create table nope.spare (a int)',
  'select * from nope.spare',
  'insert into spare values (1)',
  "insert into spare (a, b) values (1, 'x'), (2, 'y')",
  'select * from spare order by 1, 2',
  'select count(*) from spare',
];

export function mistakeOf(g: Generator, table: GeneratorTable): string {
  const any = pick(g.prng, table.columns).name;
  const type = pick(g.prng, ['int4', 'int8', 'text', 'float8', 'bool', 'numeric'] as const);
  return pick(g.prng, mistakes(table.name, any, expressionOf(g, type, 2, true)));
}

/** `any` is one of the table's columns, `e` an expression over it. */
const mistakes = (t: string, any: string, e: string): readonly string[] => [
  `select nope from ${t}`,
  `select ${e} from nope`,
  `select nope.${any} from ${t}`,
  `select ${t}.nope from ${t}`,
  `select ${t}.${any} from ${t} as other`,
  `select ${any}, count(*) from ${t}`,
  `select ${any} from ${t} where count(*) > 1`,
  `select sum(count(*)) from ${t}`,
  `select ${any} from ${t} group by nope`,
  `select ${any} from ${t} order by 7`,
  `select distinct ${any} from ${t} order by ${e}, 1`,
  `select ${any} + true from ${t}`,
  `select ${e} || 1 from ${t}`,
  `select length(${any}) from ${t}`,
  `select ${any} from ${t} where ${any}`,
  `select ${any} from ${t} where ${any} = 'zz'`,
  `select ${any} like 'a%' from ${t}`,
  `select nofunction(${any}) from ${t}`,
  `select ${any}::boolean from ${t} where false`,
  `select case when ${any} then 1 else 'x' end from ${t}`,
  `select coalesce(${any}, 1) from ${t}`,
  `select greatest(${any}, 'x') from ${t}`,
  `select ${any} in (1, 'x') from ${t}`,
  `select ${any} between 1 and 'x' from ${t}`,
  `select nullif(${any}, 1) from ${t}`,
  `insert into ${t} (nope) values (1)`,
  `insert into ${t} (${any}, ${any}) values (1, 2)`,
  `insert into ${t} values (1, 2, 3, 4, 5, 6, 7, 8)`,
  `insert into ${t} (${any}) values (1, 2)`,
  `insert into ${t} values (true, 'x')`,
  `insert into ${t} values (1), (1, 2)`,
  `update ${t} set nope = 1`,
  `update ${t} set ${any} = ${e}`,
  `update ${t} set ${any} = null, ${any} = null`,
  `delete from ${t} where ${any}`,
  `select * from ${t} limit -1`,
  `select * from ${t} limit 'x'`,
  'select *',
  `selec ${any} from ${t}`,
  `select ${any} from ${t} where`,
  `select sum(c) from ${t}`,
  `select min(true), max(${any}) from ${t}`,
  `select max(${e}) from ${t}`,
  `select - ${any} from ${t}`,
  `select ${any} % 3 from ${t}`,
];
