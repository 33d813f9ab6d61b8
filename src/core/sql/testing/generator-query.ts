// Queries over several relations at random: joins of all kinds, derived tables, LATERAL, subqueries in conditions and
// targets, set operations. Relations are kept small, and nothing depends on the order of rows or of evaluation.

import { nextBelow, nextChance } from '../../../base/prng.ts';
import type { ColumnType } from '../access.ts';
import { expressionOf, literalOf } from './generator-expression.ts';
import type { GeneratorTable } from './generator-schema.ts';
import { type Generator, pick } from './generator-state.ts';

export type Columns = GeneratorTable['columns'];

/** A FROM item with the columns that it offers. */
export interface Relation {
  readonly sql: string;
  readonly columns: Columns;
}

export const BASES: readonly Relation[] = [
  {
    sql: 'items where id < 60',
    columns: columnsOf('id int4, a int4, b int8, c text, d float8, e bool, m numeric'),
  },
  { sql: 'parts where n < 20', columns: columnsOf('k text, n int8, v float8, w text, f bool') },
  {
    sql: 'loose where x is null or x < 20',
    columns: columnsOf('x int4, y text, z float8, q bool, p numeric, vc varchar'),
  },
  { sql: 'prices where n < 40', columns: columnsOf('amount numeric, rate numeric, n int4') },
  {
    sql: 'events where n < 30',
    columns: columnsOf(
      'day date, code bpchar, n int2, r float4, at timestamp, tz timestamptz, u uuid, raw bytea',
    ),
  },
];

function columnsOf(list: string): Columns {
  return list.split(', ').map((one) => {
    const [name = '', type] = one.split(' ');
    return { name, type: type as ColumnType, notNull: false };
  });
}

/** Types of which equal values look alike. */
export const PLAIN: readonly ColumnType[] = ['int4', 'int8', 'text', 'bool', 'date', 'uuid'];
export const ANY_TYPE: readonly ColumnType[] = [
  'int4',
  'int8',
  'text',
  'float8',
  'bool',
  'numeric',
  'date',
  'timestamp',
  'bpchar',
  'uuid',
];

export const chance = (g: Generator, percent: number): boolean => nextChance(g.prng, percent, 100);
const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** An expression over the columns. */
export function over(g: Generator, columns: Columns, type: ColumnType, depth = 2): string {
  g.table = { name: '', columns, primaryKey: [] };
  g.safe = true;
  return expressionOf(
    g,
    type,
    depth,
    columns.some((c) => c.type === type || (type === 'text' && c.type === 'varchar')),
  );
}

const columnOf = (g: Generator, columns: Columns, types: readonly ColumnType[]): Columns[number] | null => {
  const fitting = columns.filter(({ type }) => types.includes(type));
  return fitting.length === 0 ? null : pick(g.prng, fitting);
};

/** `outer`: columns that LATERAL and correlated queries may use. */
function relation(g: Generator, alias: string, outer: Columns, depth: number): Relation {
  const named = (columns: Columns): Columns => columns.map((c) => ({ ...c, name: `${alias}.${c.name}` }));
  if (g.ctes.length > 0 && chance(g, 40)) {
    const cte = pick(g.prng, g.ctes);
    return { sql: `${cte.sql} ${alias}`, columns: named(cte.columns) };
  }
  switch (nextBelow(g.prng, depth > 0 ? 8 : 4)) {
    case 0:
    case 1:
    case 2: {
      const base = pick(g.prng, BASES);
      return { sql: `(select * from ${base.sql}) ${alias}`, columns: named(base.columns) };
    }
    case 3:
    case 4: {
      const types = times(1 + nextBelow(g.prng, 3), () => pick(g.prng, ANY_TYPE));
      const rows = times(1 + nextBelow(g.prng, 3), (i) =>
        types
          .map((type) => (i === 0 || chance(g, 80) ? `cast(${literalOf(g, type)} as ${type})` : 'null'))
          .join(', '),
      );
      const columns = types.map((type, i) => ({ name: `v${i}`, type, notNull: false }));
      const list = columns.map(({ name }) => name).join(', ');
      return { sql: `(values (${rows.join('), (')})) ${alias}(${list})`, columns: named(columns) };
    }
    case 5: {
      const { sql, types } = setQuery(g, depth - 1);
      const columns = types.map((type, i) => ({ name: `u${i}`, type, notNull: false }));
      return {
        sql: `(${sql}) as ${alias}(${columns.map(({ name }) => name).join(', ')})`,
        columns: named(columns),
      };
    }
    default: {
      const isLateral = outer.length > 0 && chance(g, 60);
      const { sql, types } = select(g, depth - 1, ANY_TYPE, isLateral ? outer : []);
      const columns = types.map((type, i) => ({ name: `s${i}`, type, notNull: false }));
      const list = columns.map(({ name }) => name).join(', ');
      return { sql: `${isLateral ? 'lateral ' : ''}(${sql}) ${alias}(${list})`, columns: named(columns) };
    }
  }
}

