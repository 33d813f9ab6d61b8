// node-postgres: what its own tests ask of a server, and pg-cursor.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/** @type {import('./steps.mjs').Program} */
export async function nodePostgres(plainStep, { url, load }) {
  const { Client, Pool } = load('pg');
  const client = new Client({ connectionString: url });
  await client.connect();
  /** A step that fails leaves no transaction to the next. */
  const step = (/** @type {string} */ name, /** @type {() => unknown} */ run) =>
    plainStep(name, run).then(() => client.query('rollback'));
  /** @param {string} sql @param {unknown[]} [values] */
  const rows = async (sql, values) => (await client.query(sql, values)).rows;
  /** @param {string} sql @param {unknown[]} [values] */
  const errorOf = async (sql, values) => {
    try {
      await client.query(sql, values);
    } catch (error) {
      return /** @type {any} */ (error);
    }
    return assert.fail('no error');
  };
  await client.query('drop table if exists np_child, np cascade');
  await step('a temporary table, as each of its tests makes', async () => {
    await client.query('create temp table person (id serial, name varchar(10), age int)');
    const inserted = await client.query('insert into person (name, age) values ($1, $2) returning id', [
      'Ann',
      40,
    ]);
    assert.equal(inserted.rows[0].id, 1);
    assert.deepEqual(await rows('select name from person where age > 30'), [{ name: 'Ann' }]);
  });
  await step('a temporary table is of its session', async () => {
    const other = new Client({ connectionString: url });
    await other.connect();
    await assert.rejects(other.query('select * from person'), { code: '42P01' });
    await other.end();
  });
  await step('a temporary table hides a table, and goes at COMMIT', async () => {
    await client.query('create table np (a int)');
    await client.query('begin');
    await client.query('create temp table np (b text) on commit drop');
    assert.deepEqual(
      (await client.query('select * from np')).fields.map((/** @type {any} */ f) => f.name),
      ['b'],
    );
    await client.query('commit');
    assert.deepEqual(
      (await client.query('select * from np')).fields.map((/** @type {any} */ f) => f.name),
      ['a'],
    );
    await client.query('drop table np');
  });
  await step('create table as', async () => {
    await client.query('create temp table made as select 1 as a, $$x$$::text as b');
    assert.deepEqual(await rows('select * from made'), [{ a: 1, b: 'x' }]);
  });
  await step('fields of a unique violation', async () => {
    await client.query(
      'create table np (id int primary key, email text constraint np_email unique, n int not null check (n > 0), v varchar(3))',
    );
    await client.query("insert into np values (1, 'a', 1)");
    const { code, detail, schema, table, constraint } = await errorOf("insert into np values (2, 'a', 1)");
    assert.deepEqual(
      { code, detail, schema, table, constraint },
      {
        code: '23505',
        detail: 'Key (email)=(a) already exists.',
        schema: 'public',
        table: 'np',
        constraint: 'np_email',
      },
    );
  });
  await step('fields of a null', async () => {
    const { code, detail, schema, table, column } = await errorOf("insert into np values (3, 'b', null)");
    assert.deepEqual(
      { code, detail, schema, table, column },
      {
        code: '23502',
        detail: 'Failing row contains (3, b, null, null).',
        schema: 'public',
        table: 'np',
        column: 'n',
      },
    );
  });
  await step('fields of a check', async () => {
    const { code, detail, schema, table, constraint } = await errorOf("insert into np values (3, 'b', 0)");
    assert.deepEqual(
      { code, detail, schema, table, constraint },
      {
        code: '23514',
        detail: 'Failing row contains (3, b, 0, null).',
        schema: 'public',
        table: 'np',
        constraint: 'np_n_check',
      },
    );
  });
  await step('fields of foreign keys', async () => {
    await client.query('create table np_child (id int primary key, np int references np)');
    const one = await errorOf('insert into np_child values (1, 9)');
    assert.deepEqual(
      [one.code, one.detail, one.schema, one.table, one.constraint],
      ['23503', 'Key (np)=(9) is not present in table "np".', 'public', 'np_child', 'np_child_np_fkey'],
    );
    await client.query('insert into np_child values (1, 1)');
    const two = await errorOf('delete from np where id = 1');
    assert.deepEqual(
      [two.code, two.detail, two.schema, two.table, two.constraint],
      [
        '23503',
        'Key (id)=(1) is still referenced from table "np_child".',
        'public',
        'np_child',
        'np_child_np_fkey',
      ],
    );
  });
  await step('fields of a syntax error and of a function', async () => {
    const one = await errorOf('selec 1');
    assert.deepEqual([one.code, one.position, one.routine], ['42601', '1', 'scanner_yyerror']);
    const two = await errorOf('select nope(1)');
    assert.deepEqual(
      [two.code, two.position, two.hint?.startsWith('No function matches')],
      ['42883', '8', true],
    );
  });
  await step('tableID and columnID of fields', async () => {
    const { fields } = await client.query('select id, n + 1 as m, v from np');
    assert.ok(fields[0].tableID > 0);
    assert.deepEqual(
      fields.map((/** @type {any} */ f) => f.columnID),
      [1, 0, 4],
    );
  });
  await step('values of types', async () => {
    const [row] = await rows(
      'select $1::int4 a, $2::text b, $3::bool c, $4::float8 d, $5::timestamptz e, $6::bytea f, $7::int[] g',
      [1, 'x', true, 1.5, new Date(0), Buffer.from('hi'), [1, 2]],
    );
    assert.deepEqual(row, { a: 1, b: 'x', c: true, d: 1.5, e: new Date(0), f: Buffer.from('hi'), g: [1, 2] });
  });
  await step('interval and json', async () => {
    const [row] = await rows("select '1 day'::interval as i, '{\"a\":1}'::json as j, '[1]'::jsonb as k");
    assert.deepEqual([row.i.days, row.j, row.k], [1, { a: 1 }, [1]]);
  });
  await step('dates in a zone', async () => {
    await client.query("set timezone to 'America/New_York'");
    const [row] = await rows("select '2020-07-01 00:00:00'::timestamptz as t");
    await client.query("set timezone to 'UTC'");
    assert.equal(row.t.toISOString(), '2020-07-01T04:00:00.000Z');
  });
  await step('listen and notify', async () => {
    /** @type {any[]} */
    const heard = [];
    client.on('notification', (/** @type {any} */ one) =>
      heard.push([one.channel, one.payload, one.processId === client.processID]),
    );
    await client.query('listen boom');
    await client.query("notify boom, 'omg!'");
    const other = new Client({ connectionString: url });
    await other.connect();
    await other.query("select pg_notify('boom', 'two')");
    await other.end();
    for (let i = 0; heard.length < 2 && i < 40; i++) {
      await sleep(25);
      await client.query('select 1');
    }
    assert.deepEqual(heard, [
      ['boom', 'omg!', true],
      ['boom', 'two', false],
    ]);
    await client.query('unlisten boom');
  });
  await step('notices', async () => {
    /** @type {string[]} */
    const said = [];
    client.on('notice', (/** @type {any} */ one) => said.push(`${one.code} ${one.message}`));
    await client.query('drop table if exists nothing_here');
    await client.query('create table if not exists np (a int)');
    assert.deepEqual(said, [
      '00000 table "nothing_here" does not exist, skipping',
      '42P07 relation "np" already exists, skipping',
    ]);
  });
  await step('a block of PL/pgSQL', () => client.query("do $$ begin raise notice 'hello'; end $$"));
  await step('pg_terminate_backend ends a connection', async () => {
    const other = new Client({ connectionString: url });
    await other.connect();
    const ended = new Promise((resolve) => other.on('error', resolve));
    const {
      rows: [{ pid }],
    } = await other.query('select pg_backend_pid() as pid');
    const [{ done }] = await rows('select pg_terminate_backend($1) as done', [pid]);
    assert.equal(done, true);
    const error = /** @type {any} */ (await ended);
    assert.equal(error.code, '57P01');
    await other.end().catch(() => undefined);
  });
  await step('pg_cancel_backend cancels a statement', async () => {
    const other = new Client({ connectionString: url });
    await other.connect();
    const {
      rows: [{ pid }],
    } = await other.query('select pg_backend_pid() as pid');
    const asked = other.query('select pg_sleep(30)').then(
      () => null,
      (/** @type {any} */ e) => e.code,
    );
    await sleep(100);
    await rows('select pg_cancel_backend($1)', [pid]);
    assert.equal(await asked, '57014');
    await other.end();
  });
  await step('statement_timeout', async () => {
    await client.query('set statement_timeout = 50');
    assert.equal((await errorOf('select pg_sleep(2)')).code, '57014');
    await client.query('reset statement_timeout');
  });
  await step('a writing WITH', async () => {
    const found = await rows(
      "with gone as (delete from np_child returning *), more as (insert into np values (7, 'z', 7) returning id) select gone.np, more.id from gone, more",
    );
    assert.deepEqual(found, [{ np: 1, id: 7 }]);
    assert.equal((await rows('select count(*)::int c from np'))[0].c, 2);
    assert.equal(
      (
        await client.query(
          'with moved as (delete from np where id = 7 returning *) insert into np_child select id, 1 from moved',
        )
      ).rowCount,
      1,
    );
  });
  await step('a prepared statement by name', async () => {
    const query = { name: 'one', text: 'select id from np where id = $1', values: [1] };
    assert.deepEqual((await client.query(query)).rows, [{ id: 1 }]);
    assert.deepEqual((await client.query({ ...query, rowMode: 'array' })).rows, [[1]]);
  });
  await step('several statements at once', async () => {
    const results = await client.query('begin; select 1 as a; select 2 as b; commit');
    assert.deepEqual(
      results.map((/** @type {any} */ r) => r.command),
      ['BEGIN', 'SELECT', 'SELECT', 'COMMIT'],
    );
  });
  await step('a pool, its transactions and its errors', async () => {
    const pool = new Pool({ connectionString: url, max: 3 });
    const found = await Promise.all([1, 2, 3, 4, 5, 6].map((i) => pool.query('select $1::int as i', [i])));
    assert.deepEqual(
      found.map((/** @type {any} */ r) => r.rows[0].i),
      [1, 2, 3, 4, 5, 6],
    );
    await pool.end();
  });
  await client.end();
}

