// The cluster map: zone frames, cards, links and the messages over them. One tab stop with a roving focus: arrows go
// to the nearest card, Alt+arrows move it, Enter opens the inspector, M its menu.

import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useCluster, useFrame, useNode } from '../../state/frame-store.ts';
import { clearSelection, selectionStore, selectNode, useSelection } from '../../state/selection-store.ts';
import { setSettings } from '../../state/settings-store.ts';
import { openMenuAt, openMenuOf } from '../faults/menu-store.ts';
import { Waiting } from '../frame/waiting.tsx';
import { useT } from '../i18n/i18n.ts';
import {
  type Edge,
  type EdgeTypes,
  Handle,
  type Node,
  type NodeProps,
  type NodeTypes,
  Position,
  ReactFlow,
  ReactFlowProvider,
  selectLevel,
  selectZoom,
  useFlowStore,
  useReactFlow,
} from './adapter.ts';
import { FlightOverlay } from './flight-overlay.tsx';
import { LinkEdge } from './link-edge.tsx';
import { MapControls, MapHeading } from './map-controls.tsx';
import { layOut, mapStore, moveCard, useMap } from './map-store.ts';
import { nearestCard } from './nearest-card.ts';
import { NodeCard } from './node-card.tsx';
import { nodeName } from './node-facts.ts';

type ZoneNode = Node<{ readonly zone: string }, 'zone'>;
type CardNode = Node<Record<string, never>, 'card'>;

function ZoneFrame({ data }: NodeProps<ZoneNode>): ReactNode {
  const t = useT();
  const zoom = useFlowStore(selectZoom);
  return (
    <div className="zone" aria-hidden="true" style={{ ['--unzoom' as string]: Math.min(3, 1 / zoom) }}>
      <b>{t('map.zone', { zone: data.zone })}</b>
    </div>
  );
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function focusCard(id: string): void {
  selectionStore.setState({ focus: id });
  document.querySelector<HTMLElement>(`[data-map-node="${CSS.escape(id)}"]`)?.focus();
}

function handleCardKey(event: KeyboardEvent<HTMLElement>, id: string): void {
  const direction = arrows[event.key];
  const { boxes } = mapStore.getState();
  const box = boxes[id];
  if (direction !== undefined && box !== undefined) {
    event.preventDefault();
    event.stopPropagation();
    if (event.altKey) moveCard(id, box.x + direction[0] * 16, box.y + direction[1] * 16);
    else {
      const next = nearestCard(boxes, id, direction);
      if (next !== null) focusCard(next);
    }
  } else if (event.key === 'Enter' || event.key === ' ') {
    if (event.key === ' ' && !event.shiftKey && !event.ctrlKey) return;
    event.preventDefault();
    selectNode(id, event.shiftKey ? 'add' : event.ctrlKey ? 'toggle' : 'only');
    setSettings({ rightTab: 'inspector', rightOpen: true });
  } else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
    event.preventDefault();
    openMenuOf({ kind: 'node', id }, event.currentTarget);
  }
}

function MapCard({ id }: NodeProps<CardNode>): ReactNode {
  const t = useT();
  const node = useNode(id);
  const level = useFlowStore(selectLevel);
  const zoom = useFlowStore(selectZoom);
  const selected = useSelection(({ nodes }) => nodes.includes(id));
  const isTabStop = useSelection(({ focus }) => focus === id);
  const isFirst = useFrame(({ cluster }) => cluster?.nodes[0]?.id === id);
  const noFocus = useSelection(({ focus }) => focus === null);
  if (node === undefined) return null;
  const scaled = level !== 'detail';
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      {/* biome-ignore lint/a11y/useSemanticElements: a node of the map is a group by the naming contract, not a form's fieldset */}
      <div
        role="group"
        tabIndex={isTabStop || (noFocus && isFirst) ? 0 : -1}
        aria-label={nodeName(node, t)}
        aria-roledescription={t('map.node')}
        data-map-node={id}
        data-selected={selected}
        data-scaled={scaled}
        className="map-node"
        style={{ width: 248, height: 148, ['--unzoom' as string]: 1 / zoom }}
        onFocus={() => selectionStore.setState({ focus: id })}
        onKeyDown={(event) => handleCardKey(event, id)}
        onClick={(event) => {
          selectNode(id, event.shiftKey ? 'add' : event.ctrlKey || event.metaKey ? 'toggle' : 'only');
        }}
        onContextMenu={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (!selectionStore.getState().nodes.includes(id)) selectNode(id);
          openMenuAt({ kind: 'node', id }, { x: event.clientX, y: event.clientY });
        }}
      >
        {scaled ? (
          <div className="card-scaled">
            <NodeCard id={id} level={level} />
          </div>
        ) : (
          <NodeCard id={id} level={level} />
        )}
      </div>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </>
  );
}

