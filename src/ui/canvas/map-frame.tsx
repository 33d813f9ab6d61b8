// A frame on the map: open, with its title, around its cards; or folded, as one card with totals. Double click or `-`
// folds and unfolds it; its menu has what can be done to a zone.

import { Boxes, Layers, TriangleAlert } from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useStore } from 'zustand';
import { useFrame } from '../../state/frame-store.ts';
import { toggleFolded } from '../../state/map-view.ts';
import { openMenuAt, openMenuOf } from '../faults/menu-store.ts';
import { type Translate, useT } from '../i18n/i18n.ts';
import { hueStyle } from '../kit/button.tsx';
import { groupDigits } from '../kit/format.ts';
import { mapStore } from '../model/map-store.ts';
import {
  Handle,
  type Node,
  type NodeProps,
  Position,
  selectLevel,
  selectZoom,
  useFlowStore,
  type ZoomLevel,
} from './adapter.ts';
import { cardSize } from './cluster-layout.ts';
import { focusNearest, focusOnMap } from './map-focus.ts';
import { type MapFrame, type Totals, totalsOf } from './map-frames.ts';

export type FrameNode = Node<{ readonly frame: MapFrame }, 'frame'>;
export type FoldedNode = Node<{ readonly frame: MapFrame }, 'folded'>;

function useTotals(frame: MapFrame): Totals {
  const text = useFrame(({ nodes }) => Object.values(totalsOf(frame.members, nodes)).join(','));
  const [nodes = 0, up = 0, holes = 0, volatileWrites = 0] = text.split(',').map(Number);
  return { nodes, up, holes, volatileWrites };
}

function titleOf({ zone, layer }: MapFrame, t: Translate): string {
  return layer === null ? t('map.zone', { zone }) : t(`layer.${layer}`);
}

export function frameName({ zone, layer, members }: MapFrame, t: Translate): string {
  const count = members.length;
  return layer === null
    ? t('map.foldZone', { zone, count })
    : t('map.foldLayer', { zone, layer: t(`layer.${layer}`), count });
}

function handleFrameKey(event: KeyboardEvent<HTMLElement>, frame: MapFrame): void {
  if (event.key === '-' || event.key === 'Enter') {
    toggleFolded(frame.id);
    setTimeout(() => focusOnMap(frame.id), 0);
  } else if (event.key === 'm' || event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
    openMenuOf({ kind: 'zone', id: frame.zone }, event.currentTarget);
  } else if (!event.key.startsWith('Arrow') || !focusNearest(frame.id, event.key)) return;
  event.preventDefault();
  event.stopPropagation();
}

const frameProps = (frame: MapFrame) => ({
  'data-map-node': frame.id,
  onDoubleClick: () => toggleFolded(frame.id),
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => handleFrameKey(event, frame),
  onContextMenu: (event: {
    preventDefault(): void;
    stopPropagation(): void;
    clientX: number;
    clientY: number;
  }) => {
    event.preventDefault();
    event.stopPropagation();
    openMenuAt({ kind: 'zone', id: frame.zone }, { x: event.clientX, y: event.clientY });
  },
});

function totalsText({ nodes, up, holes }: Totals, t: Translate): string {
  const parts = [`${up}/${nodes} ${t('map.up')}`];
  if (holes > 0) parts.push(`${groupDigits(holes)} ${t('map.holes')}`);
  return parts.join(' · ');
}

/** What the cards cannot say when they are dots. */
function FarTotals({ frame }: { readonly frame: MapFrame }): ReactNode {
  const t = useT();
  const totals = useTotals(frame);
  return (
    <span className={totals.up < totals.nodes ? 'text-fence' : ''} title={totalsText(totals, t)}>
      {`${totals.up}/${totals.nodes}`}
      {totals.holes > 0 && (
        <>
          <TriangleAlert size="1em" aria-hidden="true" className="mr-px ml-1 inline align-[-1px] text-hole" />
          {groupDigits(totals.holes)}
        </>
      )}
    </span>
  );
}