const JOINS = ['join', 'inner join', 'left join', 'left join', 'right join', 'full join'];

const nextAlias = (g: Generator): string => `t${g.aliases++}`;

/** A FROM clause of some relations; each is joined by an equality where there is one. */
export function fromClause(g: Generator, depth: number, outer: Columns): Relation {
  const count = 1 + nextBelow(g.prng, 3);
  let { sql, columns } = relation(g, nextAlias(g), outer, depth);
  for (let i = 1; i < count; i++) {
    const join = pick(g.prng, JOINS);
    const sees = join === 'right join' || join === 'full join' ? outer : [...outer, ...columns];
    const right = relation(g, nextAlias(g), sees, depth);
    const equality = equalityOf(g, columns, right.columns);
    const both = [...columns, ...right.columns];
    // A product is only made with a few rows.
    const isFew = right.sql.startsWith('(values');
    if (equality === null && (!isFew || join === 'full join')) continue;
    if (equality === null || (join === 'join' && isFew && chance(g, 30)))
      sql = `${sql} cross join ${right.sql}`;
    else if (join === 'full join') sql = `${sql} full join ${right.sql} on ${equality}`;
    else {
      const more = chance(g, 30)
        ? ` and ${chance(g, 70) ? over(g, both, 'bool', 1) : predicate(g, both, depth)}`
        : '';
      sql = `${sql} ${join} ${right.sql} on ${equality}${more}`;
    }
    columns = both;
  }
  return { sql, columns };
}

export const NUMBERS: readonly ColumnType[] = ['int4', 'int8', 'numeric'];

export function equalityOf(g: Generator, left: Columns, right: Columns): string | null {
  const l = columnOf(g, left, [...NUMBERS, 'text']);
  if (l === null) return null;
  const r = columnOf(g, right, l.type === 'text' ? ['text'] : NUMBERS);
  if (r === null) return null;
  return chance(g, 50) ? `${l.name} = ${r.name}` : `${r.name} = ${l.name}`;
}

/** A condition with a subquery, over these columns. */
export function predicate(g: Generator, columns: Columns, depth: number): string {
  const types = columns.map(({ type }) => type).filter((type) => PLAIN.includes(type) && type !== 'bool');
  const type = types.length === 0 ? 'int4' : pick(g.prng, types);
  const inner = Math.max(0, depth - 1);
  const value = over(g, columns, type, 1);
  switch (nextBelow(g.prng, 6)) {
    case 0:
      return `${chance(g, 50) ? 'not ' : ''}exists (${select(g, inner, ANY_TYPE, columns).sql})`;
    case 1:
    case 2:
      return `${value} ${chance(g, 50) ? 'not ' : ''}in (${select(g, inner, [type], chance(g, 50) ? columns : [], 1).sql})`;
    case 3:
      return `${value} ${pick(g.prng, ['=', '<', '<>', '>='])} ${pick(g.prng, ['any', 'all', 'some'])} (${select(g, inner, [type], chance(g, 40) ? columns : [], 1).sql})`;
    case 4:
      return `${value} ${pick(g.prng, ['=', '<', '>'])} (${scalar(g, type, columns, inner)})`;
    default:
      return `(${over(g, columns, 'bool', 1)} or ${predicate(g, columns, inner)})`;
  }
}

/** A query of one value at most. */
export function scalar(g: Generator, type: ColumnType, outer: Columns, depth: number): string {
  const from = fromClause(g, depth, outer);
  const call = type === 'int8' && chance(g, 40) ? 'count(*)' : extreme(g, from.columns, type);
  const correlation = chance(g, 60) ? equalityOf(g, from.columns, outer) : null;
  return `select ${call} from ${from.sql}${correlation === null ? '' : ` where ${correlation}`}`;
}

interface Typed {
  readonly sql: string;
  readonly types: readonly ColumnType[];
}

