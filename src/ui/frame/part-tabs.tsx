// The switcher of a phone: map, story, lens or time, one at a time. Loaded where there is no room for two parts.

import { Clock, type LucideIcon, Map as MapIcon, PanelRight, ScrollText } from 'lucide-react';
import { Tabs } from 'radix-ui';
import type { ReactNode } from 'react';
import { comeTo, type PartId } from '../../state/part-store.ts';
import { type PlainKey, useT } from '../i18n/i18n.ts';
import '../../words/frame/part.en.json';

interface Part {
  readonly id: PartId;
  readonly name: PlainKey;
  readonly icon: LucideIcon;
}

const parts: readonly Part[] = [
  { id: 'map-pane', name: 'rail.map', icon: MapIcon },
  { id: 'side-pane', name: 'part.story', icon: ScrollText },
  { id: 'right-pane', name: 'rail.lens', icon: PanelRight },
  { id: 'dock-pane', name: 'part.time', icon: Clock },
];

export function PartTabs({ part }: { readonly part: PartId }): ReactNode {
  const t = useT();
  return (
    <Tabs.Root
      value={part}
      onValueChange={(value) => {
        const chosen = parts.find(({ id }) => id === value);
        if (chosen !== undefined) comeTo(chosen.id);
      }}
    >
      <Tabs.List className="part-tabs" aria-label={t('part.title')}>
        {parts.map(({ id, name, icon: Icon }) => (
          <Tabs.Trigger
            key={id}
            value={id}
            className="rail-item"
            // Only the part that is shown is there to be pointed at.
            aria-controls={id === part ? id : undefined}
          >
            <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
            <span>{t(name)}</span>
          </Tabs.Trigger>
        ))}
      </Tabs.List>
    </Tabs.Root>
  );
}
