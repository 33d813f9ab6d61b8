// Controls at the map's corners: the cluster's name, zoom, tool, point of view, labels, and the legend.

import { Ellipsis, Maximize, Minus, Plus, SquareDashedMousePointer } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { GroupSpec } from '../../core/kernel/cluster-spec.ts';
import { useCluster, useFrame } from '../../state/frame-store.ts';
import { setMapView, useMapView } from '../../state/map-view.ts';
import { setSettings, useSettings } from '../../state/settings-store.ts';
import { useWording, wordings } from '../../state/wording.ts';
import { useT } from '../i18n/i18n.ts';
import { Button, IconButton, TickBox } from '../kit/button.tsx';
import { Select } from '../kit/select.tsx';
import { Term } from '../kit/term.tsx';
import { type Box, mapStore, requestFit } from '../model/map-store.ts';
import { PartInstant } from '../model/part-instant.tsx';
import { type ReactFlowState, selectZoom, useFlowStore, useReactFlow } from './adapter.ts';
import { Legend } from './legend.tsx';

const MapMenu = lazy(async () => ({ default: (await import('./map-menu.tsx')).MapMenu }));

/** "3 copies, 2 must answer", by the number of copies; as the field says "N/Vw/Vr 3/2/2". */
function Quorum({ replicas, vw, vr }: Pick<GroupSpec, 'replicas' | 'vw' | 'vr'>): ReactNode {
  const t = useT();
  const n = replicas.length;
  return (
    <Term of="quorum">
      {useWording() === 'plain' ? t('map.quorum', { n, vw }) : `N/Vw/Vr ${n}/${vw}/${vr}`}
    </Term>
  );
}

export function MapHeading(): ReactNode {
  const t = useT();
  const cluster = useCluster();
  if (cluster === null) return null;
  const groups =
    cluster.groups.length <= 4
      ? cluster.groups.map(({ id }) => id).join(t('list.comma'))
      : String(cluster.groups.length);
  const replicas = new Set(cluster.groups.flatMap((group) => group.replicas));
  const first = cluster.groups[0];
  return (
    <div className="pointer-events-none absolute top-1.5 left-2 z-[5] flex max-w-[calc(100%-16px)] items-center gap-2 rounded-control bg-page px-1 py-1 text-[12px]">
      <span className="leading-4">
        {cluster.placement !== undefined
          ? t('map.headingShards', { groups, count: replicas.size })
          : cluster.chunks === undefined
            ? t('map.heading', { volume: cluster.volume, groups, count: replicas.size })
            : t('map.headingChunks', { volume: cluster.volume, count: cluster.chunks.length })}
        {first !== undefined && (
          <>
            {' · '}
            <Quorum {...first} />
          </>
        )}
      </span>
      <span className="mono flex-none text-muted">{cluster.preset}</span>
    </div>
  );
}

/** Narrower maps keep the legend's place for links until it is asked for. */
const legendRoom = 1000;
/** What it takes of the upper right corner with its edge, px. */
const legendBox = { width: 200, height: 180 } as const;

/** Whether no card stands where the legend would. */
function hasLegendRoom({ width, transform: [x, y, zoom] }: ReactFlowState): boolean {
  if (width < legendRoom) return false;
  const covers = (box: Box): boolean =>
    (box.x + box.width) * zoom + x > width - legendBox.width && box.y * zoom + y < legendBox.height;
  return !Object.values(mapStore.getState().boxes).some(covers);
}
/** Below these widths a second row of controls would cover the map: what is shown on it is in the menu, or all that is not for zoom and tool. */
const togglesRoom = 860;
const controlsRoom = 600;

interface ToggleProps {
  readonly on: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}

function Toggle({ on, onToggle, children }: ToggleProps): ReactNode {
  return (
    <button type="button" className="field field-small bg-panel" aria-pressed={on} onClick={onToggle}>
      <TickBox on={on} />
      {children}
    </button>
  );
}