export function MapFrameBox({ data: { frame } }: NodeProps<FrameNode>): ReactNode {
  const t = useT();
  const unzoom = useFlowStore((state) => Math.min(8, 1 / selectZoom(state)));
  const isFar = useFlowStore((state) => selectLevel(state) === 'dot');
  const isAcross = useStore(mapStore, (state) => state.way === 'across');
  // From afar the title of a row, and its totals, would lie over those of its zone and over dots; its name is said on hover and focus.
  const isTitled = frame.kind === 'zone' || unzoom < 1.6;
  return (
    <div
      className="zone"
      data-kind={frame.kind}
      // Dots have their names below them: of zones one below the other the title stands between the columns of dots.
      data-between={isFar && isAcross}
      style={{ ['--unzoom' as string]: unzoom }}
    >
      <button
        type="button"
        tabIndex={-1}
        aria-expanded="true"
        aria-label={frameName(frame, t)}
        title={titleOf(frame, t)}
        className="zone-title nodrag"
        {...frameProps(frame)}
      >
        {isTitled && <span className="truncate">{titleOf(frame, t)}</span>}
        {isFar && isTitled && <FarTotals frame={frame} />}
      </button>
    </div>
  );
}

interface FaceProps {
  readonly frame: MapFrame;
  readonly level: ZoomLevel;
  readonly zoom: number;
}

function FoldedFace({ frame, level, zoom }: FaceProps): ReactNode {
  const t = useT();
  const totals = useTotals(frame);
  const hasTrouble = totals.up < totals.nodes || totals.holes > 0;
  const Icon = frame.kind === 'zone' ? Boxes : Layers;
  if (level === 'dot')
    return (
      <div className="card-dot" style={hueStyle(hasTrouble ? 'hole' : 'ack')}>
        <Icon size={16} strokeWidth={2} aria-hidden="true" />
      </div>
    );
  if (level === 'fit')
    return (
      <div className="card-fit" style={{ width: cardSize.width * zoom, height: cardSize.height * zoom }}>
        <div className="fit-head">
          <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
          <span className="fit-name">{titleOf(frame, t)}</span>
          {hasTrouble && <TriangleAlert size={16} className="text-hole" aria-hidden="true" />}
        </div>
        <div className="fit-mark">
          <span>{totals.holes > 0 ? t('map.holes') : t('map.up')}</span>
          <b className={hasTrouble ? 'text-hole' : ''}>
            {totals.holes > 0 ? groupDigits(totals.holes) : `${totals.up}/${totals.nodes}`}
          </b>
        </div>
      </div>
    );
  return (
    <div className="card card-stacked" data-alert={totals.holes > 0}>
      <div className="card-head">
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
        <span className="card-id">
          {frame.kind === 'zone'
            ? titleOf(frame, t)
            : `${t('map.zone', { zone: frame.zone })} · ${titleOf(frame, t)}`}
        </span>
        <span className="flex-1" />
        {hasTrouble && <TriangleAlert size={16} className="text-hole" aria-hidden="true" />}
      </div>
      <div className="card-marks">
        <div>
          <u>{t('map.up')}</u>
          <span
            className={totals.up < totals.nodes ? 'text-fence' : ''}
          >{`${totals.up} / ${totals.nodes}`}</span>
        </div>
        <div>
          <u>{t('map.holes')}</u>
          <span className={totals.holes > 0 ? 'text-hole' : ''}>{groupDigits(totals.holes)}</span>
        </div>
        <div>
          <u>{t('map.volatile')}</u>
          <span>{groupDigits(totals.volatileWrites)}</span>
        </div>
      </div>
      <div className="card-body whitespace-normal text-muted">
        {frame.members.slice(0, 4).join(t('list.comma'))}
      </div>
      <div className="card-foot">{t('map.unfoldHint')}</div>
    </div>
  );
}

export function FoldedFrame({ data: { frame } }: NodeProps<FoldedNode>): ReactNode {
  const t = useT();
  const level = useFlowStore(selectLevel);
  const zoom = useFlowStore(selectZoom);
  const totals = useTotals(frame);
  const name = `${frameName(frame, t)}, ${t('map.folded')}, ${totalsText(totals, t)}`;
  const face = <FoldedFace frame={frame} level={level} zoom={zoom} />;
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      {/* biome-ignore lint/a11y/useSemanticElements: like a node of the map, a group by the naming contract */}
      <div
        role="group"
        tabIndex={-1}
        aria-label={name}
        className="map-node"
        data-scaled={level !== 'detail'}
        style={{ ...cardSize, ['--unzoom' as string]: 1 / zoom }}
        {...frameProps(frame)}
      >
        {level === 'detail' ? face : <div className="card-scaled">{face}</div>}
      </div>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </>
  );
}
