// What is selected, and which tool or panel is open. View state only: nothing here reaches the cluster or the tape.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export type Subject =
  | { readonly kind: 'node'; readonly id: string }
  | { readonly kind: 'link'; readonly a: string; readonly b: string }
  | { readonly kind: 'message'; readonly id: string };

export type Panel =
  | { readonly kind: 'partition'; readonly side: readonly string[] }
  | { readonly kind: 'cutLinks'; readonly node: string }
  | { readonly kind: 'share' }
  | { readonly kind: 'import' }
  | { readonly kind: 'forget' }
  | { readonly kind: 'keys' };

export type InspectorTab = 'summary' | 'state' | 'links' | 'faults';

export interface SelectionState {
  /** What the inspector shows. */
  readonly subject: Subject | null;
  /** All selected nodes, the subject's included. */
  readonly nodes: readonly string[];
  readonly tab: InspectorTab;
  readonly panel: Panel | null;
  /** Node that has the roving focus on the map. */
  readonly focus: string | null;
  readonly hovered: Subject | null;
  /** Group the lens is scoped to; null follows the cluster's last group. */
  readonly group: string | null;
}

export const selectionStore = createStore<SelectionState>(() => ({
  subject: null,
  nodes: [],
  tab: 'summary',
  panel: null,
  focus: null,
  hovered: null,
  group: null,
}));

export function selectNode(id: string, mode: 'only' | 'add' | 'toggle' = 'only'): void {
  selectionStore.setState(({ nodes }) => {
    const has = nodes.includes(id);
    const next =
      mode === 'only'
        ? [id]
        : has && mode === 'toggle'
          ? nodes.filter((n) => n !== id)
          : [...nodes.filter((n) => n !== id), id];
    const last = next.at(-1);
    return { nodes: next, focus: id, subject: last === undefined ? null : { kind: 'node', id: last } };
  });
}

export const selectLink = (a: string, b: string): void =>
  selectionStore.setState({ subject: { kind: 'link', a, b }, nodes: [] });
export const selectMessage = (id: string): void =>
  selectionStore.setState({ subject: { kind: 'message', id }, nodes: [] });
export const clearSelection = (): void => selectionStore.setState({ subject: null, nodes: [], panel: null });
export const setPanel = (panel: Panel | null): void => selectionStore.setState({ panel });

export function useSelection<T>(select: (state: SelectionState) => T): T {
  return useStore(selectionStore, select);
}
