// The one way from a lab's host to its page. What is ahead of the disks does not leave: a word to the page waits until all
// that had happened when it was said is durable (durable-cut.ts), and words leave in the order in which they were said.

import { messageOf } from '../base/thrown.ts';
import type { FabricEvent, LiveState } from './fabric-messages.ts';

/** `pending`: null when all that has happened is durable; it rejects when it never will be. */
export function makeOutlet(
  post: (event: FabricEvent) => void,
  pending: () => Promise<void> | null,
): (event: FabricEvent) => void {
  /** Words that wait. */
  let waiting: Promise<void> | null = null;
  let last: LiveState | null = null;

  const send = (event: FabricEvent): void => {
    if (event.kind === 'live') last = event.live;
    post(event);
  };
  /** The disks have not taken what it speaks of: a question is refused, and the run is as it was last shown. */
  const refuse = (event: FabricEvent, error: unknown): void => {
    if (event.kind === 'done') post({ kind: 'refused', id: event.id, error: messageOf(error) });
    else if (event.kind === 'refused') post(event);
    else if (event.kind === 'live' && last !== null) {
      const { time, events, measuredSpeed } = last;
      post({ kind: 'live', live: { ...event.live, time, events, measuredSpeed } });
    }
  };

  return (event) => {
    // What failed, and how far long work is, are no states of the run.
    if (event.kind === 'notice' || event.kind === 'work') {
      post(event);
      return;
    }
    const due = pending();
    if (waiting === null && due === null) {
      send(event);
      return;
    }
    const mine = Promise.resolve(waiting)
      .then(() => due)
      .then(
        () => send(event),
        (error: unknown) => refuse(event, error),
      )
      .then(() => {
        if (waiting === mine) waiting = null;
      });
    waiting = mine;
  };
}
