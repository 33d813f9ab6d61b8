// Settings of a connection: those of the start-up, what SET, SHOW, RESET and the functions make of them (held against PostgreSQL 15), and
// what of them goes with each statement.

import { serialize } from 'pg-protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadSqlParser } from '../edge/sql-parser.ts';
import { Client, done, failed, messagesOf, result, rows } from './client-fixture.ts';
import { receive } from './connection.ts';

beforeAll(loadSqlParser);

/** Texts one after the other, each with the value that it shows, its tag, or its error's code. What the cluster is asked it says OK to. */
async function play(client: Client, texts: readonly string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const text of texts) {
    client.send(serialize.query(text));
    while (client.wish?.kind === 'sql') {
      const word =
        /(BEGIN|COMMIT|ROLLBACK TO|ROLLBACK|SAVEPOINT)/i.exec(client.wish.text)?.[1]?.toUpperCase() ?? '';
      const isFailure = client.wish.text.includes('1/0');
      const wish = client.wish;
      client.reply(
        result(isFailure ? failed('22012', 'division by zero') : done(word.split(' ')[0] || 'OK')),
      );
      if (client.wish === wish) break;
    }
    const messages = await client.messages();
    const said = messages.filter((one) => /^(?:dataRow|error|commandComplete)/.test(one));
    answers.push(said.map((one) => one.replace(/^\w+ ?/, '')).join(' | '));
  }
  return answers;
}

const VALUES: readonly (readonly [text: string, shown: string])[] = [
  ['set statement_timeout = 3000; show statement_timeout', 'SET | 3s | SHOW'],
  ['set foo = 1', '42704'],
  ['show other.var', '42704'],
  ['set server_version = 1', '55P02'],
  ['set geqo = maybe', '22023'],
  ['set extra_float_digits = 9', '22023'],
  ["set datestyle = 'german'", '0A000'],
  ["set timezone = 'Europe/Berlin'", '0A000'],
  ["set timezone = 'nowhere'", '22023'],
  ["set client_encoding = 'latin1'", '0A000'],
  ["set client_encoding = 'utf-16'", '22023'],
  ['set session characteristics as transaction read only', 'SET'],
];

test('what is set, what is refused, and how', async () => {
  const client = await new Client().start();
  expect(
    await play(
      client,
      VALUES.map(([text]) => text),
    ),
  ).toEqual(VALUES.map(([, answer]) => answer));
});

async function shown(client: Client, name: string): Promise<string> {
  client.send(serialize.query(`show ${name}`));
  const row = (await client.messages()).find((one) => one.startsWith('dataRow '));
  return row?.slice('dataRow '.length) ?? '';
}

test.each([
  ['statement_timeout', '1500', '1500ms'],
  ['statement_timeout', "'90s'", '90s'],
  ['idle_in_transaction_session_timeout', '3000', '3s'],
  ['work_mem', "'64.5MB'", '66048kB'],
  ['temp_buffers', '2000', '16000kB'],
  ['maintenance_work_mem', "'1GB'", '1GB'],
  ['geqo', "'of'", 'off'],
  ['random_page_cost', '1.1', '1.1'],
  ['timezone', "'+00:00'", '+00:00'],
  ['timezone', "'utc'", 'UTC'],
  ['datestyle', 'iso, mdy', 'ISO, MDY'],
  ['client_encoding', "'utf-8'", 'UTF8'],
  ['search_path', 's, "A b"', 's, "A b"'],
  ['my.own', '5', '5'],
])('%s = %s is shown as %s', async (name, value, text) => {
  const client = await new Client().start();
  client.send(serialize.query(`set ${name} = ${value}`));
  await client.messages();
  expect(await shown(client, name)).toBe(text);
  client.send(serialize.query(`select set_config('${name}', null, false), current_setting('${name}')`));
  expect((await client.messages())[0]).toBe('rowDescription set_config,current_setting');
});

describe('blocks', () => {
  test('SET is undone with its block or savepoint, SET LOCAL ends with the block', async () => {
    const client = await new Client().start();
    const steps: readonly (readonly [text: string, value: string])[] = [
      ['begin', '0'],
      ["set local statement_timeout = '5s'", '5s'],
      ['savepoint a', '5s'],
      ["set statement_timeout = '7s'", '7s'],
      ['rollback to a', '5s'],
      ["set statement_timeout = '9s'", '9s'],
      ["set local statement_timeout = '1s'", '1s'],
      ['commit', '9s'],
      ['begin', '9s'],
      ["select set_config('statement_timeout', '2s', true)", '2s'],
      ['reset statement_timeout', '0'],
      ['rollback', '9s'],
      ['set local statement_timeout = 1', '9s'],
      ['reset all', '0'],
    ];
    for (const [text, value] of steps) {
      await play(client, [text]);
      expect([text, await shown(client, 'statement_timeout')]).toEqual([text, value]);
    }
  });

  test('what is reported is told again before the client may go on, after a rollback too', async () => {
    const client = await new Client().start();
    const told = async (text: string): Promise<string[]> => {
      client.send(serialize.query(text));
      if (client.wish !== null) client.reply(result(done(text.toUpperCase())));
      return (await client.messages()).filter((one) => !one.startsWith('commandComplete'));
    };
    await told('begin');
    expect(await told("set application_name = 'one'")).toEqual([
      'parameterStatus application_name',
      'readyForQuery T',
    ]);
    expect(await told('rollback')).toEqual(['parameterStatus application_name', 'readyForQuery I']);
    expect(await told("set application_name = 'test'")).toEqual(['readyForQuery I']);
  });
});

