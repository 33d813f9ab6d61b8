"""Steps of asyncpg; a line of JSON says what each came to."""
import asyncio, datetime, decimal, json, sys, uuid
import asyncpg

url = sys.argv[1]
STEPS = []


def step(name):
    def keep(f): STEPS.append((name, f)); return f
    return keep


@step('values of types, both ways')
async def _(c):
    for type_, value in [('int2', 1), ('int8', 2 ** 40), ('float4', 1.5), ('float8', 1.25), ('numeric', decimal.Decimal('1.50')), ('text', 'x'), ('varchar', 'x'), ('bool', True), ('bytea', b'\x00\x01'), ('uuid', uuid.UUID(int=5)), ('date', datetime.date(2020, 1, 2)), ('timestamp', datetime.datetime(2020, 1, 2, 3)), ('int4[]', [1, None, 3]), ('text[]', ['a,b', '"'])]:
        assert await c.fetchval(f'select $1::{type_}', value) == value, type_


@step('time, interval and json')
async def _(c):
    assert await c.fetchval("select $1::interval", datetime.timedelta(days=1, seconds=2)) == datetime.timedelta(days=1, seconds=2)
    assert await c.fetchval("select $1::time", datetime.time(1, 2)) == datetime.time(1, 2)
    assert await c.fetchval("select $1::jsonb", '{"a": 1}') == '{"a": 1}'


@step('oid and its kin')
async def _(c):
    assert await c.fetchval('select $1::oid', 7) == 7
    assert await c.fetchval("select 'pg_class'::regclass::oid") == 1259


@step('a temporary table, and rows of it')
async def _(c):
    await c.execute('create temp table ap_temp (a int, b text)')
    await c.executemany('insert into ap_temp values ($1, $2)', [(i, str(i)) for i in range(10)])
    assert await c.fetchval('select count(*) from ap_temp') == 10
    assert await c.copy_records_to_table('ap_temp', records=[(100, 'x')]) == 'COPY 1'


@step('copy in binary')
async def _(c):
    await c.execute('create table ap_copy (a int, b text, n numeric)')
    assert await c.copy_records_to_table('ap_copy', records=[(1, 'x', decimal.Decimal(1)), (2, None, None)]) == 'COPY 2'
    import io
    out = io.BytesIO()
    assert await c.copy_from_query('select * from ap_copy order by a', output=out, format='csv') == 'COPY 2'
    assert out.getvalue() == b'1,x,1\n2,,\n'


@step('listeners')
async def _(c):
    heard = asyncio.get_running_loop().create_future()
    await c.add_listener('ch', lambda *a: heard.done() or heard.set_result(a[2:]))
    await c.execute("notify ch, 'hi'")
    assert await asyncio.wait_for(heard, 5) == ('ch', 'hi')
    await c.remove_listener('ch', print)


@step('an error by its fields')
async def _(c):
    await c.execute('create table ap_u (id int primary key)')
    await c.execute('insert into ap_u values (1)')
    try:
        await c.execute('insert into ap_u values (1)')
        raise SystemExit('no error')
    except asyncpg.UniqueViolationError as e:
        assert (e.constraint_name, e.table_name, e.schema_name, e.detail) == ('ap_u_pkey', 'ap_u', 'public', 'Key (id)=(1) already exists.'), e.detail


@step('an enum, whose type it looks up')
async def _(c):
    await c.execute("create type ap_mood as enum ('sad', 'happy')")
    assert await c.fetchval('select $1::ap_mood', 'sad') == 'sad'
    await c.execute('create table ap_e (m ap_mood)')
    await c.execute('insert into ap_e values ($1)', 'happy')
    assert await c.fetchval('select m from ap_e') == 'happy'


@step('a domain')
async def _(c):
    await c.execute('create domain ap_pos as int check (value > 0)')
    await c.execute('create table ap_d (p ap_pos)')
    await c.execute('insert into ap_d values ($1)', 3)
    try:
        await c.execute('insert into ap_d values ($1)', -3)
        raise SystemExit('no error')
    except asyncpg.CheckViolationError: pass


@step('cursors and transactions')
async def _(c):
    async with c.transaction(isolation='serializable', readonly=True, deferrable=True):
        cur = await c.cursor('select generate_series(1, 10) as n')
        assert await cur.forward(3) == 3 and [r['n'] for r in await cur.fetch(2)] == [4, 5]


@step('a record')
async def _(c):
    assert tuple(await c.fetchval("select row(1, 'a'::text)")) == (1, 'a')


@step('a pool: its reset of a connection')
async def _(c):
    async with asyncpg.create_pool(url, min_size=1, max_size=2) as pool:
        for i in range(3):
            async with pool.acquire() as one: assert await one.fetchval('select 1') == 1


@step('a timeout cancels')
async def _(c):
    try:
        await c.fetchval('select pg_sleep(20)', timeout=0.3)
        raise SystemExit('no timeout')
    except asyncio.TimeoutError: pass
    assert await c.fetchval('select 1') == 1


async def main():
    c = await asyncpg.connect(url)
    for name in ['ap_temp', 'ap_copy', 'ap_u', 'ap_e', 'ap_d']: await c.execute(f'drop table if exists {name}')
    for kind, name in [('type', 'ap_mood'), ('domain', 'ap_pos')]:
        try: await c.execute(f'drop {kind} if exists {name}')
        except asyncpg.PostgresError: pass
    for name, f in STEPS:
        error = None
        try: await f(c)
        except BaseException as e: error = f'{getattr(e, "sqlstate", "") or ""} {type(e).__name__}: {e}'[:400]
        print(json.dumps({'name': name, 'error': error}), flush=True)
        if c.is_closed(): c = await asyncpg.connect(url)
    await c.close()


asyncio.run(main())
