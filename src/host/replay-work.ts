// Long work of the replay worker: it goes in slices, so that a person can end it, and shows a bar once that person has
// waited for it.

import type { Time } from '../base/ids.ts';
import type { ListedEvent } from '../run-model/picture/frame.ts';
import { listedTotal } from '../run-model/recorder/recorder.ts';
import { type SearchQuery, type SearchResult, searchEvents } from './event-search.ts';
import type { Player } from './player.ts';
import { type ReplayCore, SLICE_MS, shownPlayer } from './replay-core.ts';
import type { LongWork } from './replay-messages.ts';
import { yieldToMessages } from './yield-to-messages.ts';

/** Wall ms after which long work shows its bar. */
const BAR_AFTER_MS = 300;
/** Wall ms between two states of a bar. */
const BAR_EACH_MS = 100;
/** Why a request that was ended by a person is refused. */
export const CANCELLED = 'cancelled';

interface Work<T> {
  readonly what: LongWork['what'];
  /** Some of it; null while there is more to do. */
  readonly slice: () => T | null;
  readonly progress: () => { readonly done: number; readonly of: number };
}

/** Works until it answers; null when a person ended it. */
export async function inSlices<T>(core: ReplayCore, { what, slice, progress }: Work<T>): Promise<T | null> {
  core.cancelled = false;
  const startedAt = performance.now();
  let shownAt: number | null = null;
  try {
    for (;;) {
      const found = slice();
      if (found !== null) return found;
      const now = performance.now();
      if (now - (shownAt ?? startedAt) > (shownAt === null ? BAR_AFTER_MS : BAR_EACH_MS)) {
        shownAt = now;
        core.post({ kind: 'progress', bar: { what, ...progress() } });
      }
      await yieldToMessages();
      if (core.cancelled) return null;
    }
  } finally {
    if (shownAt !== null) core.post({ kind: 'progress', bar: null });
  }
}

/** False when it was ended on the way: it stands where it has come to. */
export async function seekPlayer(
  core: ReplayCore,
  player: Player,
  time: Time,
  what: LongWork['what'] = 'seek',
): Promise<boolean> {
  player.rewindTo(time);
  const from = player.now();
  const done = await inSlices(core, {
    what,
    slice: () => (player.run(time, SLICE_MS) ? true : null),
    progress: () => ({ done: player.now() - from, of: time - from }),
  });
  return done === true;
}

/** The shown branch, to a time or to its end. */
export async function seek(core: ReplayCore, time: Time): Promise<boolean> {
  const player = shownPlayer(core);
  core.newEventsFeed.restart();
  return seekPlayer(core, player, Math.min(time, player.end()) as Time);
}

/** Plays on until an event of this number has happened; null: the run ends before, or a person ended it. */
export async function playToEvent(
  core: ReplayCore,
  player: Player,
  index: number,
): Promise<ListedEvent | null> {
  const from = listedTotal(player.recorder());
  const heard = player.onEvents;
  let found: ListedEvent | null = null;
  player.onEvents = (events) => {
    heard?.(events);
    found ??= events.find((event) => event.index === index) ?? null;
  };
  try {
    await inSlices(core, {
      what: 'seek',
      slice: () => (player.run(player.end(), SLICE_MS, () => found !== null) ? true : null),
      progress: () => ({ done: listedTotal(player.recorder()) - from, of: index - from }),
    });
  } finally {
    player.onEvents = heard;
  }
  return found;
}

/** Throws when a person ended it. */
export async function runSearch(
  core: ReplayCore,
  player: Player,
  horizon: Time,
  query: SearchQuery,
): Promise<SearchResult> {
  const search = searchEvents(player, horizon, query);
  const found = await inSlices(core, {
    what: 'search',
    slice: () => search.next(SLICE_MS),
    progress: search.progress,
  });
  if (found === null) throw new Error(CANCELLED);
  return found;
}
