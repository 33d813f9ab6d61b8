"""Steps of SQLAlchemy, over psycopg where it speaks it and psycopg2 elsewhere; a line of JSON says what each came to."""
import datetime, decimal, enum, json, sys, uuid
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg

url = sys.argv[1]
if sa.__version__ >= '2': url = url.replace('postgresql://', 'postgresql+psycopg://')
engine = sa.create_engine(url, future=True)
Base = orm.declarative_base()


def step(name):
    def run(f):
        try:
            f(); error = None
        except Exception as e: error = f'{getattr(getattr(e, "orig", None), "pgcode", "") or ""} {type(e).__name__}: {e}'[:500]
        print(json.dumps({'name': name, 'error': error}), flush=True)
    return run


class Colour(enum.Enum):
    red = 1
    blue = 2


class User(Base):
    __tablename__ = 'sa_users'
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(20), nullable=False)
    email = sa.Column(sa.Text, unique=True)
    n = sa.Column(sa.Numeric(8, 2))
    day = sa.Column(sa.Date)
    at = sa.Column(sa.DateTime(timezone=True), server_default=sa.func.now())
    token = sa.Column(pg.UUID(as_uuid=True), default=uuid.uuid4)
    tags = sa.Column(pg.ARRAY(sa.Text))
    posts = orm.relationship('Post', back_populates='user', cascade='all, delete-orphan')
    __table_args__ = (sa.CheckConstraint('n > 0', name='sa_positive'), sa.Index('sa_name_day', 'name', 'day'))


class Post(Base):
    __tablename__ = 'sa_posts'
    id = sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    title = sa.Column(sa.String, comment='what it is called')
    user_id = sa.Column(sa.ForeignKey('sa_users.id', ondelete='CASCADE'))
    user = orm.relationship('User', back_populates='posts')


@step('drops and creates all')
def _():
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    Base.metadata.create_all(engine)


@step('a unit of work')
def _():
    with orm.Session(engine, future=True) as s:
        s.add(User(name='Ann', email='a', n=decimal.Decimal('1.5'), day=datetime.date(2020, 1, 2), tags=['x'], posts=[Post(title='one'), Post(title='two')]))
        s.add_all([User(name='Bob'), User(name='Cid')])
        s.commit()
        ann = s.execute(sa.select(User).where(User.name == 'Ann').options(orm.selectinload(User.posts))).scalar_one()
        assert [p.title for p in ann.posts] == ['one', 'two'] and ann.tags == ['x'] and ann.n == decimal.Decimal('1.5')
        ann.posts.pop()
        s.commit()
        assert s.scalar(sa.select(sa.func.count()).select_from(Post)) == 1


@step('joins, groups, windows, CTE')
def _():
    with orm.Session(engine, future=True) as s:
        q = sa.select(User.name, sa.func.count(Post.id)).outerjoin(Post).group_by(User.name).order_by(User.name)
        assert s.execute(q).all() == [('Ann', 1), ('Bob', 0), ('Cid', 0)]
        s.execute(sa.select(User.id, sa.func.row_number().over(order_by=User.name))).all()
        w = sa.select(User).where(User.id > 0).cte('w')
        s.execute(sa.select(w.c.name).where(w.c.name.ilike('a%'))).all()
        s.execute(sa.select(sa.exists().where(User.name == 'Ann'))).scalar()
        s.execute(sa.select(User.id).where(User.tags.contains(['x']))).all()
        s.execute(sa.select(User.id).where(sa.tuple_(User.id, User.name).in_([(1, 'Ann')]))).all()
        s.execute(sa.select(sa.case((User.id == 1, 'a'), else_='b'), sa.cast(User.id, sa.String), sa.extract('year', User.day))).all()
        s.execute(sa.select(sa.func.coalesce(User.n, 0)).order_by(User.n.desc().nullslast()).limit(1).offset(1)).all()


@step('upsert')
def _():
    with engine.begin() as c:
        ins = pg.insert(User).values(name='Z', email='a')
        c.execute(ins.on_conflict_do_update(index_elements=['email'], set_={'name': ins.excluded.name}))
        c.execute(pg.insert(User).values(name='Z', email='a').on_conflict_do_nothing())


@step('a writing CTE')
def _():
    with engine.begin() as c:
        gone = sa.delete(User).where(User.name == 'Cid').returning(User.id).cte('gone')
        assert len(c.execute(sa.select(gone.c.id)).all()) == 1


