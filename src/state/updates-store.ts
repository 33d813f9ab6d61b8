// Which build the page is of, and whether a newer one waits (lab/updates.ts).

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { type Facts, opensOwnRuns, type Updates, watchUpdates } from '../lab/updates.ts';
import { runStore } from './run-store.ts';

/** A newer build: opens it the runs of this one? `facts` null: it does not say. */
export interface NextBuild {
  readonly facts: Facts | null;
  readonly opensRuns: boolean;
}

interface UpdatesState {
  readonly next: NextBuild | null;
  readonly isReplaced: boolean;
  /** Everything is kept: the page opens without a network. */
  readonly isOffline: boolean;
}

export const updatesStore = createStore<UpdatesState>(() => ({
  next: null,
  isReplaced: false,
  isOffline: false,
}));

export const useUpdates = <T>(select: (state: UpdatesState) => T): T => useStore(updatesStore, select);

let updates: Updates | null = null;
export const takeUpdate = (): void => updates?.take();

/** Wall ms after the first picture of a cluster at work: whoever only looks in loads nothing that is not looked at. */
const LATER_MS = 4000;

/** Registers the service worker once the cluster is at work. */
export function followUpdates(): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const begin = async (): Promise<void> => {
    updates = await watchUpdates({
      onNext: (facts) => updatesStore.setState({ next: { facts, opensRuns: opensOwnRuns(facts) } }),
      onReplaced: () => updatesStore.setState({ isReplaced: true }),
      onReady: () => updatesStore.setState({ isOffline: true }),
    });
  };
  const look = (): void => {
    const mode = runStore.getState().run?.mode ?? 'BOOTING';
    if (mode !== 'BOOTING') timer ??= setTimeout(() => void begin(), LATER_MS);
  };
  look();
  const end = runStore.subscribe(look);
  return () => {
    end();
    if (timer !== null) clearTimeout(timer);
  };
}
