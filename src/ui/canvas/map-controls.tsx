// On the map's corners: what cluster this is, zoom, labels, and the legend made from the glyph table.

import { Check, Maximize, Minus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MessageFamily } from '../../core/door.ts';
import { useCluster, useFrame } from '../../state/frame-store.ts';
import { setSettings, useSettings } from '../../state/settings-store.ts';
import { isHeartbeat } from '../glyphs/flight-text.ts';
import { Glyph } from '../glyphs/glyph.tsx';
import { families, glyphs } from '../glyphs/glyph-shapes.ts';
import { useT } from '../i18n/i18n.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { selectZoom, useFlowStore, useReactFlow } from './adapter.ts';
import { requestFit } from './map-store.ts';

export function MapHeading(): ReactNode {
  const t = useT();
  const cluster = useCluster();
  if (cluster === null) return null;
  const groups =
    cluster.groups.length <= 4
      ? cluster.groups.map(({ id }) => id).join(', ')
      : String(cluster.groups.length);
  const replicas = new Set(cluster.groups.flatMap((group) => group.replicas));
  const first = cluster.groups[0];
  const quorum = first === undefined ? '' : `${first.replicas.length}/${first.vw}/${first.vr}`;
  return (
    <div className="pointer-events-none absolute top-2.5 left-3 z-[5] flex items-center gap-2 text-[12px]">
      <b className="text-[13px]">{cluster.preset}</b>
      <span className="text-muted">
        {first !== undefined &&
          t('map.heading', { volume: cluster.volume, groups, count: replicas.size, quorum })}
      </span>
    </div>
  );
}

function countFamilies(flights: readonly { readonly label: { readonly family: MessageFamily } }[]): string {
  const counts = new Map<MessageFamily, number>();
  for (const { label } of flights) counts.set(label.family, (counts.get(label.family) ?? 0) + 1);
  return families.map((family) => counts.get(family) ?? 0).join(',');
}

/** Narrower maps keep the legend's place for links until it is asked for. */
const legendRoom = 900;

const usual: readonly MessageFamily[] = ['wal', 'ack', 'holeRequest', 'holeFill'];

function Legend(): ReactNode {
  const t = useT();
  const heartbeats = useSettings((settings) => settings.heartbeats);
  const text = useFrame((state) =>
    countFamilies((state.frame?.flights ?? []).filter((flight) => heartbeats || !isHeartbeat(flight))),
  );
  const counts = text.split(',').map(Number);
  const rows = families.filter((family, i) => usual.includes(family) || (counts[i] ?? 0) > 0);
  return (
    <section className="legend absolute top-3 right-3 z-[5]" aria-label={t('legend.title')}>
      <div className="flex h-6 items-center gap-2">
        <b>{t('legend.title')}</b>
        <span className="kbd" aria-hidden="true">
          L
        </span>
        <span className="flex-1" />
      </div>
      {rows.map((family) => (
        <div key={family} className="flex h-[26px] items-center gap-2">
          <Glyph family={family} />
          <span className="flex-1 whitespace-nowrap">{t(glyphs[family].label)}</span>
          <b className="mono pl-3">{counts[families.indexOf(family)] ?? 0}</b>
        </div>
      ))}
    </section>
  );
}

interface ToggleProps {
  readonly on: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}

function Toggle({ on, onToggle, children }: ToggleProps): ReactNode {
  return (
    <button type="button" className="field field-small" aria-pressed={on} onClick={onToggle}>
      <Check size={16} strokeWidth={1.75} aria-hidden="true" className={on ? '' : 'invisible'} />
      {children}
    </button>
  );
}

export function MapControls(): ReactNode {
  const t = useT();
  const zoom = useFlowStore(selectZoom);
  const { zoomIn, zoomOut } = useReactFlow();
  const { labels, legend: wanted, heartbeats } = useSettings((settings) => settings);
  const roomy = useFlowStore((state) => state.width >= legendRoom);
  const legend = wanted ?? roomy;
  return (
    <>
      {legend && <Legend />}
      <div className="absolute bottom-2.5 left-3 z-[5] flex max-w-[calc(100%-96px)] flex-wrap items-center gap-1">
        <IconButton
          small
          look="line"
          className="bg-panel"
          icon={Minus}
          label={t('map.zoomOut')}
          onClick={() => void zoomOut()}
        />
        <span className="mono w-11 text-center text-[12px]">{`${Math.round(zoom * 100)} %`}</span>
        <IconButton
          small
          look="line"
          className="bg-panel"
          icon={Plus}
          label={t('map.zoomIn')}
          onClick={() => void zoomIn()}
        />
        <IconButton
          small
          look="line"
          className="bg-panel"
          icon={Maximize}
          label={t('map.fit')}
          onClick={requestFit}
        />
        <i className="divider" />
        <Toggle on={labels} onToggle={() => setSettings({ labels: !labels })}>
          {t('map.labels')}
        </Toggle>
        <Toggle on={heartbeats} onToggle={() => setSettings({ heartbeats: !heartbeats })}>
          {t('map.heartbeats')}
        </Toggle>
        {!legend && (
          <Button small look="line" onClick={() => setSettings({ legend: true })}>
            {t('legend.title')}
          </Button>
        )}
      </div>
    </>
  );
}
