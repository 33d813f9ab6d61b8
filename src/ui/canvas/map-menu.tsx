// More of the map: arrange it, export it as it stands. Loaded on demand.

import { Ellipsis, ImageDown, LayoutGrid } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PngScale } from '../export/save.ts';
import { useT } from '../i18n/i18n.ts';
import { IconButton } from '../kit/button.tsx';
import { DropMenu } from '../kit/menu.tsx';
import '../faults/texts.ts';
import { autoArrange } from './auto-arrange.ts';
import { exportMapPng, exportMapSvg } from './map-export.ts';

const scales: readonly PngScale[] = [1, 2, 3, 4];

export function MapMenu(): ReactNode {
  const t = useT();
  return (
    <DropMenu
      label={t('map.more')}
      defaultOpen
      sections={[
        {
          id: 'arrange',
          entries: [
            {
              id: 'autoArrange',
              label: t('map.autoArrange'),
              icon: LayoutGrid,
              onSelect: () => void autoArrange(),
            },
          ],
        },
        {
          id: 'export',
          title: t('map.export'),
          entries: [
            ...scales.map((scale) => ({
              id: `png ${scale}`,
              label: t('map.exportPng', { scale }),
              icon: ImageDown,
              onSelect: () => void exportMapPng(scale),
            })),
            { id: 'svg', label: t('map.exportSvg'), icon: ImageDown, onSelect: () => exportMapSvg() },
          ],
        },
      ]}
      trigger={<IconButton small look="line" className="bg-panel" icon={Ellipsis} label={t('map.more')} />}
    />
  );
}
