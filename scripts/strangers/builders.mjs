// Builders of statements: Knex with its migrations, Kysely and Drizzle.
import assert from 'node:assert/strict';

/** @type {import('./steps.mjs').Program} */
export async function knex(step, { url, load }) {
  const db = load('knex')({ client: 'pg', connection: url, pool: { min: 0, max: 4 } });
  const { schema } = db;
  for (const name of ['kn_posts', 'kn_users', 'kn_moved'])
    await db.raw(`drop table if exists ${name} cascade`);
  await db.raw('drop table if exists knex_migrations, knex_migrations_lock');
  await step('tables', async () => {
    await db.schema.createTable('kn_users', (/** @type {any} */ t) => {
      t.increments('id');
      t.string('email').notNullable().unique();
      t.enu('kind', ['a', 'b']).defaultTo('a');
      t.decimal('n', 8, 2);
      t.timestamps(true, true);
      t.uuid('token').defaultTo(db.fn.uuid());
      t.comment('people');
    });
    await db.schema.createTable('kn_posts', (/** @type {any} */ t) => {
      t.bigIncrements();
      t.integer('user_id').references('id').inTable('kn_users').onDelete('cascade').index();
      t.text('title');
      t.boolean('is_open').defaultTo(true);
      t.index(['title', 'is_open'], 'kn_title');
    });
  });
  await step('hasTable and hasColumn', async () => {
    assert.deepEqual(
      [await schema.hasTable('kn_users'), await db.schema.hasColumn('kn_users', 'n')],
      [true, true],
    );
  });
  await step('columnInfo', async () => {
    const info = await db('kn_users').columnInfo();
    assert.deepEqual(
      [info.email.type, info.email.maxLength, info.id.nullable],
      ['character varying', 255, false],
    );
  });
  await step('insert, returning, update, del', async () => {
    const made = await db('kn_users')
      .insert([{ email: 'a' }, { email: 'b', n: 1.5 }])
      .returning(['id', 'email']);
    assert.deepEqual(
      made.map((/** @type {any} */ r) => r.email),
      ['a', 'b'],
    );
    assert.equal(await db('kn_users').where({ email: 'b' }).update({ n: 2 }), 1);
    await db('kn_posts').insert({ user_id: made[0].id, title: 'one' });
    assert.equal(await db('kn_posts').where('title', 'none').del(), 0);
  });
  await step('on conflict', async () => {
    await db('kn_users').insert({ email: 'a', kind: 'b' }).onConflict('email').merge(['kind']);
    await db('kn_users').insert({ email: 'a', kind: 'a' }).onConflict('email').ignore();
    assert.equal((await db('kn_users').where({ email: 'a' }).first()).kind, 'b');
  });
  await step('joins, groups, unions, with', async () => {
    const rows = await db('kn_users as u')
      .leftJoin('kn_posts as p', 'p.user_id', 'u.id')
      .groupBy('u.email')
      .select('u.email')
      .count('p.id as n')
      .orderBy('u.email');
    assert.deepEqual(rows, [
      { email: 'a', n: '1' },
      { email: 'b', n: '0' },
    ]);
    await db
      .with('w', db('kn_users').where('id', '>', 0))
      .select('*')
      .from('w')
      .union([db('kn_users')]);
    await db('kn_users').whereExists(db('kn_posts').whereRaw('kn_posts.user_id = kn_users.id'));
    await db('kn_users').select(db.raw('row_number() over (order by id) as r'));
  });
  await step('a writing with', async () => {
    const rows = await db
      .with('made', db('kn_users').insert({ email: 'w' }).returning('id'))
      .select('id')
      .from('made');
    assert.equal(rows.length, 1);
  });
  await step('transactions and savepoints', async () => {
    await db.transaction(async (/** @type {any} */ t) => {
      await t('kn_users').insert({ email: 'c' });
      await t
        .transaction(async (/** @type {any} */ u) => {
          await u('kn_users').insert({ email: 'a' });
        })
        .catch(() => undefined);
    });
    await db.transaction((/** @type {any} */ t) => t('kn_users').where('id', 1).forUpdate().skipLocked(), {
      isolationLevel: 'repeatable read',
    });
    assert.ok(await db('kn_users').where({ email: 'c' }).first());
  });
  await step('stream', async () => {
    let count = 0;
    for await (const row of db('kn_users').select('id').stream()) count += row.id > 0 ? 1 : 0;
    assert.ok(count >= 3);
  });
  await step('batchInsert', () =>
    db.batchInsert(
      'kn_posts',
      Array.from({ length: 300 }, (_, i) => ({ title: `t${i}` })),
      100,
    ),
  );
  await step('alter table', async () => {
    await db.schema.alterTable('kn_posts', (/** @type {any} */ t) => {
      t.integer('stars').defaultTo(0);
      t.dropColumn('is_open');
      t.unique(['title'], { indexName: 'kn_one_title' });
    });
    await db.schema.alterTable('kn_posts', (/** @type {any} */ t) => {
      t.renameColumn('stars', 'points');
      t.setNullable('title');
      t.dropUnique(['title'], 'kn_one_title');
    });
    await db.schema.alterTable('kn_posts', (/** @type {any} */ t) => t.text('points').alter());
    await db.schema.renameTable('kn_posts', 'kn_moved');
  });
  await step('indexes of a part and of an expression', async () => {
    await db.schema.alterTable('kn_users', (/** @type {any} */ t) =>
      t.unique(['n'], { indexName: 'kn_part', predicate: db.whereNotNull('n') }),
    );
    await db.raw('create index kn_lower on kn_users (lower(email))');
  });
  await step('a native enum', async () => {
    await db.schema.createTable('kn_jobs', (/** @type {any} */ t) => {
      t.increments();
      t.enu('state', ['open', 'done'], { useNative: true, enumName: 'kn_state' });
    });
    await db('kn_jobs').insert({ state: 'open' });
    await db.schema.dropTable('kn_jobs');
    await db.raw('drop type kn_state');
  });
  await step('json', async () => {
    await db.schema.createTable('kn_docs', (/** @type {any} */ t) => {
      t.increments();
      t.jsonb('body');
    });
    await db('kn_docs').insert({ body: { a: 1 } });
    assert.deepEqual(await db('kn_docs').jsonExtract('body', '$.a', 'a'), [{ a: 1 }]);
    await db.schema.dropTable('kn_docs');
  });
  await step('a temporary table', async () => {
    await db.transaction(async (/** @type {any} */ t) => {
      await t.raw('create temporary table kn_temp2 (a int) on commit drop');
      await t('kn_temp2').insert({ a: 1 });
      assert.deepEqual(await t('kn_temp2'), [{ a: 1 }]);
    });
  });
  await step('migrations, there and back', async () => {
    const one = {
      name: '1',
      up: (/** @type {any} */ k) => k.schema.createTable('kn_mig', (/** @type {any} */ t) => t.increments()),
      down: (/** @type {any} */ k) => k.schema.dropTable('kn_mig'),
    };
    const migrationSource = {
      getMigrations: async () => [one],
      getMigrationName: (/** @type {any} */ m) => m.name,
      getMigration: async (/** @type {any} */ m) => m,
    };
    assert.deepEqual((await db.migrate.latest({ migrationSource }))[1], ['1']);
    await db.migrate.rollback({ migrationSource });
    await db.raw('drop table knex_migrations, knex_migrations_lock');
  });
  await step('truncate and drop', async () => {
    await db('kn_moved').truncate();
    await db.schema.dropTableIfExists('kn_moved').dropTableIfExists('kn_users');
  });
  await db.raw('drop table if exists kn_moved, kn_posts, kn_users, kn_jobs, kn_docs cascade');
  await db.destroy();
}

