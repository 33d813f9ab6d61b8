// How a label that has a term is written: in plain words, both, or as the term. A label in plain words gives way as its
// reader meets the term: in plain words until its explanation was read once or a lesson has said it, both until it was read
// again, then the term alone. A matter of the look: kept with the settings, no part of a run.

import { setSettings, settingsStore, useSettings } from './settings-store.ts';

export const wordings = ['plain', 'both', 'term'] as const;
export type Wording = (typeof wordings)[number];

/** The setting says how a term begins; only one in plain words gives way. */
export const wordingOf = (setting: Wording, met: number): Wording =>
  setting === 'plain' ? (wordings[met] ?? 'term') : setting;

export const useWording = (term: string): Wording =>
  useSettings(({ wording, met }) => wordingOf(wording, met[term] ?? 0));

/** A reader has met these terms once more, up to so many times. */
export function meetTerms(terms: readonly string[], most = 2): void {
  const { met } = settingsStore.getState();
  const next = terms.filter((term) => (met[term] ?? 0) < most);
  if (next.length > 0)
    setSettings({ met: { ...met, ...Object.fromEntries(next.map((term) => [term, (met[term] ?? 0) + 1])) } });
}
