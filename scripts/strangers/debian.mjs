// sysbench, pgbench and pg_dump, as their users run them.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { PGlite } from '@electric-sql/pglite';

/** Longest time that a program may take, ms. */
const LIMIT_MS = 300_000;

/** @param {string} url @param {string} program @param {string[]} args @param {string} [input] */
function run(url, program, args, input = '') {
  const { hostname, port, username } = new URL(url);
  const env = { ...process.env, PGHOST: hostname, PGPORT: port, PGUSER: username, PGSSLMODE: 'disable' };
  const { status, signal, stdout, stderr } = spawnSync(program, args, {
    env,
    input,
    encoding: 'utf8',
    timeout: LIMIT_MS,
    maxBuffer: 1 << 28,
  });
  assert.equal(status, 0, `${program} ${signal ?? status}: ${stderr.slice(-300)}${stdout.slice(-200)}`);
  return { stdout, stderr };
}

/** @param {string} url */
const databaseOf = (url) => new URL(url).pathname.slice(1);

/** @type {import('./steps.mjs').Program} */
export async function sysbench(step, { url }) {
  const { hostname, port, username } = new URL(url);
  const common = [
    '--db-driver=pgsql',
    `--pgsql-host=${hostname}`,
    `--pgsql-port=${port}`,
    `--pgsql-user=${username}`,
    `--pgsql-db=${databaseOf(url)}`,
    '--tables=2',
    '--table-size=300',
    '--threads=4',
    '--events=100',
    '--time=0',
  ];
  const loads = ['read_only', 'read_write', 'write_only', 'point_select', 'update_index', 'insert'];
  await step('prepare', () => run(url, 'sysbench', ['oltp_read_only', ...common, 'prepare']));
  for (const load of loads)
    await step(load, () => {
      const { stdout } = run(url, 'sysbench', [`oltp_${load}`, ...common, 'run']);
      assert.match(stdout, /transactions:\s+100 /);
    });
  await step('cleanup', () => run(url, 'sysbench', ['oltp_read_only', ...common, 'cleanup']));
}

/** @type {import('./steps.mjs').Program} */
export async function pgbench(step, { url }) {
  const database = databaseOf(url);
  await step('-i', () => run(url, 'pgbench', ['-i', '-q', database]));
  await step('-i, with foreign keys, rows of the server', () =>
    run(url, 'pgbench', ['-i', '-q', '-I', 'dtGvpf', database]),
  );
  for (const mode of ['simple', 'extended', 'prepared'])
    await step(`-M ${mode}`, () => run(url, 'pgbench', ['-n', '-M', mode, '-c', '4', '-t', '20', database]));
  for (const builtin of ['select-only', 'simple-update'])
    await step(builtin, () => run(url, 'pgbench', ['-b', builtin, '-c', '2', '-t', '20', database]));
  await step('drops', () => run(url, 'pgbench', ['-i', '-I', 'd', database]));
}

const SCHEMA = `
drop schema if exists dumped cascade;
create schema dumped;
set search_path = dumped;
create table owner (id serial primary key, name varchar(20) not null default 'x', n numeric(9,2) check (n > 0), u text unique);
create table pet (id bigint generated always as identity primary key, o int not null references owner on delete cascade, at timestamptz default now(), tags text[]);
create index pet_o on pet (o desc);
create type mood as enum ('sad', 'it''s');
alter type mood add value 'ok' before 'it''s';
create table felt (id int primary key, m mood default 'ok', all_of mood[], name text, price numeric(8,2), check (m <> 'sad'::mood));
create index felt_m on felt (name) where m = 'ok'::mood and price > 1.5;
create unique index felt_name on felt (lower(name), (price * 2) desc) where m is not null;
create view felts as select m, max(price) as most from felt where m >= 'ok'::mood group by m;
insert into felt values (1, 'ok', '{sad,it''s}', 'Rex', 3), (2, default, null, 'Tom', 1);
create sequence free increment by 5;
create view seen as select id, name from owner where id > 1;
comment on table owner is 'who has';
comment on column owner.u is 'one each';
insert into owner (name, n, u) values ('Ann', 1.5, 'a'), (E'B\\tb\\\\', null, null);
insert into pet (o, at, tags) values (1, '2020-01-02 03:04:05+00', '{a,"b c"}'), (2, null, null);
select nextval('free');
`;
const ROWS = `select * from dumped.owner order by id; select * from dumped.pet order by id; select * from dumped.seen; select * from dumped.felt order by id; select * from dumped.felts order by m; select nextval('dumped.free'); insert into dumped.owner (n) values (2) returning id;`;

/** @type {import('./steps.mjs').Program} */
export async function pgDump(step, { url, into }) {
  const database = databaseOf(url);
  const psql = (/** @type {string} */ at, /** @type {string} */ input) =>
    run(at, 'psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', databaseOf(at)], input).stdout;
  psql(url, SCHEMA);
  let plain = '';
  await step('a schema and its rows, as text', () => {
    plain = run(url, 'pg_dump', ['-n', 'dumped', database]).stdout;
    assert.match(plain, /COPY dumped\.pet /);
  });
  await step('as INSERTs', () => {
    const { stdout } = run(url, 'pg_dump', [
      '-n',
      'dumped',
      '--inserts',
      '--column-inserts',
      '--no-owner',
      database,
    ]);
    assert.match(stdout, /INSERT INTO dumped\.owner/);
  });
  await step('restored into PGlite', async () => {
    const { stdout } = run(url, 'pg_dump', ['-n', 'dumped', '--inserts', '--no-owner', database]);
    const lite = new PGlite();
    await lite.exec(stdout.replace(/^\\(?:un)?restrict .*$/gm, ''));
    const answers = await lite.exec(
      'select * from dumped.felt order by id; select count(*) from dumped.pet; select * from dumped.felts order by m',
    );
    await lite.close();
    assert.deepEqual(
      answers.map(({ rows }) => rows.length),
      [2, 1, 1],
    );
    assert.deepEqual(answers[0]?.rows[0], {
      id: 1,
      m: 'ok',
      all_of: "{sad,it's}",
      name: 'Rex',
      price: '3.00',
    });
  });
  await step('everything', () => run(url, 'pg_dump', [database]));
  await step('the schema only, with clean', () =>
    run(url, 'pg_dump', ['-n', 'dumped', '-s', '-c', '--if-exists', database]),
  );
  const before = psql(url, ROWS);
  psql(url, 'drop schema dumped cascade;');
  await step('restored where it came from', () => {
    psql(url, plain);
    assert.equal(psql(url, ROWS), before);
  });
  if (into !== undefined)
    await step('restored elsewhere', () => {
      psql(into, `drop schema if exists dumped cascade;\n${plain}`);
      assert.equal(psql(into, ROWS), before);
    });
  psql(url, 'drop schema if exists dumped cascade;');
}
