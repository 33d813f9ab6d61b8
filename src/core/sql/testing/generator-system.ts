// Queries at random of pg_catalog and information_schema, over what the other drawn statements have made: tables, columns,
// indexes, constraints and views. Names are cast, since the lab's views have texts where PostgreSQL's have names.

import { chance, type Drawn } from './generator-query.ts';
import { type Generator, pick } from './generator-state.ts';

/** What a query gives, and from what; each names schema `public` or a relation in it. PostgreSQL 17 has constraints of NOT NULL. */
const QUERIES: readonly (readonly [targets: string, from: string])[] = [
  ['tablename::text, schemaname::text', "pg_tables where schemaname = 'public'"],
  ['tablename::text, indexname::text', "pg_indexes where schemaname = 'public'"],
  ['viewname::text', "pg_views where schemaname = 'public'"],
  [
    'c.relname::text, c.relkind::text',
    "pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public'",
  ],
  [
    'c.relname::text, a.attnum, a.attname::text, a.attnotnull',
    "pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped",
  ],
  [
    'c.relname::text, a.attname::text, t.typname::text',
    "pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid where c.relname in ('items', 'parts', 'loose', 'bare', 'bare2', 'spare', 'w0') and a.attnum > 0 and not a.attisdropped",
  ],
  [
    'i.relname::text, c.relname::text, x.indisunique, x.indisprimary, x.indnatts',
    "pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public'",
  ],
  [
    'r.relname::text, k.conname::text, k.contype::text, f.relname::text',
    "pg_constraint k join pg_class r on r.oid = k.conrelid join pg_namespace n on n.oid = r.relnamespace left join pg_class f on f.oid = k.confrelid where n.nspname = 'public' and k.contype <> 'n'",
  ],
  ['table_name::text, table_type::text', "information_schema.tables where table_schema = 'public'"],
  [
    'table_name::text, column_name::text, data_type::text, is_nullable::text',
    "information_schema.columns where table_schema = 'public'",
  ],
  [
    'constraint_name::text, constraint_type::text, table_name::text',
    "information_schema.table_constraints where table_schema = 'public' and constraint_name not like '%not_null'",
  ],
  [
    'constraint_name::text, column_name::text, table_name::text',
    "information_schema.key_column_usage where table_schema = 'public'",
  ],
];

export function drawSystem(g: Generator): Drawn {
  const [targets, from] = pick(g.prng, QUERIES);
  if (chance(g, 15)) return { sql: `select count(*) from ${from}`, ordered: true };
  const order = targets.split(', ').map((_, i) => i + 1);
  return { sql: `select ${targets} from ${from} order by ${order.join(', ')}`, ordered: true };
}
