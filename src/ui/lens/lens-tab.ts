// Which of its tabs a lens shows. It is kept by lens while the page lives, so that a link can name it and a lens that is opened again
// stands where it was left.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { LensId } from '../../state/settings-store.ts';

const lensTabs = createStore<Readonly<Record<string, string>>>(() => ({}));

export const showTab = (lens: LensId, tab: string): void => lensTabs.setState({ [lens]: tab });

/** Null: none was chosen yet, the lens shows its first. */
export const tabOf = (lens: LensId): string | null => lensTabs.getState()[lens] ?? null;

/** A tab that the lens does not have is its first. */
export function useLensTab<T extends string>(
  lens: LensId,
  tabs: readonly [T, ...T[]],
): readonly [tab: T, show: (tab: string) => void] {
  const chosen = useStore(lensTabs, (all) => all[lens]);
  return [tabs.find((tab) => tab === chosen) ?? tabs[0], (tab) => showTab(lens, tab)];
}
