// Feed of the newest events to the page: each event is sent once. The page keeps what it has and adds what is new; after a
// jump, another choice of rank or another run it begins anew.

import type { ListedEvent } from '../run-model/picture/frame.ts';
import { listedTotal, type Recorder } from '../run-model/recorder/recorder.ts';
import type { EventsOnWay } from './event-cache.ts';

export interface EventPick {
  readonly minRank: number;
  readonly limit: number;
}

export interface EventFeed {
  take(recorder: Recorder, pick: EventPick): EventsOnWay;
}

export function makeEventFeed(): EventFeed {
  let sent = 0;
  let of: Recorder | null = null;
  let picked: EventPick = { minRank: -1, limit: 0 };
  return {
    take(recorder, pick) {
      const total = listedTotal(recorder);
      const isSamePick = pick.minRank === picked.minRank && pick.limit === picked.limit;
      const follows = recorder === of && isSamePick && total >= sent;
      const from = follows ? sent : 0;
      const events: ListedEvent[] = [];
      for (let i = recorder.listed.length - 1; i >= 0 && events.length < pick.limit; i--) {
        const event = recorder.listed[i];
        if (event === undefined || event.index < from) break;
        if (event.rank >= pick.minRank) events.push(event);
      }
      sent = total;
      of = recorder;
      picked = { ...pick };
      return { events: events.reverse(), follows, total };
    },
  };
}
