// Clients of Debian's against a served cluster: psql, pgbench through failovers, psycopg with its pool, psycopg2, SQLAlchemy, asyncpg, JDBC, sysbench; four of
// them under faults of each architecture. What each run recorded is played again without the clients, to the same hash. Says in a line what
// is missing, and then skips it. Arguments: names of clients (all).
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSpec } from '../src/ui/dock/read-spec.mjs';
import { tryFaults } from './clients/faults.mjs';
import { tryPgbench } from './clients/pgbench.mjs';
import { has, hasPython, python } from './clients/programs.mjs';
import { addressOf, check, failureCount, folder, psql, run, served } from './clients/served.mjs';
import { trySysbench } from './clients/sysbench.mjs';
import { connectPsycopg } from './isolation/psycopg.mjs';
import { expectedAt, playSpec } from './isolation/spec.mjs';

async function tryPsql() {
  if (has('psql')) await served('psql', 'cynosdb', trySql);
  else console.log('skipped: psql is not installed (postgresql-client)');
}

/** @param {string} port */
function trySql(port) {
  psql(port, "create table t (id int primary key, x text); insert into t values (1, 'a'), (2, null);");
  check(
    'psql: rows and nulls',
    psql(port, '\\pset null ~\nselect * from t order by id;').endsWith('1|a\n2|~'),
  );
  check('psql: an error points at its place', psql(port, 'select id, nope from t;').includes('^'));
  check('psql: the list of tables', psql(port, '\\dt').includes('public|t|table'));
  psql(port, SCHEMA + MORE);
  /** @param {string} name */
  const described = (name) => run(port, 'psql', ['-XA', 'lab', '-c', `\\d ${name}`]).out;
  check('psql: a table', described('pay').endsWith(PAY), described('pay'));
  check(
    'psql: what refers to a table',
    described('acc').endsWith(
      'TABLE "pay" CONSTRAINT "pay_a_fkey" FOREIGN KEY (a) REFERENCES acc(id) ON DELETE CASCADE',
    ),
    described('acc'),
  );
  check('psql: an index', described('pay_a').includes('a|integer|yes|a'), described('pay_a'));
  for (const [command, end] of COMMANDS)
    check(`psql: ${command}`, run(port, 'psql', ['-XA', 'lab', '-c', command]).out.endsWith(end), end);
  check('psql: roles', psql(port, '\\du').startsWith('postgres|Superuser'), psql(port, '\\du'));
  check('psql: functions', psql(port, '\\df') === '');
  writeFileSync(join(folder, 'rows.csv'), 'id,x\n3,"a\nb"\n4,c\n');
  check(
    'psql: \\copy',
    psql(port, `\\copy t from '${join(folder, 'rows.csv')}' csv header\nselect count(*) from t;`).endsWith(
      'COPY 2\n4',
    ),
  );
  check(
    'psql: rows in parts',
    psql(port, '\\set FETCH_COUNT 1\nselect id from t order by id;') === '1\n2\n3\n4',
  );
  check(
    'psql: faults and views',
    psql(port, "call lab.crash('store-3'); select status from lab.nodes where node = 'store-3';") ===
      'CALL\ndown',
  );
}

/**
 * What psql asks of catalogs, and how its answer ends.
 * @type {readonly (readonly [command: string, end: string])[]}
 */
const COMMANDS = [
  ['\\d+ acc', 'FOREIGN KEY (a) REFERENCES acc(id) ON DELETE CASCADE\nAccess method: heap'],
  ['\\d+ pay_a', 'a|integer|yes|a|plain|\nbtree, for table "public.pay"'],
  ['\\d+ seen', 'View definition:\n SELECT id,\n    name\n  FROM acc\n  WHERE id > 1;'],
  ['\\d counted_id_seq', 'Owned by: public.counted.id'],
  ['\\dp pay', 'public|pay|table|||\n(1 row)'],
  [
    '\\dn+',
    'public|pg_database_owner|pg_database_owner=UC/pg_database_owner\n=U/pg_database_owner|\n(1 row)',
  ],
  ['\\du+', 'postgres|Superuser, Create role, Create DB, Replication, Bypass RLS|{}|'],
  ['\\l+', 'lab|postgres|UTF8|C|C||libc||0 bytes|pg_default|\n(1 row)'],
  ['\\dT+', '(0 rows)'],
  ['\\df+', '(0 rows)'],
  ['\\dD', '(0 rows)'],
  ['\\do', '(0 rows)'],
];

