// The place that a link names, there and back; what no lab can have is passed over.

import { afterEach, expect, test } from 'vitest';
import { readRoute } from '../../state/route-store.ts';
import { selectionStore, selectNode } from '../../state/selection-store.ts';
import { setSettings } from '../../state/settings-store.ts';
import {
  endFollowing,
  followedPage,
  followIn,
  followLinked,
  followPage,
  mayBeOf,
} from '../model/followed-page.ts';
import { showPart } from './lens-part.ts';
import { placeOfLink, readPlace } from './link-place.ts';

afterEach(endFollowing);

const read = (text: string) => readPlace(readRoute(`#/lab${text}`).params);

test('E13 lens, tab, node and followed page of a link are read back as they stood', () => {
  setSettings({ lens: 'pages' });
  showPart('pages', 'tree');
  selectNode('store-2');
  selectionStore.setState({ volume: 'v2' });
  followPage(65539);
  const text = placeOfLink();
  expect(text).toContain('&lens=pages&tab=tree&sel=store-2&page=65539@v2&figures=plain&lang=en');
  const { lens, ...rest } = read(text);
  expect({ lens: lens?.id, ...rest }).toEqual({
    lens: 'pages',
    tab: 'tree',
    node: 'store-2',
    page: { blockKey: 65539, volume: 'v2' },
    wording: 'plain',
  });
});

test('a lens of an architecture whose run is not there yet is read as well', () => {
  const { lens, tab } = read('&lens=shared&tab=promote');
  expect([lens?.id, tab]).toEqual(['shared', 'promote']);
});

test.each([
  ['&page=', null],
  ['&page=7', { blockKey: 7, volume: null }],
  ['&page=7@v2', { blockKey: 7, volume: 'v2' }],
  ['&page=-7', null],
  ['&page=7.5', null],
  ['&page=1e3', null],
  ['&page=99999999999999999', null],
  ['&page=9999999999999999', null],
  ['&page=7@', null],
  ['&page=7@v2@v3', null],
  ['&page=7@<b>', null],
])('the page of %s', (text, page) => {
  expect(read(text).page).toEqual(page);
});

test('a tab that no lens can have, a lens that nobody has, and a node that none can be are passed over', () => {
  const nothing = { lens: null, tab: null, node: null, page: null, wording: null };
  expect(read('&lens=no&tab=tree&sel=a%20b&figures=both')).toEqual(nothing);
  expect(read('&lens=pages&tab=tree%20').tab).toBeNull();
});

test('a page of a link is followed in the run that the link opens, at its other instants and branches too, and in no run of another preset', () => {
  followLinked({ blockKey: 7, volume: null });
  followIn('polardb');
  const { pinned } = followedPage.getState();
  expect(pinned).toEqual({ blockKey: 7, volume: null, preset: 'polardb' });
  followIn('polardb');
  expect(followedPage.getState().pinned).toBe(pinned);
  followIn('cynosdb');
  expect(followedPage.getState().pinned).toBeNull();
});

test('a page of a link that begins a run is of the run of that preset, not of one that is shown before it', () => {
  followLinked({ blockKey: 7, volume: null }, 'cynosdb');
  const { pinned } = followedPage.getState();
  if (pinned === null) throw new Error('it is followed');
  expect(['', 'polardb', 'cynosdb'].map((shown) => mayBeOf(pinned, shown, false))).toEqual([
    false,
    false,
    true,
  ]);
  followIn('cynosdb');
  expect(followedPage.getState().pinned).toEqual({ blockKey: 7, volume: null, preset: 'cynosdb' });
});

test('a page of a link with a tape waits for the replay', () => {
  followLinked({ blockKey: 7, volume: null });
  const { pinned } = followedPage.getState();
  if (pinned === null) throw new Error('it is followed');
  expect([false, true].map((isReplay) => mayBeOf(pinned, 'cynosdb', isReplay))).toEqual([false, true]);
});
