// Rows whose versions lie on more pages than the buffer has frames: a walk along them goes on from where it lacked a page.

import { beforeAll, expect, it } from 'vitest';
import { present } from '../../base/assert.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import {
  begin,
  deliverPage,
  type Fixture,
  type FixtureOptions,
  makeFixture,
  replyOf,
  settleDurable,
  showReply,
} from './engine-fixture.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { run } = makeTranscripts(parseSql);

const VERSIONS = 40;

/** Each version of a row is on a page of its own; `old` sees the first of each, and so they all stay. */
function longChains(rows: readonly number[], options: FixtureOptions): Fixture {
  const f = makeFixture({ pageBytes: 512, ...options });
  run(f, 's', 'create table t (id int primary key, n int, v text)');
  for (const id of rows) run(f, 's', `insert into t values (${id}, 0, repeat('x', 300))`);
  run(f, 'old', 'begin isolation level repeatable read; select count(*) from t');
  for (let i = 0; i < VERSIONS; i++)
    for (const id of rows) expect(run(f, 's', `update t set n = n + 1 where id = ${id}`)).toBe('UPDATE 1');
  return f;
}

it('FENCE-24 readers of rows with long chains end, several together and one alone (postdb-v4 seed 36)', () => {
  const rows = [1, 2, 3];
  const f = longChains(rows, { bufferPages: 36 });
  const asked = rows.map((id) => begin(f, `r${id}`, parseSql(`select n from t where id = ${id}`)));
  settleDurable(f);
  expect(asked.map((sequence, i) => showReply(replyOf(f, `r${rows[i]}`, sequence)))).toEqual(
    rows.map(() => `${VERSIONS}`),
  );
  // each page of a chain is read once
  const before = f.pagesRead;
  expect(run(f, 's', 'select n from t where id = 1')).toBe(`${VERSIONS}`);
  expect(f.pagesRead - before).toBeLessThan(VERSIONS + 8);
  expect(run(f, 'old', 'select n from t where id = 1')).toBe('0');
});

it('FENCE-24 whether a key is taken is found at the end of a long chain, too (postdb-v4 seed 36)', () => {
  const f = longChains([1], { bufferPages: 12 });
  const insert = 'insert into t values (1, 0, null) on conflict (id) do';
  expect(run(f, 's', `${insert} nothing`)).toBe('INSERT 0 0');
  expect(run(f, 's', `${insert} update set n = t.n + 1`)).toBe('INSERT 0 1');
  expect(run(f, 's', 'select n from t')).toBe(`${VERSIONS + 1}`);
  expect(run(f, 'old', 'select n from t where id = 1')).toBe('0');
});

it('FENCE-24 a walk whose place a vacuum frees begins anew (postdb-v4 seed 36)', () => {
  const f = longChains([1], { bufferPages: 12 });
  run(f, 'old', 'rollback');
  const asked = begin(f, 'r', parseSql('select n from t where id = 1'));
  for (let i = 0; i < 20; i++) deliverPage(f);
  const place = present(f.engine.sessions.get('d1/r')?.chainResume, 'a place on the way');
  expect(place.hop).toBeGreaterThan(5);
  settleDurable(f);
  expect(showReply(replyOf(f, 'r', asked))).toBe(`${VERSIONS}`);
  run(f, 'w', 'begin');
  const waiting = present(f.engine.sessions.get('d1/w'), 'a session that has come as far');
  waiting.chainResume = place;
  // a vacuum frees some places of each chain, from its beginning on
  expect(run(f, 's', 'vacuum t')).toBe('VACUUM');
  expect(waiting.chainResume).toEqual(place);
  for (let i = 0; i < place.hop; i++) run(f, 's', 'vacuum t');
  expect(waiting.chainResume).toBeNull();
  expect(run(f, 's', 'select n from t where id = 1')).toBe(`${VERSIONS}`);
});