@step('an error by its fields')
def _():
    try:
        with engine.begin() as c: c.execute(sa.insert(User).values(name='Q', email='a'))
        raise SystemExit('no error')
    except sa.exc.IntegrityError as e:
        d = e.orig.diag
        assert (d.constraint_name, d.table_name, d.schema_name, d.message_detail) == ('sa_users_email_key', 'sa_users', 'public', 'Key (email)=(a) already exists.'), (d.constraint_name, d.message_detail)


@step('savepoints and row locks')
def _():
    with orm.Session(engine, future=True) as s:
        with s.begin():
            try:
                with s.begin_nested(): s.add(User(name='N', email='a'))
            except sa.exc.IntegrityError: pass
            s.execute(sa.select(User).with_for_update(skip_locked=True)).all()


@step('isolation levels')
def _():
    with engine.connect().execution_options(isolation_level='SERIALIZABLE') as c:
        assert c.exec_driver_sql('show transaction isolation level').scalar() == 'serializable'
    with engine.connect().execution_options(isolation_level='AUTOCOMMIT') as c:
        c.exec_driver_sql('vacuum sa_users')
        c.exec_driver_sql('analyze sa_users')


@step('reflection')
def _():
    i = sa.inspect(engine)
    assert {'sa_users', 'sa_posts'} <= set(i.get_table_names()) and i.get_view_names() == []
    assert [str(c['type']) for c in i.get_columns('sa_users')] == ['INTEGER', 'VARCHAR(20)', 'TEXT', 'NUMERIC(8, 2)', 'DATE', 'TIMESTAMP', 'UUID', 'ARRAY']
    assert i.get_pk_constraint('sa_users')['name'] == 'sa_users_pkey'
    assert i.get_foreign_keys('sa_posts')[0]['options'] == {'ondelete': 'CASCADE'}
    assert sorted(x['name'] for x in i.get_indexes('sa_users')) == ['sa_name_day', 'sa_users_email_key']
    assert [c['sqltext'] for c in i.get_check_constraints('sa_users')] == ['n > 0::numeric'] or i.get_check_constraints('sa_users')
    assert i.get_columns('sa_posts')[0]['identity'] is not None and i.get_columns('sa_posts')[1]['comment'] == 'what it is called'
    i.get_sequence_names(), i.get_enums(), i.get_table_comment('sa_users')
    i.get_unique_constraints('sa_users')


@step('a server-side cursor')
def _():
    with engine.connect().execution_options(stream_results=True, max_row_buffer=2) as c:
        assert len(c.execute(sa.text('select generate_series(1, 7) as n')).fetchmany(3)) == 3


@step('a temporary table')
def _():
    t = sa.Table('sa_temp', sa.MetaData(), sa.Column('a', sa.Integer), prefixes=['TEMPORARY'])
    with engine.begin() as c:
        t.create(c)
        c.execute(t.insert(), [{'a': 1}, {'a': 2}])
        assert c.execute(sa.select(sa.func.sum(t.c.a))).scalar() == 3
        t.drop(c)


@step('an enum')
def _():
    t = sa.Table('sa_paint', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True), sa.Column('c', sa.Enum(Colour, name='sa_colour')))
    with engine.begin() as c:
        t.create(c)
        c.execute(t.insert(), [{'c': Colour.red}, {'c': Colour.blue}])
        assert c.execute(sa.select(t.c.c).where(t.c.c == Colour.blue)).scalar() == Colour.blue
        assert c.execute(sa.select(t.c.c).order_by(t.c.c)).scalars().all() == [Colour.red, Colour.blue]
        assert sa.inspect(c).get_enums()[0]['labels'] == ['red', 'blue']
        t.drop(c)


@step('json and interval')
def _():
    t = sa.Table('sa_doc', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True), sa.Column('j', pg.JSONB), sa.Column('i', sa.Interval))
    with engine.begin() as c:
        t.create(c)
        c.execute(t.insert(), {'j': {'a': [1]}, 'i': datetime.timedelta(days=1)})
        assert c.execute(sa.select(t.c.j, t.c.i).where(t.c.j['a'][0].astext == '1')).one() == ({'a': [1]}, datetime.timedelta(days=1))
        t.drop(c)


@step('indexes of a part and of an expression')
def _():
    with engine.begin() as c:
        sa.Index('sa_lower', sa.func.lower(User.email)).create(c)
        sa.Index('sa_part', User.n, postgresql_where=User.n > 5).create(c)
        got = {x['name']: x for x in sa.inspect(c).get_indexes('sa_users')}
        assert 'sa_part' in got


@step('drops all')
def _(): Base.metadata.drop_all(engine)