/** `only`: types of its columns; `width`: how many, any number when absent. */
export function select(
  g: Generator,
  depth: number,
  only: readonly ColumnType[],
  outer: Columns,
  width = 1 + nextBelow(g.prng, 3),
): Typed {
  const from = fromClause(g, depth, outer);
  const conditions: string[] = [];
  const correlation = outer.length > 0 && chance(g, 75) ? equalityOf(g, from.columns, outer) : null;
  if (correlation !== null) conditions.push(correlation);
  if (chance(g, 40)) conditions.push(over(g, from.columns, 'bool', 1));
  if (depth > 0 && chance(g, 30)) conditions.push(predicate(g, [...from.columns, ...outer], depth));
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  const types = times(width, () => pick(g.prng, only));
  if (chance(g, 20)) return grouped(g, from, where, types);
  const targets = types.map((type) =>
    depth > 0 && PLAIN.includes(type) && type !== 'bool' && chance(g, 12)
      ? `(${scalar(g, type, from.columns, depth - 1)})`
      : over(g, from.columns, type, 1),
  );
  const isPlain = types.every((type) => PLAIN.includes(type));
  const distinct = isPlain && chance(g, 15) ? 'distinct ' : '';
  const order =
    isPlain && chance(g, 25)
      ? ` order by ${types.map((_, i) => i + 1).join(', ')} limit ${1 + nextBelow(g.prng, 6)}`
      : '';
  return { sql: `select ${distinct}${targets.join(', ')} from ${from.sql}${where}${order}`, types };
}

/** Of equal numerics, floats and texts with spaces at the end it is open which one an extreme is. */
function extreme(g: Generator, columns: Columns, type: ColumnType): string {
  const inner =
    type === 'float8' || type === 'numeric'
      ? 'int4'
      : type === 'bpchar' || type === 'uuid' || type === 'bytea'
        ? 'text'
        : type === 'bool'
          ? 'int4'
          : type;
  const value = over(g, columns, type === 'uuid' ? type : inner, 1);
  const call = `${pick(g.prng, ['min', 'max'])}(${type === 'uuid' ? `(${value})::text` : value})`;
  return inner === type || type === 'bool' ? call : `${call}::${type}`;
}

function grouped(g: Generator, from: Relation, where: string, types: readonly ColumnType[]): Typed {
  const key = columnOf(g, from.columns, PLAIN);
  const targets = types.map((type) => {
    if (key?.type === type && chance(g, 50)) return key.name;
    if (type === 'bool') return `count(*) > ${nextBelow(g.prng, 3)}`;
    if (type === 'int8' && chance(g, 50)) return 'count(*)';
    return extreme(g, from.columns, type);
  });
  const group = key === null ? '' : ` group by ${key.name}`;
  const having = key !== null && chance(g, 30) ? ` having count(*) > ${nextBelow(g.prng, 2)}` : '';
  return { sql: `select ${targets.join(', ')} from ${from.sql}${where}${group}${having}`, types };
}

const OPERATIONS = ['union', 'union all', 'union all', 'intersect', 'intersect all', 'except', 'except all'];

function setQuery(g: Generator, depth: number): Typed {
  const types = times(1 + nextBelow(g.prng, 2), () => pick(g.prng, PLAIN));
  const arm = (): string => {
    if (depth > 0 && chance(g, 20)) return `(${setOf(g, types, depth - 1)})`;
    const from = fromClause(g, Math.max(0, depth), []);
    const where = chance(g, 50) ? ` where ${over(g, from.columns, 'bool', 1)}` : '';
    return `select ${types.map((type) => over(g, from.columns, type, 1)).join(', ')} from ${from.sql}${where}`;
  };
  const arms = times(2 + nextBelow(g.prng, 2), arm);
  return { sql: arms.reduce((all, one) => `${all} ${pick(g.prng, OPERATIONS)} ${one}`), types };
}

function setOf(g: Generator, types: readonly ColumnType[], depth: number): string {
  const arm = (): string => {
    const from = fromClause(g, depth, []);
    return `select ${types.map((type) => over(g, from.columns, type, 1)).join(', ')} from ${from.sql}`;
  };
  return `${arm()} ${pick(g.prng, OPERATIONS)} ${arm()}`;
}

export interface Drawn {
  readonly sql: string;
  readonly ordered: boolean;
}

