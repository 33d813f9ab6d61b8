// Clients from npm that nobody here wrote, at a served cluster: postgres.js, Kysely and Drizzle, each with a pool of its own, transactions,
// errors, and what it asks of a catalog.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql as drizzleSql, eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { type Generated, Kysely, sql as kyselySql, type Migration, Migrator, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestCluster } from './test-api.ts';
import { startCluster } from './testing.ts';

let cluster: TestCluster;

beforeEach(async () => {
  cluster = await startCluster({ seed: 4 });
});
afterEach(async () => {
  expect(cluster.check()).toMatchObject({ violations: [], isolation: [], linearizability: [] });
  await cluster.stop();
});

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: { code?: unknown; cause?: { code?: unknown } }) => error.code ?? error.cause?.code,
  );

test('postgres.js: values, transactions with savepoints, a cursor, COPY, pipelining, a crash of the writer', async () => {
  const sql = postgres(cluster.connectionString, { max: 4, onnotice: () => undefined });
  await sql`create table t (id int primary key, x text, n numeric(9,2), b bytea, l bigint, ts timestamptz, ok boolean)`;
  const row = {
    id: 1,
    x: "it's",
    n: '1.50',
    b: Buffer.from([0, 255]),
    l: '9007199254740993',
    ts: new Date(0),
    ok: true,
  };
  expect(await sql`insert into t ${sql(row)} returning *`).toEqual([row]);
  await sql`insert into t ${sql([
    { id: 2, x: 'b' },
    { id: 3, x: 'c' },
  ])}`;
  expect(await sql`select x from t where id in ${sql([2, 3])} order by id`).toEqual([{ x: 'b' }, { x: 'c' }]);
  await sql.begin('isolation level repeatable read', async (one) => {
    await one`update t set x = 'kept' where id = 2`;
    await one
      .savepoint(async (inner) =>
        inner`update t set x = 'lost' where id = 3`.then(() => Promise.reject(new Error('back'))),
      )
      .catch(() => undefined);
  });
  expect(await sql`select id, x from t where id > 1 order by id`).toEqual([
    { id: 2, x: 'kept' },
    { id: 3, x: 'c' },
  ]);
  const parts: number[] = [];
  await sql`select id from t order by id`.cursor(2, (rows) => void parts.push(rows.length));
  expect(parts).toEqual([2, 1]);
  const lines = await sql`copy (select id, x from t order by id) to stdout`.readable();
  let copied = '';
  for await (const line of lines) copied += String(line);
  expect(copied).toBe("1\tit's\n2\tkept\n3\tc\n");
  const all = await Promise.all(Array.from({ length: 50 }, (_, i) => sql`select ${i}::int as i`));
  expect(all.map(([one]) => one?.i)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(await codeOf(sql`insert into t (id) values (1)`)).toBe('23505');
  expect(await codeOf(sql`select nope from t`)).toBe('42703');
  cluster.crash('rw-1', { forMs: 20 });
  expect(await sql`insert into t (id) values (4) returning id`).toEqual([{ id: 4 }]);
  await sql.end();
});

interface Schema {
  account: { id: number; balance: number; owner: string | null };
  entry: { id: Generated<number>; account: number; amount: number };
}

test('Kysely: its schema builder, queries with joins, an upsert, and transactions', async () => {
  const pool = new Pool({ connectionString: cluster.connectionString, max: 4 });
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  await db.schema
    .createTable('account')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('balance', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('owner', 'varchar(40)')
    .execute();
  await db.schema
    .createTable('entry')
    .addColumn('id', 'serial', (column) => column.primaryKey())
    .addColumn('account', 'integer', (column) =>
      column.references('account.id').onDelete('restrict').notNull(),
    )
    .addColumn('amount', 'integer', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('entry_account').on('entry').column('account').execute();
  await db
    .insertInto('account')
    .values([
      { id: 1, balance: 100, owner: 'ann' },
      { id: 2, balance: 0, owner: null },
    ])
    .execute();
  await db
    .transaction()
    .setIsolationLevel('serializable')
    .execute(async (one) => {
      await one
        .updateTable('account')
        .set((eb) => ({ balance: eb('balance', '-', 30) }))
        .where('id', '=', 1)
        .execute();
      await one.insertInto('entry').values({ account: 1, amount: -30 }).execute();
    });
  const found = await db
    .selectFrom('account as a')
    .leftJoin('entry as e', 'e.account', 'a.id')
    .select(['a.id', 'a.balance', (eb) => eb.fn.count<string>('e.id').as('entries')])
    .groupBy(['a.id', 'a.balance'])
    .orderBy('a.id')
    .execute();
  expect(found).toEqual([
    { id: 1, balance: 70, entries: '1' },
    { id: 2, balance: 0, entries: '0' },
  ]);
  const upsert = db.insertInto('account').values({ id: 2, balance: 5, owner: 'bob' });
  await upsert.onConflict((at) => at.column('id').doUpdateSet({ balance: 6 })).execute();
  expect(await db.selectFrom('account').select('balance').where('id', '=', 2).executeTakeFirst()).toEqual({
    balance: 6,
  });
  expect(await codeOf(db.deleteFrom('account').where('id', '=', 1).execute())).toBe('23001');
  expect((await kyselySql<{ x: number }>`select 1 as x`.execute(db)).rows).toEqual([{ x: 1 }]);
  await db.destroy();
});

test('Kysely: its migrator, twice and by two at a time, whose introspection then tells the tables', async () => {
  const migrations: Record<string, Migration> = {
    a: {
      up: (db) =>
        db.schema
          .createTable('person')
          .addColumn('id', 'serial', (column) => column.primaryKey())
          .addColumn('name', 'varchar(20)', (column) => column.notNull())
          .execute(),
    },
    b: { up: (db) => db.schema.alterTable('person').addColumn('born', 'date').execute() },
  };
  const makeDb = () =>
    new Kysely<object>({
      dialect: new PostgresDialect({
        pool: new Pool({ connectionString: cluster.connectionString, max: 2 }),
      }),
    });
  const [one, other] = [makeDb(), makeDb()];
  const migrated = async (db: Kysely<object>): Promise<readonly string[]> => {
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
    const { error, results = [] } = await migrator.migrateToLatest();
    expect(error).toBeUndefined();
    return results.map(({ migrationName, status }) => `${migrationName} ${status}`);
  };
  const done = await Promise.all([migrated(one), migrated(other)]);
  expect(done.flat()).toEqual(['a Success', 'b Success']);
  expect(await migrated(one)).toEqual([]);
  const tables = await one.introspection.getTables();
  expect(
    tables.map(({ name, schema, columns }) => [name, schema, columns.map((column) => column.name)]),
  ).toEqual([['person', 'public', ['id', 'name', 'born']]]);
  expect(tables[0]?.columns.map(({ isAutoIncrementing }) => isAutoIncrementing)).toEqual([
    true,
    false,
    false,
  ]);
  await one.schema.createSchema('crew').ifNotExists().execute();
  await one.schema
    .withSchema('crew')
    .createTable('person')
    .addColumn('id', 'integer', (id) => id.primaryKey())
    .execute();
  const crew = one.withSchema('crew') as unknown as Kysely<{ person: { id: number } }>;
  await crew.insertInto('person').values({ id: 7 }).execute();
  expect(await crew.selectFrom('person').selectAll('person').execute()).toEqual([{ id: 7 }]);
  expect((await one.introspection.getTables()).map(({ schema, name }) => `${schema}.${name}`)).toEqual([
    'crew.person',
    'public.person',
  ]);
  await one.destroy();
  await other.destroy();
});

test('node-postgres: a search path of the start-up leads to a schema, through a crash of the writer', async () => {
  const pool = new Pool({
    connectionString: cluster.connectionString,
    options: '-c search_path=shop',
    max: 1,
  });
  await pool.query('create schema shop');
  await pool.query('create table orders (id int primary key)');
  await pool.query('insert into orders values (1)');
  cluster.crash('rw-1', { forMs: 50 });
  expect((await pool.query('select * from orders')).rows).toEqual([{ id: 1 }]);
  await pool.query('insert into orders values (2)');
  expect((await pool.query('select count(*) from shop.orders')).rows).toEqual([{ count: '2' }]);
  await pool.query('drop schema shop cascade');
  expect(await codeOf(pool.query('select 1 from shop.orders'))).toBe('42P01');
  await pool.end();
});

const notes = pgTable('notes', {
  id: integer().primaryKey(),
  body: text().notNull(),
  likes: integer().default(0),
});

test('Drizzle: migrations from a folder, queries, a transaction that is rolled back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  mkdirSync(join(folder, 'meta'));
  const entries = [{ idx: 0, version: '7', when: 1, tag: '0000_notes', breakpoints: true }];
  writeFileSync(
    join(folder, 'meta', '_journal.json'),
    JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
  );
  writeFileSync(
    join(folder, '0000_notes.sql'),
    'CREATE TABLE "notes" ("id" integer PRIMARY KEY NOT NULL, "body" text NOT NULL, "likes" integer DEFAULT 0);\n--> statement-breakpoint\nCREATE INDEX "notes_likes" ON "notes" USING btree ("likes");',
  );
  const pool = new Pool({ connectionString: cluster.connectionString, max: 4 });
  const db = drizzle(pool);
  try {
    for (let again = 0; again < 2; again++) await migrate(db, { migrationsFolder: folder });
    await db.insert(notes).values([
      { id: 1, body: 'a' },
      { id: 2, body: 'b', likes: 3 },
    ]);
    const undone = db.transaction(async (one) => {
      await one.update(notes).set({ likes: 9 }).where(eq(notes.id, 1));
      one.rollback();
    });
    await expect(undone).rejects.toThrow();
    await db
      .update(notes)
      .set({ likes: drizzleSql`${notes.likes} + 1` })
      .where(eq(notes.id, 2));
    expect(await db.select().from(notes).orderBy(notes.id)).toEqual([
      { id: 1, body: 'a', likes: 0 },
      { id: 2, body: 'b', likes: 4 },
    ]);
    expect(await codeOf(db.insert(notes).values({ id: 1, body: 'c' }))).toBe('23505');
  } finally {
    await pool.end();
    rmSync(folder, { recursive: true });
  }
});

test('node-postgres: arrays, and what mappers of objects ask the catalog for', async () => {
  const pool = new Pool({ connectionString: cluster.connectionString });
  await pool.query('create table t (id int primary key, n int[], s varchar(5)[])');
  await pool.query('insert into t values ($1, $2, $3)', [1, [1, null, 3], ['a', 'b c']]);
  const ask = async (sql: string, values: unknown[] = []): Promise<unknown> =>
    (await pool.query(sql, values)).rows;
  expect(await ask('select n, s, n[1] as first from t where id = any($1)', [[1, 2]])).toEqual([
    { n: [1, null, 3], s: ['a', 'b c'], first: 1 },
  ]);
  expect(await ask('select id, unnest(n) as item from t where $1 = any(s)', ['b c'])).toHaveLength(3);
  // as Sequelize, TypeORM and Knex ask: lists of names and of places are left as their texts
  expect(
    await ask(`select i.relname as name, ix.indkey as key, array_agg(a.attname order by a.attnum) as names
      from pg_class t, pg_class i, pg_index ix, pg_attribute a
      where t.oid = ix.indrelid and i.oid = ix.indexrelid and a.attrelid = t.oid and a.attnum > 0 and t.relname = 't'
      group by i.relname, ix.indexrelid, ix.indkey`),
  ).toEqual([{ name: 't_pkey', key: '1', names: '{id,n,s}' }]);
  expect(
    await ask(
      `select ('"' || udt_schema || '"."' || udt_name || '"')::regtype::text as type
      from information_schema.columns where table_name = 't' and table_schema = any($1) order by ordinal_position`,
      [['public']],
    ),
  ).toEqual([{ type: 'integer' }, { type: 'integer[]' }, { type: 'character varying[]' }]);
  // atttypmod, four more than the length: where all that a value may come from agree on it
  const { fields } = await pool.query(
    "select s, s[1], s[1:1], array[s[1]], case when id = 1 then s[1] else s[2] end, coalesce(s[1], 'x'::text) from t",
  );
  expect(fields.map(({ dataTypeModifier }) => dataTypeModifier)).toEqual([9, 9, 9, 9, 9, -1]);
  await pool.query('comment on column t.n is $$numbers$$');
  expect(await ask("select col_description('t'::regclass, 2) as said")).toEqual([{ said: 'numbers' }]);
  await pool.end();
});
