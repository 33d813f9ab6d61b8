// A vacuum in a buffer that pages above VDL fill: it goes on as VDL moves (WAL-10).
import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { begin, type Fixture, makeFixture, replyOf, settleDurable, showReply } from './engine-fixture.ts';

beforeAll(loadSqlParser);

function run(f: Fixture, text: string): string {
  const sequence = begin(f, 's', parseSql(text), []);
  settleDurable(f);
  return showReply(replyOf(f, 's', sequence));
}

describe('WAL-10 vacuum in a small buffer', () => {
  it.each([5, 8])('removes dead rows with their entries in %d indexes', (count) => {
    const f = makeFixture({ pageBytes: 512, bufferPages: 24, lal: 400 });
    const columns = Array.from({ length: count }, (_, i) => `c${i}`);
    run(f, `create table t (k int primary key, ${columns.map((c) => `${c} int`).join(', ')})`);
    for (let row = 0; row < 120; row++) {
      const values = columns.map((_, i) => (row * (7919 + 2 * i)) % 1009);
      expect(run(f, `insert into t values (${[row, ...values].join(', ')})`)).toBe('INSERT 0 1');
    }
    for (const c of columns) expect(run(f, `create index on t (${c})`)).toBe('CREATE INDEX');
    expect(run(f, 'delete from t where k % 2 = 0')).toBe('DELETE 60');
    expect(run(f, 'vacuum t')).toBe('VACUUM');
    for (const c of columns) expect(run(f, `select count(*) from t where ${c} >= 0`)).toBe('60');
  });
});