function PointOfView(): ReactNode {
  const t = useT();
  const pov = useMapView((view) => view.pov);
  const ids = useFrame((state) => state.cluster?.nodes);
  return (
    <span className="bg-panel">
      <Select
        label={t('map.pov')}
        value={pov ?? ''}
        options={[
          { value: '', label: t('map.truth') },
          ...(ids ?? []).map(({ id }) => ({ value: id as string, label: id })),
        ]}
        onChange={(value) => setMapView({ pov: value === '' ? null : value })}
      />
    </span>
  );
}

/** How figures and labels are written, on the whole screen. */
function Figures(): ReactNode {
  const t = useT();
  const value = useWording();
  return (
    <span className="bg-panel">
      <Select
        label={t('settings.wording')}
        value={value}
        options={wordings.map((one) => ({ value: one, label: t(`wording.${one}`) }))}
        onChange={(wording) => setSettings({ wording })}
      />
    </span>
  );
}

/** Loads its menu when first pressed, and opens it then. */
function MoreButton({ all }: { readonly all: boolean }): ReactNode {
  const t = useT();
  const [wanted, setWanted] = useState(false);
  const face = (
    <IconButton
      small
      look="line"
      className="bg-panel"
      icon={Ellipsis}
      label={t('map.more')}
      aria-haspopup="menu"
      onClick={() => setWanted(true)}
    />
  );
  return wanted ? (
    <Suspense fallback={face}>
      <MapMenu all={all} />
    </Suspense>
  ) : (
    face
  );
}

export function ZoomButtons({ onFit }: { readonly onFit: () => void }): ReactNode {
  const t = useT();
  const zoom = useFlowStore(selectZoom);
  const { zoomIn, zoomOut } = useReactFlow();
  return (
    <>
      <IconButton
        small
        look="line"
        className="bg-panel"
        icon={Minus}
        label={t('map.zoomOut')}
        onClick={() => void zoomOut()}
      />
      <span className="mono w-11 rounded-control bg-page py-1 text-center text-[12px]">{`${Math.round(zoom * 100)} %`}</span>
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
        onClick={onFit}
      />
    </>
  );
}

export function MapControls(): ReactNode {
  const t = useT();
  const { labels, legend: wanted, heartbeats } = useSettings((settings) => settings);
  const tool = useMapView((view) => view.tool);
  const pov = useMapView((view) => view.pov);
  const roomy = useFlowStore(hasLegendRoom);
  const narrow = useFlowStore((state) => state.width < controlsRoom);
  const hasToggles = useFlowStore((state) => state.width >= togglesRoom);
  const legend = wanted ?? roomy;
  return (
    <>
      {legend && <Legend />}
      <div className="map-tools absolute bottom-2 left-2 z-[5] flex max-w-[calc(100%-96px)] flex-wrap items-center gap-1 rounded-control bg-page p-0.5">
        <ZoomButtons onFit={requestFit} />
        <i className="divider" />
        <IconButton
          small
          look="line"
          className="bg-panel"
          icon={SquareDashedMousePointer}
          label={t('map.select')}
          keys="v"
          aria-pressed={tool === 'select'}
          onClick={() => setMapView({ tool: tool === 'select' ? 'pan' : 'select' })}
        />
        {!narrow && <Figures />}
        {(!narrow || pov !== null) && <PointOfView />}
        {hasToggles && (
          <Toggle on={labels} onToggle={() => setSettings({ labels: !labels })}>
            {t('map.labels')}
          </Toggle>
        )}
        {hasToggles && (
          <Toggle on={heartbeats} onToggle={() => setSettings({ heartbeats: !heartbeats })}>
            {t('map.heartbeats')}
          </Toggle>
        )}
        <MoreButton all={!hasToggles} />
        {!legend && !narrow && (
          <Button small look="line" onClick={() => setSettings({ legend: true })}>
            {t('legend.title')}
          </Button>
        )}
        {!narrow && <PartInstant />}
      </div>
    </>
  );
}
