// The tables that drawn statements are about: every type, with and without nulls and a key.

import type { ColumnType } from '../access.ts';
import { LARGE_SCHEMA } from './generator-large.ts';
import { SEQUENCE_SCHEMA } from './generator-sequence.ts';

export interface GeneratorTable {
  readonly name: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: ColumnType;
    readonly notNull: boolean;
    /** Where its declaration says more than the type. */
    readonly declared?: string;
  }[];
  readonly primaryKey: readonly string[];
}

const column = (name: string, type: ColumnType, notNull = false): GeneratorTable['columns'][number] => ({
  name,
  type,
  notNull,
});

const declaredAs = (name: string, type: ColumnType, declared: string): GeneratorTable['columns'][number] => ({
  name,
  type,
  notNull: false,
  declared,
});

export const TABLES: readonly GeneratorTable[] = [
  {
    name: 'items',
    columns: [
      column('id', 'int4', true),
      column('a', 'int4'),
      column('b', 'int8'),
      column('c', 'text'),
      column('d', 'float8'),
      column('e', 'bool'),
      column('m', 'numeric'),
    ],
    primaryKey: ['id'],
  },
  {
    name: 'parts',
    columns: [
      column('k', 'text', true),
      column('n', 'int8', true),
      column('v', 'float8'),
      column('w', 'text', true),
      column('f', 'bool'),
    ],
    primaryKey: ['k', 'n'],
  },
  {
    name: 'loose',
    columns: [
      declaredAs('x', 'int4', 'int default 3 + 4'),
      column('y', 'text'),
      column('z', 'float8'),
      declaredAs('q', 'bool', "boolean default length(concat('a', 2)) = 2"),
      declaredAs('p', 'numeric', 'numeric(8, 2)'),
      declaredAs('vc', 'varchar', 'varchar(4)'),
    ],
    primaryKey: [],
  },
  {
    name: 'prices',
    columns: [
      column('amount', 'numeric', true),
      declaredAs('rate', 'numeric', 'decimal(6, 3)'),
      declaredAs('n', 'int4', 'int check (n <> 7)'),
    ],
    primaryKey: ['amount'],
  },
  {
    name: 'events',
    columns: [
      column('day', 'date', true),
      declaredAs('code', 'bpchar', 'char(3) not null'),
      column('n', 'int2'),
      column('r', 'float4'),
      column('at', 'timestamp'),
      column('tz', 'timestamptz'),
      column('u', 'uuid'),
      column('raw', 'bytea'),
    ],
    primaryKey: ['day', 'code', 'n'],
  },
];

const DDL_TYPES: ReadonlyMap<ColumnType, string> = new Map([
  ['int2', 'smallint'],
  ['int8', 'bigint'],
  ['float4', 'real'],
  ['float8', 'double precision'],
  ['timestamptz', 'timestamp with time zone'],
]);

export function schemaStatements(): readonly string[] {
  const tables = TABLES.map(({ name, columns, primaryKey }) => {
    const lines = columns.map(
      (c) => `${c.name} ${c.declared ?? DDL_TYPES.get(c.type) ?? c.type}${c.notNull ? ' not null' : ''}`,
    );
    if (primaryKey.length > 0) lines.push(`primary key (${primaryKey.join(', ')})`);
    return `create table ${name} (${lines.join(', ')})`;
  });
  return [...tables, ...SEQUENCE_SCHEMA, LARGE_SCHEMA];
}
