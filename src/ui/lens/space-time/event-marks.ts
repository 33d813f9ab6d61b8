// The marks of a stretch's events: each lane's events of one moment are one mark. A stretch that moves on adds to its
// newest marks and drops its oldest.

import type { ListedEvent } from '../../../run-model/picture/frame.ts';
import type { Cone, EventMark } from './model.ts';
import '../../../words/lens/space-time.en.json';

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
  /** Marks made since they were listed: nobody else has them, so an event is added in its place. */
  let own = new WeakSet<EventMark>();
  const change = (place: number, known: EventMark): { rank: EventMark['rank']; events: ListedEvent[] } => {
    if (own.has(known)) return known as { rank: EventMark['rank']; events: ListedEvent[] } & EventMark;
    const copy = { ...known, events: [...known.events] };
    own.add(copy);
    marks[place] = copy;
    return copy;
  };
  return {
    add(event, lane, cone, run) {
      const moment = run ?? `moment ${mergeUs > 0 ? Math.floor(event.at / mergeUs) : event.at}`;
      const last = newest.get(lane);
      const at = last?.moment === moment ? last.place - dropped : -1;
      const known = marks[at];
      if (known?.cone === cone && cone !== 'self') {
        const mark = change(at, known);
        if (event.rank > mark.rank) mark.rank = event.rank;
        mark.events.push(event);
        return;
      }
      newest.set(lane, { moment, place: dropped + marks.length });
      const made: EventMark = { lane, at: event.at, rank: event.rank, events: [event], cone };
      own.add(made);
      marks.push(made);
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
    list() {
      own = new WeakSet();
      return [...marks];
    },
  };
}
