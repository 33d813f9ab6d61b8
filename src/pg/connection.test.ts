// Transcripts of connections: the client's messages are written, and the server's read, by pg-protocol. What the cluster would answer
// stands in the transcript; whole runs against a cluster are in src/cli/serve.

import { serialize } from 'pg-protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import type { StatementResult } from '../core/kernel/client-calls.ts';
import { loadSqlParser } from '../edge/sql-parser.ts';
import { batch, Client, description, done, failed, messagesOf, result, rows } from './client-fixture.ts';
import { answer, receive } from './connection.ts';

beforeAll(loadSqlParser);

describe('start-up', () => {
  test('SSL and GSS are refused with N, then the client is sent what is set, and its key', async () => {
    const client = new Client();
    const { send } = receive(client.connection, serialize.requestSsl());
    expect(Buffer.from(send).toString()).toBe('N');
    client.send(serialize.startup({ user: 'me', database: 'rw', application_name: 'app' }));
    expect(client.wish).toEqual({ kind: 'open', user: 'me', database: 'rw', program: 'app' });
    const turn = answer(client.connection, { processId: 7, secret: 9 });
    const messages = await messagesOf(turn.send);
    expect(messages[0]).toBe('authenticationOk');
    expect(messages).toContain('parameterStatus server_version');
    expect(messages.slice(-2)).toEqual(['backendKeyData', 'readyForQuery I']);
  });

  test('a database that is not there, and a cancel', async () => {
    const client = new Client();
    client.send(serialize.startup({ user: 'me', database: 'nowhere' }));
    const turn = answer(client.connection, { refused: { sqlstate: '3D000', message: 'no such database' } });
    expect(await messagesOf(turn.send)).toEqual(['error 3D000']);
    expect(turn.isOver).toBe(true);
    const canceller = new Client();
    canceller.send(serialize.cancel(7, 9));
    expect(canceller.wish).toEqual({ kind: 'cancel', processId: 7, secret: 9 });
    expect(answer(canceller.connection, null).isOver).toBe(true);
  });
});

