// `node scripts/postgres-functions.mjs`: writes the lists of PostgreSQL's functions and keywords from the catalogue of the PostgreSQL that tests hold SQL
// against. `--check`: fails when the list is another.
import { readFileSync, writeFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';

const path = 'src/core/sql/postgres-functions.ts';

/** The lab's type, by PostgreSQL's: object ids and names are numbers and texts, and a time becomes one with its zone unasked. */
const types = {
  smallint: 'int2',
  integer: 'int4',
  bigint: 'int8',
  text: 'text',
  'character varying': 'varchar',
  character: 'bpchar',
  boolean: 'bool',
  real: 'float4',
  'double precision': 'float8',
  numeric: 'numeric',
  date: 'date',
  'time without time zone': 'time',
  'time with time zone': 'time',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  interval: 'interval',
  json: 'json',
  jsonb: 'jsonb',
  uuid: 'uuid',
  bytea: 'bytea',
  name: 'text',
  oid: 'int8',
  regclass: 'int8',
};

/**
 * What a statement calls by its name: neither what has an argument or a result that no statement can have, nor what stands behind an
 * operator, an aggregate, an index or pg_upgrade. `overloads`: those over column types of the lab, where there are several.
 */
const query = `
  with types as (
    select value as lab, oid from json_each_text($1::json) join pg_type on oid = key::regtype
  ), callable as (
    select f.* from pg_proc f
    where pronamespace = 'pg_catalog'::regnamespace
      and not exists (
        select from pg_type t where t.oid = any (array[prorettype::oid] || proargtypes::oid[])
          and (typname in ('internal', 'cstring', 'trigger', 'event_trigger') or typname like '%\\_handler')
      )
      and coalesce(obj_description(f.oid, 'pg_proc'), '') !~ '^implementation of .* operator|^I/O$'
      and not exists (
        select from pg_aggregate where f.oid in (aggtransfn, aggfinalfn, aggcombinefn, aggmtransfn, aggminvtransfn, aggmfinalfn)
      )
      and proname !~ '^binary_upgrade_|_validator$'
  ), overloads as (
    select proname, proargtypes, (
      select string_agg(lab, '.' order by place) collate "C"
      from unnest(proargtypes::oid[]) with ordinality as arg(id, place) left join types on oid = id
      having count(*) = count(lab)
    ) as args
    from callable
  )
  select proname as name, array_remove(array_agg(distinct args order by args), null) as overloads
  from overloads group by proname order by proname collate "C"`;

const pg = new PGlite();
/** @type {{rows: {name: string, overloads: string[]}[]}} */
const { rows } = await pg.query(query, [JSON.stringify(types)]);
/** @type {{rows: {word: string}[]}} */
const { rows: keywords } = await pg.query(
  'select word from pg_get_keywords() where catcode <> \'U\' order by word collate "C"',
);
const { rows: versions } = await pg.query('show server_version');
await pg.close();

const words = rows.map(({ name, overloads }) =>
  overloads.length > 1 ? `${name}(${overloads.join('|')})` : name,
);
/**
 * As a text of many lines.
 * @param {readonly string[]} all
 */
function textOf(all) {
  /** @type {string[]} */
  const lines = [];
  for (const word of all) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 120) lines[lines.length - 1] = `${last}${word} `;
    else lines.push(`${word} `);
  }
  return lines.map((line, i) => `  '${i === lines.length - 1 ? line.trimEnd() : line}'`).join(' +\n');
}

const text = `// Made by scripts/postgres-functions.mjs from the catalogue of PostgreSQL ${String(/** @type {{server_version: string}} */ (versions[0]).server_version)}; not to be edited.

/** Every function that a statement may call there. In parentheses, where there are several: the overloads over types that the lab has. */
export const POSTGRES_FUNCTIONS =
${textOf(words)};

/** Words that are a name only in quotes. */
export const POSTGRES_KEYWORDS =
${textOf(keywords.map(({ word }) => word))};
`;
if (!process.argv.includes('--check')) writeFileSync(path, text);
else if (readFileSync(path, 'utf8') !== text) {
  console.error(`${path} is not PostgreSQL's catalogue: node scripts/postgres-functions.mjs`);
  process.exitCode = 1;
}
