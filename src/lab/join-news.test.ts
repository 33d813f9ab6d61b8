// What came while something else was shown is told with what comes next, each event once and in its order.

import { expect, test } from 'vitest';
import type { ListedEvent } from '../sim/frame.ts';
import type { News } from '../sim/news.ts';
import { joinNews, noNews } from './join-news.ts';

const news = (indexes: readonly number[], jumped = false): News => ({
  events: indexes.map((index) => ({ index }) as ListedEvent),
  jumped,
});
const indexes = ({ events }: News): readonly number[] => events.map(({ index }) => index);

test('nothing is lost between two tellings, a jump leaves nothing of before and stays a jump', () => {
  const missed = joinNews(joinNews(noNews, news([1, 2])), news([3]));
  expect(indexes(missed)).toEqual([1, 2, 3]);
  expect(missed.jumped).toBe(false);
  const jumped = joinNews(joinNews(missed, news([7], true)), news([8]));
  expect(indexes(jumped)).toEqual([7, 8]);
  expect(jumped.jumped).toBe(true);
});

test('what nobody fetches does not grow without end', () => {
  let missed = noNews;
  for (let i = 0; i < 1000; i++) missed = joinNews(missed, news([i]));
  expect(missed.events.length).toBeLessThan(300);
  expect(indexes(missed).at(-1)).toBe(999);
});
