import { expect, test } from 'vitest';
import { mergeTables } from './merge-tables.ts';

test('tables of several owners become one, and two entries of one key are refused', () => {
  expect(mergeTables('word', [{ a: 1 }, { b: 2 }])).toEqual({ a: 1, b: 2 });
  expect(() => mergeTables('word', [{ a: 1 }, { b: 2 }, { a: 3 }])).toThrow('one owner of the word a');
});

test('several owners may list one and the same entry', () => {
  const shared = { ids: ['WAL-1'] };
  expect(mergeTables('rule', [{ a: shared }, { a: shared }])).toEqual({ a: shared });
  expect(() => mergeTables('rule', [{ a: shared }, { a: { ...shared } }])).toThrow('one owner of the rule a');
});
