// Quorums of log groups and of Raft groups: vectors 14 and 19 of docs/spec/wal.md §12, and WAL-21, WAL-63, PCS-24.

import { expect, test } from 'vitest';
import { checkQuorum, hasQuorumInEverySet, hasQuorumInOneSet, valueAtQuorum } from './quorum.ts';

const [a, b, c, d] = [0, 1, 2, 3];
const dual = [
  [a, b, c],
  [a, b, d],
];

test('WAL-63 vector 14: {A,D} is a data read quorum of one set, {C,D} of none', () => {
  const isReader = (members: number[]) => hasQuorumInOneSet(dual, 2, (node) => members.includes(node));
  expect(isReader([a, d])).toBe(true);
  expect(isReader([c, d])).toBe(false);
});

test('WAL-63 vector 19: a recovery needs vr of every set', () => {
  const canRecover = (members: number[]) => hasQuorumInEverySet(dual, 2, (node) => members.includes(node));
  expect(
    [
      [a, d],
      [a, b],
      [a, c, d],
      [b, c, d],
    ].map(canRecover),
  ).toEqual([false, true, true, true]);
});

test.each([
  { n: 3, vw: 2, vr: 2, error: null },
  { n: 6, vw: 4, vr: 3, error: null },
  { n: 3, vw: 2, vr: 1, error: 'E_BAD_QUORUM' },
  { n: 6, vw: 3, vr: 4, error: 'E_BAD_QUORUM' },
  { n: 3, vw: 4, vr: 2, error: 'E_BAD_QUORUM' },
  { n: 1, vw: 1, vr: 1, error: null },
])('WAL-21 quorum $n/$vw/$vr: $error', ({ n, vw, vr, error }) => {
  expect(checkQuorum(n, vw, vr)).toBe(error);
});

test.each([
  { set: [], says: [], isEnough: false },
  { set: [a], says: [a], isEnough: true },
  { set: [a, b, c], says: [a, c], isEnough: true },
  { set: [a, b, c, d], says: [a, c], isEnough: false },
])('PCS-24 of $set a majority says yes: $says', ({ set, says, isEnough }) => {
  expect(hasQuorumInEverySet([set], 'majority', (node) => says.includes(node))).toBe(isEnough);
});

test.each([
  { sets: [[a, b, c]], size: 2, value: 20 },
  { sets: [[a, b, c]], size: 4, value: -1 },
  { sets: dual, size: 2, value: 20 },
  { sets: dual, size: 3, value: 5 },
  { sets: [[a, b, c, d]], size: 'majority' as const, value: 10 },
  { sets: [], size: 'majority' as const, value: -1 },
])('WAL-15, PCS-16 $size of every set of $sets have reached $value', ({ sets, size, value }) => {
  const reached = [30, 20, 10, 5];
  expect(valueAtQuorum<number>(sets, size, (node) => reached[node] ?? 0, -1)).toBe(value);
});
