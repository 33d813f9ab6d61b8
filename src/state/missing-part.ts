// Parts of the page that could not be loaded: there is no connection, or the host has a newer build under other names. The
// error of such a part is known by itself, since each browser words it otherwise.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

const missing = new WeakSet<object>();

export const missingStore = createStore<{ readonly isAny: boolean }>(() => ({ isAny: false }));

export const isMissingPart = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && missing.has(error);

export const useIsPartMissing = (): boolean => useStore(missingStore, ({ isAny }) => isAny);

/** Vite reports every import on demand that failed, before whoever asked for it hears of it. */
export function watchMissingParts(target: EventTarget): void {
  target.addEventListener('vite:preloadError', (event) => {
    if (!('payload' in event) || typeof event.payload !== 'object' || event.payload === null) return;
    missing.add(event.payload);
    missingStore.setState({ isAny: true });
  });
}
