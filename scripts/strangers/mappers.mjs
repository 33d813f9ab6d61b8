// Mappers of objects: what each makes of models, writes, reads and reports.
import assert from 'node:assert/strict';

/** @type {import('./steps.mjs').Program} */
export async function sequelize(step, { url, load }) {
  const { Sequelize, DataTypes, Op, UniqueConstraintError, ForeignKeyConstraintError } = load('sequelize');
  const db = new Sequelize(url, { logging: false });
  await step('connects', () => db.authenticate());
  const User = db.define('User', {
    name: { type: DataTypes.STRING, allowNull: false },
    email: { type: DataTypes.STRING, unique: true },
    role: { type: DataTypes.STRING, defaultValue: 'guest' },
    height: DataTypes.DECIMAL(5, 2),
    born: DataTypes.DATEONLY,
    tags: DataTypes.ARRAY(DataTypes.TEXT),
    token: { type: DataTypes.UUID, defaultValue: DataTypes.UUIDV4 },
  });
  const Post = db.define(
    'Post',
    { title: DataTypes.TEXT, score: DataTypes.INTEGER },
    { indexes: [{ fields: ['title'] }], paranoid: true },
  );
  User.hasMany(Post, { onDelete: 'CASCADE' });
  Post.belongsTo(User);
  const Tag = db.define('Tag', { label: DataTypes.STRING });
  Post.belongsToMany(Tag, { through: 'PostTags' });
  Tag.belongsToMany(Post, { through: 'PostTags' });
  await step('sync, with force', () => db.sync({ force: true }));
  await step('sync again', () => db.sync());
  await step('sync, with alter', () => db.sync({ alter: true }));
  await step('create with relations', async () => {
    const ann = await User.create({
      name: 'Ann',
      email: 'a@x',
      tags: ['x', 'y'],
      born: '1990-01-02',
      height: 1.5,
    });
    const post = await ann.createPost({ title: 'one', score: 1 });
    await post.addTag(await Tag.create({ label: 'red' }));
    const found = await User.findOne({ where: { name: 'Ann' }, include: { model: Post, include: [Tag] } });
    assert.equal(found.Posts[0].Tags[0].label, 'red');
    assert.deepEqual(found.tags, ['x', 'y']);
  });
  await step('bulkCreate, and on conflict', async () => {
    await User.bulkCreate([
      { name: 'Bob', email: 'b@x' },
      { name: 'Cid', email: 'c@x' },
    ]);
    await User.bulkCreate([{ name: 'Bobby', email: 'b@x' }], {
      updateOnDuplicate: ['name'],
      conflictAttributes: ['email'],
    });
    assert.equal((await User.findOne({ where: { email: 'b@x' } })).name, 'Bobby');
  });
  await step('upsert', async () => {
    const [made] = await User.upsert({ name: 'Dan', email: 'd@x' });
    assert.equal(made.email, 'd@x');
  });
  await step('findOrCreate', async () => {
    const [, isNew] = await User.findOrCreate({ where: { email: 'e@x' }, defaults: { name: 'Eve' } });
    const [, isAgain] = await User.findOrCreate({ where: { email: 'e@x' }, defaults: { name: 'Eve' } });
    assert.deepEqual([isNew, isAgain], [true, false]);
  });
  await step('findAndCountAll, where, order', async () => {
    const { count, rows } = await User.findAndCountAll({
      where: { [Op.or]: [{ name: { [Op.iLike]: 'b%' } }, { name: { [Op.in]: ['Ann', 'Cid'] } }] },
      order: [['name', 'ASC']],
      limit: 2,
    });
    assert.deepEqual([count, rows.map((/** @type {any} */ r) => r.name)], [3, ['Ann', 'Bobby']]);
  });
  await step('group and aggregates', async () => {
    const rows = await Post.findAll({
      attributes: ['UserId', [db.fn('count', db.col('id')), 'n']],
      group: ['UserId'],
      raw: true,
    });
    assert.equal(rows[0].n, '1');
  });
  await step('update, increment, decrement', async () => {
    await Post.update({ title: 'two' }, { where: { title: 'one' } });
    await Post.increment({ score: 4 }, { where: { title: 'two' } });
    assert.equal((await Post.findOne()).score, 5);
  });
  await step('a unique violation by its fields', async () => {
    const error = await User.create({ name: 'X', email: 'a@x' }).catch((/** @type {any} */ e) => e);
    assert.ok(error instanceof UniqueConstraintError);
    assert.deepEqual(error.fields, { email: 'a@x' });
  });
  await step('a foreign key by its fields', async () => {
    const error = await Post.create({ title: 'x', UserId: 999 }).catch((/** @type {any} */ e) => e);
    assert.ok(error instanceof ForeignKeyConstraintError);
    assert.deepEqual([error.table, error.index], ['Posts', 'Posts_UserId_fkey']);
  });
  await step('transactions, managed and nested', async () => {
    await db.transaction(async (/** @type {any} */ transaction) => {
      await User.create({ name: 'T', email: 't@x' }, { transaction });
      await db.transaction({ transaction }, async (/** @type {any} */ inner) =>
        User.create({ name: 'T2' }, { transaction: inner }),
      );
    });
    await assert.rejects(
      db.transaction({ isolationLevel: 'SERIALIZABLE' }, async (/** @type {any} */ t) => {
        await User.create({ name: 'gone' }, { transaction: t });
        throw new Error('back');
      }),
    );
    assert.equal(await User.count({ where: { name: 'gone' } }), 0);
  });
  await step('row locks', () =>
    db.transaction((/** @type {any} */ transaction) =>
      User.findAll({ lock: true, skipLocked: true, transaction }),
    ),
  );
  await step('paranoid destroy and restore', async () => {
    const post = await Post.findOne();
    await post.destroy();
    assert.equal(await Post.count(), 0);
    await post.restore();
    assert.equal(await Post.count(), 1);
  });
  await step('describeTable', async () => {
    const columns = await db.getQueryInterface().describeTable('Users');
    assert.equal(columns.name.type, 'CHARACTER VARYING(255)');
    assert.equal(columns.id.primaryKey, true);
  });
  await step('showIndexes and references', async () => {
    const q = db.getQueryInterface();
    const indexes = await q.showIndex('Posts');
    assert.ok(indexes.some((/** @type {any} */ i) => i.name === 'posts_title'));
    const refs = await q.getForeignKeyReferencesForTable('Posts');
    assert.equal(refs[0].referencedTableName, 'Users');
  });
  await step('migrations: columns, indexes, constraints', async () => {
    const q = db.getQueryInterface();
    await q.addColumn('Users', 'age', { type: DataTypes.INTEGER, defaultValue: 3 });
    await q.renameColumn('Users', 'age', 'years');
    await q.changeColumn('Users', 'years', { type: DataTypes.BIGINT, allowNull: true });
    await q.addIndex('Users', ['years'], { name: 'users_years' });
    await q.removeIndex('Users', 'users_years');
    await q.addConstraint('Users', {
      type: 'check',
      fields: ['years'],
      where: { years: { [Op.gt]: 0 } },
      name: 'positive',
    });
    await q.removeConstraint('Users', 'positive');
    await q.removeColumn('Users', 'years');
    assert.ok((await q.showAllTables()).length >= 4);
  });
  await step('an index of a part, and of an expression', async () => {
    const q = db.getQueryInterface();
    await q.addIndex('Users', {
      fields: ['name'],
      name: 'users_part',
      where: { role: 'guest' },
      unique: false,
    });
    await q.addIndex('Users', { fields: [db.fn('lower', db.col('email'))], name: 'users_lower' });
  });
  await step('an enum', async () => {
    const Job = db.define('Job', { state: DataTypes.ENUM('open', 'done') });
    await Job.sync({ force: true });
    await Job.sync({ alter: true });
    await Job.create({ state: 'open' });
    assert.equal((await Job.findOne({ where: { state: 'open' } })).state, 'open');
    await assert.rejects(
      db.query(`insert into "Jobs" (state, "createdAt", "updatedAt") values ('lost', now(), now())`),
    );
    await Job.drop({});
  });
  await step('jsonb', async () => {
    const Doc = db.define('Doc', { body: DataTypes.JSONB });
    await Doc.sync({ force: true });
    await Doc.create({ body: { a: { b: 1 } } });
    assert.equal((await Doc.findOne({ where: { body: { a: { b: 1 } } } })).body.a.b, 1);
  });
  await step('a deferrable reference', async () => {
    const Leaf = db.define('Leaf', {
      userId: {
        type: DataTypes.INTEGER,
        references: { model: 'Users', key: 'id', deferrable: Sequelize.Deferrable.INITIALLY_DEFERRED },
      },
    });
    await Leaf.sync({ force: true });
    await Leaf.drop({});
  });
  await step('truncate and drop', async () => {
    await User.truncate({ cascade: true, restartIdentity: true });
    assert.equal(await User.count(), 0);
    await db.drop({});
  });
  await db.close();
}

