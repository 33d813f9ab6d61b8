// Looks for events in a whole run, forwards or backwards: simulates it again from the keyframe before and takes what
// matches. Every word of the pattern must be in the event's line: its kind, its node, its fields.

import type { Time } from '../base/ids.ts';
import type { ListedEvent } from '../run-model/picture/frame.ts';
import type { Player } from './player.ts';

export interface SearchQuery {
  readonly pattern: string;
  /** Searched after (or before) the event with this number, at this time. */
  readonly from: { readonly index: number; readonly time: number };
  readonly direction: 'next' | 'previous';
  readonly limit: number;
}

export interface SearchResult {
  /** In the run's order. */
  readonly events: readonly ListedEvent[];
  /** True when the run holds no more in that direction. */
  readonly isEnd: boolean;
}

/** The line that a pattern is held against: `hole.open store-3 group=g1 first=112 …`, in small letters. */
export function searchLine({ event, node }: ListedEvent): string {
  const fields = Object.entries(event).map(([name, value]) => (name === 'kind' ? value : `${name}=${value}`));
  return `${node} ${fields.join(' ')}`.toLowerCase();
}

export function matcherOf(pattern: string): (event: ListedEvent) => boolean {
  const words = pattern
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return (event) => {
    const line = searchLine(event);
    return words.every((word) => line.includes(word));
  };
}

/** One search in slices; `next` is called until it answers. */
export interface EventSearch {
  next(sliceMs: number): SearchResult | null;
  /** Virtual µs looked through, of those there are. */
  progress(): { readonly done: number; readonly of: number };
}

export function searchEvents(player: Player, horizon: Time, query: SearchQuery): EventSearch {
  return query.direction === 'next'
    ? searchForward(player, horizon, query)
    : searchBackward(player, horizon, query);
}

function searchForward(player: Player, horizon: Time, { pattern, from, limit }: SearchQuery): EventSearch {
  const matches = matcherOf(pattern);
  const scratch = player.scratch(from.time as Time);
  const start = scratch.now();
  const found: ListedEvent[] = [];
  scratch.onEvents = (events) => {
    for (const event of events)
      if (event.index > from.index && found.length < limit && matches(event)) found.push(event);
  };
  return {
    next(sliceMs) {
      const stopAt = performance.now() + sliceMs;
      for (;;) {
        const isEnd = scratch.now() >= horizon;
        if (isEnd || found.length >= limit) return { events: found, isEnd: isEnd && found.length < limit };
        scratch.run(Math.min(horizon, scratch.now() + STRETCH_US) as Time, sliceMs);
        if (performance.now() >= stopAt) return null;
      }
    },
    progress: () => ({ done: scratch.now() - start, of: horizon - start }),
  };
}

/** Virtual µs between two looks at whether enough was found. */
const STRETCH_US = 20_000;

function searchBackward(player: Player, horizon: Time, { pattern, from, limit }: SearchQuery): EventSearch {
  const matches = matcherOf(pattern);
  const latest = Math.min(horizon, from.time + 1);
  const starts = [0, ...player.keyframes.moments().map(({ time }) => time)].filter((time) => time < latest);
  let found: ListedEvent[] = [];
  let segment: ListedEvent[] = [];
  let scratch: Player | null = null;
  let end = latest;
  const begin = (time: number): Player => {
    const one = player.scratch(time as Time);
    one.onEvents = (events) => {
      for (const event of events) if (event.index < from.index && matches(event)) segment.push(event);
    };
    return one;
  };
  return {
    next(sliceMs) {
      const stopAt = performance.now() + sliceMs;
      for (;;) {
        if (scratch === null) {
          const start = starts.at(-1);
          if (start === undefined) return { events: found.slice(-limit), isEnd: found.length <= limit };
          if (found.length >= limit) return { events: found.slice(-limit), isEnd: false };
          segment = [];
          scratch = begin(start);
        }
        const isDone = scratch.run(end as Time, Math.max(1, stopAt - performance.now()));
        if (isDone) {
          end = starts.pop() ?? 0;
          found = [...segment, ...found];
          scratch = null;
        }
        if (performance.now() >= stopAt) return null;
      }
    },
    progress: () => ({ done: latest - end, of: latest }),
  };
}