describe('start-up', () => {
  const begun = (more: Record<string, string>) => new Client().start(more);

  test('its settings hold, in `options` too; RESET goes back to them', async () => {
    const client = await begun({
      statement_timeout: '3000',
      options: '-c lock_timeout=1s --default-transaction-isolation=repeatable\\ read',
      client_encoding: "'utf-8'",
    });
    await play(client, ['set statement_timeout = 1', 'reset statement_timeout']);
    const names = ['statement_timeout', 'lock_timeout', 'default_transaction_isolation', 'client_encoding'];
    const values: string[] = [];
    for (const name of names) values.push(await shown(client, name));
    expect(values).toEqual(['3s', '1s', 'repeatable read', 'UTF8']);
    client.send(serialize.query('select 1'));
    expect(client.asked).toEqual([
      '/*statement_timeout=3s*//*lock_timeout=1s*//*default_transaction_isolation=repeatable read*/select 1',
    ]);
  });

  test.each([
    [{ foo: '1' }, '42704'],
    [{ options: '-c foo=1' }, '42704'],
    [{ options: '-c statement_timeout' }, '42601'],
    [{ options: '-x' }, '42601'],
    [{ statement_timeout: 'abc' }, '22023'],
    [{ server_version: '3' }, '55P02'],
  ])('%j ends with %s', async (more, code) => {
    const client = new Client();
    client.send(serialize.startup({ user: 'me', database: 'lab', ...more }));
    client.reply({ processId: 7, secret: 9 } as never);
    expect((await client.messages()).at(-1)).toBe(`error ${code}`);
    expect(client.connection.isOver).toBe(true);
  });

  test('a zone of the machine is no reason to refuse a driver; who ends before it has begun is told nothing', async () => {
    const client = await begun({ TimeZone: 'Europe/Berlin', 'my.own': 'x' });
    expect([await shown(client, 'timezone'), await shown(client, 'my.own')]).toEqual(['UTC', 'x']);
    const gone = new Client();
    const { send, isOver } = receive(gone.connection, serialize.end());
    expect([await messagesOf(send), isOver]).toEqual([[], true]);
  });
});

test('set_config gives the value that it sets, also where it ends with its statement; what nobody listens to is listened to no more', async () => {
  const client = await new Client().start();
  client.send(serialize.query("select set_config('my.own', 'x', true)"), serialize.query('show my.own'));
  client.send(serialize.query('unlisten *'));
  const said = (await client.messages()).filter((one) => /^(?:dataRow|commandComplete)/.test(one));
  expect(said).toEqual([
    'dataRow x',
    'commandComplete SELECT 1',
    'dataRow ',
    'commandComplete SHOW',
    'commandComplete UNLISTEN',
  ]);
});

test('set_config in a statement that was prepared is described, and takes parameters', async () => {
  const client = await new Client().start();
  client.send(
    serialize.parse({ text: "select pg_catalog.set_config('my.own', $1, false) as was", types: [] }),
    serialize.describe({ type: 'S' }),
    serialize.bind({ values: ['7'] }),
    serialize.execute({ portal: '', rows: 0 }),
    serialize.sync(),
  );
  expect(client.asked).toEqual([]);
  expect((await client.messages()).slice(1, 3)).toEqual(['parameterDescription 25', 'rowDescription was']);
  expect(await shown(client, 'my.own')).toBe('7');
  client
    .send(serialize.query("select set_config('my.own', v, false) from t"))
    .reply(result(rows([['a', 'text']], ['1'])));
  expect(client.asked).toHaveLength(1);
});

test('an extension whose functions are there is taken, any other is asked for', async () => {
  const client = await new Client().start();
  client.send(serialize.query('create extension if not exists "uuid-ossp"'));
  expect((await client.messages()).at(-2)).toBe('commandComplete CREATE EXTENSION');
  client.send(serialize.query('create extension hstore'));
  expect(client.asked).toEqual(['create extension hstore']);
});
