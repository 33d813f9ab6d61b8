// Replies that a client asks for again: the same reply, at the read point that it stood at (docs/spec/readers.md READ-40).

import { beforeAll, expect, test } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { begin, makeFixture, post, settle } from './engine-fixture.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { run } = makeTranscripts(parseSql);

test('READ-40 READ-43 a reply that is sent again stands at its own read point, not at that of the request before', () => {
  const f = makeFixture({ hasReader: true });
  run(f, 's', 'create table t (id int primary key, v int)');
  run(f, 's', 'insert into t values (1, 1)');
  const ask = (sql: string): (number | undefined)[] => {
    const statements = parseSql(sql);
    const sequence = begin(f, 's', statements);
    settle(f);
    const first = f.readPoints.at(-1);
    post(f, 's', sequence, statements);
    return [first, f.readPoints.at(-1)];
  };
  const { vdl } = f;
  expect(ask('select v from t where id = 1')).toEqual([vdl, vdl]);
  run(f, 'other', 'update t set v = 2 where id = 1');
  // it reads nothing
  expect(ask('set statement_timeout = 0')).toEqual([-1, -1]);
});
