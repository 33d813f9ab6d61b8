// random() on the engine: what is drawn follows from the node's life, so a replay draws the same. That a seed gives PostgreSQL's numbers is held by
// sql-drawn-functions.world.test.ts.

import { beforeAll, expect, test } from 'vitest';
import { begin, makeFixture, replyOf, settleDurable } from '../core/engine/engine-fixture.ts';
import { loadSqlParser, parseSql } from './sql-parser.ts';

beforeAll(loadSqlParser);

const makeRun = (): ((client: string, sql: string) => readonly (readonly (string | null)[])[]) => {
  const fixture = makeFixture({ pageBytes: 2048, bufferPages: 8, lal: 400 });
  return (client, sql) => {
    const sequence = begin(fixture, client, parseSql(sql), []);
    settleDurable(fixture);
    const result = replyOf(fixture, client, sequence)?.results.at(-1);
    fixture.replies.length = 0;
    return result?.kind === 'rows' ? result.rows : [];
  };
};

const DRAWS = [
  ['a', 'create table r (k int primary key, x float8 default random())'],
  ['a', 'insert into r (k) select * from generate_series(1, 40)'],
  ['b', 'select random(), random() from r'],
  ['a', 'select k, x from r order by random()'],
] as const;

test('the same run draws the same numbers, and no two of them are alike', () => {
  const [first, second] = [makeRun(), makeRun()].map((run) => DRAWS.map(([client, sql]) => run(client, sql)));
  expect(first).toEqual(second);
  const drawn = (first ?? []).flatMap((rows) => rows.flat()).filter((text) => text?.includes('.'));
  expect(drawn.length).toBe(120);
  expect(new Set(drawn).size).toBe(drawn.length);
  for (const text of drawn) expect(Number(text)).toBeLessThan(1);
});

test('a seed is its session’s', () => {
  const run = makeRun();
  run('a', 'select setseed(0.5)');
  run('b', 'select setseed(0.5)');
  expect(run('a', 'select random()')).toEqual([['0.9851677175347999']]);
  expect(run('b', 'select random()')).toEqual([['0.9851677175347999']]);
  expect(run('a', 'select random()')).toEqual([['0.825301858027981']]);
  expect(run('c', 'select random()')).not.toEqual([['0.9851677175347999']]);
});
