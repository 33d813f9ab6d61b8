// Placement of lenses in the two places of the right column.

import { createContext, useContext } from 'react';
import { present } from '../../base/assert.ts';
import { type LensId, setSettings, useSettings } from '../../state/settings-store.ts';
import type { LensEntry } from './lens-entry.ts';

export type LensPlace = 'first' | 'second';

interface Placed {
  readonly place: LensPlace;
  readonly lens: LensEntry;
  /** All there are, to choose another. */
  readonly lenses: readonly LensEntry[];
}

export const LensPlaceContext = createContext<Placed | null>(null);
export const useLensPlace = (): Placed => present(useContext(LensPlaceContext), 'a lens stands in a place');

export const chooseLens = (place: LensPlace, id: LensId): void =>
  setSettings(place === 'second' ? { secondLens: id } : { lens: id });

/** Another lens beside the first, or none. */
export function toggleSecond(first: LensId, lenses: readonly LensEntry[], isOpen: boolean): void {
  const other = lenses.find(({ id }) => id !== first)?.id ?? null;
  setSettings({ secondLens: isOpen ? null : other, rightTab: 'lens' });
}

export const useLensAt = (place: LensPlace): LensId | null =>
  useSettings((settings) => (place === 'first' ? settings.lens : settings.secondLens));
