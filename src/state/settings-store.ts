// What the screen remembers of a person between visits: theme, language, panel sizes per breakpoint, open panels.
// Kept in localStorage, read as untrusted text, erased by "forget everything".

import * as v from 'valibot';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { siteStorage } from './site-storage.ts';

export type SingleKeys = 'on' | 'alt' | 'off';
export type Density = 'comfortable' | 'compact';
export type Theme = 'system' | 'light' | 'dark';
export type Language = 'en' | 'zh-CN';
export type DockTab = 'timeline' | 'events' | 'sql' | 'metrics' | 'inFlight' | 'tape' | 'workload';
/** Lenses of any architecture; a stack adds its own by declaration merging. */
export interface LensIds {
  spaceTime: true;
  traces: true;
  checks: true;
  metrics: true;
}
export type LensId = keyof LensIds;
export type RightTab = 'lens' | 'inspector';
export type Breakpoint = 'narrow' | 'tablet' | 'laptop' | 'desktop' | 'wide';

const panelSizes = v.object({ right: v.number(), dock: v.number(), inspector: v.number() });
export type PanelSizes = v.InferOutput<typeof panelSizes>;

/** Defaults; `inspector` is its height below the lens. */
export const defaultSizes: Readonly<Record<Breakpoint, PanelSizes>> = {
  narrow: { right: 0, dock: 300, inspector: 320 },
  tablet: { right: 480, dock: 220, inspector: 320 },
  laptop: { right: 480, dock: 260, inspector: 320 },
  desktop: { right: 672, dock: 276, inspector: 360 },
  wide: { right: 1312, dock: 276, inspector: 360 },
};

/** What a screen reader reads beside the captions, from nothing to everything. */
export const narrationLevels = ['off', 'beats', 'meaningful', 'all'] as const;
export type NarrationLevel = (typeof narrationLevels)[number];

const savedSettings = v.object({
  narration: v.fallback(v.picklist(narrationLevels), 'beats'),
  theme: v.fallback(v.picklist(['system', 'light', 'dark']), 'system'),
  language: v.fallback(v.nullable(v.picklist(['en', 'zh-CN'])), null),
  sizes: v.fallback(v.record(v.string(), panelSizes), {}),
  labels: v.fallback(v.boolean(), true),
  /** How figures and labels that have a term are written (wording.ts). */
  wording: v.fallback(v.picklist(['plain', 'expert']), 'plain'),
  /** Null: shown where there is room for it. */
  legend: v.fallback(v.nullable(v.boolean()), null),
  heartbeats: v.fallback(v.boolean(), false),
  dockOpen: v.fallback(v.nullable(v.boolean()), null),
  rightOpen: v.fallback(v.nullable(v.boolean()), null),
  /** Single keys as they are, with Alt, or none. */
  singleKeys: v.fallback(v.picklist(['on', 'alt', 'off']), 'on'),
  /** Keys of the table that a person moved (key-map.ts). */
  keyMap: v.fallback(v.record(v.string(), v.pipe(v.string(), v.length(1))), {}),
  /** Whether a run that played goes on when its tab is shown again. */
  goesOn: v.fallback(v.boolean(), true),
  density: v.fallback(v.picklist(['comfortable', 'compact']), 'comfortable'),
  /** Null: as the system asks. */
  reducedMotion: v.fallback(v.nullable(v.boolean()), null),
  /** Names of what was last chosen in the palette, newest first. */
  recent: v.fallback(v.array(v.string()), []),
});
type SavedSettings = v.InferOutput<typeof savedSettings>;

export interface Settings extends SavedSettings {
  readonly dockTab: DockTab;
  readonly rightTab: RightTab;
  /** Null: the first of the run. */
  readonly lens: LensId | null;
  /** Stands in the second column of a wide window, or below the first in place of the inspector. */
  readonly secondLens: LensId | null;
}

const storageKey = 'postdb-lab:settings';

function readSaved(): SavedSettings {
  try {
    const text = siteStorage()?.getItem(storageKey) ?? '{}';
    return v.parse(savedSettings, JSON.parse(text));
  } catch {
    return v.parse(savedSettings, {});
  }
}

export const settingsStore = createStore<Settings>(() => ({
  ...readSaved(),
  dockTab: 'timeline',
  rightTab: 'lens',
  lens: null,
  secondLens: null,
}));

settingsStore.subscribe(
  ({ dockTab: _dock, rightTab: _right, lens: _lens, secondLens: _second, ...saved }) => {
    try {
      siteStorage()?.setItem(storageKey, JSON.stringify(saved));
    } catch {
      // Storage refused: the settings last as long as the page.
    }
  },
);

export function forgetSettings(): void {
  try {
    siteStorage()?.removeItem(storageKey);
  } catch {
    // Nothing was kept then.
  }
}

/** Everything as on a first visit, but the panels that are open stay. */
export function resetSettings(): void {
  settingsStore.setState(v.parse(savedSettings, {}));
}

export const setSettings = (change: Partial<Settings>): void => settingsStore.setState(change);

export function useSettings<T>(select: (settings: Settings) => T): T {
  return useStore(settingsStore, select);
}

/** Dock and right column stand open until a person closes them; a tablet begins with the map alone. */
export const isDockOpen = (settings: Settings, at: Breakpoint): boolean =>
  settings.dockOpen ?? at !== 'tablet';
export const isRightOpen = (settings: Settings, at: Breakpoint): boolean =>
  settings.rightOpen ?? at !== 'tablet';

export const sizesAt = (settings: Settings, at: Breakpoint): PanelSizes =>
  settings.sizes[at] ?? defaultSizes[at];

export function setSizes(at: Breakpoint, change: Partial<PanelSizes>): void {
  settingsStore.setState((settings) => ({
    sizes: { ...settings.sizes, [at]: { ...sizesAt(settings, at), ...change } },
  }));
}

export function resetSizes(at: Breakpoint): void {
  settingsStore.setState(({ sizes }) => ({
    sizes: Object.fromEntries(Object.entries(sizes).filter(([key]) => key !== at)),
  }));
}
