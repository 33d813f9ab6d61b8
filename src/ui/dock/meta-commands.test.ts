// psql's backslash commands in the console: what each sends is answered as PostgreSQL answers it.

import type { PGlite } from '@electric-sql/pglite';
import { Client } from 'pg';
import { startCluster } from 'postdb-lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres } from '../../edge/testing/postgres-run.ts';
import { metaCommand } from './meta-commands.ts';

const definitions = [
  'create table owners (id int primary key, name varchar(20) not null unique)',
  `create table "Items" (id int primary key, owner int references owners (id) on delete cascade,
   price numeric(9,2) default 1.5 check (id > 0), made timestamptz default now())`,
  'create index items_price on "Items" (price desc)',
  'create view dear as select id, made from "Items" where price > 100',
  'create sequence numbers',
];

let cluster: Awaited<ReturnType<typeof startCluster>>;
let client: Client;
let postgres: PGlite;

beforeAll(async () => {
  cluster = await startCluster({ seed: 3 });
  client = new Client({ connectionString: cluster.connectionString });
  await client.connect();
  postgres = await startPostgres();
  await client.query('drop table if exists accounts');
  for (const text of definitions) {
    await client.query(text);
    await postgres.exec(text);
  }
}, 60_000);

afterAll(async () => {
  await client.end();
  await cluster.stop();
  await postgres.close();
});

const sentFor = (line: string): readonly string[] => {
  const command = metaCommand(line);
  if (command?.kind !== 'statement') throw new Error(`${line} is no command`);
  return command.text.split(';\n');
};

interface Answer {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** The lab's pg_get_indexdef has one form, which names the schema. */
const withoutSchema = (value: unknown): unknown =>
  typeof value === 'string' ? value.replace(' ON public.', ' ON ') : value;

async function ofLab(text: string): Promise<Answer> {
  const { fields, rows } = await client.query({ text, rowMode: 'array' });
  return { heads: fields.map(({ name }) => name), rows: rows.map((row) => row.map(withoutSchema)) };
}

async function ofPostgres(text: string): Promise<Answer> {
  const { fields, rows } = await postgres.query(text, [], { rowMode: 'array' });
  return { heads: fields.map(({ name }) => name), rows: rows as unknown[][] };
}

test.each([
  '\\d',
  '\\dt',
  '\\di',
  '\\dv',
  '\\ds',
  '\\dn',
  '\\d owners',
  '\\d OWNERS;',
  '\\d "Items"',
  '\\d dear',
  '\\d public.owners',
])('%s', async (line) => {
  for (const text of sentFor(line)) expect(await ofLab(text), text).toEqual(await ofPostgres(text));
});

test('a line without a backslash is SQL, and one with another word is said to be no command', () => {
  expect(metaCommand('select 1')).toBeNull();
  for (const line of ['\\dx', '\\', '\\d a b', '\\dt owners', '\\constructor'])
    expect(metaCommand(line)).toEqual({ kind: 'unknown', text: line });
  expect(metaCommand("\\d o'x")).toMatchObject({
    text: expect.stringContaining("'o''x'::pg_catalog.regclass"),
  });
});

test.each<[string, unknown]>([
  ['\\x', { kind: 'setting', setting: 'expanded', isOn: null }],
  ['\\timing off', { kind: 'setting', setting: 'timing', isOn: false }],
  ['\\x sideways', { kind: 'unknown', text: '\\x sideways' }],
  ['\\watch', { kind: 'watch', seconds: 2, text: null }],
  ['select 1; \\watch 0.5', { kind: 'watch', seconds: 0.5, text: 'select 1' }],
  ['select 1\n\\watch .02', { kind: 'watch', seconds: 0.02, text: 'select 1' }],
  ['\\copy t from', { kind: 'copy', way: 'from', file: 'copy.txt', text: 'COPY t FROM STDIN' }],
  [
    "\\copy t (a, b) from 'my file.csv' with (format csv);",
    { kind: 'copy', way: 'from', file: 'my file.csv', text: 'COPY t (a, b) FROM STDIN with (format csv)' },
  ],
  [
    '\\copy t from csv header',
    { kind: 'copy', way: 'from', file: 'copy.txt', text: 'COPY t FROM STDIN csv header' },
  ],
  [
    '\\copy (select a from t) to out.txt',
    { kind: 'copy', way: 'to', file: 'out.txt', text: 'COPY (select a from t) TO STDOUT' },
  ],
  ['select 1', null],
])('%s', (line, meant) => {
  expect(metaCommand(line)).toEqual(meant);
});
