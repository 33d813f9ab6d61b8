// How figures and labels that have a term are written: in plain words, or as the field says. One control for the whole screen
// (canvas/map-controls.tsx, and the settings); a matter of the look: kept with the settings, no part of a run.

import { settingsStore, useSettings } from './settings-store.ts';

export const wordings = ['plain', 'expert'] as const;
export type Wording = (typeof wordings)[number];

export const useWording = (): Wording => useSettings(({ wording }) => wording);

/** For words that no component draws. */
export const wordingNow = (): Wording => settingsStore.getState().wording;
