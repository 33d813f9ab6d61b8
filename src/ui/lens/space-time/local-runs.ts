// Events of a lane that follow each other while it neither sends nor receives are one run. Pure.

import type { PastMessage } from '../../../sim/flights.ts';
import type { ListedEvent } from '../../../sim/frame.ts';

/** Place of the first time after this one. */
function placeAfter(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? at) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Names the run that an event is of; null: a message leaves or arrives with it. */
export function makeLocalRuns(messages: readonly PastMessage[]): (event: ListedEvent) => string | null {
  const times = new Map<string, number[]>();
  const note = (node: string, at: number): void => {
    const own = times.get(node);
    if (own === undefined) times.set(node, [at]);
    else own.push(at);
  };
  for (const { from, to, sentAt, arrivesAt, fate } of messages) {
    note(from, sentAt);
    if (fate === 'arrived') note(to, arrivesAt);
  }
  for (const own of times.values()) own.sort((a, b) => a - b);
  return ({ node, at }) => {
    const own = times.get(node) ?? [];
    const place = placeAfter(own, at);
    return own[place - 1] === at ? null : `run ${place}`;
  };
}