const PSYCOPG = `
import decimal, sys, psycopg, psycopg.errors
url = sys.argv[1]
with psycopg.connect(url, autocommit=True) as c:
    c.execute('create table t (id int primary key, n numeric, b bytea)')
    row = (1, decimal.Decimal('1.50'), b'\\x00\\xff')
    assert c.execute('insert into t values (%s, %s, %s) returning *', row).fetchone() == row
    assert c.cursor(binary=True).execute('select * from t').fetchone() == row
    assert c.execute('select %s, %s + 1', (1, 2)).fetchone() == (1, 3)
    with c.cursor().copy('copy t (id) from stdin') as copy:
        for i in range(10, 3000): copy.write_row((i,))
    with c.cursor().copy('copy (select id, n from t where id < 11 order by id) to stdout') as copy:
        assert list(copy.rows()) == [('1', '1.50'), ('10', None)]
    with c.pipeline():
        found = [c.execute('select id from t where id = %s', (i,)) for i in range(10, 30)]
    assert [f.fetchone()[0] for f in found] == list(range(10, 30))
    try:
        with c.pipeline():
            c.execute('insert into t (id) values (9000)')
            c.execute('insert into t (id) values (10)')
        raise SystemExit('no error')
    except psycopg.errors.UniqueViolation as e:
        assert e.diag.constraint_name == 't_pkey'
    assert c.execute('select count(*) from t where id = 9000').fetchone() == (0,)
with psycopg.connect(url) as c:
    with c.cursor(name='part') as cursor:
        cursor.execute('select id from t order by id')
        assert [r[0] for r in cursor.fetchmany(2)] == [1, 10]
import asyncio
async def other():
    async with await psycopg.AsyncConnection.connect(url) as c:
        async with c.pipeline():
            found = [await c.execute('select id from t where id = %s', (i,)) for i in range(10, 15)]
        assert [(await f.fetchone())[0] for f in found] == list(range(10, 15))
asyncio.run(other())
print('psycopg', psycopg.__version__)
`;

const SCHEMA = `
create table acc (id int primary key, name varchar(20) not null default 'x', n numeric(9,2) check (n > 0), u text unique);
create table pay (id int primary key, a int references acc (id) on delete cascade);
create index pay_a on pay (a desc);
`;
const MORE =
  'create view seen as select id, name from acc where id > 1; create table counted (id serial primary key);';

const POOL = `
import sys, threading, time, psycopg, psycopg_pool
url = sys.argv[1]
failures = []
with psycopg_pool.ConnectionPool(url, min_size=2, max_size=4) as pool:
    pool.wait()
    with pool.connection() as c:
        c.execute('create table acc (id int primary key, n int)')
        c.execute('insert into acc values (0, 100), (1, 100), (2, 100), (3, 100)')
    def transfer(worker):
        for i in range(20):
            while True:
                try:
                    with pool.connection() as c:
                        c.execute('update acc set n = n - 1 where id = %s', (min(worker % 4, (worker + 1) % 4),))
                        c.execute('update acc set n = n + 1 where id = %s', (max(worker % 4, (worker + 1) % 4),))
                    break
                except psycopg.OperationalError as e:
                    if e.sqlstate is None or e.sqlstate[:2] not in ('08', '40', '57'): failures.append(e.sqlstate)
                    if e.sqlstate == '08007': break
            if worker == 0 and i in (5, 12):
                with pool.connection() as c:
                    c.autocommit = True
                    c.execute("call lab.crash('rw-1', for_ms => 15)")
                    c.autocommit = False
    workers = [threading.Thread(target=transfer, args=(w,)) for w in range(8)]
    for w in workers: w.start()
    for w in workers: w.join()
    with pool.connection() as c:
        assert c.execute('select sum(n) from acc').fetchone() == (400,)
    assert failures == [], failures
    assert pool.get_stats()['connections_num'] <= 4 + 2, pool.get_stats()
print('psycopg_pool', psycopg_pool.__version__)
`;

