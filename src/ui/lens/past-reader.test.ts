// A stretch that moves on in time, put together from what is new: the same as asked for at once.

import { beforeAll, expect, test } from 'vitest';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { leftOut, type PastPicture } from '../../run-model/recorder/past.ts';
import { shootTransfers, type WorldShot } from '../testing/world-frame.ts';
import { makePastReader, type PastRequest } from './past-reader.ts';

let shot: WorldShot;

beforeAll(async () => {
  shot = shootTransfers(await loadSqlEdge(), 75, '50.000 cut rw-1 | store-3 for 4.000 ms');
});

const request = (change: Partial<PastRequest>): PastRequest => ({
  source: 'a LIVE main',
  from: 45_000,
  to: 60_000,
  minRank: 0,
  kinds: null,
  withMessages: true,
  ...change,
});

const all = (change: Partial<PastRequest>): PastPicture => {
  const { source: _source, ...query } = request(change);
  return shot.past({ ...query, known: null, limit: 20_000 });
};

const say = ({ events, eventsSince, messages, total }: PastPicture): unknown => ({
  eventsSince,
  events: events.map(({ index }) => index),
  messages: messages.map(({ id, fate, arrivesAt }) => `${id} ${fate} ${arrivesAt}`).sort(),
  total,
});

test('what is new and what was kept are the whole stretch', () => {
  const reader = makePastReader(20_000);
  let asked = 0;
  for (let to = 60_000; to <= 75_000; to += 1500) {
    const change = { from: to - 15_000, to };
    const query = reader.ask(request(change));
    const answer = shot.past(query);
    const whole = all(change);
    expect(say(reader.take(query, answer))).toEqual(say(whole));
    if (query.known !== null) asked += whole.events.length - answer.events.length;
    expect(leftOut(whole)).toBe(0);
  }
  expect(asked).toBeGreaterThan(1000);
});

test('an earlier beginning, another source or other kinds are asked for as a whole', () => {
  const reader = makePastReader(20_000);
  const ask = (change: Partial<PastRequest>): boolean => {
    const query = reader.ask(request(change));
    reader.take(query, shot.past(query));
    return query.known === null;
  };
  expect([ask({}), ask({ to: 61_000 }), ask({ from: 44_000, to: 61_000 })]).toEqual([true, false, true]);
  expect([ask({ to: 61_000 }), ask({ to: 60_500 })]).toEqual([false, true]);
  expect([ask({ source: 'a PAUSED main' }), ask({ source: 'a PAUSED main' })]).toEqual([true, false]);
  expect(ask({ source: 'a PAUSED main', kinds: ['mark.vdl'] })).toBe(true);
});

test('no more is kept than the limit, and the rest is counted', () => {
  const reader = makePastReader(100);
  const first = reader.ask(request({}));
  reader.take(first, shot.past(first));
  const next = reader.ask(request({ to: 70_000 }));
  const past = reader.take(next, shot.past(next));
  expect(past.events).toHaveLength(100);
  expect(past.events.at(-1)?.index).toBe(all({ to: 70_000 }).events.at(-1)?.index);
  expect(leftOut(past)).toBeGreaterThan(100);
  // Every one after it is there.
  expect(past.events.filter(({ at }) => at > past.eventsSince)).toEqual(
    all({ to: 70_000 }).events.filter(({ at }) => at > past.eventsSince),
  );
  expect(past.eventsSince).toBeGreaterThan(45_000);
});

test.each(['messagesSince', 'eventsSince'] as const)(
  '%s: what is kept reaches back to the first answer, unless the log forgot something between two',
  (since) => {
    const reader = makePastReader(20_000);
    const first = reader.take(reader.ask(request({})), { ...all({}), [since]: 46_000 });
    expect(first[since]).toBe(46_000);
    const later = reader.ask(request({ from: 46_500, to: 61_500 }));
    expect(reader.take(later, { ...shot.past(later), [since]: 55_000 })[since]).toBe(46_000);
    const gap = reader.ask(request({ from: 48_000, to: 63_000 }));
    expect(reader.take(gap, { ...shot.past(gap), [since]: 62_000 })[since]).toBe(62_000);
  },
);
