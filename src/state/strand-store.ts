// The strand that is held against the one that is shown, and whether their difference is drawn.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { OtherFrame } from '../lab/time-api.ts';
import type { NodeFrame } from '../sim/frame.ts';

export interface StrandView {
  readonly other: OtherFrame | null;
  /** The other strand's nodes by id. */
  readonly nodes: Readonly<Record<string, NodeFrame>>;
  /** `D`: marks on cards and values; off, the twin is seen as if it were the run. */
  readonly showsDiff: boolean;
  /** The table of both strands beside the map. */
  readonly isSplit: boolean;
}

export const strandStore = createStore<StrandView>(() => ({
  other: null,
  nodes: {},
  showsDiff: true,
  isSplit: false,
}));

export const takeOther = (other: OtherFrame | null): void =>
  strandStore.setState({
    other,
    nodes: Object.fromEntries((other?.frame.nodes ?? []).map((node) => [node.id, node])),
  });

export function useStrands<T>(select: (state: StrandView) => T): T {
  return useStore(strandStore, select);
}
