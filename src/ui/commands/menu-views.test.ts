// What each menu leads to beside its faults: a frame to its nodes, a page to its lenses, a group to the inspector.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { mapView } from '../../state/map-view.ts';
import { selectionStore } from '../../state/selection-store.ts';
import { settingsStore } from '../../state/settings-store.ts';
import type { MenuSubject } from '../faults/menu-store.ts';
import { t } from '../i18n/i18n.ts';
import { followedPage } from '../model/followed-page.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { viewEntries } from './menu-views.ts';

const frame = makeHookFrame();
const fresh = {
  selection: selectionStore.getState(),
  map: mapView.getState(),
  settings: settingsStore.getState(),
};
const forget = (): void => {
  selectionStore.setState(fresh.selection, true);
  mapView.setState(fresh.map, true);
  settingsStore.setState(fresh.settings, true);
};
beforeEach(forget);
afterEach(forget);

const idsOf = (subject: MenuSubject): readonly string[] => viewEntries(subject, frame, t).map(({ id }) => id);
const choose = (subject: MenuSubject, id: string): void => {
  const entry = viewEntries(subject, frame, t).find((one) => one.id === id);
  if (entry?.onSelect === undefined) throw new Error(`no entry ${id}`);
  entry.onSelect();
};
const page = { kind: 'page', group: 'g2', blockKey: 7, node: 'store-2' } as const;

test('a zone: its nodes are selected, its frame folds and unfolds, there is nothing to inspect', () => {
  const zone = { kind: 'zone', id: 'a' } as const;
  expect(idsOf(zone)).toEqual(['selectZone', 'foldZone']);
  choose(zone, 'selectZone');
  const inside = frame.nodes.filter((node) => node.zone === 'a').map(({ id }) => id);
  expect([...selectionStore.getState().nodes].sort()).toEqual([...inside].sort());
  const word = (): string | undefined =>
    viewEntries(zone, frame, t).find(({ id }) => id === 'foldZone')?.label;
  const unfolded = word();
  choose(zone, 'foldZone');
  expect(mapView.getState().folded).toContain('zone a');
  expect(word()).not.toBe(unfolded);
  choose(zone, 'foldZone');
  expect(mapView.getState().folded).not.toContain('zone a');
  expect(word()).toBe(unfolded);
});

test('a group: it is what the inspector shows', () => {
  const group = { kind: 'group', id: 'g2' } as const;
  expect(idsOf(group)).toEqual(['inspect']);
  choose(group, 'inspect');
  expect(selectionStore.getState().subject).toEqual(group);
  expect(settingsStore.getState().rightTab).toBe('inspector');
});

test.each([
  ['showVersions', 'pages'],
  ['showChain', 'chains'],
] as const)('a page: %s selects it and shows its lens', (id, lens) => {
  expect(idsOf(page)).toEqual(['inspect', 'followPage', 'showVersions', 'showChain']);
  choose(page, id);
  expect(selectionStore.getState().subject).toEqual({ kind: 'page', group: 'g2', blockKey: 7 });
  expect(settingsStore.getState().lens).toBe(lens);
});

test('a page is followed on the map, and followed no more', () => {
  choose(page, 'followPage');
  expect(followedPage.getState().pinned).toMatchObject({ blockKey: 7 });
  choose(page, 'followPage');
  expect(followedPage.getState().pinned).toBeNull();
});

test('the pane selects all nodes; one record is its LSN, several are an MTR', () => {
  choose({ kind: 'world' }, 'selectAll');
  expect(selectionStore.getState().nodes).toHaveLength(frame.nodes.length);
  const records = { kind: 'records', groups: ['g2'], first: 126, last: 127, node: null } as const;
  expect(idsOf(records)).toEqual(['inspect', 'showRecord', 'showMtr']);
  choose(records, 'inspect');
  expect(selectionStore.getState().subject).toMatchObject({ kind: 'lsn', lsn: 126 });
  choose({ ...records, last: 129 }, 'inspect');
  expect(selectionStore.getState().subject).toMatchObject({ kind: 'mtr', first: 126, last: 129 });
});
