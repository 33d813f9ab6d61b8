// Queries at random that ask whether another relation has a row for the one at hand: EXISTS, IN and their negations, with one
// equality or several, conditions over both sides, several tests of one row, and tests within tests. Most are done as joins.

import { nextBelow } from '../../../base/prng.ts';
import {
  BASES,
  type Columns,
  chance,
  type Drawn,
  equalityOf,
  NUMBERS,
  over,
  type Relation,
} from './generator-query.ts';
import { type Generator, pick } from './generator-state.ts';

/** Lists of EXISTS: what they hold never matters, and they may be empty. */
const LISTS = ['1', '*', '', 'null', '1 / 0'];

const named = ({ columns }: Relation, alias: string): Columns =>
  columns.map((c) => ({ ...c, name: `${alias}.${c.name}` }));

const bounded = ({ sql }: Relation, alias: string): string => `(select * from ${sql}) ${alias}`;

/** A test of the row whose columns are given; `depth`: tests within it. */
function test(g: Generator, given: Columns, depth: number): string {
  const base = pick(g.prng, BASES);
  const alias = `e${g.aliases++}`;
  const own = named(base, alias);
  const not = chance(g, 40) ? 'not ' : '';
  const conditions: string[] = [];
  for (let i = 0; i <= nextBelow(g.prng, 2); i++) {
    const equality = equalityOf(g, own, given);
    if (equality !== null) conditions.push(equality);
  }
  if (chance(g, 35)) conditions.push(over(g, own, 'bool', 1));
  if (chance(g, 35)) conditions.push(over(g, [...own, ...given], 'bool', 1));
  if (depth > 0 && chance(g, 35))
    conditions.push(test(g, chance(g, 50) ? own : [...own, ...given], depth - 1));
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  const from = `from ${bounded(base, alias)}${where}`;
  const member = given.filter(({ type }) => NUMBERS.includes(type) || type === 'text');
  if (member.length > 0 && chance(g, 45)) {
    const { name, type } = pick(g.prng, member);
    const fitting = own.filter((c) => (type === 'text' ? c.type === 'text' : NUMBERS.includes(c.type)));
    if (fitting.length > 0) return `${name} ${not}in (select ${pick(g.prng, fitting).name} ${from})`;
  }
  return `${not}exists (select ${pick(g.prng, LISTS)} ${from})`;
}

export function drawSemiJoin(g: Generator): Drawn {
  const base = pick(g.prng, BASES);
  const alias = `t${g.aliases++}`;
  const given = named(base, alias);
  const conditions = [test(g, given, 1)];
  if (chance(g, 30)) conditions.push(test(g, given, 0));
  if (chance(g, 30)) conditions.push(over(g, given, 'bool', 1));
  const where = `where ${conditions.join(chance(g, 15) ? ' or ' : ' and ')}`;
  if (chance(g, 20)) return { sql: `select from ${bounded(base, alias)} ${where}`, ordered: false };
  const targets = chance(g, 30) ? 'count(*)' : `${alias}.*`;
  return { sql: `select ${targets} from ${bounded(base, alias)} ${where}`, ordered: false };
}
