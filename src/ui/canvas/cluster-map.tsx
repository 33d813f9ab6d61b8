// The cluster map: frames, cards, links and the messages over them. One tab stop with a roving focus (map-focus.ts).
// Tools that are not always there (lasso, box, chips at the edge, overview) load when they are first needed.

import { lazy, type ReactNode, Suspense, useContext, useEffect, useMemo, useRef } from 'react';
import { useBreakpoint } from '../../state/breakpoint.ts';
import { BranchContext, ScreenPartContext, useCluster, useFrame } from '../../state/frame-store.ts';
import { setMapView, useMapView } from '../../state/map-view.ts';
import { isByFinger } from '../../state/pointer.ts';
import { clearSelection, useSelection } from '../../state/selection-store.ts';
import { isEmbedded } from '../../state/site-storage.ts';
import { useWording } from '../../state/wording.ts';
import { Waiting } from '../dialogs/waiting.tsx';
import { openMenuAt } from '../faults/menu-store.ts';
import { useT } from '../i18n/i18n.ts';
import { mapStore, moveCard, useMap } from '../model/map-store.ts';
import {
  type Edge,
  type EdgeTypes,
  type Node,
  type NodeTypes,
  ReactFlow,
  ReactFlowProvider,
  useFlowStore,
  useReactFlow,
} from './adapter.ts';
import { mapEdge, zoomFor } from './cluster-layout.ts';
import { drawMap } from './drawn-map.ts';
import { FlightOverlay } from './flight-overlay.tsx';
import { BundleEdge, LinkEdge } from './link-edge.tsx';
import { type CardNode, MapCard } from './map-card.tsx';
import { MapControls, MapHeading } from './map-controls.tsx';
import { FoldedFrame, type FoldedNode, type FrameNode, MapFrameBox } from './map-frame.tsx';
import { drawnStore, layOut, layOutFor, layOutNodes, useDrawn } from './map-layout.ts';

const Lasso = lazy(async () => ({ default: (await import('./lasso.tsx')).Lasso }));
const MapExtras = lazy(async () => ({ default: (await import('./map-extras.tsx')).MapExtras }));

const nodeTypes: NodeTypes = { frame: MapFrameBox, folded: FoldedFrame, card: MapCard };
const edgeTypes: EdgeTypes = { link: LinkEdge, bundle: BundleEdge };

/** What is drawn follows the cluster, the cards' places and what the person folds up. */
export function useDrawing(): void {
  const cluster = useCluster();
  const linkKeys = useFrame((state) => state.linkKeys);
  const boxes = useMap((map) => map.boxes);
  const zones = useMap((map) => map.zones);
  const folded = useMapView((view) => view.folded);
  const alone = useMapView((view) => view.alone);
  const drawn = useMemo(
    () => (cluster === null ? null : drawMap({ cluster, boxes, zones, linkKeys, folded, alone })),
    [cluster, boxes, zones, linkKeys, folded, alone],
  );
  useEffect(() => {
    if (drawn !== null) drawnStore.setState(drawn, true);
  }, [drawn]);
}

const still = { focusable: false, selectable: false } as const;
/** What cannot be dragged would let the pointer through. */
const pressed = { pointerEvents: 'all' } as const;

function useFlowNodes(): Node[] {
  const drawn = useDrawn((drawn) => drawn);
  const selected = useSelection(({ nodes }) => nodes);
  return useMemo(() => {
    const frames: FrameNode[] = drawn.open.map((frame) => ({
      ...still,
      id: frame.id,
      type: 'frame',
      position: { x: frame.box.x, y: frame.box.y },
      width: frame.box.width,
      height: frame.box.height,
      data: { frame },
      draggable: false,
      zIndex: frame.kind === 'zone' ? 0 : 1,
    }));
    const folded: FoldedNode[] = drawn.folded.flatMap((frame) => {
      const box = drawn.boxes[frame.id];
      if (box === undefined) return [];
      return [
        {
          ...still,
          id: frame.id,
          type: 'folded' as const,
          position: { x: box.x, y: box.y },
          width: box.width,
          height: box.height,
          data: { frame },
          draggable: false,
          style: pressed,
          zIndex: 2,
        },
      ];
    });
    const cards: CardNode[] = drawn.nodes.flatMap((id) => {
      const box = drawn.boxes[id];
      if (box === undefined) return [];
      return [
        {
          ...still,
          id,
          type: 'card' as const,
          position: { x: box.x, y: box.y },
          width: box.width,
          height: box.height,
          data: {},
          style: pressed,
          // Selected, it is larger, and above what leads to it.
          zIndex: selected.includes(id) ? 5 : 2,
        },
      ];
    });
    return [...frames, ...folded, ...cards];
  }, [drawn, selected]);
}

