// On a phone one part of the frame is on the screen at a time, whole: which one, named by the id of its pane. Elsewhere all
// are there, and what is opened is scrolled to.

import { useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export type PartId = 'map-pane' | 'side-pane' | 'right-pane' | 'dock-pane';

const partStore = createStore<{ readonly part: PartId }>(() => ({ part: 'map-pane' }));

/** A finger, and no room for two parts: upright or on its side. */
const phone = globalThis.matchMedia?.(
  '(pointer: coarse) and (max-width: 639px), (pointer: coarse) and (max-width: 1023px) and (max-height: 479px)',
);

function subscribe(listener: () => void): () => void {
  phone?.addEventListener('change', listener);
  return () => phone?.removeEventListener('change', listener);
}

/** The part that is on the screen; null: all of them. */
export function usePart(): PartId | null {
  const part = useStore(partStore, (state) => state.part);
  return useSyncExternalStore(subscribe, () => phone?.matches === true) ? part : null;
}

/** Shows a part. Where all are on one page it is scrolled to. */
export function comeTo(part: PartId): void {
  partStore.setState({ part });
  document.getElementById(part)?.scrollIntoView();
}