/** @type {import('./steps.mjs').Program} */
export async function kyselyAndDrizzle(step, { url, load }) {
  const { Kysely, PostgresDialect, sql: raw } = load('kysely');
  const { Pool } = load('pg');
  const pool = new Pool({ connectionString: url, max: 3 });
  const db = new Kysely({ dialect: new PostgresDialect({ pool }) });
  await pool.query('drop table if exists ky_pets, ky_people, dz_users cascade');
  await step('kysely: tables', async () => {
    await db.schema
      .createTable('ky_people')
      .addColumn('id', 'serial', (/** @type {any} */ c) => c.primaryKey())
      .addColumn('name', 'varchar(20)', (/** @type {any} */ c) => c.notNull())
      .addColumn('made', 'timestamp', (/** @type {any} */ c) => c.defaultTo(raw`now()`).notNull())
      .execute();
    await db.schema
      .createTable('ky_pets')
      .addColumn('id', 'integer', (/** @type {any} */ c) => c.primaryKey().generatedAlwaysAsIdentity())
      .addColumn('owner', 'integer', (/** @type {any} */ c) =>
        c.references('ky_people.id').onDelete('cascade'),
      )
      .execute();
    await db.schema.createIndex('ky_owner').on('ky_pets').column('owner').execute();
  });
  await step('kysely: writes and reads', async () => {
    const { id } = await db
      .insertInto('ky_people')
      .values({ name: 'Ann' })
      .returning('id')
      .executeTakeFirstOrThrow();
    await db.insertInto('ky_pets').values({ owner: id }).execute();
    const rows = await db
      .selectFrom('ky_people')
      .innerJoin('ky_pets', 'ky_pets.owner', 'ky_people.id')
      .select(['ky_people.name'])
      .distinctOn('ky_people.id')
      .execute();
    assert.deepEqual(rows, [{ name: 'Ann' }]);
    await db
      .insertInto('ky_people')
      .values({ id, name: 'B' })
      .onConflict((/** @type {any} */ c) => c.column('id').doUpdateSet({ name: 'Bea' }))
      .execute();
  });
  await step('kysely: a writing with', async () => {
    const rows = await db
      .with('made', (/** @type {any} */ q) =>
        q.insertInto('ky_people').values({ name: 'W' }).returning('name'),
      )
      .selectFrom('made')
      .selectAll()
      .execute();
    assert.deepEqual(rows, [{ name: 'W' }]);
  });
  await step('kysely: introspection', async () => {
    const tables = await db.introspection.getTables();
    assert.deepEqual(
      tables
        .find((/** @type {any} */ t) => t.name === 'ky_people')
        .columns.map((/** @type {any} */ c) => c.name),
      ['id', 'name', 'made'],
    );
  });
  await step('kysely: a transaction', () =>
    db
      .transaction()
      .setIsolationLevel('serializable')
      .execute((/** @type {any} */ t) => t.updateTable('ky_people').set({ name: 'X' }).execute()),
  );
  await step('kysely: a json aggregate', async () => {
    const { jsonArrayFrom } = load('kysely/helpers/postgres');
    const rows = await db
      .selectFrom('ky_people')
      .select((/** @type {any} */ e) => [
        'name',
        jsonArrayFrom(
          e.selectFrom('ky_pets').select('ky_pets.id').whereRef('ky_pets.owner', '=', 'ky_people.id'),
        ).as('pets'),
      ])
      .orderBy('id')
      .execute();
    assert.deepEqual(rows[0].pets, [{ id: 1 }]);
  });
  const { drizzle } = load('drizzle-orm/node-postgres');
  const { pgTable, serial, text, integer, uniqueIndex } = load('drizzle-orm/pg-core');
  const { eq, sql, count } = load('drizzle-orm');
  const users = pgTable(
    'dz_users',
    { id: serial('id').primaryKey(), name: text('name').notNull(), age: integer('age') },
    (/** @type {any} */ t) => [uniqueIndex('dz_name').on(t.name)],
  );
  const dz = drizzle(pool);
  await step('drizzle: writes and reads', async () => {
    await dz.execute(sql`create table dz_users (id serial primary key, name text not null, age int)`);
    await dz.execute(sql`create unique index dz_name on dz_users (name)`);
    assert.deepEqual(
      await dz
        .insert(users)
        .values([{ name: 'A' }, { name: 'B', age: 3 }])
        .returning({ id: users.id }),
      [{ id: 1 }, { id: 2 }],
    );
    await dz
      .insert(users)
      .values({ name: 'A', age: 9 })
      .onConflictDoUpdate({ target: users.name, set: { age: sql`excluded.age` } });
    assert.deepEqual(await dz.select({ n: count() }).from(users).where(eq(users.age, 9)), [{ n: 1 }]);
  });
  await step('drizzle: transactions', async () => {
    await assert.rejects(
      dz.transaction(async (/** @type {any} */ t) => {
        await t.delete(users);
        t.rollback();
      }),
    );
    assert.equal((await dz.select().from(users)).length, 2);
  });
  await step('drizzle: its migrations table', async () => {
    await dz.execute(sql`create schema if not exists "drizzle"`);
    await dz.execute(
      sql`create table if not exists "drizzle"."__drizzle_migrations" (id serial primary key, hash text not null, created_at bigint)`,
    );
    await dz.execute(
      sql`select id, hash, created_at from "drizzle"."__drizzle_migrations" order by created_at desc limit 1`,
    );
    await dz.execute(sql`drop schema drizzle cascade`);
  });
  await pool.query('drop table if exists ky_pets, ky_people, dz_users cascade');
  await pool.end();
}
