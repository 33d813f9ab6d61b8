// Coach mark: the chip that suggests a next step, where it stands, and which were seen. A chip that was followed or put
// aside does not come again; what was seen stays in this browser until it is erased.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { siteStorage } from './site-storage.ts';

export const chipIds = ['cut', 'atHole', 'cutBoth', 'heal', 'whatIf', 'lesson'] as const;
export type ChipId = (typeof chipIds)[number];

interface CoachState {
  /** On the middle of a link of the map, by the link's key. */
  readonly onLink: { readonly chip: ChipId; readonly link: string } | null;
  /** In the caption strip. */
  readonly inStrip: ChipId | null;
  readonly seen: readonly ChipId[];
}

const storageKey = 'postdb-lab:coach';

function readSeen(): readonly ChipId[] {
  try {
    const value: unknown = JSON.parse(siteStorage()?.getItem(storageKey) ?? '[]');
    return Array.isArray(value) ? chipIds.filter((id) => value.includes(id)) : [];
  } catch {
    return [];
  }
}

export const coachStore = createStore<CoachState>(() => ({ onLink: null, inStrip: null, seen: readSeen() }));

/** The chip was followed or put aside. */
export function markSeen(chip: ChipId): void {
  const { seen, onLink, inStrip } = coachStore.getState();
  const next = seen.includes(chip) ? seen : [...seen, chip];
  coachStore.setState({
    seen: next,
    onLink: onLink?.chip === chip ? null : onLink,
    inStrip: inStrip === chip ? null : inStrip,
  });
  try {
    siteStorage()?.setItem(storageKey, JSON.stringify(next));
  } catch {
    // Storage refused: it is remembered as long as the page.
  }
}

/** Every suggestion comes again, as on a first visit. */
export function forgetCoach(): void {
  coachStore.setState({ seen: [], onLink: null, inStrip: null });
  try {
    siteStorage()?.removeItem(storageKey);
  } catch {
    // Nothing was kept then.
  }
}

export const useCoach = <T>(select: (state: CoachState) => T): T => useStore(coachStore, select);
