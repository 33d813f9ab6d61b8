// Window of the event list around an event that was chosen elsewhere: one among the newest stands in its place there
// whatever its rank, an older one brings those around it.

import { isSame } from '../../base/same-plain.ts';
import type { Lab } from '../../lab/api.ts';
import type { ListedEvent } from '../../run-model/picture/frame.ts';

/** Events of the list before and after the chosen one. */
const aside = 500;
/** µs after it in which they are looked for, and how many happen in them at most. */
const afterUs = 20_000;
const afterLimit = 20_000;

/** Where an event stands to a list of the newest of `total`. */
export type Standing = 'listed' | 'below rank' | 'older' | 'later';

export function standingOf(newest: readonly ListedEvent[], total: number, { index }: ListedEvent): Standing {
  if (index >= total) return 'later';
  const place = newest.findLastIndex((event) => event.index <= index);
  if (place < 0) return 'older';
  return newest[place]?.index === index ? 'listed' : 'below rank';
}

/** The list with an event at its place in the run's order. */
export function withEvent(events: readonly ListedEvent[], listed: ListedEvent): readonly ListedEvent[] {
  const place = events.findLastIndex(({ index }) => index < listed.index) + 1;
  return [...events.slice(0, place), listed, ...events.slice(place)];
}

/** The events around one, with it; null: the run that is shown does not remember it, or is another one. */
export async function eventsAround(
  lab: Pick<Lab, 'past'>,
  listed: ListedEvent,
  minRank: number,
): Promise<readonly ListedEvent[] | null> {
  const { at, index } = listed;
  const ask = { minRank, kinds: null, withMessages: false, known: null } as const;
  const [before, instant, after] = await Promise.all([
    lab.past({ ...ask, from: 0, to: at, limit: 2 * aside }),
    lab.past({ ...ask, from: at, to: at, minRank: 0, limit: afterLimit }),
    lab.past({ ...ask, from: at, to: at + afterUs, limit: afterLimit }),
  ]);
  if (!instant.events.some((event) => isSame(event, listed))) return null;
  const late = before.events.filter((event) => event.index < index);
  const soon = after.events.filter((event) => event.index > index);
  return [...late.slice(-aside), listed, ...soon.slice(0, aside)];
}
