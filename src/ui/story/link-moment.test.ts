// The moment that a link names.

import { expect, test } from 'vitest';
import { readMoment } from './link-moment.ts';

test.each([
  ['violation', { kind: 'violation' }],
  ['0', { kind: 'event', index: 0 }],
  ['2938', { kind: 'event', index: 2938 }],
  ['0.000', { kind: 'time', time: 0 }],
  ['103.786', { kind: 'time', time: 103_786 }],
  ['600000.001', { kind: 'time', time: 600_000_001 }],
  ['', null],
  ['-1', null],
  ['1e3', null],
  ['1.5', null],
  ['.500', null],
  ['9999999999999999', null],
  ['99999999999999.000', null],
  ['Infinity', null],
])('E13 &at=%s', (at, moment) => {
  expect(readMoment(at)).toEqual(moment);
});
