// Rows of two volumes by key.

import { expect, test } from 'vitest';
import { diffRows } from './row-diff.ts';

test('WAL-45 rows are matched by their key: added, changed, removed since the point that was restored', () => {
  const original = [
    ['1', 'a'],
    ['2', 'new'],
    ['4', null],
  ];
  const restored = [
    ['1', 'a'],
    ['2', 'old'],
    ['3', 'gone'],
  ];
  expect(diffRows(original, restored, [0])).toEqual([
    { key: '2', kind: 'changed', original: ['2', 'new'], restored: ['2', 'old'] },
    { key: '4', kind: 'added', original: ['4', null], restored: null },
    { key: '3', kind: 'removed', original: null, restored: ['3', 'gone'] },
  ]);
  expect(diffRows(original, original, [0])).toEqual([]);
  expect(diffRows([], restored, [0]).map(({ kind }) => kind)).toEqual(['removed', 'removed', 'removed']);
});

test('without a primary key a row is all its values', () => {
  expect(diffRows([['x', '1']], [['x', '2']], []).map(({ kind }) => kind)).toEqual(['added', 'removed']);
});
