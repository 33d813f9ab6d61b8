// Window functions at random. What depends on the order within a partition is ordered by all columns, so that no rows tie;
// other windows hold only what ties do not change.

import { nextBelow } from '../../../base/prng.ts';
import type { ColumnType } from '../access.ts';
import { ANY_TYPE, type Columns, chance, type Drawn, NUMBERS, over, select } from './generator-query.ts';
import { type Generator, pick } from './generator-state.ts';

const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

const DIRECTIONS = ['', ' desc', ' nulls first', ' desc nulls last'];
const EXCLUSIONS = [
  '',
  '',
  '',
  ' exclude current row',
  ' exclude group',
  ' exclude ties',
  ' exclude no others',
];

/** Ends of frames, in an order in which each may begin what a later one ends. */
const ENDS = ['preceding', 'current row', 'following'] as const;

function frame(g: Generator, unit: 'rows' | 'groups' | 'range', offset: () => string): string {
  const end = (place: number): string => {
    const kind = ENDS[place] ?? 'current row';
    return kind === 'current row' ? kind : `${offset()} ${kind}`;
  };
  const first = nextBelow(g.prng, 4);
  const last = nextBelow(g.prng, 4);
  const start = first === 3 ? 'unbounded preceding' : end(first);
  const stop = last === 3 || (first !== 3 && last < first) ? 'unbounded following' : end(last);
  return ` ${unit} between ${start} and ${stop}${pick(g.prng, EXCLUSIONS)}`;
}

function partition(g: Generator, columns: Columns): string {
  return chance(g, 60)
    ? `partition by ${chance(g, 70) ? pick(g.prng, columns).name : over(g, columns, 'bool', 1)}`
    : '';
}

const aggregates = (type: ColumnType): readonly string[] =>
  type === 'bool'
    ? ['bool_and', 'bool_or', 'count']
    : type === 'uuid'
      ? ['count']
      : type === 'text' || type === 'date' || type === 'timestamp' || type === 'bpchar'
        ? ['min', 'max', 'count']
        : ['sum', 'avg', 'min', 'max', 'count'];

function aggregate(g: Generator, columns: Columns): string {
  const { name, type } = pick(g.prng, columns);
  const filter = chance(g, 15) ? ` filter (where ${over(g, columns, 'bool', 1)})` : '';
  return chance(g, 20) ? `count(*)${filter}` : `${pick(g.prng, aggregates(type))}(${name})${filter}`;
}

function ordered(g: Generator, columns: Columns): string {
  const { name } = pick(g.prng, columns);
  switch (nextBelow(g.prng, 7)) {
    case 0:
      return pick(g.prng, ['row_number()', 'rank()', 'dense_rank()', 'percent_rank()', 'cume_dist()']);
    case 1:
      return `ntile(${1 + nextBelow(g.prng, 5)})`;
    case 2:
      return `${pick(g.prng, ['lag', 'lead'])}(${name}${chance(g, 60) ? `, ${nextBelow(g.prng, 4) - 1}` : ''})`;
    case 3:
      return `${pick(g.prng, ['first_value', 'last_value'])}(${name})`;
    case 4:
      return `nth_value(${name}, ${1 + nextBelow(g.prng, 3)})`;
    default:
      return aggregate(g, columns);
  }
}

/** A call with its window. */
function call(g: Generator, columns: Columns): string {
  const by = partition(g, columns);
  const direction = (): string => pick(g.prng, DIRECTIONS);
  switch (nextBelow(g.prng, 5)) {
    case 0: {
      const number = columns.filter(({ type }) => NUMBERS.includes(type) || type === 'float8');
      if (number.length === 0) return `${aggregate(g, columns)} over (${by})`;
      const { name, type } = pick(g.prng, number);
      const offset = (): string =>
        (type === 'numeric' || type === 'float8') && chance(g, 50) ? '1.5' : String(nextBelow(g.prng, 9));
      return `${aggregate(g, columns)} over (${by} order by ${name}${direction()}${frame(g, 'range', offset)})`;
    }
    case 1: {
      const key = `order by ${pick(g.prng, columns).name}${direction()}`;
      const end = chance(g, 50) ? '' : frame(g, 'groups', () => String(nextBelow(g.prng, 3)));
      return `${chance(g, 30) ? pick(g.prng, ['rank()', 'dense_rank()', 'cume_dist()']) : aggregate(g, columns)} over (${by} ${key}${end})`;
    }
    default: {
      const all = `order by ${columns.map(({ name }) => `${name}${direction()}`).join(', ')}`;
      const end = chance(g, 40)
        ? ''
        : frame(g, pick(g.prng, ['rows', 'groups']), () => String(nextBelow(g.prng, 4)));
      return `${ordered(g, columns)} over (${by} ${all}${end})`;
    }
  }
}

export function drawWindow(g: Generator): Drawn {
  const { sql, types } = select(g, 1, ANY_TYPE, [], 1 + nextBelow(g.prng, 3));
  const columns = types.map((type, i) => ({ name: `c${i}`, type, notNull: false }));
  const names = columns.map(({ name }) => name);
  // No two rows are alike: which of them gets which number would be open.
  const source = `(select distinct * from (${sql}) s) q(${names.join(', ')})`;
  if (chance(g, 15)) {
    const [key = 'c0'] = names;
    const calls = [`sum(count(*)) over (order by ${key})`, `rank() over (order by count(*) desc)`];
    return {
      sql: `select ${key}, count(*), ${pick(g.prng, calls)} from ${source} group by ${key}`,
      ordered: false,
    };
  }
  const calls = times(1 + nextBelow(g.prng, 3), () => call(g, columns));
  if (!chance(g, 25))
    return { sql: `select ${[...names, ...calls].join(', ')} from ${source}`, ordered: false };
  const all = names.map((name) => `${name}${pick(g.prng, DIRECTIONS)}`).join(', ');
  const named = `window w as (${partition(g, columns)} order by ${all}), v as (${partition(g, columns)})`;
  const more = `${ordered(g, columns)} over w, ${aggregate(g, columns)} over v`;
  return {
    sql: `select ${[...names, ...calls].join(', ')}, ${more} from ${source} ${named}`,
    ordered: false,
  };
}
