import { expect, test } from 'vitest';
import { filterOf } from './filter.ts';

test.each([
  { typed: '', texts: ['rw-1'], passes: true, lsn: null },
  { typed: '', texts: [], passes: true, lsn: null },
  { typed: ' RW ', texts: ['n1', 'rw-1'], passes: true, lsn: null },
  { typed: 'rw', texts: ['n1', 'Log'], passes: false, lsn: null },
  { typed: 'rw', texts: [], passes: false, lsn: null },
  { typed: '41', texts: ['page 7/41'], passes: true, lsn: 41 },
  { typed: '4 1', texts: ['41'], passes: false, lsn: null },
])('a filter "$typed" over $texts: $passes', ({ typed, texts, passes, lsn }) => {
  const filter = filterOf(typed);
  expect(filter.matches(...texts)).toBe(passes);
  expect(filter.lsn).toBe(lsn);
  expect(filter.isEmpty).toBe(typed === '');
});
