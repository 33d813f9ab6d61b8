import { expect, test } from 'vitest';
import { mergeTables } from './merge-tables.ts';

test('tables of several owners become one, and two owners of one key are refused', () => {
  expect(mergeTables('word', [{ a: 1 }, { b: 2 }])).toEqual({ a: 1, b: 2 });
  expect(() => mergeTables('word', [{ a: 1 }, { b: 2 }, { a: 1 }])).toThrow('one owner of the word a');
});
