// Which story is told where. The live cluster's goes on where it stopped when the past or a tape was looked at: what was
// told of those is not part of it. Pure.

import type { ShownPlace } from '../../state/shown-place.ts';
import type { Flow } from './caption-flow.ts';

export interface Told {
  readonly place: ShownPlace;
  /** The live run; another one has another story. */
  readonly runId: string;
  /** Preset and seed of what `flow` tells of, and which tape; another begins with an empty strip. */
  readonly of: string;
  readonly flow: Flow | null;
  /** The live run's story while something else is shown. */
  readonly aside: { readonly of: string; readonly flow: Flow } | null;
}

export const nothingTold: Told = { place: 'live', runId: '', of: '', flow: null, aside: null };

/** Something else is shown from now on, or another run is live. */
export function turnTo(told: Told, place: ShownPlace, runId: string): Told {
  const isSameRun = runId === told.runId;
  if (place === told.place && (isSameRun || place === 'tape')) return { ...told, runId };
  if (place === told.place) return { ...nothingTold, place, runId };
  if (place === 'live')
    return isSameRun && told.aside !== null
      ? { place, runId, ...told.aside, aside: null }
      : { ...nothingTold, place, runId };
  const aside = told.place === 'live' && told.flow !== null ? { of: told.of, flow: told.flow } : told.aside;
  return { place, runId, of: '', flow: null, aside: isSameRun ? aside : null };
}
