// Where the map's cards stand and what of them is drawn: the layout of a cluster put into the map's store, and the box that a
// card fills at each zoom level.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Wording } from '../../state/wording.ts';
import { type Box, type MapState, mapStore } from '../model/map-store.ts';
import type { ZoomLevel } from './adapter.ts';
import { type ClusterLayout, layoutCluster, layoutFor, type Pane } from './cluster-layout.ts';
import { type Drawn, nothingDrawn } from './drawn-map.ts';

/** What is drawn now: without what is folded up or left out. */
export const drawnStore = createStore<Drawn>(() => nothingDrawn);

export const useDrawn = <T>(select: (drawn: Drawn) => T): T => useStore(drawnStore, select);

type Arrangement = Pick<MapState, 'boxes' | 'zones' | 'width' | 'height' | 'way'>;

const arranged = ({ cards, ...rest }: ClusterLayout): Arrangement => ({
  boxes: Object.fromEntries(cards),
  zones: rest.zones,
  width: rest.width,
  height: rest.height,
  way: rest.way,
});

export function layOut(cluster: ClusterSpec): void {
  mapStore.setState(({ fitRequest }) => ({
    ...arranged(layoutCluster(cluster)),
    preset: cluster.preset,
    isAsLaidOut: true,
    fitRequest: fitRequest + 1,
  }));
}

/** The same cluster with a node more or less: cards that a person has moved stay where they are. Groups alone move nothing. */
export function layOutNodes(cluster: ClusterSpec): void {
  const { isAsLaidOut, boxes } = mapStore.getState();
  const placed = Object.keys(boxes);
  if (placed.length === cluster.nodes.length && cluster.nodes.every(({ id }) => placed.includes(id))) return;
  if (isAsLaidOut) {
    layOut(cluster);
    return;
  }
  const next = arranged(layoutCluster(cluster, 0, mapStore.getState().way));
  const kept = cluster.nodes.flatMap(({ id }) => {
    const box = boxes[id] ?? next.boxes[id];
    return box === undefined ? [] : [[id, box] as const];
  });
  mapStore.setState({ boxes: Object.fromEntries(kept) });
}

/** As a pane of this shape shows the cluster largest; cards that a person has moved stay, and have the height of the wording. */
export function layOutFor(cluster: ClusterSpec, pane: Pane, wording: Wording): void {
  const { isAsLaidOut, preset, boxes } = mapStore.getState();
  if (preset !== cluster.preset) return;
  const next = arranged(layoutFor(cluster, pane, wording));
  const isSame = (id: string, { x, y, height }: Box): boolean =>
    boxes[id]?.height === height && (!isAsLaidOut || (boxes[id].x === x && boxes[id].y === y));
  if (Object.entries(next.boxes).every(([id, box]) => isSame(id, box))) return;
  if (isAsLaidOut) mapStore.setState(next);
  else
    mapStore.setState({
      boxes: Object.fromEntries(
        Object.entries(boxes).map(([id, box]) => [
          id,
          { ...box, height: next.boxes[id]?.height ?? box.height },
        ]),
      ),
    });
}

/** Of a dot, at any zoom, px on the screen. */
const dotPx = 28;

/** The box that a card fills now, in map coordinates: links end at its edge. */
export function shownBox(box: Box, level: ZoomLevel, zoom: number): Box {
  if (level !== 'dot') return box;
  const size = dotPx / zoom;
  return {
    x: box.x + (box.width - size) / 2,
    y: box.y + (box.height - size) / 2,
    width: size,
    height: size,
  };
}

/** Screen px that the name below a dot takes, with the dot. */
const namedDotPx = 58;

/** Screen px of a letter of a dot's name, and of what stands round it. */
const nameLetterPx = 7.2;
const nameEdgePx = 12;

type Boxes = Readonly<Record<string, Box>>;

/**
 * Where the name of a dot stands: below it, or, where another dot is so close below that it would lie over the name, beside it if the
 * next one to the right is far enough; null: nowhere.
 */
export function namePlace(boxes: Boxes, id: string, zoom: number): 'below' | 'beside' | null {
  const own = boxes[id];
  if (own === undefined) return 'below';
  const others = Object.values(boxes);
  const isCovered = others.some(
    ({ x, y, width }) => Math.abs(x - own.x) < width && y > own.y && (y - own.y) * zoom < namedDotPx,
  );
  if (!isCovered) return 'below';
  const room = Math.min(
    ...others
      .filter(({ x, y }) => x > own.x && Math.abs(y - own.y) * zoom < namedDotPx)
      .map(({ x }) => (x - own.x) * zoom - dotPx),
  );
  return id.length * nameLetterPx + nameEdgePx <= room ? 'beside' : null;
}
