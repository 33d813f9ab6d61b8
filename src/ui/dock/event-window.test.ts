// An event that was chosen elsewhere, on a real run: where it stands to the newest, and what stands around it.

import { beforeAll, expect, test } from 'vitest';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import type { ListedEvent } from '../../run-model/picture/frame.ts';
import type { PastQuery } from '../../run-model/recorder/past.ts';
import { shootTransfers, type WorldShot } from '../testing/world-frame.ts';
import { eventsAround, standingOf, withEvent } from './event-window.ts';

let shot: WorldShot;
let total: number;

beforeAll(async () => {
  shot = shootTransfers(await loadSqlEdge(), 60);
  total = shot.events.length;
});

const lab = { past: (query: PastQuery) => Promise.resolve(shot.past(query)) };

const newestOf = (minRank: number, limit: number): readonly ListedEvent[] =>
  shot.events.filter(({ rank }) => rank >= minRank).slice(-limit);

const places = (events: readonly ListedEvent[]): readonly number[] => events.map(({ index }) => index);

test('an event of the list, one of a lower rank, one before the list, one that has not happened', () => {
  const newest = newestOf(2, 200);
  const [first] = newest;
  const ordinary = shot.events.findLast(({ rank }) => rank < 2);
  const old = shot.events[0];
  if (first === undefined || ordinary === undefined || old === undefined) throw new Error('events');
  expect(standingOf(newest, total, first)).toBe('listed');
  expect(standingOf(newest, total, ordinary)).toBe('below rank');
  expect(standingOf(newest, total, old)).toBe('older');
  expect(standingOf(newest, ordinary.index, ordinary)).toBe('later');
  // At its place, and nothing else moves.
  const joined = places(withEvent(newest, ordinary));
  expect(joined).toEqual([...places(newest), ordinary.index].sort((a, b) => a - b));
});

test.each([0, 2] as const)('an old event stands among those around it, from rank %i', async (minRank) => {
  const newest = newestOf(minRank, 100);
  const old = shot.events.find(({ rank, index }) => rank === 1 && index > 700);
  if (old === undefined) throw new Error('an ordinary event');
  expect(standingOf(newest, total, old)).toBe('older');
  const around = await eventsAround(lab, old, minRank);
  if (around === null) throw new Error('it is remembered');
  expect(places(around)).toContain(old.index);
  expect(places(around)).toEqual([...new Set(places(around))].sort((a, b) => a - b));
  const before = around.filter(({ index }) => index < old.index);
  const wanted = shot.events.filter(({ rank, index }) => rank >= minRank && index < old.index).slice(-500);
  expect(places(before)).toEqual(places(wanted));
  expect(around.some(({ index }) => index > old.index)).toBe(true);
  expect(around.every(({ rank, index }) => rank >= minRank || index === old.index)).toBe(true);
});

test('an event that the shown run does not have, or no longer remembers, is not made up', async () => {
  const old = shot.events[700];
  if (old === undefined) throw new Error('an event');
  const other = { ...old, node: 'store-9' as ListedEvent['node'] };
  expect(await eventsAround(lab, other, 2)).toBeNull();
  const forgetful = {
    past: (query: PastQuery) => lab.past({ ...query, from: Math.max(query.from, old.at + 1) }),
  };
  expect(await eventsAround(forgetful, old, 2)).toBeNull();
});
