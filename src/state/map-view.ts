// Map view settings: tool, whose point of view, what of the messages is shown, what is folded up, whose
// neighbourhood alone is drawn. View state only, gone with the page.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { MessageFamily } from '../core/kernel/message-label.ts';

export type MapTool = 'pan' | 'select';

export interface MapView {
  readonly tool: MapTool;
  /** Null: the truth; else what this node knows. */
  readonly pov: string | null;
  /** Families that the legend switched off. */
  readonly hidden: readonly MessageFamily[];
  /** Only messages about this LSN, or sent for this client request. */
  readonly onlyLsn: number | null;
  readonly onlyTrace: number | null;
  /** Frames that stand as one card with totals. */
  readonly folded: readonly string[];
  /** Only this node and its neighbours are drawn. */
  readonly alone: string | null;
  /** Raised by "arrange automatically". */
  readonly arrangeRequest: number;
}

export const mapView = createStore<MapView>(() => ({
  tool: 'pan',
  pov: null,
  hidden: [],
  onlyLsn: null,
  onlyTrace: null,
  folded: [],
  alone: null,
  arrangeRequest: 0,
}));

export const requestArrange = (): void =>
  mapView.setState(({ arrangeRequest }) => ({ arrangeRequest: arrangeRequest + 1 }));

export const setMapView = (change: Partial<MapView>): void => mapView.setState(change);

export function useMapView<T>(select: (view: MapView) => T): T {
  return useStore(mapView, select);
}

export function toggleFamily(family: MessageFamily): void {
  mapView.setState(({ hidden }) => ({
    hidden: hidden.includes(family) ? hidden.filter((one) => one !== family) : [...hidden, family],
  }));
}

export function toggleFolded(frame: string): void {
  mapView.setState(({ folded }) => ({
    folded: folded.includes(frame) ? folded.filter((one) => one !== frame) : [...folded, frame],
  }));
}

/** Focus mode on a node; on the same node again, or on nothing, everything is drawn. */
export function toggleAlone(node: string | null): void {
  mapView.setState(({ alone }) => ({ alone: alone === node ? null : node }));
}

/** The point of view of a node; of the same node again: the truth. */
export function togglePov(node: string | null): void {
  mapView.setState(({ pov }) => ({ pov: pov === node ? null : node }));
}
