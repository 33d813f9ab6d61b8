// Which of its parts a lens shows: the tab that is open, or the section that was brought into view. It is kept by lens while the page
// lives, so that a link can name it and a lens that is opened again stands where it was left.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { LensId } from '../../state/settings-store.ts';
import type { SeenIn } from './lens-entry.ts';

interface Shown {
  /** Null: a reader has scrolled away from the section that was brought. */
  readonly part: string | null;
  /** By a person, or a link; else by what was spoken of. */
  readonly isChosen: boolean;
}

const lensParts = createStore<Readonly<Record<string, Shown>>>(() => ({}));

export const showPart = (lens: LensId, part: string): void =>
  lensParts.setState({ [lens]: { part, isChosen: true } });

/** What is spoken of is seen there. */
export const openPart = (lens: LensId, part: string): void =>
  lensParts.setState({ [lens]: { part, isChosen: false } });

/** A reader has scrolled a lens of sections, or works in it: it stays there. */
export const leaveSection = (lens: LensId): void =>
  lensParts.setState({ [lens]: { part: null, isChosen: true } });

/** It was brought, and no reader has scrolled it away. */
export const useIsBrought = (lens: LensId | undefined, section: string | undefined): boolean =>
  useStore(lensParts, (all) => lens !== undefined && section !== undefined && all[lens]?.part === section);

/** A person has chosen the part that is shown. */
export const isPartChosen = (lens: LensId): boolean => lensParts.getState()[lens]?.isChosen === true;

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
export const shownPart = (lens: LensId): string | null => lensParts.getState()[lens]?.part ?? null;

/** A tab that the lens does not have is its first. */
export function useLensTab<T extends string>(
  lens: LensId,
  tabs: readonly [T, ...T[]],
): readonly [tab: T, show: (tab: string) => void] {
  const chosen = useStore(lensParts, (all) => all[lens]?.part);
  return [tabs.find((tab) => tab === chosen) ?? tabs[0], (tab) => showPart(lens, tab)];
}
