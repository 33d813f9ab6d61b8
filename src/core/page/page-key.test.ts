// Which pages lie in a group: a range of page keys, and for a group of tablets the system pages of its volume, too.

import { expect, test } from 'vitest';
import {
  groupKeyFirst,
  isOfTablets,
  ownsKey,
  pageKey,
  RELATIONS_PER_GROUP,
  SYSTEM_RELATIONS,
  TABLET_RELATIONS,
  tabletRelation,
} from './page-key.ts';

const keyOf = (relation: number): number => pageKey(relation, 0, 0);
const tablet = (serial: number) => ({
  keyFirst: keyOf(tabletRelation(serial)),
  keyEnd: keyOf(tabletRelation(serial + 1)),
});

test('PCS-110 tablets have adjacent relation ids from 7340040 on, and none begins where a range of a fixed list would', () => {
  expect(tabletRelation(0)).toBe(7_340_040);
  const last = Math.floor((2 ** 23 - tabletRelation(0)) / TABLET_RELATIONS) - 1;
  expect(last).toBeGreaterThan(60_000);
  for (let serial = 0; serial <= last; serial++) {
    expect(tabletRelation(serial + 1) - tabletRelation(serial)).toBe(16);
    expect(tabletRelation(serial) % RELATIONS_PER_GROUP).not.toBe(0);
  }
});

test('PCS-110 WAL-11 a group of a tablet has its pages and the relations below 8 of its volume, and no others', () => {
  const group = tablet(3);
  expect(isOfTablets(group)).toBe(true);
  const owned = [0, SYSTEM_RELATIONS - 1, tabletRelation(3), tabletRelation(4) - 1];
  const foreign = [SYSTEM_RELATIONS, RELATIONS_PER_GROUP, tabletRelation(3) - 1, tabletRelation(4)];
  expect(owned.map((relation) => ownsKey(group, keyOf(relation)))).toEqual([true, true, true, true]);
  expect(foreign.map((relation) => ownsKey(group, keyOf(relation)))).toEqual([false, false, false, false]);
});

test('WAL-11 the second group of a fixed list has its own range only', () => {
  const group = { keyFirst: groupKeyFirst(1), keyEnd: groupKeyFirst(2) };
  expect(isOfTablets(group)).toBe(false);
  expect(
    [0, RELATIONS_PER_GROUP, tabletRelation(0)].map((relation) => ownsKey(group, keyOf(relation))),
  ).toEqual([false, true, false]);
});
