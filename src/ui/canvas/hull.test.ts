// The line around a group's replicas.

import { expect, test } from 'vitest';
import { hullAround } from './hull.ts';

const box = (x: number, y: number) => ({ x, y, width: 10, height: 10 });

test('around one card it is its box, wider; around none there is none', () => {
  expect(hullAround([box(0, 0)], 2)).toEqual([
    [-2, -2],
    [12, -2],
    [12, 12],
    [-2, 12],
  ]);
  expect(hullAround([], 2)).toEqual([]);
});

test('around three it has the outer corners only; what lies between adds none', () => {
  const around = hullAround([box(0, 0), box(100, 0), box(50, 60)], 0);
  expect(around).toEqual([
    [0, 0],
    [110, 0],
    [110, 10],
    [60, 70],
    [50, 70],
    [0, 10],
  ]);
  expect(hullAround([box(0, 0), box(50, 0), box(100, 0)], 0)).toHaveLength(4);
});
