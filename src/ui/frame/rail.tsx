// The rail: what this version has to show beside the toolbar. Map is the cluster; Tree is the same as an outline.

import { ListTree, type LucideIcon, Map as MapIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { openSide, useSide } from '../../state/side-store.ts';
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

export function Rail(): ReactNode {
  const t = useT();
  const side = useSide();
  return (
    <nav className="rail" aria-label={t('rail.title')}>
      <Item icon={MapIcon} label={t('rail.map')} current={side === null} onPress={() => openSide(null)} />
      <Item
        icon={ListTree}
        label={t('rail.tree')}
        current={side === 'tree'}
        onPress={() => openSide(side === 'tree' ? null : 'tree')}
      />
    </nav>
  );
}
