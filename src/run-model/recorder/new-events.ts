// Feed of new events of a run for its narration, each delivered exactly once, in the run's order. A
// jump (another run, a review that sought another time) says so, and brings what led up to where it stands.

import type { ListedEvent } from '../picture/frame.ts';
import { listedTotal, type Recorder } from './recorder.ts';

/** Events handed out at once; at full speed a picture covers many more, and nobody could read them. */
const NEW_EVENTS_LIMIT = 240;
/** Events before a jump's time that are handed out with it. */
const JUMP_EVENTS = 60;

export interface NewEvents {
  readonly events: readonly ListedEvent[];
  /** True when these do not follow on the events delivered before. */
  readonly jumped: boolean;
}

/** Ordinary events handed out at once beside those that matter: for a screen reader set to read all events. */
const ORDINARY_LIMIT = 60;

/** Ordinary events that stories need: what a peer had to give, and outcomes that clients saw. */
const isForStory = ({ rank, event }: ListedEvent): boolean =>
  rank >= 2 || event.kind === 'hole.serve' || event.kind === 'op.return';

export interface NewEventsFeed {
  /** The next events do not follow on those delivered. */
  restart(): void;
  take(recorder: Recorder): NewEvents;
}

export function makeNewEventsFeed(): NewEventsFeed {
  let delivered: number | null = null;
  return {
    restart() {
      delivered = null;
    },
    take(recorder) {
      const total = listedTotal(recorder);
      const jumped = delivered === null || total < delivered;
      const from = jumped ? 0 : (delivered ?? 0);
      delivered = total;
      const limit = jumped ? JUMP_EVENTS : NEW_EVENTS_LIMIT;
      const events: ListedEvent[] = [];
      let ordinary = 0;
      for (let i = recorder.listed.length - 1; i >= 0 && events.length < limit; i--) {
        const event = recorder.listed[i];
        if (event === undefined || event.index < from) break;
        if (isForStory(event)) events.push(event);
        else if (event.rank === 1 && !jumped && ordinary++ < ORDINARY_LIMIT) events.push(event);
      }
      return { events: events.reverse(), jumped };
    },
  };
}
