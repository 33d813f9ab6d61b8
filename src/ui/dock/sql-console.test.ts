// What the console does by itself, without a page: to whom statements go, order and copies of results, recall of statements, tables for completion.

import { beforeEach, expect, test } from 'vitest';
import { findPreset } from '../../stacks/presets.ts';
import { t } from '../i18n/i18n.ts';
import { letterOf, sessionName } from '../model/session-name.ts';
import { schemaOf } from './sql-catalog.ts';
import { HISTORY_LIMIT, historyStore, NO_RECALL, recall, remember } from './sql-history.ts';
import { explained } from './sql-plan.ts';
import { jsonOf, nextSort, sortedPlaces, tabbed } from './sql-sort.ts';
import { isSameTarget, sessionOf, sqlTargets } from './sql-store.ts';

const column = (name: string, type: string) => ({ name, type });
const result = {
  columns: [column('n', 'bigint'), column('s', 'text')],
  rows: [
    ['10', 'b'],
    ['9', 'a'],
    [null, 'c'],
    ['9223372036854775807', 'B'],
    ['9223372036854775806', null],
    ['9', 'z'],
  ],
} as const;

test('rows are ordered as numbers where the column is one, nulls last in both directions, equal ones as they came', () => {
  expect(sortedPlaces(result, null)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(sortedPlaces(result, { column: 0, descending: false })).toEqual([1, 5, 0, 4, 3, 2]);
  expect(sortedPlaces(result, { column: 0, descending: true })).toEqual([3, 4, 0, 1, 5, 2]);
  expect(sortedPlaces(result, { column: 1, descending: false })).toEqual([3, 1, 0, 2, 5, 4]);
  const odd = { columns: [column('x', 'numeric')], rows: [['NaN'], ['1.5'], ['-2']] };
  expect(sortedPlaces(odd, { column: 0, descending: false })).toEqual([2, 1, 0]);
});

test('a head orders ascending, descending, and then not at all', () => {
  const first = nextSort(null, 1);
  expect(first).toEqual({ column: 1, descending: false });
  expect(nextSort(first, 1)).toEqual({ column: 1, descending: true });
  expect(nextSort({ column: 1, descending: true }, 1)).toBeNull();
  expect(nextSort(first, 0)).toEqual({ column: 0, descending: false });
});

test('a copy has the heads, the order that is shown, and fields that hold a tab in quotes', () => {
  expect(
    tabbed(
      {
        columns: [column('a', 'text'), column('b', 'text')],
        rows: [
          ['1', 'x\t"y"'],
          ['2', null],
        ],
      },
      [1, 0],
    ),
  ).toBe('a\tb\n2\t\n1\t"x\t""y"""\n');
});

test.each([
  ['select 1', 'explain analyze select 1'],
  [' select 1 ; ', 'explain analyze select 1'],
  ['EXPLAIN select 1', 'explain analyze select 1'],
  ['explain analyze select 1;', 'explain analyze select 1'],
  ['explain (analyze, costs off) select 1', 'explain (analyze, costs off) select 1'],
  ['  ;', ''],
  ['select 1; select 2', null],
])('Plan of %j sends %j', (text, sent) => {
  expect(explained(text)).toBe(sent);
});

beforeEach(() => {
  historyStore.setState({ texts: [] });
  globalThis.localStorage?.clear();
});

test('statements are recalled newest first, and what was being written comes back', () => {
  for (const text of ['one', 'two', 'one', 'three']) remember(text);
  const { texts } = historyStore.getState();
  expect(texts).toEqual(['two', 'one', 'three']);
  const back = recall(texts, NO_RECALL, 1, 'draft');
  expect(back).toEqual({ text: 'three', recall: { at: 1, draft: 'draft' } });
  const older = recall(texts, { at: 2, draft: 'draft' }, 1, 'changed');
  expect(older?.text).toBe('two');
  expect(recall(texts, { at: 3, draft: 'draft' }, 1, '')).toBeNull();
  expect(recall(texts, { at: 1, draft: 'draft' }, -1, 'three')?.text).toBe('draft');
  expect(recall(texts, NO_RECALL, -1, 'draft')).toBeNull();
  for (let i = 0; i < HISTORY_LIMIT + 5; i++) remember(`statement ${i}`);
  expect(historyStore.getState().texts).toHaveLength(HISTORY_LIMIT);
});

test('completion knows each table once, its columns that are there, and no dropped ones', () => {
  const table = (name: string, ...columns: string[]) => ({
    name,
    columns: columns.map((each) => ({ name: each, type: 'int4' })),
  });
  expect(schemaOf([table('b', 'x', '', 'y'), table('a', 'z'), table('b', 'x', '', 'y')])).toEqual({
    a: ['z'],
    b: ['x', 'y'],
  });
});

test('READ-46 in a cluster with readers each is a target with a session of its own', () => {
  const found = findPreset('polardb');
  if (found === null) throw new Error('no preset');
  const targets = sqlTargets(found.cluster, {}, 'A');
  expect(targets.map((target) => [target.reader ?? target.volume, sessionOf(target)])).toEqual([
    ['v1', 'A'],
    ['ro-1', 'A-ro-1'],
    ['ro-2', 'A-ro-2'],
  ]);
  expect(sqlTargets(found.cluster, {}, 'C').map(sessionOf)).toEqual(['C', 'C-ro-1', 'C-ro-2']);
  // A reader may be called as a session is.
  const names = ['A', 'A@v2', 'A-B', 'B', 'C-ro-1', 'I', 'AB', 'pool', 'pg3_k2x'];
  expect(names.map(letterOf)).toEqual(['A', 'A', 'A', 'B', 'C', null, null, null, null]);
  const said = ['A', 'C-ro-1', 'main/3', 'pg3_k2x'].map((name) => sessionName(name, t));
  expect(said).toEqual(['Session A', 'Session C-ro-1', 'main/3', 'Client 3']);
  const [first, second] = targets;
  expect(first && second && [isSameTarget(first, { ...first }), isSameTarget(first, second)]).toEqual([
    true,
    false,
  ]);
});

test('rows as JSON keep their order, nulls, and columns of one name', () => {
  const column = (name: string) => ({ name, type: 'text' });
  const result = {
    columns: [column('a'), column('a')],
    rows: [
      ['1', null],
      ['2', 'x"'],
    ],
  };
  expect(JSON.parse(jsonOf(result as never, [1, 0]))).toEqual([
    { a: '2', a_2: 'x"' },
    { a: '1', a_2: null },
  ]);
});
