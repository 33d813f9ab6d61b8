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

export const META_COMMANDS: readonly string[] = [
  ...[...lists.keys()].map((one) => `\\${one}`),
  ...['\\d NAME', '\\x', '\\timing', '\\watch SECONDS', '\\copy TABLE from|to FILE'],
];

/** What is said of answers that follow. */
export type ConsoleSetting = 'expanded' | 'timing';

/** What a line says. Null: it is no command but SQL; `unknown`: it begins with a backslash and is none that there is. */
export type MetaCommand =
  | { readonly kind: 'statement'; readonly text: string }
  /** Null: the other of what it is. */
  | { readonly kind: 'setting'; readonly setting: ConsoleSetting; readonly isOn: boolean | null }
  /** Again and again, so many virtual seconds after the last. `text` null: what was run last. */
  | { readonly kind: 'watch'; readonly seconds: number; readonly text: string | null }
  /** `text`: with STDIN or STDOUT in the place of the file. */
  | { readonly kind: 'copy'; readonly way: 'from' | 'to'; readonly file: string; readonly text: string }
  | { readonly kind: 'unknown'; readonly text: string }
  | null;

const settings: ReadonlyMap<string, ConsoleSetting> = new Map([
  ['x', 'expanded'],
  ['timing', 'timing'],
]);

/** As psql's. */
const WATCH_SECONDS = 2;
const WATCH = /^([\s\S]*?)\s*;?\s*\\watch(?:\s+(\d+(?:\.\d+)?|\.\d+))?\s*;?$/;
const COPY =
  /^\\copy\s+(\([\s\S]*\)|[^\s(]+(?:\s*\([^)]*\))?)\s+(from|to)(?:\s+('[^']*'|[^\s;']+))?\s*([\s\S]*?)\s*;?$/i;
/** Of a file that has no name of its own. */
const NO_FILE = /^(?:std(?:in|out)|with|csv|delimiter|null|header|\()/i;

function copied(line: string): MetaCommand {
  const [, what, word = '', named = '', options = ''] = COPY.exec(line) ?? [];
  if (what === undefined) return null;
  const way = word.toLowerCase() === 'from' ? 'from' : 'to';
  const hasName = named !== '' && !NO_FILE.test(named);
  const rest = hasName || /^std/i.test(named) ? options : `${named} ${options}`;
  const text = `COPY ${what} ${way === 'from' ? 'FROM STDIN' : 'TO STDOUT'} ${rest}`.trim();
  return { kind: 'copy', way, file: hasName ? named.replaceAll("'", '') : 'copy.txt', text };
}

function set(command: string, word: string): MetaCommand {
  const setting = settings.get(command);
  if (setting === undefined || !/^(?:on|off)?$/i.test(word)) return null;
  return { kind: 'setting', setting, isOn: word === '' ? null : word.toLowerCase() === 'on' };
}

export function metaCommand(line: string): MetaCommand {
  const trimmed = line.trim();
  const [watched, before, seconds] = WATCH.exec(trimmed) ?? [];
  if (watched !== undefined)
    return {
      kind: 'watch',
      seconds: Number(seconds ?? WATCH_SECONDS),
      text: before === '' ? null : (before ?? null),
    };
  if (!trimmed.startsWith('\\')) return null;
  const copy = copied(trimmed);
  if (copy !== null) return copy;
  const [, command = '', name = ''] = /^\\(\S+)(?:\s+([^\s;]+))?\s*;?$/.exec(trimmed) ?? [];
  const list = lists.get(command);
  const setting = set(command, name);
  if (setting !== null) return setting;
  if (name === '' && list !== undefined) return { kind: 'statement', text: list };
  return command === 'd' && name !== ''
    ? { kind: 'statement', text: described(name) }
    : { kind: 'unknown', text: trimmed.split('\n')[0] ?? trimmed };
}
