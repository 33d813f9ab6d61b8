// Positions of the cards on the map, what of it is drawn, and the viewport's fit: view state, never on the tape.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { ClusterSpec } from '../../core/kernel/door.ts';
import type { ZoomLevel } from './adapter.ts';
import { layoutCluster, liftFor, type Pane, type ZoneBox } from './cluster-layout.ts';
import { type Drawn, nothingDrawn } from './drawn-map.ts';
import type { Box } from './link-path.ts';

export interface MapState {
  readonly preset: string;
  readonly boxes: Readonly<Record<string, Box>>;
  readonly zones: readonly ZoneBox[];
  readonly width: number;
  readonly height: number;
  /** As the preset has them, no card moved by a person: the rows may follow the pane. */
  readonly isAsLaidOut: boolean;
  /** Raised by "fit": the map shows everything again and keeps fitting until the person pans or zooms. */
  readonly fitRequest: number;
  /** What of all this is drawn now: without what is folded up or left out. */
  readonly drawn: Drawn;
}

export const mapStore = createStore<MapState>(() => ({
  preset: '',
  boxes: {},
  zones: [],
  width: 1,
  height: 1,
  isAsLaidOut: false,
  fitRequest: 0,
  drawn: nothingDrawn,
}));

type Arrangement = Pick<MapState, 'boxes' | 'zones' | 'width' | 'height'>;

function arrange(cluster: ClusterSpec, lift: number): Arrangement {
  const { cards, zones, width, height } = layoutCluster(cluster, lift);
  return { boxes: Object.fromEntries(cards), zones, width, height };
}

export function layOut(cluster: ClusterSpec): void {
  mapStore.setState(({ fitRequest }) => ({
    ...arrange(cluster, 0),
    preset: cluster.preset,
    isAsLaidOut: true,
    fitRequest: fitRequest + 1,
  }));
}

/** Lifts the storage row as far as a pane of this size asks for. */
export function layOutFor(cluster: ClusterSpec, pane: Pane): void {
  const { isAsLaidOut, preset, height } = mapStore.getState();
  if (!isAsLaidOut || preset !== cluster.preset) return;
  const next = arrange(cluster, liftFor(layoutCluster(cluster), pane));
  if (next.height !== height) mapStore.setState(next);
}

/** Another arrangement of the same cards: zones are drawn where it puts them. */
export function rearrange(
  boxes: Readonly<Record<string, Box>>,
  zones: readonly ZoneBox[],
  width: number,
  height: number,
): void {
  mapStore.setState(({ fitRequest }) => ({
    boxes,
    zones,
    width,
    height,
    isAsLaidOut: false,
    fitRequest: fitRequest + 1,
  }));
}

export function moveCard(id: string, x: number, y: number): void {
  mapStore.setState(({ boxes }) => {
    const box = boxes[id];
    return box === undefined || (box.x === x && box.y === y)
      ? {}
      : { boxes: { ...boxes, [id]: { ...box, x, y } }, isAsLaidOut: false };
  });
}

export const requestFit = (): void => mapStore.setState(({ fitRequest }) => ({ fitRequest: fitRequest + 1 }));

export function useMap<T>(select: (state: MapState) => T): T {
  return useStore(mapStore, select);
}

/** Screen size of a card at each level; all but `detail` keep it at any zoom so that their text stays readable. */
const levelSize: Readonly<Record<ZoomLevel, readonly [number, number]>> = {
  detail: [248, 148],
  mid: [164, 64],
  small: [100, 36],
  dot: [28, 28],
};

/** The box that a card fills now, in map coordinates: links end at its edge. */
export function shownBox(box: Box, level: ZoomLevel, zoom: number): Box {
  if (level === 'detail') return box;
  const [w, h] = levelSize[level];
  const width = w / zoom;
  const height = h / zoom;
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}
