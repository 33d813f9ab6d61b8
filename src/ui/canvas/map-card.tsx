// A node on the map: its card, and what pointer and keys do to it. Arrows go to the nearest card, Alt+arrows move this one,
// Enter opens the inspector, a double click shows it with its neighbours alone.

import type { KeyboardEvent, ReactNode } from 'react';
import { useAnnouncedFrame } from '../../state/announced.ts';
import { useFrame } from '../../state/frame-store.ts';
import { isLitNode } from '../../state/highlight.ts';
import { toggleAlone, useMapView } from '../../state/map-view.ts';
import {
  litOf,
  type SelectMode,
  selectionStore,
  selectNode,
  useSelection,
} from '../../state/selection-store.ts';
import { setSettings } from '../../state/settings-store.ts';
import { useWording } from '../../state/wording.ts';
import { openMenuAt, openMenuOf } from '../faults/menu-store.ts';
import { useT } from '../i18n/i18n.ts';
import { TermStops } from '../kit/term.tsx';
import { mapStore, moveCard, useMap } from '../model/map-store.ts';
import { countHoles, healthOf, pcsStateOf, storeOf } from '../model/node-facts.ts';
import { nodeName, roleNames } from '../model/role-cards.ts';
import { hoverKey } from '../selection/hover.ts';
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
import { arrows, focusNearest } from './map-focus.ts';
import { NodeCard } from './node-card.tsx';

export type CardNode = Node<Record<string, never>, 'card'>;

const modeOf = (event: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }): SelectMode =>
  event.shiftKey ? 'add' : event.ctrlKey || event.metaKey ? 'toggle' : 'only';

/** Map units that Alt+arrow moves a card. */
const moveStep = 16;

function handleCardKey(event: KeyboardEvent<HTMLElement>, id: string): void {
  const direction = arrows[event.key];
  const box = mapStore.getState().boxes[id];
  if (direction !== undefined && box !== undefined) {
    event.preventDefault();
    event.stopPropagation();
    if (event.altKey) moveCard(id, box.x + direction[0] * moveStep, box.y + direction[1] * moveStep);
    else focusNearest(id, event.key);
  } else if (event.key === 'Enter' || event.key === ' ') {
    if (event.key === ' ' && !event.shiftKey && !event.ctrlKey) return;
    event.preventDefault();
    selectNode(id, modeOf(event));
    setSettings({ rightTab: 'inspector', rightOpen: true });
  } else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
    event.preventDefault();
    openMenuOf({ kind: 'node', id }, event.currentTarget);
  }
}

/** In plain wording a card has type of one size: it is never drawn at the map's scale. */
function useLevel(): ZoomLevel {
  const level = useFlowStore(selectLevel);
  const isPlain = useWording() === 'plain';
  return isPlain && level === 'detail' ? 'fit' : level;
}

export function MapCard({ id }: NodeProps<CardNode>): ReactNode {
  const t = useT();
  const name = useAnnouncedFrame(
    ({ nodes }) => {
      if (nodes[id] === undefined) return '';
      const pcs = pcsStateOf(nodes, id);
      const said = pcs === null ? [] : [t('card.pcsState', { state: t(`nodeState.${pcs}`) })];
      return [nodeName(nodes[id], t), ...said].join(t('list.comma'));
    },
    ({ nodes }) =>
      nodes[id] === undefined
        ? ''
        : `${healthOf(nodes[id])} ${countHoles(storeOf(nodes[id])).holes} ${pcsStateOf(nodes, id) ?? ''}`,
  );
  const height = useMap(({ boxes }) => boxes[id]?.height ?? cardSize.height);
  const level = useLevel();
  // Zoom that cards of constant size undo; those at full size need none.
  const zoom = useFlowStore((state) => (level === 'detail' ? 1 : selectZoom(state)));
  const selected = useSelection(({ nodes }) => nodes.includes(id));
  const dim = useSelection((state) => !isLitNode(litOf(state), id));
  const hovered = useSelection((state) => state.hovered?.kind === 'node' && state.hovered.id === id);
  const isTabStop = useSelection(({ focus }) => focus === id);
  const isFirst = useFrame(({ cluster }) => cluster?.nodes[0]?.id === id);
  const noFocus = useSelection(({ focus }) => focus === null);
  const isViewer = useMapView(({ pov }) => pov === id);
  if (name === '') return null;
  const scaled = level !== 'detail';
  const card = (
    <TermStops value={isTabStop}>
      <NodeCard id={id} level={level} width={cardSize.width * zoom} height={height * zoom} />
    </TermStops>
  );
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      {/* biome-ignore lint/a11y/useSemanticElements: a node of the map is a group by the naming contract, not a form's fieldset */}
      <div
        role="group"
        tabIndex={isTabStop || (noFocus && isFirst) ? 0 : -1}
        aria-label={name}
        aria-roledescription={t('map.node')}
        data-map-node={id}
        data-hover={hoverKey({ kind: 'node', id })}
        data-selected={selected}
        data-hovered={hovered}
        data-scaled={scaled}
        data-viewer={isViewer}
        className={`map-node ${dim ? 'dim' : ''}`}
        style={{ width: cardSize.width, height, ['--unzoom' as string]: 1 / zoom }}
        onFocus={() => selectionStore.setState({ focus: id })}
        onKeyDown={(event) => handleCardKey(event, id)}
        onClick={(event) => selectNode(id, modeOf(event))}
        onDoubleClick={() => toggleAlone(id)}
        onContextMenu={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (!selectionStore.getState().nodes.includes(id)) selectNode(id);
          openMenuAt({ kind: 'node', id }, { x: event.clientX, y: event.clientY });
        }}
      >
        {/* It stays while the card changes its size: a finger's events go to what it came down on (theme/touch.css). */}
        <div className={scaled ? 'card-scaled' : ''}>{card}</div>
        {scaled && <RoleNames id={id} />}
      </div>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </>
  );
}

/** From far a card has the icon of its role only: what that is stands above the card that is pointed at or has the focus. */
function RoleNames({ id }: { readonly id: string }): ReactNode {
  const t = useT();
  const names = useFrame(({ nodes }) => (nodes[id] === undefined ? '' : roleNames(nodes[id], t)));
  return (
    <span className="card-role" aria-hidden="true">
      {names}
    </span>
  );
}
