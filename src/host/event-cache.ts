// Cache of listed events in the page, updated by event-feed.ts. It knows nothing of the engine, because the page
// loads it first.

import type { ListedEvent } from '../run-model/picture/frame.ts';

export interface EventsOnWay {
  readonly events: readonly ListedEvent[];
  /** True: they follow on those sent before. */
  readonly follows: boolean;
  readonly total: number;
}

/** The page's end: what is listed now, at most `limit` of the newest. */
export function makeEventCache(): (next: EventsOnWay, limit: number) => readonly ListedEvent[] {
  let listed: readonly ListedEvent[] = [];
  return ({ events, follows }, limit) => {
    if (!follows) listed = events;
    else if (events.length > 0) listed = [...listed, ...events].slice(-limit);
    return listed;
  };
}
