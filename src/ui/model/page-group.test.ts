// Which group has a page, at the ends of its keys.

import { expect, test } from 'vitest';
import { groupId } from '../../base/ids.ts';
import { groupOfPage } from './page-group.ts';

const group = (id: string, keyFirst: number, keyEnd: number) => ({
  id: groupId(id),
  replicas: [],
  keyFirst,
  keyEnd,
  vw: 2,
  vr: 2,
});
const groups = [group('g1', 0, 10), group('g2', 10, 20)];

test.each([
  [0, 'g1'],
  [9, 'g1'],
  [10, 'g2'],
  [19, 'g2'],
  [20, undefined],
])('WAL-11 page %i: %s', (blockKey, id) => {
  expect(groupOfPage({ groups }, blockKey)?.id).toBe(id);
});
