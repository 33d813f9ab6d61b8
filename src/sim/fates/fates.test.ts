// Which fates of unsynced writes there are, and which moments of a run are taken.

import { expect, test } from 'vitest';
import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import { fatesOf, MOST_BEGINNINGS, type UnsyncedWrite } from './fates.ts';
import { chooseMoments, type Moment } from './moments.ts';

const writesOf = (...kinds: readonly string[]): UnsyncedWrite[] =>
  kinds.map((kind, i) => ({ key: `${kind}/${i}`, activity: 'append', kind }));
const prng = () => makePrng(1, 'fates');
const outcomes = (writes: readonly UnsyncedWrite[]): string[] =>
  fatesOf(writes, prng()).map(({ name, kept }) => `${name}: ${kept.map(Number).join('')}`);

test('F16 all, none, one kind, all but one, and each beginning, every outcome once', () => {
  expect(outcomes(writesOf('log', 'super', 'super', 'page'))).toEqual([
    'all: 1111',
    'none: 0000',
    'only log: 1000',
    'all but log: 0111',
    'only super: 0110',
    'all but super: 1001',
    'only page: 0001',
    'all but page: 1110',
    'first 2: 1100',
  ]);
  expect(outcomes(writesOf('log'))).toEqual(['all: 1', 'none: 0']);
});

test('F16 a write and a deletion of one key share what becomes of it', () => {
  const key = 'page/1';
  const writes: UnsyncedWrite[] = [
    { key, activity: 'versions', kind: 'page' },
    { key, activity: 'delete', kind: 'page deletion' },
  ];
  expect(outcomes(writes)).toEqual(['all: 11', 'none: 00', 'first 1: 10']);
});

test('F16 beginnings of a long line are drawn, as many as are tried of a short one', () => {
  const kinds = Array.from({ length: 200 }, () => 'page');
  const fates = fatesOf(writesOf(...kinds), prng());
  const beginnings = fates.filter(({ name }) => name.startsWith('first'));
  expect(beginnings.length).toBeGreaterThan(MOST_BEGINNINGS / 2);
  expect(beginnings.length).toBeLessThanOrEqual(MOST_BEGINNINGS);
  expect(fatesOf(writesOf(...kinds.slice(0, MOST_BEGINNINGS)), prng())).toHaveLength(MOST_BEGINNINGS + 1);
});

test('F16 of moments that are alike so many are taken, spread over the run', () => {
  const moment = (window: number, ...kinds: readonly string[]): Moment => ({
    window,
    at: window as Time,
    node: 'store-1' as NodeId,
    writes: writesOf(...kinds),
  });
  const moments = [
    ...[1, 2, 3, 4].map((window) => moment(window, 'log')),
    moment(5, 'log', 'page'),
    moment(6, 'log', 'log', 'page'),
  ];
  expect(chooseMoments(moments, 1).map(({ window }) => window)).toEqual([1, 5]);
  expect(chooseMoments(moments, 2).map(({ window }) => window)).toEqual([1, 3, 5, 6]);
});