describe('simple query', () => {
  test('several statements are one request, each with its answer', async () => {
    const client = await new Client().start();
    client.send(serialize.query('insert into t values (1); select 1 as one'));
    client.reply(result(done('INSERT 0 1'), rows([['one', 'integer']], ['1'])));
    expect(client.asked).toEqual(['insert into t values (1); select 1 as one']);
    expect(await client.messages()).toEqual([
      'commandComplete INSERT 0 1',
      'rowDescription one',
      'dataRow 1',
      'commandComplete SELECT 1',
      'readyForQuery I',
    ]);
  });

  test('the state of the transaction follows its statements', async () => {
    const client = await new Client().start();
    const states: (string | undefined)[] = [];
    const say = async (text: string, ...results: StatementResult[]) => {
      client.send(serialize.query(text));
      if (client.wish !== null) client.reply(result(...results));
      states.push((await client.messages()).at(-1));
    };
    await say('begin', done('BEGIN'));
    await say('select 1/0', failed('22012', 'division by zero'));
    await say('rollback to s', done('ROLLBACK'));
    await say('commit', done('COMMIT'));
    await say('begin; select 1/0', done('BEGIN'), failed('22012', 'division by zero'));
    await say('rollback', done('ROLLBACK'));
    expect(states).toEqual(['T', 'E', 'T', 'I', 'E', 'I'].map((state) => `readyForQuery ${state}`));
  });

  test('settings of the edge and empty texts ask nothing; a prepared statement is asked what it takes and gives', async () => {
    const client = await new Client().start();
    for (const text of ['', "set client_encoding to 'utf8'", 'show server_version'])
      client.send(serialize.query(text));
    expect(client.asked).toEqual([]);
    client.send(serialize.query('prepare p(int8) as select $1'));
    client.reply(description(['parameter', '$1', 'int8'], ['column', 'int8', 'bigint']));
    client.send(serialize.query('execute p(5)')).reply(result(rows([['int8', 'bigint']], ['5'])));
    expect(client.asked[0]).toBe('EXPLAIN (DESCRIBE) select $1::int8');
    expect(client.asked[1]).toMatch(/^\/\*result=[0-9a-f]{16}\*\/select \$1::int8 \| 5$/);
    const messages = await client.messages();
    expect(messages.filter((one) => !one.startsWith('readyForQuery'))).toEqual([
      'emptyQuery',
      'commandComplete SET',
      'rowDescription server_version',
      'dataRow 15.0',
      'commandComplete SHOW',
      'commandComplete PREPARE',
      'rowDescription int8',
      'dataRow 5',
      'commandComplete SELECT 1',
    ]);
  });

  test('COPY FROM STDIN becomes statements with their lines, more than one of them in a transaction', async () => {
    const client = await new Client().start();
    const described = description(['column', 'a', 'integer']);
    client.send(serialize.query('copy t from stdin')).reply(described);
    client
      .send(serialize.copyData(Buffer.from('1\n2\n')), serialize.copyDone())
      .reply(result(done('COPY 2')));
    expect(client.asked).toEqual(['EXPLAIN (DESCRIBE) SELECT * FROM "t"', 'copy t from stdin;\n1\n2\n\\.\n']);
    expect(await client.messages()).toEqual(['copyInResponse', 'commandComplete COPY 2', 'readyForQuery I']);
    client.asked.length = 0;
    client.send(serialize.query('copy t from stdin')).reply(described);
    client.send(serialize.copyData(Buffer.from('123456789\n'.repeat(9000))), serialize.copyDone());
    client.reply(
      result(done('BEGIN')),
      result(done('COPY 4915')),
      result(done('COPY 4085')),
      result(done('COMMIT')),
    );
    expect(client.asked.map((text) => text.slice(0, 6))).toEqual([
      'EXPLAI',
      'BEGIN',
      'copy t',
      'copy t',
      'COMMIT',
    ]);
    expect((await client.messages()).slice(-2)).toEqual(['commandComplete COPY 9000', 'readyForQuery I']);
  });

  test('old clients end COPY by a line; CSV with a quoted line end and a header stays whole', async () => {
    const client = await new Client().start();
    const described = description(['column', 'a', 'integer']);
    client.send(serialize.query('copy t from stdin')).reply(described);
    client
      .send(serialize.copyData(Buffer.from('1\n\\.\n')), serialize.copyDone())
      .reply(result(done('COPY 1')));
    expect(client.asked.at(-1)).toBe('copy t from stdin;\n1\n\\.\n');
    client.asked.length = 0;
    client.send(serialize.query('copy t from stdin csv header')).reply(described);
    const line = `"a\nb",${'c'.repeat(1000)}\n`;
    client.send(serialize.copyData(Buffer.from(`x,y\n${line.repeat(60)}`)), serialize.copyDone());
    client.reply(
      result(done('BEGIN')),
      result(done('COPY 48')),
      result(done('COPY 12')),
      result(done('COMMIT')),
    );
    const sent = client.asked.filter((text) => text.startsWith('copy'));
    expect(sent).toHaveLength(2);
    for (const text of sent) expect(text).toMatch(/;\nx,y\n"a\nb",c+\n/);
  });

  test('a portal that was bound and not executed is a cursor for FETCH and MOVE', async () => {
    const client = await new Client().start();
    client.send(serialize.query('begin')).reply(result(done('BEGIN')));
    client.send(serialize.parse({ name: 'q', text: 'select a from t', types: [] }));
    client.send(serialize.bind({ portal: 'p', statement: 'q' }), serialize.sync());
    client.reply(description(['column', 'a', 'integer']));
    client.send(serialize.query('move forward 2 from p'));
    client.reply(result(rows([['a', 'integer']], ['1'], ['2'], ['3'])));
    client.send(serialize.query('fetch forward 2 from p'), serialize.query('fetch p'));
    client.send(serialize.query('fetch no_such'));
    client.reply(result(failed('42601', 'syntax error'))); // so the block fails at the cluster
    const words = (await client.messages()).filter((one) => /^(?:commandComplete|error|dataRow)/.test(one));
    expect(words).toEqual([
      'commandComplete BEGIN',
      'commandComplete MOVE 2',
      'dataRow 3',
      'commandComplete FETCH 1',
      'commandComplete FETCH 0',
      'error 34000',
    ]);
  });

  test('a cursor gives its rows in parts, and COPY TO says how many fields a line has', async () => {
    const client = await new Client().start();
    client.send(serialize.query('begin')).reply(result(done('BEGIN')));
    client.send(serialize.query('declare "c d" no scroll cursor for select a from t'));
    client.reply(result(rows([['a', 'integer']], ['1'], ['2'], ['3'])));
    expect(client.asked.at(-1)).toBe('select a from t');
    client.send(serialize.query('fetch forward 2 from "c d"'), serialize.query('move all from "c d"'));
    client.send(serialize.query('close "c d"'), serialize.query('fetch "c d"'));
    client.reply(result(failed('42601', 'syntax error'))); // so the block fails at the cluster
    expect(client.asked.at(-1)).toBe('the connection has refused a statement of this block');
    const words = (await client.messages()).filter((one) => /^(?:commandComplete|error)/.test(one));
    expect(words).toEqual([
      'commandComplete BEGIN',
      'commandComplete DECLARE CURSOR',
      'commandComplete FETCH 2',
      'commandComplete MOVE 1',
      'commandComplete CLOSE CURSOR',
      'error 34000',
    ]);
    const other = await new Client().start();
    const { send } = receive(other.connection, serialize.query('copy t to stdout'));
    expect(send).toHaveLength(0);
    const turn = answer(
      other.connection,
      result({ ...rows([['copy', 'text']], ['1\tx\t2']), tag: 'COPY 1' } as StatementResult),
    );
    expect(Buffer.from(turn.send).readUInt16BE(6)).toBe(3);
  });
});

