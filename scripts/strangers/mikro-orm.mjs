// MikroORM: its schema, units of work and queries.
import assert from 'node:assert/strict';

/** @type {import('./steps.mjs').Program} */
export async function mikroOrm(step, { url, load }) {
  const { MikroORM, EntitySchema, UniqueConstraintViolationException } = load('@mikro-orm/postgresql');
  const Author = new EntitySchema({
    name: 'Author',
    properties: {
      id: { type: 'number', primary: true },
      name: { type: 'string' },
      email: { type: 'string', unique: true },
      kind: { enum: true, items: ['a', 'b'], type: 'string', default: 'a' },
      at: { type: 'Date', defaultRaw: 'now()' },
      tags: { type: 'string[]', nullable: true },
      books: { kind: '1:m', entity: 'Book', mappedBy: 'author' },
    },
  });
  const Book = new EntitySchema({
    name: 'Book',
    properties: {
      id: { type: 'uuid', primary: true, defaultRaw: 'gen_random_uuid()' },
      title: { type: 'string', index: true },
      price: { type: 'decimal', precision: 8, scale: 2, nullable: true },
      author: { kind: 'm:1', entity: 'Author', deleteRule: 'cascade' },
    },
  });
  const orm = await MikroORM.init({
    clientUrl: url,
    dbName: new URL(url).pathname.slice(1),
    entities: [Author, Book],
    discovery: { disableDynamicFileAccess: true },
    ensureDatabase: false,
  });
  await step('connects', async () => assert.equal(await orm.isConnected(), true));
  await step('makes its schema', () => orm.schema.refreshDatabase());
  await step('finds no change in it', async () => assert.equal(await orm.schema.getUpdateSchemaSQL(), ''));
  const em = orm.em.fork();
  await step('persists a unit of work', async () => {
    const ann = em.create('Author', { name: 'Ann', email: 'a@x', tags: ['x'] });
    em.create('Book', { title: 'one', author: ann, price: '9.50' });
    em.create('Book', { title: 'two', author: ann });
    await em.flush();
    assert.equal(ann.id, 1);
  });
  await step('finds with joins', async () => {
    const other = orm.em.fork();
    const [found] = await other.find(
      'Author',
      { books: { title: 'one' } },
      { populate: ['books'], orderBy: { name: 'asc' } },
    );
    assert.equal(found.books.length, 2);
    const [, count] = await other.findAndCount(
      'Book',
      { author: { name: { $like: 'A%' } } },
      { limit: 1, offset: 0 },
    );
    assert.equal(count, 2);
  });
  await step('updates many at once', async () => {
    const other = orm.em.fork();
    for (const book of await other.find('Book', {})) book.title += '!';
    await other.flush();
    assert.equal(await orm.em.fork().count('Book', { title: { $like: '%!' } }), 2);
  });
  await step('upsert', async () => {
    const other = orm.em.fork();
    const made = await other.upsert('Author', { name: 'Anna', email: 'a@x', kind: 'a' });
    assert.equal(made.id, 1);
    await other.upsertMany('Author', [
      { name: 'B', email: 'b@x' },
      { name: 'C', email: 'c@x' },
    ]);
  });
  await step('transactions and locks', async () => {
    await orm.em.fork().transactional(async (/** @type {any} */ t) => {
      const one = await t.findOneOrFail('Author', { email: 'a@x' }, { lockMode: 4 });
      one.name = 'locked';
    });
    await assert.rejects(
      orm.em.fork().transactional(async (/** @type {any} */ t) => {
        t.create('Author', { name: 'x', email: 'x@x' });
        await t.flush();
        throw new Error('back');
      }),
    );
  });
  await step('a violation by its class', async () => {
    const other = orm.em.fork();
    other.create('Author', { name: 'q', email: 'a@x' });
    await assert.rejects(other.flush(), UniqueConstraintViolationException);
  });
  await step('query builder and raw', async () => {
    const rows = await orm.em
      .fork()
      .createQueryBuilder('Book', 'b')
      .select(['b.title'])
      .leftJoin('b.author', 'a')
      .where({ 'a.email': 'a@x' })
      .orderBy({ 'b.title': 'asc' })
      .execute();
    assert.equal(rows.length, 2);
    assert.equal(
      (await orm.em.fork().getConnection().execute('select count(*)::int as n from book'))[0].n,
      2,
    );
  });
  await step('removes with what refers to it', async () => {
    const other = orm.em.fork();
    await other.removeAndFlush(await other.findOneOrFail('Author', { email: 'a@x' }));
    assert.equal(await orm.em.fork().count('Book'), 0);
  });
  await step('drops its schema', () => orm.schema.dropSchema());
  await orm.close(true);
}
