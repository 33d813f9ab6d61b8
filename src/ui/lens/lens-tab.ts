// Which of its tabs a lens shows. It is kept by lens while the page lives, so that a link can name it and a lens that is opened again
// stands where it was left.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { LensId } from '../../state/settings-store.ts';
import type { SeenIn } from './lens-entry.ts';

interface Shown {
  readonly tab: string;
  /** By a person, or a link; else by what was spoken of. */
  readonly isChosen: boolean;
}

const lensTabs = createStore<Readonly<Record<string, Shown>>>(() => ({}));

export const showTab = (lens: LensId, tab: string): void =>
  lensTabs.setState({ [lens]: { tab, isChosen: true } });

/** What is spoken of is seen there. */
export const openTab = (lens: LensId, tab: string): void =>
  lensTabs.setState({ [lens]: { tab, isChosen: false } });

/** A person has chosen the tab that is shown. */
export const isTabChosen = (lens: LensId): boolean => lensTabs.getState()[lens]?.isChosen === true;

/** Of those with the beginnings that each claims: who claims the longest of a kind of event, or of a rule; null: nobody does. */
export function claimantOf<T>(all: readonly (readonly [T, readonly string[]])[], what: string): T | null {
  const claims = all.flatMap(([one, starts]) =>
    starts.filter((start) => what.startsWith(start)).map((start) => ({ one, length: start.length })),
  );
  return claims.sort((a, b) => b.length - a.length)[0]?.one ?? null;
}

/** The part of a lens. */
export const partFor = (parts: SeenIn = {}, what: string): string | null =>
  claimantOf(Object.entries(parts), what);

/** Null: none was chosen yet, the lens shows its first. */
export const tabOf = (lens: LensId): string | null => lensTabs.getState()[lens]?.tab ?? null;

/** A tab that the lens does not have is its first. */
export function useLensTab<T extends string>(
  lens: LensId,
  tabs: readonly [T, ...T[]],
): readonly [tab: T, show: (tab: string) => void] {
  const chosen = useStore(lensTabs, (all) => all[lens]?.tab);
  return [tabs.find((tab) => tab === chosen) ?? tabs[0], (tab) => showTab(lens, tab)];
}
