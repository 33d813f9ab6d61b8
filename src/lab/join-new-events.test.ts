// What came while something else was shown is delivered with what comes next, each event once and in its order.

import { expect, test } from 'vitest';
import type { ListedEvent } from '../run-model/picture/frame.ts';
import type { NewEvents } from '../run-model/recorder/new-events.ts';
import { joinNewEvents, noNewEvents } from './join-new-events.ts';

const newEvents = (indexes: readonly number[], jumped = false): NewEvents => ({
  events: indexes.map((index) => ({ index }) as ListedEvent),
  jumped,
});
const indexes = ({ events }: NewEvents): readonly number[] => events.map(({ index }) => index);

test('nothing is lost between two deliveries, a jump leaves nothing of before and stays a jump', () => {
  const missed = joinNewEvents(joinNewEvents(noNewEvents, newEvents([1, 2])), newEvents([3]));
  expect(indexes(missed)).toEqual([1, 2, 3]);
  expect(missed.jumped).toBe(false);
  const jumped = joinNewEvents(joinNewEvents(missed, newEvents([7], true)), newEvents([8]));
  expect(indexes(jumped)).toEqual([7, 8]);
  expect(jumped.jumped).toBe(true);
});

test('what nobody fetches does not grow without end', () => {
  let missed = noNewEvents;
  for (let i = 0; i < 1000; i++) missed = joinNewEvents(missed, newEvents([i]));
  expect(missed.events.length).toBeLessThan(300);
  expect(indexes(missed).at(-1)).toBe(999);
});