/** @type {import('./steps.mjs').Program} */
export async function typeOrm(step, { url, load }) {
  load('reflect-metadata');
  const { DataSource, EntitySchema, QueryFailedError, Table, TableColumn, TableIndex, In, Like, MoreThan } =
    load('typeorm');
  const User = new EntitySchema({
    name: 'Person',
    tableName: 'person_t',
    columns: {
      id: { type: Number, primary: true, generated: true },
      name: { type: String, length: 50 },
      email: { type: String, unique: true, nullable: true },
      height: { type: 'numeric', precision: 5, scale: 2, nullable: true },
      tags: { type: 'text', array: true, nullable: true },
      made: { type: 'timestamp with time zone', createDate: true },
      version: { type: Number, version: true },
    },
    relations: { posts: { type: 'one-to-many', target: 'Note', inverseSide: 'author' } },
  });
  const Note = new EntitySchema({
    name: 'Note',
    tableName: 'note_t',
    columns: {
      id: { type: 'uuid', primary: true, generated: 'uuid' },
      title: { type: String },
      gone: { type: 'timestamptz', deleteDate: true, nullable: true },
    },
    relations: {
      author: { type: 'many-to-one', target: 'Person', inverseSide: 'posts', onDelete: 'CASCADE' },
      tags: { type: 'many-to-many', target: 'Label', joinTable: { name: 'note_label_t' } },
    },
    indices: [{ name: 'note_title', columns: ['title'] }],
    checks: [{ name: 'note_named', expression: `"title" <> ''` }],
  });
  const Label = new EntitySchema({
    name: 'Label',
    tableName: 'label_t',
    columns: { id: { type: Number, primary: true, generated: 'identity' }, text: { type: String } },
  });
  const db = new DataSource({ type: 'postgres', url, entities: [User, Note, Label], logging: false });
  await step('connects', () => db.initialize());
  if (!db.isInitialized) return;
  await step('drops and synchronizes', () => db.synchronize(true));
  await step('synchronizes again without a change', async () => {
    const sql = await db.driver.createSchemaBuilder().log();
    assert.deepEqual(
      sql.upQueries.map((/** @type {any} */ q) => q.query),
      [],
    );
  });
  const users = db.getRepository('Person');
  const notes = db.getRepository('Note');
  await step('save with relations', async () => {
    const ann = await users.save({ name: 'Ann', email: 'a@x', height: '1.50', tags: ['x'] });
    const label = await db.getRepository('Label').save({ text: 'red' });
    await notes.save([
      { title: 'one', author: ann, tags: [label] },
      { title: 'two', author: ann },
    ]);
    const [found] = await users.find({
      relations: { posts: { tags: true } },
      where: { name: 'Ann' },
      order: { posts: { title: 'ASC' } },
    });
    assert.equal(found.posts[0].tags[0].text, 'red');
  });
  await step('update and version', async () => {
    const ann = await users.findOneByOrFail({ name: 'Ann' });
    ann.name = 'Anna';
    assert.equal((await users.save(ann)).version, 2);
  });
  await step('find by operators, take and skip', async () => {
    await users.insert([{ name: 'Bob' }, { name: 'Cid' }]);
    const [found, count] = await users.findAndCount({
      where: [{ name: Like('B%') }, { id: In([1]) }, { id: MoreThan(50) }],
      take: 1,
      skip: 1,
      order: { id: 'ASC' },
    });
    assert.deepEqual([found.length, count], [1, 2]);
    await users.find({ relations: { posts: true }, take: 1, order: { name: 'DESC' } });
  });
  await step('query builder', async () => {
    const rows = await users
      .createQueryBuilder('u')
      .leftJoin('u.posts', 'p')
      .select('u.name', 'name')
      .addSelect('count(p.id)', 'n')
      .groupBy('u.name')
      .orderBy('u.name')
      .getRawMany();
    assert.deepEqual(rows[0], { name: 'Anna', n: '2' });
  });
  await step('upsert', async () => {
    await users.upsert({ name: 'Z', email: 'a@x' }, ['email']);
    assert.equal((await users.findOneByOrFail({ email: 'a@x' })).name, 'Z');
  });
  await step('a violation by its fields', async () => {
    const error = await users.insert({ name: 'q', email: 'a@x' }).catch((/** @type {any} */ e) => e);
    assert.ok(error instanceof QueryFailedError);
    assert.deepEqual(
      [error.driverError.code, error.driverError.detail, error.driverError.table],
      ['23505', 'Key (email)=(a@x) already exists.', 'person_t'],
    );
  });
  await step('transactions', async () => {
    await db.transaction('SERIALIZABLE', (/** @type {any} */ m) => m.insert('Person', { name: 'T' }));
    await assert.rejects(
      db.transaction(async (/** @type {any} */ m) => {
        await m.insert('Person', { name: 'U' });
        throw new Error('back');
      }),
    );
    assert.equal(await users.countBy({ name: 'U' }), 0);
  });
  await step('row locks', () =>
    db.transaction((/** @type {any} */ m) =>
      m.findOne('Person', {
        where: { name: 'T' },
        lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
      }),
    ),
  );
  await step('soft delete', async () => {
    await notes.softDelete({ title: 'two' });
    assert.equal(await notes.count(), 1);
    assert.equal(await notes.count({ withDeleted: true }), 2);
  });
  const runner = db.createQueryRunner();
  await step('migrations: a table of a runner', async () => {
    await runner.createTable(
      new Table({
        name: 'made_t',
        columns: [
          { name: 'id', type: 'int', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
          { name: 'a', type: 'varchar', isNullable: true },
        ],
        foreignKeys: [],
      }),
      true,
    );
    await runner.addColumn('made_t', new TableColumn({ name: 'b', type: 'int', default: 5 }));
    await runner.renameColumn('made_t', 'b', 'c');
    await runner.createIndex('made_t', new TableIndex({ name: 'made_a', columnNames: ['a'] }));
    const table = await runner.getTable('made_t');
    assert.deepEqual(
      table.columns.map((/** @type {any} */ c) => c.name),
      ['id', 'a', 'c'],
    );
    await runner.changeColumn(
      'made_t',
      'c',
      new TableColumn({ name: 'c', type: 'bigint', isNullable: true }),
    );
    await runner.dropTable('made_t');
  });
  await step('an index of a part', async () => {
    await runner.query(`create unique index part_t on person_t (name) where email is null and name = 'zzz'`);
    const table = await runner.getTable('person_t');
    assert.ok(table.indices.some((/** @type {any} */ i) => i.where));
    await runner.query('drop index part_t');
  });
  await runner.release();
  await step('an enum, synchronized twice', async () => {
    const Job = new EntitySchema({
      name: 'Job',
      tableName: 'job_t',
      columns: {
        id: { type: Number, primary: true, generated: true },
        state: { type: 'enum', enum: ['open', 'done'], default: 'open' },
      },
    });
    const other = new DataSource({
      type: 'postgres',
      url,
      entities: [Job],
      synchronize: true,
      logging: false,
    });
    await other.initialize();
    try {
      await other.synchronize();
      const made = await other.getRepository('Job').save({});
      assert.equal(made.state, 'open');
      await other.query('drop table job_t');
      await other.query('drop type job_t_state_enum');
    } finally {
      await other.destroy();
    }
  });
  await step('migrations are run and undone', async () => {
    class First1700000000000 {
      name = 'First1700000000000';
      /** @param {any} r */ up(r) {
        return r.query('create table mig_t (id int)');
      }
      /** @param {any} r */ down(r) {
        return r.query('drop table mig_t');
      }
    }
    const other = new DataSource({
      type: 'postgres',
      url,
      entities: [],
      migrations: [First1700000000000],
      migrationsTableName: 'migrations_t',
      logging: false,
    });
    await other.initialize();
    try {
      assert.equal((await other.runMigrations()).length, 1);
      await other.undoLastMigration();
      await other.query('drop table migrations_t');
    } finally {
      await other.destroy();
    }
  });
  await step('drops the database', () => db.dropDatabase());
  await db.destroy();
}
