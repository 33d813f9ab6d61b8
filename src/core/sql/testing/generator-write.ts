// Writes at random whose rows or conditions come from other relations: INSERT … SELECT, UPDATE … FROM, DELETE … USING, and
// subqueries in SET and WHERE.

import { nextBelow } from '../../../base/prng.ts';
import {
  BASES,
  type Columns,
  chance,
  type Drawn,
  equalityOf,
  fromClause,
  NUMBERS,
  over,
  predicate,
  scalar,
  select,
} from './generator-query.ts';
import type { Generator } from './generator-state.ts';

export function drawWrite(g: Generator): Drawn {
  const ofItems = (BASES[0]?.columns ?? []).map((c) => ({ ...c, name: `items.${c.name}` }));
  switch (nextBelow(g.prng, 7)) {
    case 4:
    case 5:
      return drawUpdateFrom(g, ofItems);
    case 6:
      return drawDeleteUsing(g);
    case 0: {
      const from = fromClause(g, 0, []);
      const row = `${over(g, from.columns, 'int4', 1)}, ${over(g, from.columns, 'text', 1)}`;
      return {
        sql: `insert into loose (x, y) select ${row} from ${from.sql} where ${over(g, from.columns, 'bool', 1)} order by 1, 2 limit 5`,
        ordered: false,
      };
    }
    case 1:
      return {
        sql: `update items set a = (${scalar(g, 'int4', ofItems, 0)}) where id < 60 and ${predicate(g, ofItems, 1)}`,
        ordered: false,
      };
    case 2:
      return {
        sql: `delete from loose where ${predicate(
          g,
          (BASES[2]?.columns ?? []).map((c) => ({ ...c, name: `loose.${c.name}` })),
          1,
        )} and x > 5`,
        ordered: false,
      };
    default:
      return {
        sql: `insert into loose (x) values ((${scalar(g, 'int4', [], 0)})), ((select count(*) from loose))`,
        ordered: false,
      };
  }
}

/** Each row meets one other at most, so that it does not matter which of them it is joined with first. */
function drawUpdateFrom(g: Generator, ofItems: Columns): Drawn {
  const { sql, types } = select(g, 1, NUMBERS, [], 2);
  const [key = 'int4', value = 'int4'] = types;
  const given = `(select k, min(v) as v from (${sql}) q(k, v) group by k) s`;
  const other = [
    ...ofItems,
    { name: 's.k', type: key, notNull: false },
    { name: 's.v', type: value, notNull: false },
  ];
  const more = chance(g, 40) ? ` and ${over(g, other, 'bool', 1)}` : '';
  const returning = chance(g, 60) ? ` returning items.id, items.a, ${over(g, other, 'bool', 1)}` : '';
  return {
    sql: `update items set a = ${over(g, other, 'int4', 1)}, e = ${over(g, other, 'bool', 1)} from ${given} where items.id = s.k${more}${returning}`,
    ordered: false,
  };
}

function drawDeleteUsing(g: Generator): Drawn {
  const ofLoose = (BASES[2]?.columns ?? []).map((c) => ({ ...c, name: `loose.${c.name}` }));
  const from = fromClause(g, 1, []);
  const equality = equalityOf(g, ofLoose, from.columns) ?? 'loose.x = 1';
  return {
    sql: `delete from loose using ${from.sql} where ${equality} and ${over(g, [...ofLoose, ...from.columns], 'bool', 1)}${chance(g, 50) ? ' returning loose.x, loose.y' : ''}`,
    ordered: false,
  };
}