const PAY = `
id|integer||not null|
a|integer|||
Indexes:
    "pay_pkey" PRIMARY KEY, btree (id)
    "pay_a" btree (a DESC)
Foreign-key constraints:
    "pay_a_fkey" FOREIGN KEY (a) REFERENCES acc(id) ON DELETE CASCADE`.trim();

const SQLALCHEMY = `
import sys, sqlalchemy
from sqlalchemy import create_engine, func, inspect, MetaData, Table, CheckConstraint, UniqueConstraint, select, tuple_
e = create_engine(sys.argv[1])
with e.begin() as c:
    for line in '''${SCHEMA}'''.strip().split(';'):
        if line.strip(): c.exec_driver_sql(line)
m = MetaData()
m.reflect(e)
acc, pay = m.tables['acc'], m.tables['pay']
assert [c.name for c in acc.primary_key] == ['id'], acc.primary_key
assert [str(c.type) for c in acc.columns] == ['INTEGER', 'VARCHAR(20)', 'NUMERIC(9, 2)', 'TEXT'], acc.columns
assert [c.nullable for c in acc.columns] == [False, False, True, True]
assert str(acc.c.name.server_default.arg) == "'x'::character varying"
assert [f.target_fullname for f in pay.c.a.foreign_keys] == ['acc.id']
assert [i.name for i in pay.indexes] == ['pay_a']
assert [c.sqltext.text for c in acc.constraints if isinstance(c, CheckConstraint)] == ['n > 0']
assert [c.name for c in acc.constraints if isinstance(c, UniqueConstraint)] == ['acc_u_key']
with e.begin() as c:
    c.execute(acc.insert(), {'id': 1, 'n': 2})
    assert c.execute(select(acc.c.name, acc.c.n)).fetchone() == ('x', 2)
    c.exec_driver_sql('create schema crew')
    c.exec_driver_sql('create table crew.acc (id int primary key, boss int references crew.acc, pay int references pay)')
    c.exec_driver_sql('create index on crew.acc (boss)')
assert 'crew' in inspect(e).get_schema_names(), inspect(e).get_schema_names()
assert inspect(e).get_table_names(schema='crew') == ['acc'], inspect(e).get_table_names(schema='crew')
m = MetaData()
m.reflect(e, schema='crew')
crew = m.tables['crew.acc']
assert [c.name for c in crew.columns] == ['id', 'boss', 'pay']
assert sorted(f.target_fullname for c in crew.columns for f in c.foreign_keys) == ['crew.acc.id', 'pay.id']
assert [i.name for i in crew.indexes] == ['acc_boss_idx'], crew.indexes
with e.begin() as c:
    c.execute(crew.insert(), {'id': 7, 'boss': 7})
    assert c.execute(select(crew.c.boss)).fetchone() == (7,)
with e.begin() as c:
    c.exec_driver_sql("comment on column acc.name is 'what it is called'")
    columns = inspect(c).get_columns('acc')
    assert [one['comment'] for one in columns] == [None, 'what it is called', None, None], columns
    assert c.execute(select(acc.c.id).where(tuple_(acc.c.id, acc.c.n).in_([(1, 2)]))).fetchall() == [(1,)]
    assert c.execute(select(func.array_agg(acc.c.id))).scalar() == [1]
print('SQLAlchemy', sqlalchemy.__version__)
`;

const PSYCOPG2 = `
import sys, psycopg2
c = psycopg2.connect(sys.argv[1])
k = c.cursor()
k.execute('create table u (id int primary key, x text)')
k.execute('insert into u values (%s, %s)', (1, "it's"))
c.commit()
k.execute('select x from u where id = %s', (1,))
assert k.fetchone() == ("it's",)
print('psycopg2', psycopg2.__version__)
`;

