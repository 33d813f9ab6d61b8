// What an operator does to one page of the writer's buffer: `evictPage`, `pinPage` and `unpinPage` of a tape (WAL-10).
import { beforeAll, expect, test } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import {
  advance,
  begin,
  type Fixture,
  makeFixture,
  order,
  replyOf,
  settleDurable,
  showReply,
} from './engine-fixture.ts';

beforeAll(loadSqlParser);

function run(f: Fixture, text: string, params: readonly string[] = []): string {
  const sequence = begin(f, 's', parseSql(text), params);
  settleDurable(f);
  return showReply(replyOf(f, 's', sequence));
}

function insert(f: Fixture, from: number, to: number): void {
  for (let i = from; i < to; i++) run(f, 'insert into t values ($1, $2)', [String(i), 'x'.repeat(200)]);
}

test('WAL-10 an operator evicts one page by the same rule, and keeps one that the clock would take', () => {
  const f = makeFixture({ pageBytes: 512, bufferPages: 12 });
  run(f, 'create table t (id int primary key, v text)');
  insert(f, 0, 3);
  const { pool } = f.engine;
  const isHere = (key: number): boolean => pool.frames.some(({ blockKey }) => blockKey === key);
  const [kept, gone] = pool.frames.map(({ blockKey }) => blockKey).filter((key) => key >= 0);
  if (kept === undefined || gone === undefined) throw new Error('two pages in the buffer');
  order(f, 'evictPage', gone);
  expect(isHere(gone)).toBe(false);
  expect(f.traces.at(-1)).toMatchObject({ kind: 'page.evict', volume: 'v1', blockKey: gone });
  order(f, 'pinPage', kept);
  order(f, 'pinPage', kept);
  order(f, 'pinPage', 123_456_789);
  order(f, 'evictPage', kept);
  insert(f, 3, 43);
  expect(isHere(kept)).toBe(true);
  expect(f.engine.keptPages).toEqual([kept]);
  order(f, 'unpinPage', kept);
  order(f, 'unpinPage', kept);
  order(f, 'evictPage', kept);
  expect(isHere(kept)).toBe(false);
  expect(run(f, 'select count(*), min(length(v)) from t')).toBe('43,200');
});

test('WAL-10 nothing is evicted by word above VDL', () => {
  const f = makeFixture({ pageBytes: 512, bufferPages: 12 });
  begin(f, 's', parseSql('create table t (id int primary key, v text)'));
  advance(f);
  begin(f, 's', parseSql("insert into t values (1, 'a')"));
  const held = f.engine.pool.frames.filter(({ lsn }) => lsn > f.vdl).map(({ blockKey }) => blockKey);
  expect(held.length).toBeGreaterThan(0);
  for (const key of held) order(f, 'evictPage', key);
  expect(f.engine.pool.frames.filter(({ lsn }) => lsn > f.vdl).map(({ blockKey }) => blockKey)).toEqual(held);
});
