// Captions by source (live, past, tape). Those of the live cluster go on where they stopped when the past or a tape was
// looked at: what was shown of those is not part of them. Pure.

import type { ShownPlace } from '../../state/shown-place.ts';
import type { Flow } from './caption-flow.ts';

export interface StoryPlace {
  readonly place: ShownPlace;
  /** The live run; another one has another story. */
  readonly runId: string;
  /** Preset and seed of what `flow` is of, and which tape; another begins with an empty strip. */
  readonly of: string;
  readonly flow: Flow | null;
  /** The live run's story while something else is shown. */
  readonly aside: { readonly of: string; readonly flow: Flow } | null;
}

export const noStory: StoryPlace = { place: 'live', runId: '', of: '', flow: null, aside: null };

/** A run that is being started, as far as its picture shows it. */
export interface StartingRun {
  readonly of: string;
  /** Virtual µs. */
  readonly time: number;
}

/** What is said while a run is being started: nothing of another one, nor of what has not happened in it (an undo). */
export function saidOf({ of, flow }: StoryPlace, starting: StartingRun | null): Flow | null {
  if (starting === null) return flow;
  const isLater = (flow?.shown?.moment.listed.at ?? 0) > starting.time;
  return of === starting.of && !isLater ? flow : null;
}

/** Something else is shown from now on, or another run is live. */
export function turnTo(current: StoryPlace, place: ShownPlace, runId: string): StoryPlace {
  const isSameRun = runId === current.runId;
  if (place === current.place && (isSameRun || place === 'tape')) return { ...current, runId };
  if (place === current.place) return { ...noStory, place, runId };
  if (place === 'live')
    return isSameRun && current.aside !== null
      ? { place, runId, ...current.aside, aside: null }
      : { ...noStory, place, runId };
  const aside =
    current.place === 'live' && current.flow !== null
      ? { of: current.of, flow: current.flow }
      : current.aside;
  return { place, runId, of: '', flow: null, aside: isSameRun ? aside : null };
}
