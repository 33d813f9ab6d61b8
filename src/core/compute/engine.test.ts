import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { begin, type Fixture, makeFixture, replyOf, settle, showReply } from './engine-fixture.ts';

beforeAll(loadSqlParser);

function run(f: Fixture, session: string, text: string, params: readonly (string | null)[] = []): string {
  const sequence = begin(f, session, parseSql(text), params);
  settle(f);
  return showReply(replyOf(f, session, sequence));
}

describe('engine', () => {
  it('creates a table, inserts, selects, commits', () => {
    const f = makeFixture();
    expect(run(f, 's1', 'create table accounts(id int primary key, owner text, balance bigint)')).toBe(
      'CREATE TABLE',
    );
    expect(run(f, 's1', "insert into accounts values (1,'ada',10),(2,'bo',20)")).toBe('INSERT 0 2');
    expect(run(f, 's2', 'select * from accounts order by id')).toBe('1,ada,10 | 2,bo,20');
    expect(run(f, 's2', 'update accounts set balance = balance + 1 where id = 2')).toBe('UPDATE 1');
    expect(run(f, 's2', 'select balance from accounts where id = 2')).toBe('21');
    expect(run(f, 's2', 'begin; update accounts set balance = 0 where id = 1; rollback')).toBe(
      'BEGIN; UPDATE 1; ROLLBACK',
    );
    expect(run(f, 's2', 'delete from accounts where id = 2')).toBe('DELETE 1');
    expect(run(f, 's1', 'select * from accounts')).toBe('1,ada,10');
    expect(run(f, 's1', "insert into accounts values (1,'x',1)")).toContain('23505');
  });
});
