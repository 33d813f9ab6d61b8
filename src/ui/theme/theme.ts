// Light or dark: what the person chose, else what the system says. Written to `data-theme` of the
// document; for the first paint by public/first-theme.js, before any other script.

import { useEffect, useSyncExternalStore } from 'react';
import { type Theme, useSettings } from '../../state/settings-store.ts';

const query = '(prefers-color-scheme: dark)';

export function resolveTheme(theme: Theme, systemIsDark: boolean): 'light' | 'dark' {
  if (theme !== 'system') return theme;
  return systemIsDark ? 'dark' : 'light';
}

function subscribe(listener: () => void): () => void {
  const media = matchMedia(query);
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
}

export function useTheme(): 'light' | 'dark' {
  const theme = useSettings((settings) => settings.theme);
  const systemIsDark = useSyncExternalStore(subscribe, () => matchMedia(query).matches);
  const resolved = resolveTheme(theme, systemIsDark);
  useEffect(() => applyTheme(resolved), [resolved]);
  return resolved;
}

function applyTheme(theme: 'light' | 'dark'): void {
  document.documentElement.dataset.theme = theme;
}
