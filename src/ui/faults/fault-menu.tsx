// The registry as menus: the context menu of a node, link, message or the pane, and the toolbar's Fault menu with every
// node and link of the cluster. Loaded on demand.

import {
  Boxes,
  Brackets,
  Crosshair,
  Layers,
  Link as LinkIcon,
  LocateFixed,
  type LucideIcon,
  Maximize,
  Minimize,
  PanelRight,
  Rows3,
  Zap,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { WorldFrame } from '../../sim/frame.ts';
import { useFrame } from '../../state/frame-store.ts';
import { mapView, toggleFolded } from '../../state/map-view.ts';
import {
  type Subject,
  select,
  selectAll,
  selectionStore,
  selectMessage,
  targetOf,
} from '../../state/selection-store.ts';
import { type LensId, setSettings } from '../../state/settings-store.ts';
import { requestFit } from '../canvas/map-store.ts';
import { type PlainKey, type Translate, useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { DropMenu, type MenuEntry, type MenuSection, PointMenu } from '../kit/menu.tsx';
import { useLab } from '../lab-context.ts';
import { showLens } from '../lens/lens-place.ts';
import { requestMessage } from '../lens/wal/follow.ts';
import { contextOf, doFault } from './do-fault.ts';
import { faultLabel } from './fault-label.ts';
import { closeMenu, type MenuSubject, menuStore } from './menu-store.ts';
import { entriesFor, type FaultEntry } from './registry.ts';
import { subjectName } from './subject-name.ts';

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
  const chosen = subjectOf(subject);
  const go = (id: string, label: PlainKey, icon: LucideIcon, lens: LensId): MenuEntry => ({
    id,
    label: t(label),
    icon,
    onSelect: () => {
      if (chosen !== null) select(chosen);
      showLens(lens);
    },
  });
  if (subject.kind === 'records')
    return [
      go('showRecord', 'menu.showRecord', Rows3, 'wal'),
      go('showMtr', 'menu.showMtr', Brackets, 'mtr'),
    ];
  if (subject.kind === 'page')
    return [
      go('showVersions', 'menu.showVersions', Layers, 'pages'),
      go('showChain', 'menu.showChain', LinkIcon, 'chains'),
    ];
  if (subject.kind !== 'request') return [];
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

function useFaultEntries(): (subject: MenuSubject) => readonly MenuEntry[] {
  const lab = useLab();
  const t = useT();
  return (subject) => {
    const context = contextOf(subject);
    if (context === null) return [];
    const all = entriesFor(context);
    const face = (entry: FaultEntry): MenuEntry => ({
      id: entry.id,
      label: faultLabel(entry, context, t),
      icon: entry.icon,
      keys: entry.key,
      disabled: !entry.enabled(context),
      onSelect: () => doFault(lab, entry, context),
    });
    const sections = [...new Set(all.map(({ section }) => section))].filter((section) => section !== 'main');
    return [
      ...all.filter(({ section }) => section === 'main').map(face),
      ...sections.map((section) => {
        const entries = all.filter((entry) => entry.section === section);
        return {
          id: `section ${section}`,
          label: t(`faultSection.${section}`),
          icon: entries[0]?.icon,
          entries: entries.map(face),
        };
      }),
    ];
  };
}

/** What can be done to each zone, where the menu is not a zone's own. */
function useZones(entriesOf: (subject: MenuSubject) => readonly MenuEntry[]): MenuEntry {
  const t = useT();
  const nodes = useFrame((state) => state.cluster?.nodes) ?? [];
  const zones = [...new Set(nodes.map(({ zone }) => zone))];
  return {
    id: 'zones',
    label: t('menu.zones'),
    icon: Boxes,
    entries: zones.map((id) => ({
      id: `zone ${id}`,
      label: t('map.zone', { zone: id }),
      entries: entriesOf({ kind: 'zone', id }),
    })),
  };
}

function titleOf(subject: MenuSubject, t: Translate): string {
  if (subject.kind === 'zone') return t('map.zone', { zone: subject.id });
  if (subject.kind === 'world') return t('map.title');
  return subjectName(subject, contextOf(subject)?.frame ?? null, t);
}

/** A frame is nothing to be inspected: its nodes are, and it folds. */
export function zoneViews(zone: string, frame: WorldFrame | null, t: Translate): readonly MenuEntry[] {
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

/** Host of the one context menu. */
export function ContextMenuHost(): ReactNode {
  const t = useT();
  const menu = useStore(menuStore, (state) => state.menu);
  const entriesOf = useFaultEntries();
  const zones = useZones(entriesOf);
  if (menu === null) return null;
  const { subject } = menu;
  const title = titleOf(subject, t);
  const view: readonly MenuEntry[] =
    subject.kind === 'zone'
      ? zoneViews(subject.id, contextOf(subject)?.frame ?? null, t)
      : subject.kind === 'world'
        ? [
            { id: 'fit', label: t('map.fit'), icon: Maximize, onSelect: requestFit },
            {
              id: 'selectAll',
              label: t('map.selectAll'),
              icon: LocateFixed,
              onSelect: () =>
                selectionStore.setState({ nodes: contextOf(subject)?.frame.nodes.map(({ id }) => id) ?? [] }),
            },
          ]
        : [
            {
              id: 'inspect',
              label: t('menu.inspect'),
              icon: PanelRight,
              keys: 'Enter',
              onSelect: () => inspect(subject),
            },
            ...viewsOf(subject, t),
          ];
  const sections: readonly MenuSection[] = [
    {
      id: 'faults',
      title,
      entries: [...entriesOf(subject), ...(subject.kind === 'world' ? [zones] : [])],
    },
    { id: 'view', entries: view },
  ];
  return (
    <PointMenu
      key={JSON.stringify(menu.at)}
      label={title}
      sections={sections}
      at={menu.at}
      onClose={closeMenu}
    />
  );
}

/** The toolbar's Fault menu: selection first, then the world, then every node and link. */
export function FaultMenu({ defaultOpen }: { readonly defaultOpen?: boolean }): ReactNode {
  const t = useT();
  const nodeIds = useFrame((state) => state.cluster?.nodes) ?? [];
  const linkKeys = useFrame((state) => state.linkKeys);
  const groupIds = useFrame((state) => state.cluster?.groups) ?? [];
  const entriesOf = useFaultEntries();
  const zones = useZones(entriesOf);
  const subject = targetOf(selectionStore.getState().subject);
  const nodes: readonly MenuEntry[] = nodeIds.map(({ id }) => ({
    id,
    label: id,
    entries: entriesOf({ kind: 'node', id }),
  }));
  const links: readonly MenuEntry[] = linkKeys.map((key) => {
    const [a = '', b = ''] = key.split('|');
    return { id: key, label: `${a}–${b}`, entries: entriesOf({ kind: 'link', a, b }) };
  });
  const groups: readonly MenuEntry[] = groupIds.map(({ id }) => ({
    id,
    label: id,
    entries: entriesOf({ kind: 'group', id }),
  }));
  const sections: readonly MenuSection[] = [
    ...(subject === null ? [] : [{ id: 'subject', title: titleOf(subject, t), entries: entriesOf(subject) }]),
    { id: 'world', title: t('menu.wholeCluster'), entries: entriesOf({ kind: 'world' }) },
    {
      id: 'targets',
      title: t('menu.targets'),
      entries: [
        { id: 'nodes', label: t('menu.nodes'), entries: nodes },
        zones,
        { id: 'links', label: t('menu.links'), entries: links },
        { id: 'groups', label: t('menu.groups'), entries: groups },
      ],
    },
  ];
  return (
    <DropMenu
      label={t('toolbar.fault')}
      sections={sections}
      align="end"
      defaultOpen={defaultOpen === true}
      trigger={
        <Button icon={Zap}>
          <span className="max-[1200px]:sr-only">{t('toolbar.fault')}</span>
        </Button>
      }
    />
  );
}
