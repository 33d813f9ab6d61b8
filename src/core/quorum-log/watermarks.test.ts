// Worked vectors 1, 13 and 14 of docs/spec/wal.md §12, and the arithmetic of WAL-15, WAL-25, WAL-37.

import { expect, test } from 'vitest';
import { holdToOf, nextPgmrpl, pgclOf } from './watermarks.ts';

test.each([
  { scls: [105, 103, 101], vw: 2, pgcl: 103 },
  { scls: [110, 108, 104, 103, 99, 0], vw: 4, pgcl: 103 },
  { scls: [-1, -1, 7], vw: 2, pgcl: -1 },
  { scls: [-1, 7, 7], vw: 2, pgcl: 7 },
])('WAL-15 vector 1: PGCL of $scls with vw $vw is $pgcl', ({ scls, vw, pgcl }) => {
  const set = scls.map((_, i) => i);
  expect(pgclOf([set], vw, (i) => scls[i] as number)).toBe(pgcl);
});

test('WAL-15, WAL-63 vector 14: PGCL in DUAL is the minimum over the sets', () => {
  const scls = [110, 100, 110, 90];
  const dual = [
    [0, 1, 2],
    [0, 1, 3],
  ];
  expect(pgclOf(dual, 2, (i) => scls[i] as number)).toBe(100);
});

test('WAL-25 vector 13: PGMRPL is the least pin, never falls, and rises when an instance is revoked', () => {
  const instances = [60, 70, 30];
  const first = nextPgmrpl(20 as never, instances);
  expect(first).toBe(30);
  expect(nextPgmrpl(first, instances.slice(0, 2))).toBe(60);
  expect(nextPgmrpl(first, [10])).toBe(30);
  expect(nextPgmrpl(first, [])).toBe(30);
});

test.each([
  { why: 'off: waits for every member', holdMaxUs: 0, holdTo: 40 },
  { why: 'a member that stood still too long is ignored', holdMaxUs: 1000, holdTo: 90 },
  { why: 'not yet too long', holdMaxUs: 6000, holdTo: 40 },
])('WAL-37 holdTo, $why', ({ holdMaxUs, holdTo }) => {
  const members = [
    { scl: 100, stillUs: 9000 },
    { scl: 90, stillUs: 10 },
    { scl: 40, stillUs: 5000 },
  ];
  expect(holdToOf(members, 100, holdMaxUs)).toBe(holdTo);
});
