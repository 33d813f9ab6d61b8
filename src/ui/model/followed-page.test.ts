// Which page the cards speak of: what a lens looks at, unless a person chose one.

import { afterEach, expect, test } from 'vitest';
import { endFollowing, type FollowedPage, followedPage, followPage, lookAtPage } from './followed-page.ts';

const looked: FollowedPage = { name: 'accounts#1', group: 'g1', cells: new Map() };
const chosen: FollowedPage = { name: 'accounts#3', group: 'g1', cells: new Map() };

afterEach(endFollowing);

test('a lens says what it looks at, and nothing once it is closed', () => {
  lookAtPage(looked);
  expect(followedPage.getState().page).toBe(looked);
  lookAtPage(null);
  expect(followedPage.getState().page).toBeNull();
});

test('a page that a person follows stays, whatever a lens looks at, until it is ended', () => {
  lookAtPage(looked);
  followPage(3);
  expect(followedPage.getState()).toMatchObject({ page: null, pinned: { blockKey: 3, volume: null } });
  followedPage.setState({ page: chosen });
  lookAtPage(looked);
  lookAtPage(null);
  expect(followedPage.getState().page).toBe(chosen);
  endFollowing();
  expect(followedPage.getState()).toEqual({ page: null, pinned: null });
});