describe('extended query', () => {
  test('a lone Execute is one request, described by its own rows', async () => {
    const client = await new Client().start();
    client.send(...batch('select a from t where a = $1', ['5']), serialize.sync());
    client.reply(result(rows([['a', 'integer']], ['5'])));
    expect(client.asked).toEqual(['select a from t where a = $1 | 5']);
    expect(await client.messages()).toEqual([
      'parseComplete',
      'bindComplete',
      'rowDescription a',
      'dataRow 5',
      'commandComplete SELECT 1',
      'readyForQuery I',
    ]);
  });

  test('several Executes up to a Sync are one transaction; after an error all is passed over', async () => {
    const client = await new Client().start();
    const one = batch('insert into t values (1)');
    client.send(...one, ...one, ...one, serialize.sync());
    client.reply(
      result(done('BEGIN')),
      result(done('INSERT 0 1')),
      result(failed('23505', 'duplicate key value violates unique constraint "t_pkey"')),
      result(done('ROLLBACK')),
    );
    expect(client.asked).toEqual([
      'BEGIN',
      'insert into t values (1)',
      'insert into t values (1)',
      'ROLLBACK',
    ]);
    const messages = await client.messages();
    expect(messages.filter((m) => m.startsWith('commandComplete'))).toHaveLength(1);
    expect(messages.slice(-2)).toEqual(['error 23505', 'readyForQuery I']);
  });

  test('a portal gives so many rows at a time', async () => {
    const client = await new Client().start();
    client.send(...batch('select a from t', [], 2), serialize.flush());
    client.reply(result(done('BEGIN')), result(rows([['a', 'integer']], ['1'], ['2'], ['3'])));
    client.send(serialize.execute({ portal: '', rows: 2 }), serialize.sync()).reply(result(done('COMMIT')));
    expect(client.asked).toEqual(['BEGIN', 'select a from t', 'COMMIT']);
    expect((await client.messages()).slice(3)).toEqual([
      'dataRow 1',
      'dataRow 2',
      'portalSuspended',
      'dataRow 3',
      'commandComplete SELECT 3',
      'readyForQuery I',
    ]);
  });

  test('Describe of a statement tells types of parameters and columns', async () => {
    const client = await new Client().start();
    client.send(
      serialize.parse({ name: 's', text: 'select a from t where a = $1 and b = $2', types: [20] }),
      serialize.describe({ type: 'S', name: 's' }),
      serialize.sync(),
    );
    client.reply(
      description(['parameter', '$1', 'int8'], ['parameter', '$2', 'uuid'], ['column', 'a', 'integer']),
    );
    expect(client.asked).toEqual(['EXPLAIN (DESCRIBE) select a from t where a = $1::int8 and b = $2']);
    expect(await client.messages()).toEqual([
      'parseComplete',
      'parameterDescription 20,2950',
      'rowDescription a',
      'readyForQuery I',
    ]);
  });
});

