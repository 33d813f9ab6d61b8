// Statements at random, from a seed: typed expressions over four tables of all types with nulls, queries, writes,
// transactions, tables made and dropped, and mistakes. Made for comparing two databases, so a statement whose result
// depends on the order of rows asks for a total order.

import { makePrng, nextBelow, nextChance, type Prng } from '../../../base/prng.ts';
import type { ColumnType } from '../access.ts';
import { NEWER } from './generator-dated.ts';
import { expressionOf, literalOf } from './generator-expression.ts';
import { formOf } from './generator-forms.ts';
import { drawIndex, drawIndexQuery } from './generator-index.ts';
import { drawLarge } from './generator-large.ts';
import { mistakeOf, SPARE_STATEMENTS } from './generator-mistakes.ts';
import { INFERRED } from './generator-params.ts';
import { drawDistinctOn, drawJoin, drawSetQuery, drawSubquery, drawWith } from './generator-query.ts';
import { type GeneratorTable, TABLES } from './generator-schema.ts';
import { drawSemiJoin } from './generator-semi-join.ts';
import { drawSequence } from './generator-sequence.ts';
import { type Generator, pick } from './generator-state.ts';
import { drawSystem } from './generator-system.ts';
import { drawView } from './generator-view.ts';
import { drawWindow } from './generator-window.ts';
import { drawWrite } from './generator-write.ts';

export interface GeneratedStatement {
  readonly sql: string;
  readonly params: readonly string[];
  /** Rows are to be compared in order. */
  readonly ordered: boolean;
  readonly kind: string;
}

/** `hasSystem`: both databases have pg_catalog and information_schema. */
export function makeGenerator(seed: number, hasSystem = false): Generator {
  return {
    hasSystem,
    prng: makePrng(seed, 'sql-generator'),
    table: null,
    params: null,
    inBlock: false,
    aliases: 0,
    ctes: [],
    safe: true,
  };
}

type Maker = (g: Generator) => GeneratedStatement;

/** The next statement. */
export function nextStatement(g: Generator): GeneratedStatement {
  g.params = null;
  g.safe = true;
  g.aliases = 0;
  g.ctes = [];
  g.table = pick(g.prng, TABLES);
  if (g.inBlock && chance(g.prng, 25)) return transaction(g);
  let roll = nextBelow(g.prng, WEIGHT);
  for (const [weight, make] of MAKERS) {
    if (roll < weight) return make(g);
    roll -= weight;
  }
  return query(g);
}

const statement = (
  kind: string,
  sql: string,
  ordered = false,
  params: readonly string[] = [],
): GeneratedStatement => ({
  sql,
  params,
  ordered,
  kind,
});

const MAKERS: readonly (readonly [number, Maker])[] = [
  [18, insert],
  [22, query],
  [10, keyQuery],
  [14, aggregate],
  [14, constants],
  [8, update],
  [6, remove],
  [6, paramQuery],
  [3, insertSelect],
  [4, upsert],
  [3, transaction],
  [10, tables],
  [8, form],
  [6, mistake],
  [12, drawn('join', drawJoin)],
  [10, drawn('subquery', drawSubquery)],
  [6, drawn('set operation', drawSetQuery)],
  [5, drawn('write by query', drawWrite)],
  [6, drawn('with', drawWith)],
  [2, drawn('distinct on', drawDistinctOn)],
  [12, drawn('window', drawWindow)],
  [8, drawn('view', drawView)],
  [4, (g) => statement('index', drawIndex(g))],
  [10, drawn('index query', drawIndexQuery)],
  [10, drawn('semi join', drawSemiJoin)],
  [6, drawn('sequence', drawSequence)],
  [6, drawn('large row', drawLarge)],
  [3, system],
  [5, locking],
];

function system(g: Generator): GeneratedStatement {
  return g.hasSystem ? drawn('system', drawSystem)(g) : query(g);
}

function drawn(kind: string, draw: (g: Generator) => { sql: string; ordered: boolean }): Maker {
  return (g) => {
    const { sql, ordered } = draw(g);
    return statement(kind, sql, ordered);
  };
}

const LOCKS = ['update', 'no key update', 'share', 'key share'];
const LOCK_ENDS = ['', '', ' nowait', ' skip locked', ' of items', ' of q', ' of items for share of loose'];

