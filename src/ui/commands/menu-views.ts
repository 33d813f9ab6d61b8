// Navigation entries of context menus: the places that show the same thing from another side, and for a frame and the
// pane what can be done to their nodes.

import { Crosshair, LocateFixed, Maximize, Minimize, PanelRight, Pin, PinOff } from 'lucide-react';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { mapView, toggleFolded } from '../../state/map-view.ts';
import {
  type Subject,
  select,
  selectAll,
  selectionStore,
  selectMessage,
} from '../../state/selection-store.ts';
import { setSettings } from '../../state/settings-store.ts';
import type { MenuSubject } from '../faults/menu-store.ts';
import type { Translate } from '../i18n/i18n.ts';
import type { MenuEntry } from '../kit/menu.tsx';
import { lensesNow } from '../lens/registry.ts';
import { endFollowing, followedPage, followPage } from '../model/followed-page.ts';
import { requestFit } from '../model/map-store.ts';
import { requestMessage } from '../model/request-message.ts';
import { showLens } from '../model/show-lens.ts';
import { stackTables } from '../stacks/tables.ts';

function subjectOf(subject: MenuSubject): Subject | null {
  switch (subject.kind) {
    case 'node':
    case 'link':
    case 'message':
    case 'request':
    case 'group':
      return subject;
    case 'records':
      return subject.last - subject.first === 1
        ? { kind: 'lsn', lsn: subject.first }
        : { kind: 'mtr', first: subject.first, last: subject.last };
    case 'page':
      return { kind: 'page', group: subject.group, blockKey: subject.blockKey };
    case 'zone':
    case 'world':
      return null;
  }
}

function inspect(subject: MenuSubject): void {
  const chosen = subjectOf(subject);
  if (chosen !== null) select(chosen);
  setSettings({ rightTab: 'inspector', rightOpen: true });
}

/** The places that show the same thing from another side. */
function viewsOf(subject: MenuSubject, t: Translate): readonly MenuEntry[] {
  if (subject.kind === 'page') return [followEntry(subject, t), ...lensViewsOf(subject, t)];
  if (subject.kind !== 'request') return lensViewsOf(subject, t);
  const message = requestMessage(subject.node, subject.id);
  return [
    {
      id: 'followRequest',
      label: t('menu.followRequest'),
      icon: Crosshair,
      disabled: message === null,
      onSelect: () => message !== null && selectMessage(message),
    },
  ];
}

const followEntry = (subject: Extract<MenuSubject, { kind: 'page' }>, t: Translate): MenuEntry => {
  const { group, blockKey } = subject;
  const isFollowed = followedPage.getState().pinned?.blockKey === blockKey;
  return {
    id: 'followPage',
    label: t(isFollowed ? 'follow.end' : 'follow.page'),
    icon: isFollowed ? PinOff : Pin,
    onSelect: () => {
      if (isFollowed) return endFollowing();
      select({ kind: 'page', group, blockKey });
      followPage(blockKey);
    },
  };
};

function lensViewsOf(subject: MenuSubject, t: Translate): readonly MenuEntry[] {
  const chosen = subjectOf(subject);
  // A stack that shares another's tables may draw other lenses.
  const drawn = new Set(lensesNow().map(({ id }) => id));
  return stackTables
    .flatMap(({ lensViews }) => lensViews ?? [])
    .filter(({ of, lens }) => of === subject.kind && drawn.has(lens))
    .map(({ id, label, icon, lens }) => ({
      id,
      label: t(label),
      icon,
      onSelect: () => {
        if (chosen !== null) select(chosen);
        showLens(lens);
      },
    }));
}

/** A frame is nothing to be inspected: its nodes are, and it folds. */
function zoneViews(zone: string, frame: WorldFrame | null, t: Translate): readonly MenuEntry[] {
  const inside = (frame?.nodes ?? []).filter((node) => node.zone === zone);
  const isFolded = mapView.getState().folded.includes(`zone ${zone}`);
  return [
    {
      id: 'selectZone',
      label: t('menu.selectZone', { zone }),
      icon: LocateFixed,
      onSelect: () => selectAll(inside.map(({ id }) => ({ kind: 'node', id }))),
    },
    {
      id: 'foldZone',
      label: t(isFolded ? 'menu.unfoldZone' : 'menu.foldZone', { zone }),
      icon: isFolded ? Maximize : Minimize,
      keys: '-',
      onSelect: () => toggleFolded(`zone ${zone}`),
    },
  ];
}

function paneViews(frame: WorldFrame | null, t: Translate): readonly MenuEntry[] {
  return [
    { id: 'fit', label: t('map.fit'), icon: Maximize, onSelect: requestFit },
    {
      id: 'selectAll',
      label: t('map.selectAll'),
      icon: LocateFixed,
      onSelect: () => selectionStore.setState({ nodes: frame?.nodes.map(({ id }) => id) ?? [] }),
    },
  ];
}

export function viewEntries(
  subject: MenuSubject,
  frame: WorldFrame | null,
  t: Translate,
): readonly MenuEntry[] {
  if (subject.kind === 'zone') return zoneViews(subject.id, frame, t);
  if (subject.kind === 'world') return paneViews(frame, t);
  return [
    {
      id: 'inspect',
      label: t('menu.inspect'),
      icon: PanelRight,
      keys: 'Enter',
      onSelect: () => inspect(subject),
    },
    ...viewsOf(subject, t),
  ];
}