const ASYNCPG = `
import asyncio, datetime, decimal, sys, uuid, asyncpg
async def main():
    c = await asyncpg.connect(sys.argv[1])
    await c.execute('create table ap (id serial primary key, name text, n numeric, d date, ts timestamptz, u uuid, b bytea)')
    day, at = datetime.date(1984, 3, 1), datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
    sent = ('Bob', decimal.Decimal('1.5'), day, at, uuid.UUID(int=7), b'xy')
    assert await c.fetchval('insert into ap (name, n, d, ts, u, b) values ($1, $2, $3, $4, $5, $6) returning id', *sent) == 1
    assert tuple(await c.fetchrow('select name, n, d, ts, u, b from ap where name = $1', 'Bob')) == sent
    await c.executemany('insert into ap (name) values ($1)', [('x',), ('y',)])
    async with c.transaction(isolation='serializable'):
        try:
            async with c.transaction():
                await c.execute('select 1/0')
        except asyncpg.DivisionByZeroError:
            pass
        assert [r['id'] async for r in c.cursor('select id from ap order by id', prefetch=2)] == [1, 2, 3]
        assert [r[0] async for r in c.cursor('select generate_series(0, 50)')] == list(range(51))
    prepared = await c.prepare('select $1::int + 1')
    assert await prepared.fetchval(10) == 11
    await c.reset()
    await c.close()
    async with asyncpg.create_pool(sys.argv[1], min_size=2, max_size=3) as pool:
        for i in range(5):
            assert await pool.fetchval('select $1::int', i) == i
asyncio.run(main())
print('asyncpg', asyncpg.__version__)
`;

/** @param {string} module @param {string} script */
async function tryPython(module, script) {
  if (!hasPython(module)) {
    console.log(`skipped: python3-${module.replace('_', '-')} is not installed`);
    return;
  }
  await served(module, 'cynosdb', (port) => {
    const { status, out } = run(port, python, ['-c', script, addressOf(port)]);
    check(status === 0 ? out : module, status === 0, out);
  });
}

/** Debian's driver. */
const JDBC = '/usr/share/java/postgresql.jar';

async function tryJdbc() {
  if (!has('java') || !existsSync(JDBC)) {
    console.log('skipped: JDBC is not installed (default-jdk-headless, libpostgresql-jdbc-java)');
    return;
  }
  const source = new URL('Jdbc.java', import.meta.url).pathname;
  await served('jdbc', 'cynosdb', (port) => {
    const address = `jdbc:postgresql://127.0.0.1:${port}/lab?user=postgres`;
    const { status, out } = run(port, 'java', ['-cp', JDBC, source, address]);
    check(status === 0 ? out : 'JDBC', status === 0, out);
  });
}

/** The interleavings of scripts/isolation, through psycopg: it answers as node-postgres does in the test command. */
async function tryInterleavings() {
  if (!hasPython('psycopg')) {
    console.log('skipped: interleavings, because python3-psycopg is not installed');
    return;
  }
  const folder = new URL('isolation/', import.meta.url);
  await served('interleavings', 'cynosdb', async (port) => {
    const url = addressOf(port);
    for (const file of readdirSync(new URL('specs/', folder))) {
      const spec = readSpec(readFileSync(new URL(`specs/${file}`, folder), 'utf8'));
      const came = await playSpec(spec, () => connectPsycopg(python, url));
      const out = readFileSync(expectedAt(file, false), 'utf8');
      check(`psycopg: ${file}`, came === out, came);
    }
  });
}

const wanted = process.argv.slice(2);
/** @type {readonly (readonly [name: string, try_: () => Promise<void>])[]} */
const clients = [
  ['psql', tryPsql],
  ['pgbench', tryPgbench],
  ['psycopg', () => tryPython('psycopg', PSYCOPG)],
  ['faults', tryFaults],
  ['psycopg_pool', () => tryPython('psycopg_pool', POOL)],
  ['interleavings', tryInterleavings],
  ['psycopg2', () => tryPython('psycopg2', PSYCOPG2)],
  ['sqlalchemy', () => tryPython('sqlalchemy', SQLALCHEMY)],
  ['asyncpg', () => tryPython('asyncpg', ASYNCPG)],
  ['jdbc', tryJdbc],
  ['sysbench', trySysbench],
];
for (const [name, tryClient] of clients) if (wanted.length === 0 || wanted.includes(name)) await tryClient();
process.exitCode = failureCount() > 0 ? 1 : 0;