/** A query of any form with FOR UPDATE or FOR SHARE, which many of them may not have. */
function locking(g: Generator): GeneratedStatement {
  const make = pick(g.prng, [
    query,
    query,
    keyQuery,
    aggregate,
    drawn('join', drawJoin),
    drawn('', drawSubquery),
  ]);
  const { sql, params, ordered } = make(g);
  const clause = `for ${pick(g.prng, LOCKS)}${pick(g.prng, LOCK_ENDS)}`;
  return statement('locking', `${sql} ${clause}`, ordered, params);
}

const WEIGHT = MAKERS.reduce((sum, [weight]) => sum + weight, 0);

const tableOf = (g: Generator): GeneratorTable => g.table ?? pick(g.prng, TABLES);
const chance = (prng: Prng, percent: number): boolean => nextChance(prng, percent, 100);

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function insert(g: Generator): GeneratedStatement {
  const table = tableOf(g);
  const all = table.columns.filter((c) => c.notNull || chance(g.prng, 75));
  const columns = all.length === 0 ? table.columns : all;
  g.safe = false;
  const row = (): string => columns.map((c) => columnValue(g, c)).join(', ');
  const rows = times(1 + nextBelow(g.prng, 4), row).map((values) => `(${values})`);
  const list = `(${columns.map((c) => c.name).join(', ')})`;
  return statement('insert', `insert into ${table.name} ${list} values ${rows.join(', ')}`);
}

function columnValue(g: Generator, c: GeneratorTable['columns'][number]): string {
  if (chance(g.prng, 2)) return 'null';
  if (chance(g.prng, 3)) return 'default';
  if (c.name === 'id') return String(nextBelow(g.prng, 400));
  if (c.name === 'n') return String(nextBelow(g.prng, 60));
  g.table = null;
  const value = chance(g.prng, 80) ? literalOf(g, c.type) : expressionOf(g, c.type, 2);
  return value;
}

function where(g: Generator): string {
  return chance(g.prng, 75) ? ` where ${expressionOf(g, 'bool', 3)}` : '';
}

/** Targets with a total order over all of them. */
function query(g: Generator): GeneratedStatement {
  const table = tableOf(g);
  const risky = chance(g.prng, 25);
  const count = risky ? 1 : 1 + nextBelow(g.prng, 4);
  const plain = !risky && chance(g.prng, 25);
  g.safe = !risky;
  const targets = plain
    ? ['*']
    : times(count, (i) => {
        const e = expressionOf(g, pick(g.prng, TYPES), 3);
        return chance(g.prng, 50) ? `${e} as r${i}` : e;
      });
  g.safe = true;
  const width = plain ? table.columns.length : count;
  const distinct = chance(g.prng, 20) ? 'distinct ' : '';
  const condition = where(g);
  const order = times(width, (i) => `${i + 1}${pick(g.prng, DIRECTIONS)}`);
  if (distinct === '' && !plain && chance(g.prng, 30))
    order.unshift(`${expressionOf(g, pick(g.prng, TYPES), 2, true)} desc`);
  const ordered = !risky && chance(g.prng, 60);
  const tail = ordered ? ` order by ${order.join(', ')}${limit(g)}` : '';
  return statement(
    'query',
    `select ${distinct}${targets.join(', ')} from ${table.name}${condition}${tail}`,
    ordered,
  );
}

const TYPES: readonly ColumnType[] = ['int4', 'int8', 'text', 'float8', 'bool', 'numeric', ...NEWER];
const DIRECTIONS = ['', ' asc', ' desc', ' nulls first', ' desc nulls last', ' asc nulls last'];

function limit(g: Generator): string {
  if (!chance(g.prng, 40)) return '';
  const offset = chance(g.prng, 40) ? ` offset ${nextBelow(g.prng, 5)}` : '';
  return ` limit ${nextBelow(g.prng, 8)}${offset}`;
}

/** Conditions on the primary key, so that it is the access path. */
function keyQuery(g: Generator): GeneratedStatement {
  const direction = pick(g.prng, ['', ' desc']);
  if (chance(g.prng, 30)) {
    g.table = TABLES[3] ?? null;
    const value = (): string => literalOf(g, pick(g.prng, ['numeric', 'numeric', 'int4', 'int8'] as const));
    const sql = `select * from prices where ${keyCondition(g, 'amount', value)} order by amount${direction}${limit(g)}`;
    return statement('key', sql, true);
  }
  if (chance(g.prng, 50)) {
    g.table = TABLES[0] ?? null;
    const condition = keyCondition(g, 'id', () => String(nextBelow(g.prng, 400)));
    const rest = chance(g.prng, 40) ? ` and ${expressionOf(g, 'bool', 2, true)}` : '';
    const sql = `select * from items where ${condition}${rest} order by id${direction}${limit(g)}`;
    return statement('key', sql, true);
  }
  g.table = TABLES[1] ?? null;
  const first = keyCondition(g, 'k', () => literalOf(g, 'text'));
  const second = chance(g.prng, 60)
    ? ` and ${keyCondition(g, 'n', () => String(nextBelow(g.prng, 60)))}`
    : '';
  const sql = `select k, n, v from parts where ${first}${second} order by k${direction}, n${direction}${limit(g)}`;
  return statement('key', sql, true);
}

