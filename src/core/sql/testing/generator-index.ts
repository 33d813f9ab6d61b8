// Indexes made and dropped at random over the drawn statements' tables, and queries that may be read by them: conditions and
// orders over few columns. Unique ones hold a table's key, so that a drawn write is refused by none of them.

import { nextBelow, nextChance } from '../../../base/prng.ts';
import type { ColumnType } from '../access.ts';
import { literalOf } from './generator-expression.ts';
import { type GeneratorTable, TABLES } from './generator-schema.ts';
import { type Generator, pick } from './generator-state.ts';

/** Few, so that they meet often. */
const NAMES = ['i1', 'i2', 'i3', 'i4', 'i5', 'i6', 'i7', 'i8'];
const ORDERS = ['', '', ' asc', ' desc', ' nulls first', ' desc nulls last', ' desc nulls first'];

const MISTAKES: readonly string[] = [
  'create index on nope (a)',
  'create index on items (nope)',
  'create index items on items (a)',
  'create index items_pkey on items (a)',
  'create index i1 on i1 (a)',
  'create index if not exists parts on parts (n)',
  'create index on loose using nope (x)',
  'create table i1 (a int)',
  'drop index nope',
  'drop index if exists nope, i1',
  'drop index items',
  'drop index items_pkey',
  'drop table i1',
  'select * from items_pkey',
  'select * from i1',
  'insert into items_pkey values (1)',
  'drop index nope.i1',
  'create index concurrently on nope (a)',
  'create index concurrently on items (nope)',
  'create index concurrently items_pkey on items (a)',
  'create index concurrently if not exists parts on parts (n)',
  'drop index concurrently nope',
  'drop index concurrently items_pkey',
  'drop index concurrently i1, i2',
  'drop index concurrently i1 cascade',
];

export function drawIndex(g: Generator): string {
  if (nextChance(g.prng, 1, 6)) return pick(g.prng, MISTAKES);
  const name = pick(g.prng, NAMES);
  const concurrently = nextChance(g.prng, 1, 4) ? 'concurrently ' : '';
  if (nextChance(g.prng, 1, 4)) return `drop index ${concurrently}${pick(g.prng, ['', 'if exists '])}${name}`;
  const table = pick(g.prng, TABLES);
  const columns = columnsOf(g, table);
  const isUnique = table.primaryKey.length > 0 && nextChance(g.prng, 1, 4);
  if (isUnique) for (const key of table.primaryKey) if (!columns.includes(key)) columns.push(key);
  const keys = columns.map((column) => `${column}${pick(g.prng, ORDERS)}`);
  const maybe = nextChance(g.prng, 1, 3) ? 'if not exists ' : '';
  return `create ${isUnique ? 'unique ' : ''}index ${concurrently}${maybe}${name} on ${table.name} (${keys.join(', ')})`;
}

function columnsOf(g: Generator, { columns }: GeneratorTable): string[] {
  const count = 1 + nextBelow(g.prng, 2);
  return [...new Set(Array.from({ length: count }, () => pick(g.prng, columns).name))];
}

/** A query whose condition and order are those of an index, in all columns' order at last. */
export function drawIndexQuery(g: Generator): { readonly sql: string; readonly ordered: boolean } {
  const table = pick(g.prng, TABLES);
  const chosen = columnsOf(g, table);
  const typeOf = (name: string): ColumnType => table.columns.find((c) => c.name === name)?.type ?? 'int4';
  const conditions = chosen
    .filter(() => nextChance(g.prng, 3, 4))
    .map((name) => condition(g, name, typeOf(name)));
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  const order = chosen.map((name) => `${name}${pick(g.prng, ORDERS)}`);
  const rest = table.columns.filter(({ name }) => !chosen.includes(name)).map(({ name }) => name);
  if (nextChance(g.prng, 1, 4))
    return { sql: `select count(*), count(${chosen[0]}) from ${table.name}${where}`, ordered: true };
  const isWhole = nextChance(g.prng, 1, 2);
  const limit = nextChance(g.prng, 1, 2) ? ` limit ${1 + nextBelow(g.prng, 6)}` : '';
  // Only the order's own columns, so that rows that tie are alike.
  const targets = isWhole ? '*' : chosen.join(', ');
  const sql = `select ${targets} from ${table.name}${where} order by ${[...order, ...(isWhole ? rest : [])].join(', ')}${limit}`;
  return { sql, ordered: true };
}

function condition(g: Generator, name: string, type: ColumnType): string {
  const value = (): string => (type === 'int4' ? String(nextBelow(g.prng, 60) - 5) : literalOf(g, type));
  switch (nextBelow(g.prng, 6)) {
    case 0:
    case 1:
    case 2:
      return `${name} = ${value()}`;
    case 3:
      return `${name} in (${value()}, ${value()})`;
    case 4:
      return `${name} between ${value()} and ${value()}`;
    default:
      return `${name} ${pick(g.prng, ['<', '<=', '>', '>='])} ${value()}`;
  }
}
