// Which of the five layouts the window's width asks for; `narrow` is one column.

import { useSyncExternalStore } from 'react';
import type { Breakpoint } from './settings-store.ts';

export function breakpointOf(width: number): Breakpoint {
  if (width < 1024) return 'narrow';
  if (width < 1280) return 'tablet';
  if (width < 1920) return 'laptop';
  return width < 2560 ? 'desktop' : 'wide';
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}

export const useBreakpoint = (): Breakpoint =>
  useSyncExternalStore(subscribe, () => breakpointOf(window.innerWidth));

export const useWindowSize = (): { readonly width: number; readonly height: number } => {
  const text = useSyncExternalStore(subscribe, () => `${window.innerWidth}x${window.innerHeight}`);
  const [width = 0, height = 0] = text.split('x').map(Number);
  return { width, height };
};
