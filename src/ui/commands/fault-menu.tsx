// The registry as menus: the context menu of a node, link, message or the pane, and the toolbar's Fault menu with every
// node and link of the cluster. Loaded on demand.

import { Boxes, Zap } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { useFrame } from '../../state/frame-store.ts';
import { keyText } from '../../state/key-map.ts';
import { selectionStore, targetOf } from '../../state/selection-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { contextOf, doFault } from '../faults/do-fault.ts';
import { faultLabel, faultNote } from '../faults/fault-label.ts';
import { closeMenu, type MenuSubject, menuStore } from '../faults/menu-store.ts';
import { entriesFor, type FaultEntry } from '../faults/registry.ts';
import { type Translate, useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { DropMenu, type MenuEntry, type MenuSection, PointMenu } from '../kit/menu.tsx';
import { useLab } from '../lab-context.ts';
import { subjectText } from '../selection/subject-text.ts';
import { viewEntries } from './menu-views.ts';
import '../../words/commands/commands.en.json';

function useFaultEntries(): (subject: MenuSubject) => readonly MenuEntry[] {
  const lab = useLab();
  const t = useT();
  const singleKeys = useSettings((settings) => settings.singleKeys);
  const keyMap = useSettings((settings) => settings.keyMap);
  const keyNow = (key: FaultEntry['key']): string | undefined =>
    key === undefined ? undefined : (keyText(key.toLowerCase(), singleKeys, keyMap) ?? undefined);
  return (subject) => {
    const context = contextOf(subject);
    if (context === null) return [];
    const all = entriesFor(context);
    const face = (entry: FaultEntry): MenuEntry => ({
      id: entry.id,
      label: faultLabel(entry, context, t),
      note: faultNote(entry, context) ?? undefined,
      icon: entry.icon,
      keys: keyNow(entry.key),
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
function useZones(entriesOf: (subject: MenuSubject) => readonly MenuEntry[]): () => MenuEntry {
  const t = useT();
  const nodes = useFrame((state) => state.cluster?.nodes) ?? [];
  const zones = [...new Set(nodes.map(({ zone }) => zone))];
  return () => ({
    id: 'zones',
    label: t('menu.zones'),
    icon: Boxes,
    entries: zones.map((id) => ({
      id: `zone ${id}`,
      label: t('map.zone', { zone: id }),
      entries: entriesOf({ kind: 'zone', id }),
    })),
  });
}

function titleOf(subject: MenuSubject, t: Translate): string {
  if (subject.kind === 'zone') return t('map.zone', { zone: subject.id });
  if (subject.kind === 'world') return t('map.title');
  return subjectText(subject, contextOf(subject)?.frame ?? null, t);
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
  const sections: readonly MenuSection[] = [
    {
      id: 'faults',
      title,
      entries: [...entriesOf(subject), ...(subject.kind === 'world' ? [zones()] : [])],
    },
    { id: 'view', entries: viewEntries(subject, contextOf(subject)?.frame ?? null, t) },
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
  // What may be done is looked at when the menu opens: nodes die and links are cut while it is closed.
  const sections = (): readonly MenuSection[] => {
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
    return [
      ...(subject === null
        ? []
        : [{ id: 'subject', title: titleOf(subject, t), entries: entriesOf(subject) }]),
      { id: 'world', title: t('menu.wholeCluster'), entries: entriesOf({ kind: 'world' }) },
      {
        id: 'targets',
        title: t('menu.targets'),
        entries: [
          { id: 'nodes', label: t('menu.nodes'), entries: nodes },
          zones(),
          { id: 'links', label: t('menu.links'), entries: links },
          { id: 'groups', label: t('menu.groups'), entries: groups },
        ],
      },
    ];
  };
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
