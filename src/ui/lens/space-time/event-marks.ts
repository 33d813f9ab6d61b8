// The marks of a stretch's events: each lane's events of one moment are one mark. A stretch that moves on adds to its
// newest marks and drops its oldest.

import type { ListedEvent } from '../../../sim/frame.ts';
import type { Cone, EventMark } from './model.ts';
import './texts.ts';

const rankOf = (events: readonly ListedEvent[]): EventMark['rank'] =>
  Math.max(...events.map(({ rank }) => rank)) as EventMark['rank'];

/** Without the events before a time; null when there are no others. */
function trim(mark: EventMark, from: number): EventMark | null {
  if (mark.at >= from) return mark;
  const events = mark.events.filter(({ at }) => at >= from);
  const [first] = events;
  return first === undefined ? null : { ...mark, at: first.at, rank: rankOf(events), events };
}

export interface EventMarks {
  /** Takes an event that comes after those it has; those of a run are one mark, however long it is. */
  add(event: ListedEvent, lane: number, cone: Cone, run: string | null): void;
  /** Drops the events before a time. */
  dropBefore(from: number): void;
  list(): readonly EventMark[];
}

/** `mergeUs`: length of a moment, counted from time 0, so that a mark is the same wherever the stretch begins. */
export function makeEventMarks(mergeUs: number): EventMarks {
  let marks: EventMark[] = [];
  /** Marks that were dropped: places count on. */
  let dropped = 0;
  /** The newest mark of each lane. */
  const newest = new Map<number, { readonly moment: string; readonly place: number }>();
  return {
    add(event, lane, cone, run) {
      const moment = run ?? `moment ${mergeUs > 0 ? Math.floor(event.at / mergeUs) : event.at}`;
      const last = newest.get(lane);
      const at = last?.moment === moment ? last.place - dropped : -1;
      const known = marks[at];
      if (known?.cone === cone && cone !== 'self') {
        const events = [...known.events, event];
        marks[at] = { ...known, rank: rankOf(events), events };
        return;
      }
      newest.set(lane, { moment, place: dropped + marks.length });
      marks.push({ lane, at: event.at, rank: event.rank, events: [event], cone });
    },
    dropBefore(from) {
      // Marks lie in the order of their first events; one that was trimmed begins a moment later at most.
      let end = 0;
      while ((marks[end]?.at ?? Number.POSITIVE_INFINITY) < from + mergeUs) end++;
      if (end === 0) return;
      const left = marks.slice(0, end).flatMap((mark) => trim(mark, from) ?? []);
      for (const [lane, { place }] of newest) if (place - dropped < end) newest.delete(lane);
      dropped += end - left.length;
      marks = left.concat(marks.slice(end));
    },
    list: () => [...marks],
  };
}
