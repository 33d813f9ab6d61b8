// More of the map: arrange it, export it as it stands; on a narrow map also what is shown on it. Loaded on demand.

import { Ellipsis, Eye, Film, ImageDown, LayoutGrid } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCluster } from '../../state/frame-store.ts';
import { setMapView, useMapView } from '../../state/map-view.ts';
import { setPanel } from '../../state/selection-store.ts';
import { setSettings, useSettings } from '../../state/settings-store.ts';
import type { PngScale } from '../export/save.ts';
import { useT } from '../i18n/i18n.ts';
import { named } from '../i18n/sentence.ts';
import { IconButton } from '../kit/button.tsx';
import { DropMenu, type MenuSection } from '../kit/menu.tsx';
import '../../words/faults/faults.en.json';
import { autoArrange } from './auto-arrange.ts';
import { exportMapPng, exportMapSvg } from './map-export.ts';
import '../../words/canvas/tool.en.json';

const scales: readonly PngScale[] = [1, 2, 3, 4];

/** Whose knowledge is shown, labels, heartbeats, the legend: switches that have no room beside the others. */
function useShownSection(): MenuSection {
  const t = useT();
  const { labels, legend, heartbeats, wording } = useSettings((settings) => settings);
  const pov = useMapView((view) => view.pov);
  const nodes = useCluster()?.nodes ?? [];
  const entryOf = (id: string | null) => ({
    id: `pov ${id ?? ''}`,
    label: id ?? t('map.truth'),
    checked: pov === id,
    onSelect: () => setMapView({ pov: id }),
  });
  return {
    id: 'shown',
    entries: [
      {
        id: 'pov',
        label: named(t('map.pov'), pov ?? t('map.truth'), t),
        icon: Eye,
        entries: [null, ...nodes.map(({ id }) => id)].map(entryOf),
      },
      {
        id: 'figures',
        label: named(t('settings.wording'), t(`wording.${wording}`), t),
        checked: wording === 'expert',
        onSelect: () => setSettings({ wording: wording === 'plain' ? 'expert' : 'plain' }),
      },
      {
        id: 'labels',
        label: t('map.labels'),
        checked: labels,
        onSelect: () => setSettings({ labels: !labels }),
      },
      {
        id: 'heartbeats',
        label: t('map.heartbeats'),
        checked: heartbeats,
        onSelect: () => setSettings({ heartbeats: !heartbeats }),
      },
      {
        id: 'legend',
        label: t('legend.title'),
        checked: legend === true,
        onSelect: () => setSettings({ legend: legend !== true }),
      },
    ],
  };
}

export function MapMenu({ all }: { readonly all: boolean }): ReactNode {
  const t = useT();
  const shown = useShownSection();
  return (
    <DropMenu
      label={t('map.more')}
      defaultOpen
      sections={[
        ...(all ? [shown] : []),
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
            { id: 'svg', label: t('map.exportSvg'), icon: ImageDown, onSelect: () => void exportMapSvg() },
            {
              id: 'png slide',
              label: t('map.exportSlidePng'),
              icon: ImageDown,
              onSelect: () => void exportMapPng(1, 'slide'),
            },
            {
              id: 'svg slide',
              label: t('map.exportSlideSvg'),
              icon: ImageDown,
              onSelect: () => void exportMapSvg('slide'),
            },
            {
              id: 'record',
              label: t('map.record'),
              icon: Film,
              onSelect: () => setPanel({ kind: 'record', of: 'map' }),
            },
          ],
        },
      ]}
      trigger={<IconButton small look="line" className="bg-panel" icon={Ellipsis} label={t('map.more')} />}
    />
  );
}