const nodeTypes: NodeTypes = { zone: ZoneFrame, card: MapCard };
const edgeTypes: EdgeTypes = { link: LinkEdge };

function useFlowNodes(): Node[] {
  const cluster = useCluster();
  const boxes = useMap((map) => map.boxes);
  const zones = useMap((map) => map.zones);
  return useMemo(() => {
    const frames: ZoneNode[] = zones.map(({ zone, x, y, width, height }) => ({
      id: `zone ${zone}`,
      type: 'zone',
      position: { x, y },
      width,
      height,
      data: { zone },
      selectable: false,
      draggable: false,
      focusable: false,
      zIndex: 0,
    }));
    const cards: CardNode[] = (cluster?.nodes ?? []).flatMap(({ id }) => {
      const box = boxes[id];
      if (box === undefined) return [];
      return [
        {
          id,
          type: 'card' as const,
          position: { x: box.x, y: box.y },
          width: box.width,
          height: box.height,
          data: {},
          focusable: false,
          selectable: false,
          zIndex: 2,
        },
      ];
    });
    return [...frames, ...cards];
  }, [cluster, boxes, zones]);
}

function useFlowEdges(): Edge[] {
  const keys = useFrame((state) => state.linkKeys);
  return useMemo(
    () =>
      keys.slice(0, 200).map((key) => {
        const [source = '', target = ''] = key.split('|');
        return {
          id: key,
          source,
          target,
          type: 'link',
          focusable: false,
          selectable: false,
          // Its button has the name; the line would be read a second time, in English.
          domAttributes: { 'aria-hidden': true },
        };
      }),
    [keys],
  );
}

/** Shows the whole cluster, at full size where it fits, whenever the pane changes, until the person moves the view. */
function useFit(): { readonly onMoved: () => void } {
  const { setViewport } = useReactFlow();
  const width = useFlowStore((state) => state.width);
  const height = useFlowStore((state) => state.height);
  const map = useMap((state) => state);
  const { width: mapWidth, height: mapHeight, fitRequest } = map;
  const moved = useRef(-1);
  useEffect(() => {
    if (width === 0 || height === 0 || moved.current === fitRequest) return;
    const zoom = Math.min(1, width / mapWidth, height / mapHeight);
    void setViewport({
      x: Math.max(0, (width - mapWidth * zoom) / 2),
      y: Math.max(0, (height - mapHeight * zoom) / 2),
      zoom,
    });
  }, [width, height, mapWidth, mapHeight, fitRequest, setViewport]);
  return {
    onMoved: () => {
      moved.current = mapStore.getState().fitRequest;
    },
  };
}

function MapCanvas(): ReactNode {
  const t = useT();
  const surface = useRef<HTMLDivElement>(null);
  const nodes = useFlowNodes();
  const edges = useFlowEdges();
  const { onMoved } = useFit();
  return (
    // biome-ignore lint/a11y/useSemanticElements: the map is a group with its own role description, not a form's fieldset
    <div
      ref={surface}
      role="group"
      aria-label={t('map.title')}
      aria-roledescription={t('map.description')}
      className="absolute inset-0"
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        nodesFocusable={false}
        edgesFocusable={false}
        nodesConnectable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        minZoom={0.15}
        maxZoom={2}
        zoomOnDoubleClick={false}
        onMoveStart={(event) => {
          if (event !== null) onMoved();
        }}
        onPaneClick={() => clearSelection()}
        onPaneContextMenu={(event) => {
          event.preventDefault();
          openMenuAt({ kind: 'world' }, { x: event.clientX, y: event.clientY });
        }}
        onNodesChange={(changes) => {
          for (const change of changes)
            if (change.type === 'position' && change.position !== undefined)
              moveCard(change.id, change.position.x, change.position.y);
        }}
      />
      <FlightOverlay surface={surface} />
    </div>
  );
}

export function ClusterMap(): ReactNode {
  const cluster = useCluster();
  useEffect(() => {
    if (cluster !== null) layOut(cluster);
  }, [cluster]);
  if (cluster === null) return <Waiting />;
  return (
    <ReactFlowProvider>
      <MapCanvas />
      <MapHeading />
      <MapControls />
    </ReactFlowProvider>
  );
}
