// Merging of local events: those of a lane that follow each other while it neither sends nor receives are one run.
// Pure.

import { countBefore } from '../../../base/sorted.ts';
import type { PastMessage } from '../../../run-model/picture/flights.ts';
import type { ListedEvent } from '../../../run-model/picture/frame.ts';

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
    const place = countBefore(own, (time) => time <= at);
    return own[place - 1] === at ? null : `run ${place}`;
  };
}
