// What is new in a run since it was last told: the events a story is made of, each exactly once, in the run's order. A
// jump (another run, a review that sought another time) says so, and brings what led up to where it stands.

import type { ListedEvent } from './frame.ts';
import { listedTotal, type Recorder } from './recorder.ts';

/** Events handed out at once; at full speed a picture covers many more, and nobody could read them. */
const NEWS_LIMIT = 240;
/** Events before a jump's time that are handed out with it. */
const JUMP_EVENTS = 60;

export interface News {
  readonly events: readonly ListedEvent[];
  /** True when these do not follow on what was told before. */
  readonly jumped: boolean;
}

/** Ordinary events handed out at once beside those that matter: for who wants everything read out. */
const ORDINARY_LIMIT = 60;

/** Ordinary events that stories need: what a peer had to give, and outcomes that clients saw. */
const isNews = ({ rank, event }: ListedEvent): boolean =>
  rank >= 2 || event.kind === 'hole.serve' || event.kind === 'op.return';

export interface NewsDesk {
  /** The next news do not follow on what was told. */
  restart(): void;
  take(recorder: Recorder): News;
}

export function makeNewsDesk(): NewsDesk {
  let told: number | null = null;
  return {
    restart() {
      told = null;
    },
    take(recorder) {
      const total = listedTotal(recorder);
      const jumped = told === null || total < told;
      const from = jumped ? 0 : (told ?? 0);
      told = total;
      const limit = jumped ? JUMP_EVENTS : NEWS_LIMIT;
      const events: ListedEvent[] = [];
      let ordinary = 0;
      for (let i = recorder.listed.length - 1; i >= 0 && events.length < limit; i--) {
        const event = recorder.listed[i];
        if (event === undefined || event.index < from) break;
        if (isNews(event)) events.push(event);
        else if (event.rank === 1 && !jumped && ordinary++ < ORDINARY_LIMIT) events.push(event);
      }
      return { events: events.reverse(), jumped };
    },
  };
}
