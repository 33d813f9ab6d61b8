// What a prepared statement gives is fixed when its client is told of it, and is asked for with each execution.

import { serialize } from 'pg-protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadSqlParser } from '../edge/sql-parser.ts';
import { batch, Client, description, done, failed, result, rows } from './client-fixture.ts';

beforeAll(loadSqlParser);

const TEXT = 'select * from t';
const ONE = result(rows([['id', 'integer']], ['1']));
/** What stands before a text says so much of the result that another result says something else. */
const noteOf = (asked: string | undefined): string =>
  /^\/\*result=[0-9a-f]{16}\*\//.exec(asked ?? '')?.[0] ?? '';

describe('a statement of the protocol', () => {
  test('parsed by itself it is described at once, with its name or without, and executed as that', async () => {
    for (const name of ['', 'p']) {
      const client = await new Client().start();
      client.send(serialize.parse({ name, text: TEXT, types: [] }), serialize.sync());
      client.reply(description(['column', 'id', 'integer']));
      expect(client.asked).toEqual([`EXPLAIN (DESCRIBE) ${TEXT}`]);
      client.send(serialize.describe({ type: 'S', name }), serialize.sync()); // it is known already
      client.send(
        serialize.bind({ statement: name }),
        serialize.execute({ portal: '', rows: 0 }),
        serialize.sync(),
      );
      client.reply(ONE);
      expect(client.asked[1]).toBe(`${noteOf(client.asked[1])}${TEXT}`);
      expect(noteOf(client.asked[1])).not.toBe('');
      expect((await client.messages()).filter((one) => one.startsWith('rowDescription'))).toEqual([
        'rowDescription id',
      ]);
    }
  });

  test('a table that is not there is an error of Parse, and there is no such statement', async () => {
    const client = await new Client().start();
    client.send(serialize.parse({ name: 'p', text: TEXT, types: [] }), serialize.sync());
    client.reply(result(failed('42P01', 'relation "t" does not exist')));
    client.send(serialize.bind({ statement: 'p' }), serialize.sync());
    expect(await client.messages()).toEqual([
      'error 42P01',
      'readyForQuery I',
      'error 26000',
      'readyForQuery I',
    ]);
  });

  test('what is executed with its Parse is asked once, and has that result from then on', async () => {
    const client = await new Client().start();
    const run = [
      serialize.bind({ statement: 'p' }),
      serialize.describe({ type: 'P' }),
      serialize.execute({ portal: '', rows: 0 }),
    ];
    client.send(serialize.parse({ name: 'p', text: TEXT, types: [] }), ...run, serialize.sync()).reply(ONE);
    client.send(...run, serialize.sync()).reply(ONE);
    expect(client.asked[0]).toBe(TEXT);
    const note = noteOf(client.asked[1]);
    expect([note === '', client.asked[1]]).toEqual([false, `${note}${TEXT}`]);
    // described later it would be another one: Describe says so, too
    client.send(serialize.describe({ type: 'S', name: 'p' }), serialize.sync());
    client.reply(description(['column', 'id', 'integer'], ['column', 'c', 'integer']));
    expect((await client.messages()).slice(-2)).toEqual(['error 0A000', 'readyForQuery I']);
  });

  test('another name, type or length is another result', async () => {
    const notes = await Promise.all(
      [
        ['id', 'varchar(5)'],
        ['id', 'varchar(6)'],
        ['id', 'integer'],
        ['id', 'bigint'],
        ['di', 'integer'],
      ].map(async ([name = '', type = '']) => {
        const client = await new Client().start();
        client.send(serialize.parse({ text: TEXT, types: [] }), serialize.sync());
        client.reply(description(['column', name, type]));
        client.send(...batch('').slice(1), serialize.sync());
        return noteOf(client.asked[1]);
      }),
    );
    expect(new Set(notes).size).toBe(5);
  });

  test('what gives no rows is asked as it is; a search path stands before the result', async () => {
    const client = await new Client().start();
    client.send(serialize.parse({ text: 'delete from t', types: [] }), serialize.sync());
    client.reply(description(['parameter', '$1', 'int4']));
    client.send(...batch('').slice(1), serialize.sync()).reply(result(done('DELETE 0')));
    expect(client.asked[1]).toBe('delete from t');
    client.send(
      serialize.query('set search_path = s'),
      serialize.parse({ text: TEXT, types: [] }),
      serialize.sync(),
    );
    client.reply(description(['column', 'id', 'integer']));
    client.send(...batch('').slice(1), serialize.sync());
    expect(client.asked.at(-1)).toMatch(/^\/\*search_path=s\*\/\/\*result=[0-9a-f]{16}\*\/select \* from t$/);
  });

  test('Describe tells what FETCH, EXECUTE and EXPLAIN (DESCRIBE) give', async () => {
    const client = await new Client().start();
    client.send(serialize.query('begin')).reply(result(done('BEGIN')));
    client.send(serialize.query('declare c cursor for select id from t')).reply(ONE);
    client
      .send(serialize.query('prepare p as select id from t'))
      .reply(description(['column', 'id', 'integer']));
    await client.messages();
    for (const text of [
      'fetch all from c',
      'move all from c',
      'execute p',
      'explain (describe) select 1',
      'explain select 1',
    ])
      client.send(serialize.parse({ text, types: [] }), serialize.describe({ type: 'S' }), serialize.sync());
    expect((await client.messages()).filter((one) => /^(?:rowDescription|noData)/.test(one))).toEqual([
      'rowDescription id',
      'noData',
      'rowDescription id',
      'rowDescription kind,name,type',
      'rowDescription QUERY PLAN',
    ]);
  });
});

describe('an error that the connection finds', () => {
  test('fails the block at the cluster, where its savepoints stay', async () => {
    const client = await new Client().start();
    client.send(serialize.query('begin')).reply(result(done('BEGIN')));
    client.send(serialize.bind({ statement: 'nothing' }), serialize.sync());
    client.reply(result(failed('42601', 'syntax error')));
    client.send(serialize.parse({ text: TEXT, types: [] }), serialize.sync()); // as PostgreSQL: not in a failed block
    client.send(serialize.parse({ text: 'rollback to s', types: [] }), serialize.sync());
    client.send(serialize.query('rollback to s')).reply(result(done('ROLLBACK')));
    expect(client.asked).toEqual([
      'begin',
      'the connection has refused a statement of this block',
      'rollback to s',
    ]);
    expect((await client.messages()).slice(2)).toEqual([
      'error 26000',
      'readyForQuery E',
      'error 25P02',
      'readyForQuery E',
      'parseComplete',
      'readyForQuery E',
      'commandComplete ROLLBACK',
      'readyForQuery T',
    ]);
  });
});