function useFlowEdges(): Edge[] {
  const bundles = useDrawn(({ bundles }) => bundles);
  return useMemo(
    () =>
      bundles.map(({ key, a, b, links }) => ({
        ...still,
        id: key,
        source: a,
        target: b,
        type: links.length === 1 && links[0] === key ? 'link' : 'bundle',
        // Its button has the name; the line would be read a second time, in English.
        domAttributes: { 'aria-hidden': true },
      })),
    [bundles],
  );
}

/** Shows the whole cluster, at full size where it fits, whenever the pane changes, until the person moves the view. */
function useFit(): { readonly onMoved: () => void } {
  const { setViewport } = useReactFlow();
  const wording = useWording();
  const width = useFlowStore((state) => state.width);
  const height = useFlowStore((state) => state.height);
  const cluster = useCluster();
  const map = useMap((state) => state);
  const { width: mapWidth, height: mapHeight, fitRequest, boxes } = map;
  const moved = useRef(-1);
  const written = useRef(wording);
  // Also when an undo brings places back from before the wording changed.
  useEffect(() => {
    if (width === 0 || height === 0 || cluster === null || Object.keys(boxes).length === 0) return;
    if (moved.current !== fitRequest || written.current !== wording)
      layOutFor(cluster, { width, height }, wording);
  }, [width, height, fitRequest, cluster, wording, boxes]);
  useEffect(() => {
    if (width === 0 || height === 0) return;
    if (moved.current === fitRequest && written.current === wording) return;
    written.current = wording;
    // What stands over the map is not scaled with it.
    const [room, frames] = [height - 2 * mapEdge, mapHeight - 2 * mapEdge];
    const zoom = zoomFor({ width: mapWidth, height: mapHeight }, { width, height });
    void setViewport({
      x: Math.max(0, (width - mapWidth * zoom) / 2),
      y: mapEdge * (1 - zoom) + Math.max(0, (room - frames * zoom) / 2),
      zoom,
    });
  }, [width, height, mapWidth, mapHeight, fitRequest, wording, setViewport]);
  return {
    onMoved: () => {
      moved.current = mapStore.getState().fitRequest;
    },
  };
}

interface CanvasProps {
  /** What a screen reader calls the map. */
  readonly name: string;
}

/** Cards, links and messages of the branch that it stands in; places and folding are the same for both branches. */
export function MapCanvas({ name }: CanvasProps): ReactNode {
  const t = useT();
  const branch = useContext(BranchContext);
  const surface = useRef<HTMLDivElement>(null);
  const nodes = useFlowNodes();
  const edges = useFlowEdges();
  const tool = useMapView((view) => view.tool);
  const isPartition = useSelection(({ panel }) => panel?.kind === 'partition');
  // There, and in another's page, the wheel is the page's.
  const isColumn = useBreakpoint() === 'narrow' || isEmbedded;
  const { onMoved } = useFit();
  return (
    // biome-ignore lint/a11y/useSemanticElements: the map is a group with its own role description, not a form's fieldset
    <div
      ref={surface}
      role="group"
      aria-label={name}
      aria-roledescription={t('map.description')}
      data-branch-map={branch}
      className="map-surface absolute inset-0"
    >
      <ReactFlow
        id={branch}
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
        zoomOnScroll={!isColumn}
        preventScrolling={!isColumn}
        // The select tool leaves the map the middle button, and two fingers (touch-map.ts). A finger that pans moves no card.
        panOnDrag={tool === 'pan' || [1]}
        nodesDraggable={tool === 'select' || !isByFinger()}
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
      <Suspense fallback={null}>
        {isPartition && branch === 'shown' && <Lasso />}
        <MapExtras surface={surface} />
      </Suspense>
    </div>
  );
}

function WholeMap(): ReactNode {
  const t = useT();
  const cluster = useCluster();
  useEffect(() => {
    if (cluster === null) return;
    if (mapStore.getState().preset === cluster.preset) {
      layOutNodes(cluster);
      return;
    }
    setMapView({ folded: [], alone: null, pov: null });
    layOut(cluster);
  }, [cluster]);
  useDrawing();
  if (cluster === null) return <Waiting />;
  return (
    <ReactFlowProvider>
      <MapCanvas name={t('map.title')} />
      <MapHeading />
      <MapControls />
    </ReactFlowProvider>
  );
}

export function ClusterMap(): ReactNode {
  return (
    <ScreenPartContext value="map">
      <WholeMap />
    </ScreenPartContext>
  );
}
