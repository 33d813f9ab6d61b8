// Values with commas, quotes and line breaks come back whole.

import { expect, test } from 'vitest';
import { csvOf } from './table-csv.ts';

test('values that need quotes get them, others stay as they are', () => {
  expect(
    csvOf([
      ['replica', 'range'],
      ['store-3', '[111,115)'],
      ['say "a"', 'x\ny'],
    ]),
  ).toBe('replica,range\r\nstore-3,"[111,115)"\r\n"say ""a""","x\ny"\r\n');
});
