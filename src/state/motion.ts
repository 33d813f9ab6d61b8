// Reduced motion: the system's preference, unless the person's own setting says otherwise.

import { useSyncExternalStore } from 'react';
import { settingsStore } from './settings-store.ts';

const query = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)') ?? null;

export const isMotionReduced = (): boolean =>
  settingsStore.getState().reducedMotion ?? query?.matches === true;

function subscribe(listener: () => void): () => void {
  query?.addEventListener('change', listener);
  const stop = settingsStore.subscribe(listener);
  return () => {
    query?.removeEventListener('change', listener);
    stop();
  };
}

export const useReducedMotion = (): boolean => useSyncExternalStore(subscribe, isMotionReduced);