/** A whole query in order, now and then of a limited part of it. */
function finish(g: Generator, { sql, types }: Typed): Drawn {
  if (!types.every((type) => PLAIN.includes(type)) || sql.includes(' limit ')) return { sql, ordered: false };
  const keys = types.map(
    (_, i) => `${i + 1}${pick(g.prng, ['', ' desc', ' nulls first', ' desc nulls last'])}`,
  );
  const limit = chance(g, 30) ? ` limit ${nextBelow(g.prng, 8)} offset ${nextBelow(g.prng, 3)}` : '';
  return { sql: `${sql} order by ${keys.join(', ')}${limit}`, ordered: true };
}

export function drawJoin(g: Generator): Drawn {
  const from = fromClause(g, 1, []);
  if (chance(g, 30))
    return {
      sql: `select count(*), count(${pick(g.prng, from.columns).name}) from ${from.sql}`,
      ordered: true,
    };
  const given = chance(g, 25) ? columnOf(g, from.columns, [...NUMBERS, 'text']) : null;
  if (given !== null)
    return {
      sql: `select * from ${from.sql} where ${given.name} = ${literalOf(g, given.type)}`,
      ordered: false,
    };
  if (chance(g, 30))
    return { sql: `select * from ${from.sql} where ${over(g, from.columns, 'bool', 2)}`, ordered: false };
  return finish(g, select(g, 1, ANY_TYPE, []));
}

export function drawSubquery(g: Generator): Drawn {
  const base = pick(g.prng, BASES);
  if (chance(g, 40)) {
    const [table = ''] = base.sql.split(' ');
    const columns = base.columns.map((c) => ({ ...c, name: `${table}.${c.name}` }));
    return {
      sql: `select * from ${base.sql.replace(' where ', ' where (')}) and ${predicate(g, columns, 2)}`,
      ordered: false,
    };
  }
  return finish(g, select(g, 2, PLAIN, []));
}

/** WITH queries, recursive ones among them, that are read any number of times. */
export function drawWith(g: Generator): Drawn {
  const isRecursive = chance(g, 40);
  const parts: string[] = [];
  for (let i = 0; i <= nextBelow(g.prng, 2); i++) {
    const { sql, types } = chance(g, 30) ? setQuery(g, 0) : select(g, 1, ANY_TYPE, []);
    const columns = types.map((type, k) => ({ name: `w${k}`, type, notNull: false }));
    const kind = pick(g.prng, ['', '', 'materialized ', 'not materialized ']);
    parts.push(`c${i}(${columns.map(({ name }) => name).join(', ')}) as ${kind}(${sql})`);
    g.ctes.push({ sql: `c${i}`, columns });
  }
  if (isRecursive) {
    const all = chance(g, 60) ? ' all' : '';
    const [base, step] = pick(g.prng, RECURSIONS);
    parts.push(`r(n, t) as (${base} union${all} ${step})`);
    g.ctes.push({ sql: 'r', columns: columnsOf('n int4, t text') });
  }
  const body = chance(g, 30) ? setQuery(g, 0) : select(g, 1, PLAIN, []);
  const drawn = finish(g, body);
  return { ...drawn, sql: `with ${isRecursive ? 'recursive ' : ''}${parts.join(', ')} ${drawn.sql}` };
}

const RECURSIONS: readonly (readonly [base: string, step: string])[] = [
  ["select 1, ''", "select n + 1, t || 'x' from r where n < 6"],
  ["values (1, 'a'), (2, 'b')", 'select n * 2, t || t from r where length(t) < 3 and n < 5'],
  [
    'select id, c from items where id < 5',
    'select items.id, r.t from r join items on items.id = r.n * 2 where items.id < 60 and n > 0',
  ],
  ["select 0, 'q'", 'select n + v.d, t from r cross join (values (1), (2)) v(d) where n < 4'],
];

export function drawDistinctOn(g: Generator): Drawn {
  const { sql, types } = select(g, 1, PLAIN, []);
  const keys = types.map((_, i) => String(i + 1));
  const on = keys.slice(0, 1 + nextBelow(g.prng, keys.length));
  if (chance(g, 10)) on.push('4');
  const order = chance(g, 90) ? keys : [...keys].reverse();
  return {
    sql: `select distinct on (${on.join(', ')}) * from (${sql}) q order by ${order.join(', ')}`,
    ordered: true,
  };
}

export function drawSetQuery(g: Generator): Drawn {
  const drawn = setQuery(g, 1);
  return chance(g, 60) ? finish(g, drawn) : { sql: drawn.sql, ordered: false };
}
