// Drawn statements over tables that they change: indexes of a part of the rows and of expressions.

import { nextBelow, type Prng } from '../../base/prng.ts';
import type { Family } from './drawn-calls.ts';

const pick = <T>(prng: Prng, items: readonly T[]): T => items[nextBelow(prng, items.length)] as T;

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

export const OVER_TABLES = {
  'indexes of a part of the rows and of expressions': indexes,
} as const satisfies Readonly<Record<string, Family>>;
