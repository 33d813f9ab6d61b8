// psql's backslash commands in the console: each is the statement that psql 15 sends for it, without the kinds of relations that the lab
// does not have. Of those of `\d NAME` the ones to which the lab has an answer, under the heads that psql prints.

const relations = (kinds: string, more: { readonly columns: string; readonly joins: string }): string =>
  `SELECT n.nspname as "Schema", c.relname as "Name",
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' END as "Type",
  pg_catalog.pg_get_userbyid(c.relowner) as "Owner"${more.columns}
FROM pg_catalog.pg_class c
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace${more.joins}
WHERE c.relkind IN (${kinds})
  AND n.nspname <> 'pg_catalog' AND n.nspname !~ '^pg_toast' AND n.nspname <> 'information_schema'
  AND pg_catalog.pg_table_is_visible(c.oid)
ORDER BY 1, 2`;

const plain = { columns: '', joins: '' };
const ofTable = {
  columns: ', c2.relname as "Table"',
  joins: `
  LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
  LEFT JOIN pg_catalog.pg_class c2 ON i.indrelid = c2.oid`,
};

const lists: ReadonlyMap<string, string> = new Map(
  Object.entries({
    d: relations("'r', 'v', 'S'", plain),
    dt: relations("'r'", plain),
    di: relations("'i'", ofTable),
    dv: relations("'v'", plain),
    ds: relations("'S'", plain),
    dn: `SELECT n.nspname AS "Name", pg_catalog.pg_get_userbyid(n.nspowner) AS "Owner"
FROM pg_catalog.pg_namespace n
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY 1`,
  }),
);

/** Of a table or view: its columns, indexes, constraints, and what refers to it. */
function described(name: string): string {
  const of = `'${name.replaceAll("'", "''")}'::pg_catalog.regclass`;
  const constraint = 'pg_catalog.pg_get_constraintdef(r.oid, true)';
  return [
    `SELECT a.attname AS "Column", pg_catalog.format_type(a.atttypid, a.atttypmod) AS "Type",
  CASE WHEN a.attnotnull THEN 'not null' ELSE '' END AS "Nullable",
  (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid, true) FROM pg_catalog.pg_attrdef d
   WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.atthasdef) AS "Default"
FROM pg_catalog.pg_attribute a
WHERE a.attrelid = ${of} AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum`,
    `SELECT c2.relname AS "Index", pg_catalog.pg_get_indexdef(i.indexrelid, 0, true) AS "Definition"
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c2 ON i.indexrelid = c2.oid
WHERE i.indrelid = ${of}
ORDER BY i.indisprimary DESC, c2.relname`,
    `SELECT r.conname AS "Constraint", ${constraint} AS "Definition"
FROM pg_catalog.pg_constraint r
WHERE r.conrelid = ${of} AND r.contype IN ('c', 'f')
ORDER BY 1`,
    `SELECT r.conname AS "Referenced by", ${constraint} AS "Definition"
FROM pg_catalog.pg_constraint r
WHERE r.confrelid = ${of} AND r.contype = 'f'
ORDER BY 1`,
  ].join(';\n');
}

export const META_COMMANDS: readonly string[] = [...[...lists.keys()].map((one) => `\\${one}`), '\\d NAME'];

/** What a line says. Null: it is no such command but SQL; `unknown`: it begins with a backslash and is none that there is. */
export type MetaCommand = { readonly text: string } | { readonly unknown: string } | null;

export function metaCommand(line: string): MetaCommand {
  const trimmed = line.trim();
  if (!trimmed.startsWith('\\')) return null;
  const [, command = '', name = ''] = /^\\(\S+)(?:\s+([^\s;]+))?\s*;?$/.exec(trimmed) ?? [];
  const list = lists.get(command);
  if (name === '' && list !== undefined) return { text: list };
  return command === 'd' && name !== ''
    ? { text: described(name) }
    : { unknown: trimmed.split('\n')[0] ?? trimmed };
}
