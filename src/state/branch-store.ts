// Comparison of branches: the one that is held against the shown one, and whether their difference is drawn.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { OtherFrame } from '../lab/time-api.ts';
import { takeFrameBeside } from './frame-store.ts';

export interface BranchView {
  readonly other: OtherFrame | null;
  /** `D`: marks on cards and values; off, the twin is seen as if it were the run. */
  readonly showsDiff: boolean;
  /** The table of both branches beside the map. */
  readonly isSplit: boolean;
}

export const branchStore = createStore<BranchView>(() => ({
  other: null,
  showsDiff: true,
  isSplit: false,
}));

export function takeOther(other: OtherFrame | null): void {
  takeFrameBeside('other', other?.frame ?? null);
  branchStore.setState({ other });
}

export function useBranches<T>(select: (state: BranchView) => T): T {
  return useStore(branchStore, select);
}
