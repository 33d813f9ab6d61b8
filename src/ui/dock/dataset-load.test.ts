// A dataset's load as the console sees it: how far it is, where it ends, what it says then.

import { expect, test } from 'vitest';
import type { SqlOutcome } from '../../lab/api.ts';
import { loadDataset, loadScript, stopDataset } from './dataset-load.ts';
import type { Dataset } from './sql-datasets.ts';
import { sqlStore } from './sql-store.ts';

const dataset: Dataset = { id: 'bank', tables: ['t'], rows: 3, requests: ['a', 'b', 'c'] };
const target = { letter: 'A', driver: 'd1', volume: 'v1', isFirst: true, reader: null };

const answer = (
  statements: SqlOutcome['result']['statements'],
  outcome: SqlOutcome['result']['outcome'] = 'ok',
) =>
  ({
    result: { outcome, statements, scn: 1 },
    latencyUs: 1,
    requestId: 1,
    askedAt: 0,
  }) as unknown as SqlOutcome;
const done = answer([{ kind: 'done', tag: 'INSERT 0 1' }]);
const refused = answer(
  [{ kind: 'error', sqlstate: '42P07', message: 'relation "t" already exists', position: null }],
  'error',
);

test('every request is sent once, in order, and the console is busy meanwhile', async () => {
  const sent: string[] = [];
  const load = await loadDataset(
    {
      sql: async (session, text, options) => {
        expect(sqlStore.getState().busy).toEqual([target]);
        expect([session, options]).toEqual(['A', { runToReply: true, driver: 'd1' }]);
        sent.push(text);
        return done;
      },
    },
    dataset,
    target,
  );
  expect(sent).toEqual(['a', 'b', 'c']);
  expect(load).toEqual({
    of: { id: 'bank' },
    done: 3,
    requests: 3,
    state: 'loaded',
    failure: null,
    refused: [],
  });
  expect(sqlStore.getState().busy).toEqual([]);
});

test('the first error ends it and is said; an unknown outcome is none that was done', async () => {
  const answers = [done, refused];
  const failed = await loadDataset({ sql: async () => answers.shift() ?? done }, dataset, target);
  expect(failed).toMatchObject({ done: 1, state: 'failed', failure: '42P07 relation "t" already exists' });
  const unknown = await loadDataset({ sql: async () => answer([], 'unknown') }, dataset, target);
  expect(unknown).toMatchObject({ done: 0, state: 'failed', failure: '' });
  const lost = await loadDataset({ sql: () => Promise.reject(new Error('taken over')) }, dataset, target);
  expect(lost).toMatchObject({ done: 0, state: 'failed', failure: 'taken over' });
});

test('who stops it keeps what is loaded', async () => {
  const load = await loadDataset(
    {
      sql: async (_, text) => {
        if (text === 'b') stopDataset();
        return done;
      },
    },
    dataset,
    target,
  );
  expect(load).toMatchObject({ done: 2, state: 'stopped' });
});

test('what of a file is refused is listed by its line, and the rest goes on', async () => {
  const answers = [done, refused, done];
  const load = await loadScript(
    { sql: async () => answers.shift() ?? done },
    { name: 'shop.sql', text: 'SET a = 1;\n\nCREATE TABLE t (a int);\nCOPY t FROM stdin;\n1\n\\.\n' },
    target,
  );
  expect(load).toMatchObject({ of: { file: 'shop.sql' }, done: 3, requests: 3, state: 'loaded' });
  expect(load.refused).toEqual([
    { line: 3, head: 'CREATE TABLE t (a int)', error: '42P07 relation "t" already exists' },
  ]);
});