describe('search path', () => {
  const started = async (more: Record<string, string> = {}): Promise<Client> => {
    const client = new Client();
    client.send(serialize.startup({ user: 'me', database: 'lab', ...more }));
    client.reply({ processId: 7, secret: 9 } as never);
    await client.messages();
    return client;
  };

  test('a statement says where its names are looked for, unless that is `public`; positions are those of its own text', async () => {
    const client = await started();
    client.send(serialize.query('set search_path to "My schema", public')).send(serialize.query('select x'));
    expect(client.asked).toEqual(['/*search_path="My schema", public*/select x']);
    client.reply(result({ kind: 'error', sqlstate: '42703', message: 'no x', position: 44 }));
    const bytes = (await client.messages()).join();
    expect(bytes).toContain('error 42703');
    client.send(serialize.query('show search_path; select 1; select 2'));
    expect(client.asked.slice(1)).toEqual(['BEGIN']);
    client.reply(result(done('BEGIN')), result(rows([['a', 'int4']], ['1'])));
    expect(client.asked.slice(2)).toEqual([
      '/*search_path="My schema", public*/select 1',
      '/*search_path="My schema", public*/select 2',
    ]);
  });

  test('it begins as the start-up says, in `options` too, and RESET goes back to that', async () => {
    for (const more of [{ search_path: 's,public' }, { options: '-c search_path=s,public -c jit=off' }]) {
      const client = await started(more);
      client.send(serialize.query('set search_path = public')).send(serialize.query('select 1'));
      client.reply(result(rows([['a', 'int4']], ['1'])));
      client.send(serialize.query('reset search_path')).send(serialize.query('select 2'));
      expect(client.asked).toEqual(['select 1', '/*search_path=s, public*/select 2']);
    }
    const client = await started({ search_path: 's' });
    client.send(serialize.query('set search_path = t')).send(serialize.query('discard all'));
    client.send(serialize.query('select 1'));
    expect(client.asked).toEqual(['/*search_path=s*/select 1']);
  });

  test('a rollback takes SET back; SET LOCAL ends with its block, and stands for nothing outside of one', async () => {
    const client = await started();
    const ask = (text: string, ...answers: StatementResult[]): void => {
      client.send(serialize.query(text)).reply(...answers.map((one) => result(one)));
    };
    ask('set local search_path = s');
    ask('begin', done('BEGIN'));
    ask('set search_path = s');
    ask('rollback', done('ROLLBACK'));
    ask('begin', done('BEGIN'));
    ask('set search_path = s');
    ask('set local search_path = l');
    ask('select 1', rows([['a', 'int4']], ['1']));
    ask('commit', done('COMMIT'));
    ask('select 2', rows([['a', 'int4']], ['1']));
    expect(client.asked.filter((text) => text.includes('select'))).toEqual([
      '/*search_path=l*/select 1',
      '/*search_path=s*/select 2',
    ]);
    ask('begin', done('BEGIN'));
    ask('set search_path = t');
    ask('select nix', failed('42703', 'no nix'));
    ask('commit', done('ROLLBACK'));
    ask('select 3', rows([['a', 'int4']], ['1']));
    expect(client.asked.at(-1)).toBe('/*search_path=s*/select 3');
  });

  test("what an error is about has the schema of the table, and its message PostgreSQL's words", async () => {
    const client = await started();
    client.send(serialize.query('insert into s.t values (1)'));
    const message = 'duplicate key value violates unique constraint "s.t_pkey"';
    const sent = answer(client.connection, result(failed('23505', message))).send;
    const text = new TextDecoder().decode(sent);
    expect(text).toContain('unique constraint "t_pkey"');
    expect(text).toContain('ss\0');
    expect(text).toContain('nt_pkey\0');
  });
});
