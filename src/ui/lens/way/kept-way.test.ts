// What stays of a way that was looked at: its rows with what they were before, its later steps, and its name in a list.

import { expect, test } from 'vitest';
import type { Way } from '../../../run-model/ways/ways.ts';
import type { ChangedRow } from './changed-rows.ts';
import { keepRead, keepReadOf, shortText, spanOf, type WayRead } from './kept-way.ts';

const row = (before: string | null, after: string | null): ChangedRow => ({
  key: '1 1',
  table: 'accounts',
  columns: ['balance'],
  before: before === null ? null : [before],
  after: after === null ? null : [after],
});
const read = (life: number, ...rows: readonly ChangedRow[]): WayRead => ({ rows, text: [], life });

/** Only its end matters here: whether its commit record is written, and when it began. */
const wayOf = (scn: number | null, at = 0, id = 1): Way =>
  ({ id, asks: [], change: { scn, aborted: null, begun: { at, node: 'rw-1', index: id } } }) as never;

const committed = wayOf(9);
const open = wayOf(null);

test('a row keeps what it was before, whoever has pruned that version or read the page anew', () => {
  const kept = read(1, row('1000', '988'));
  expect(keepRead(kept, read(1, row(null, '988')), committed).rows).toBe(kept.rows);
  expect(keepRead(kept, read(2, row(null, '988')), committed).rows).toBe(kept.rows);
  // A change that is taken back for good does not become a row that is deleted.
  expect(keepRead(kept, read(2, row('1000', null)), open).rows).toBe(kept.rows);
  expect(keepRead(kept, read(2), open).rows).toBe(kept.rows);
});

test('what goes on takes what its writer has, and what is known better is taken', () => {
  const taken = read(1, row('1000', null));
  expect(keepRead(read(1, row('1000', '988')), taken, open).rows).toBe(taken.rows);
  const more = read(1, row('1000', '988'), row('1', '2'));
  expect(keepRead(read(1, row('1000', '988')), more, committed).rows).toBe(more.rows);
});

test('it stays while other lenses are looked at, and is of its run alone', () => {
  keepReadOf('one', wayOf(9, 0, 7), read(1, row('1000', '988')));
  for (let id = 10; id < 40; id++) keepReadOf('one', wayOf(9, 0, id), read(1));
  expect(keepReadOf('one', wayOf(9, 0, 7), read(2)).rows).toHaveLength(1);
  expect(keepReadOf('two', wayOf(9, 0, 7), read(2)).rows).toHaveLength(0);
});

test('the stretch reaches back to a chosen statement as long as that is not too far', () => {
  expect([0, 50_000, 100_000, 500_000, 2_000_000].map((now) => spanOf(committed, now))).toEqual([
    60_000, 60_000, 240_000, 960_000, 60_000,
  ]);
  expect(spanOf(null, 500_000)).toBe(60_000);
});

test('a statement is told by its text, in one line', () => {
  expect(shortText(' SELECT *\n  FROM accounts ')).toBe('SELECT * FROM accounts');
  expect(shortText(`SELECT ${'a, '.repeat(40)}b`)).toMatch(/^SELECT a, .*…$/);
});
