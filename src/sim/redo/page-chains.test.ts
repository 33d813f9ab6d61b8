// What the log alone says of a page (WAL-6, WAL-35): where its records do not follow each other, what lay between is not known.

import { expect, test } from 'vitest';
import type { LogRecord } from '../../core/log/record.ts';
import { record } from '../../core/log-store/replica/message-fixture.ts';
import { pageLsn } from '../../core/page/page.ts';
import { type GroupLog, makeGroupLog, pageAt, takeRecord } from './page-chains.ts';

const PAGE_BYTES = 512;

function logOf(...records: readonly LogRecord[]): GroupLog {
  const log = makeGroupLog();
  for (const one of records) takeRecord(log, one);
  return log;
}

/** What the log says of the page at these LSNs: `unknown`, `absent`, or the page's LSN. */
function statesAt(log: GroupLog, ...at: readonly number[]): (number | string)[] {
  const [chain] = log.pages.values();
  if (chain === undefined) return [];
  return at.map((lsn) => {
    const page = pageAt(chain, lsn, PAGE_BYTES);
    return typeof page === 'string' ? page : pageLsn(page);
  });
}

const made = (lsn: number, prevBlock: number): LogRecord => record(lsn, { init: true, prevBlock }).record;
const changed = (lsn: number, prevBlock: number): LogRecord => record(lsn, { init: false, prevBlock }).record;

test('WAL-6 records that follow each other are states of the page, and before the first there is none', () => {
  expect(statesAt(logOf(made(3, -1), changed(5, 3)), 2, 3, 4, 5, 9)).toEqual(['absent', 3, 3, 5, 5]);
});

test('WAL-6 a page that is made anew by a record which names none before it was what it was until then', () => {
  expect(statesAt(logOf(made(3, -1), made(7, -1)), 2, 6, 7)).toEqual(['absent', 3, 7]);
});

test('WAL-36 a page that is made anew after records that were dropped unread is unknown until then (dense seed 27)', () => {
  expect(statesAt(logOf(made(3, -1), made(9, 6)), 2, 5, 8, 9, 12)).toEqual([
    'unknown',
    'unknown',
    'unknown',
    9,
    9,
  ]);
});

test('WAL-36 after records that were dropped unread a change alone makes no page', () => {
  expect(statesAt(logOf(made(3, -1), changed(9, 6)), 5, 9)).toEqual(['unknown', 'unknown']);
});