function keyCondition(g: Generator, name: string, value: () => string): string {
  switch (nextBelow(g.prng, 6)) {
    case 0:
    case 1:
      return `${name} = ${value()}`;
    case 2:
      return `${name} in (${times(1 + nextBelow(g.prng, 4), value).join(', ')})`;
    case 3:
      return `${name} between ${value()} and ${value()}`;
    case 4:
      return `${name} ${pick(g.prng, ['<', '<=', '>', '>='])} ${value()}`;
    default:
      return `${value()} ${pick(g.prng, ['<', '<='])} ${name} and ${name} ${pick(g.prng, ['<', '<='])} ${value()}`;
  }
}

function aggregateCall(g: Generator): string {
  const distinct = chance(g.prng, 20) ? 'distinct ' : '';
  const filter = chance(g.prng, 15) ? ` filter (where ${expressionOf(g, 'bool', 2, true)})` : '';
  const over = (type: ColumnType): string => expressionOf(g, type, 2, true);
  switch (nextBelow(g.prng, 9)) {
    case 0:
      return `count(*)${filter}`;
    case 1:
      return `count(${distinct}${over(pick(g.prng, TYPES))})${filter}`;
    case 2:
      return `sum(${over('int4')})${filter}`;
    case 3:
      return `sum(${distinct}${over(pick(g.prng, ['int8', 'numeric'] as const))})`;
    case 4:
      return `avg(${over(pick(g.prng, ['int2', 'int4', 'int8', 'float8', 'numeric'] as const))})${filter}`;
    case 5:
      return `sum(${over('float8')})`;
    case 6:
      return `${pick(g.prng, ['bool_and', 'bool_or', 'every'])}(${over('bool')})`;
    default:
      return `${pick(g.prng, ['min', 'max'])}(${over(pick(g.prng, ['int4', 'int8', 'float8', 'text', 'numeric', 'date', 'int2', 'timestamptz', 'bpchar'] as const))})${filter}`;
  }
}

function aggregate(g: Generator): GeneratedStatement {
  const table = tableOf(g);
  const calls = times(1 + nextBelow(g.prng, 3), () => aggregateCall(g));
  const condition = where(g);
  if (chance(g.prng, 35))
    return statement('aggregate', `select ${calls.join(', ')} from ${table.name}${condition}`);
  const keys = times(1 + nextBelow(g.prng, 2), () => expressionOf(g, pick(g.prng, TYPES), 1, true));
  const numbered = keys.map((_, i) => i + 1).join(', ');
  // A literal as GROUP BY item means a position or is refused: only columns are grouped by name.
  const byName = chance(g.prng, 50) && keys.every((key) => table.columns.some((c) => c.name === key));
  const group = byName ? keys.join(', ') : numbered;
  const having = chance(g.prng, 30) ? ` having count(*) > ${nextBelow(g.prng, 4)}` : '';
  const order = chance(g.prng, 50) ? ` order by ${numbered}` : '';
  const sql = `select ${[...keys, ...calls].join(', ')} from ${table.name}${condition} group by ${group}${having}${order}`;
  return statement('aggregate', sql, order !== '');
}

/** No table at all: types, literals, functions, errors. */
function constants(g: Generator): GeneratedStatement {
  g.table = null;
  g.safe = false;
  const targets = times(1 + nextBelow(g.prng, 3), () => expressionOf(g, pick(g.prng, TYPES), 4));
  return statement('constants', `select ${targets.join(', ')}`, true);
}

function update(g: Generator): GeneratedStatement {
  const table = tableOf(g);
  const free = table.columns.filter((c) => !table.primaryKey.includes(c.name));
  const chosen = free.filter(() => chance(g.prng, 40));
  const columns = chosen.length === 0 ? free.slice(0, 1) : chosen;
  g.safe = columns.length > 1;
  const set = columns.map((c) => {
    const value = expressionOf(g, c.type, 2, true);
    if (c.type === 'varchar') return `${c.name} = left(${value}, 4)`;
    if (c.type === 'bpchar') return `${c.name} = cast(${value} as char(3))`;
    return `${c.name} = ${c.declared === undefined || c.type === 'bool' ? value : `least(greatest(${value}, -900), 900)`}`;
  });
  g.safe = true;
  return statement('update', `update ${table.name} set ${set.join(', ')}${where(g)}`);
}

