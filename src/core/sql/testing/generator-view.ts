// Views at random: made, replaced, read, and dropped with and without what depends on them. Two names, so that views are
// there at times, read each other at times, and are replaced by what fits and what does not.

import { nextBelow } from '../../../base/prng.ts';
import { chance, type Drawn, PLAIN, select } from './generator-query.ts';
import { type Generator, pick } from './generator-state.ts';

const NAMES = ['w0', 'w1', 'w2'];

export function drawView(g: Generator): Drawn {
  const name = pick(g.prng, NAMES);
  const other = pick(g.prng, NAMES);
  const unordered = (sql: string): Drawn => ({ sql, ordered: false });
  switch (nextBelow(g.prng, 10)) {
    case 0:
    case 1: {
      // The definition has to fit in a page.
      let { sql, types } = select(g, 1, PLAIN, []);
      if (sql.length > 400)
        ({ sql, types } = { sql: 'select id, c from items where id < 9', types: ['int4', 'text'] });
      const columns = types.map((_, i) => `v${i}`).join(', ');
      return unordered(`create ${chance(g, 40) ? 'or replace ' : ''}view ${name} (${columns}) as ${sql}`);
    }
    case 2:
      return unordered(
        `create or replace view ${name} as select v0, ${pick(g.prng, ['1 as v1', 'v0 as v2'])} from ${other} where v0 is not null`,
      );
    case 3:
      return unordered(
        `create view ${name} as select a as v0, b from spare where a > ${nextBelow(g.prng, 3)}`,
      );
    case 4:
      return unordered(
        `drop view ${chance(g, 30) ? 'if exists ' : ''}${name}${chance(g, 40) ? ' cascade' : ''}`,
      );
    case 5:
      return unordered(`drop view ${name}, ${other}`);
    case 6:
      return unordered(`drop table spare${chance(g, 50) ? ' cascade' : ''}`);
    case 7:
      return unordered(
        pick(g.prng, [
          `drop table ${name}`,
          `create index on ${name} (v0)`,
          `create table ${name} (a int)`,
          `drop index ${name}`,
          `select nope from ${name}`,
        ]),
      );
    case 8:
      return unordered(`select x.v0, y.v0 from ${name} x join ${other} y on x.v0 = y.v0`);
    default:
      return unordered(`select * from ${name}`);
  }
}