/** @type {import('./steps.mjs').Program} */
export async function pgCursor(step, { url, load }) {
  const { Client } = load('pg');
  const Cursor = load('pg-cursor');
  const client = new Client({ connectionString: url });
  await client.connect();
  const numbers = 'select num from generate_series(0, 50) as num';
  await step('rows in parts', async () => {
    const cursor = client.query(new Cursor(numbers));
    assert.equal((await cursor.read(20)).length, 20);
    assert.equal((await cursor.read(100)).length, 31);
    assert.equal((await cursor.read(1)).length, 0);
  });
  await step('closed before its end', async () => {
    const cursor = client.query(new Cursor(numbers));
    await cursor.read(5);
    await cursor.close();
    assert.equal((await client.query('select 1 as a')).rows[0].a, 1);
  });
  await step('an error while it is read', async () => {
    const cursor = client.query(new Cursor('select 1/(3 - n) as q from generate_series(1, 9) as n'));
    await assert.rejects(cursor.read(10), { code: '22012' });
    await client.query('select 1');
  });
  await step('of a temporary table', async () => {
    await client.query('create temp table boom (num int)');
    const cursor = client.query(new Cursor('select * from boom'));
    assert.deepEqual(await cursor.read(1), []);
    await cursor.close();
  });
  await step('of a statement that writes', async () => {
    const cursor = client.query(new Cursor('insert into boom values ($1), ($2) returning num', [1, 2]));
    assert.deepEqual(await cursor.read(1), [{ num: 1 }]);
    assert.deepEqual(await cursor.read(1), [{ num: 2 }]);
    await cursor.close();
  });
  await client.end();
}
