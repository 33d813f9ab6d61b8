// Navigation rail: what this version has to show beside the toolbar. Map is the cluster; Tree is the same as an
// outline. In one column it is a row, with the ways to the parts further down; on a phone these are tabs (part-tabs.tsx).

import {
  Columns3,
  GitBranch,
  GraduationCap,
  ListTree,
  type LucideIcon,
  Map as MapIcon,
  PanelBottom,
  PanelRight,
  Settings,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { comeTo, usePart } from '../../state/part-store.ts';
import { goTo } from '../../state/route-store.ts';
import { setPanel, useSelection } from '../../state/selection-store.ts';
import type { Breakpoint } from '../../state/settings-store.ts';
import { openSide, type SidePane, useSide } from '../../state/side-store.ts';
import { useT } from '../i18n/i18n.ts';

interface ItemProps {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly current: boolean;
  readonly onPress: () => void;
}

function Item({ icon: Icon, label, current, onPress }: ItemProps): ReactNode {
  return (
    <button type="button" className="rail-item" aria-current={current} onClick={onPress}>
      <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
      <span>{label}</span>
    </button>
  );
}

/** A lesson has an address; leaving it goes back to the lab's. */
function show(pane: SidePane | null, from: SidePane | null): void {
  openSide(pane);
  if (pane === 'lessons') goTo('lessons');
  else if (pane === 'runs') goTo('runs');
  else if (from === 'lessons' || from === 'runs') goTo('lab');
}

export function Rail({ at }: { readonly at: Breakpoint }): ReactNode {
  const t = useT();
  const side = useSide();
  const isPhone = usePart() !== null;
  const isSettings = useSelection(({ panel }) => panel?.kind === 'settings');
  return (
    <nav className="rail" aria-label={t('rail.title')}>
      {!isPhone && (
        <Item
          icon={MapIcon}
          label={t('rail.map')}
          current={side === null}
          onPress={() => {
            show(null, side);
            if (at === 'narrow') comeTo('map-pane');
          }}
        />
      )}
      <Item
        icon={GraduationCap}
        label={t('rail.lessons')}
        current={side === 'lessons'}
        onPress={() => show(side === 'lessons' ? null : 'lessons', side)}
      />
      <Item
        icon={ListTree}
        label={t('rail.tree')}
        current={side === 'tree'}
        onPress={() => show(side === 'tree' ? null : 'tree', side)}
      />
      <Item
        icon={GitBranch}
        label={t('rail.runs')}
        current={side === 'runs'}
        onPress={() => show(side === 'runs' ? null : 'runs', side)}
      />
      <Item icon={Columns3} label={t('rail.compare')} current={false} onPress={() => goTo('compare')} />
      {at === 'narrow' && !isPhone && (
        <>
          <Item
            icon={PanelBottom}
            label={t('dock.title')}
            current={false}
            onPress={() => comeTo('dock-pane')}
          />
          <Item
            icon={PanelRight}
            label={t('rail.lens')}
            current={false}
            onPress={() => comeTo('right-pane')}
          />
        </>
      )}
      <span className="flex-1" />
      <Item
        icon={Settings}
        label={t('rail.settings')}
        current={isSettings}
        onPress={() => setPanel(isSettings ? null : { kind: 'settings' })}
      />
    </nav>
  );
}
