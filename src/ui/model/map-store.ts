// Positions of the cards on the map, and the viewport's fit: view state, never on the tape.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ZoneBox extends Box {
  readonly zone: string;
}

export interface MapState {
  readonly preset: string;
  readonly boxes: Readonly<Record<string, Box>>;
  readonly zones: readonly ZoneBox[];
  readonly width: number;
  readonly height: number;
  /** Which way the work goes, from clients to storage: where the map puts the arcs of peers. */
  readonly way: 'down' | 'across';
  /** As the preset has them, no card moved by a person: the rows may follow the pane. */
  readonly isAsLaidOut: boolean;
  /** Raised by "fit": the map shows everything again and keeps fitting until the person pans or zooms. */
  readonly fitRequest: number;
}

export const mapStore = createStore<MapState>(() => ({
  preset: '',
  boxes: {},
  zones: [],
  width: 1,
  height: 1,
  way: 'down',
  isAsLaidOut: false,
  fitRequest: 0,
}));

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
    way: 'down',
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