function remove(g: Generator): GeneratedStatement {
  const table = tableOf(g);
  const narrow = chance(g.prng, 85)
    ? `${expressionOf(g, 'bool', 2, true)} and ${expressionOf(g, 'bool', 2, true)}`
    : '';
  const condition = narrow === '' ? expressionOf(g, 'bool', 1, true) : narrow;
  return statement('delete', `delete from ${table.name} where ${condition}`);
}

function paramQuery(g: Generator): GeneratedStatement {
  if (chance(g.prng, 50)) {
    const [sql, given] = pick(g.prng, INFERRED);
    return statement('params', sql, sql.includes('order by'), given);
  }
  const params: string[] = [];
  g.params = params;
  const table = tableOf(g);
  const condition = expressionOf(g, 'bool', 3, true);
  g.params = null;
  if (params.some((_, i) => !condition.includes(`$${i + 1}::`))) return query(g);
  return statement('params', `select * from ${table.name} where ${condition}`, false, params);
}

function insertSelect(g: Generator): GeneratedStatement {
  const table = tableOf(g);
  const sql = `insert into loose (x, y, q) select ${expressionOf(g, 'int4', 2, true)}, ${expressionOf(g, 'text', 2, true)}, true`;
  return statement(
    'insert select',
    `${sql} from ${table.name} where ${expressionOf(g, 'bool', 1, true)} and ${expressionOf(g, 'bool', 1, true)}`,
  );
}

/** Rows that are often there already. */
function upsert(g: Generator): GeneratedStatement {
  const table = pick(
    g.prng,
    TABLES.filter(({ primaryKey }) => primaryKey.length > 0),
  );
  g.table = table;
  const columns = table.columns.filter((c) => c.notNull || chance(g.prng, 60));
  const rows = times(1 + nextBelow(g.prng, 3), () => `(${columns.map((c) => columnValue(g, c)).join(', ')})`);
  const free = table.columns.filter(
    (c) => !table.primaryKey.includes(c.name) && (c.declared === undefined || c.declared.startsWith('int')),
  );
  const { name } = pick(g.prng, free);
  const target = chance(g.prng, 80) ? ` (${table.primaryKey.join(', ')})` : '';
  const set = pick(g.prng, [
    `${name} = excluded.${name}`,
    `${name} = ${table.name}.${name}`,
    `${name} = coalesce(excluded.${name}, ${table.name}.${name})`,
  ]);
  const where = chance(g.prng, 30) ? ` where excluded.${name} is distinct from ${table.name}.${name}` : '';
  const action = chance(g.prng, 40) ? 'nothing' : `update set ${set}${where}`;
  const returning = chance(g.prng, 50) ? ` returning ${table.primaryKey.join(', ')}, ${name}` : '';
  const list = columns.map((c) => c.name).join(', ');
  return statement(
    'upsert',
    `insert into ${table.name} (${list}) values ${rows.join(', ')} on conflict${target} do ${action}${returning}`,
  );
}

/** Of few names, so that one often hides another, and often is not there. */
const SAVEPOINTS = [
  'savepoint s1',
  'savepoint s1',
  'savepoint s2',
  'rollback to s1',
  'rollback to savepoint s2',
  'release s1',
  'release savepoint s2',
];

function transaction(g: Generator): GeneratedStatement {
  if (!g.inBlock) {
    if (chance(g.prng, 5)) return statement('savepoint', pick(g.prng, SAVEPOINTS));
    g.inBlock = true;
    return statement(
      'transaction',
      pick(g.prng, ['begin', 'start transaction', 'begin isolation level repeatable read']),
    );
  }
  if (chance(g.prng, 60)) return statement('savepoint', pick(g.prng, SAVEPOINTS));
  g.inBlock = false;
  return statement('transaction', pick(g.prng, ['commit', 'end', 'rollback', 'abort']));
}

/** A statement of a less common form. */
function form(g: Generator): GeneratedStatement {
  const { sql, ordered } = formOf(g, tableOf(g));
  return statement('form', sql, ordered);
}

function tables(g: Generator): GeneratedStatement {
  return statement('tables', pick(g.prng, SPARE_STATEMENTS), true);
}

function mistake(g: Generator): GeneratedStatement {
  return statement('mistake', mistakeOf(g, tableOf(g)));
}
