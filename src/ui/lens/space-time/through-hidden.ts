// Causal chains through hidden lanes: for each message that one of them sent to a lane that is shown, the newest
// message of every other shown lane that it knew of then. What is known there already from before is not drawn again,
// so these are the fewest lines that say the same. Pure.

import type { PastMessage } from '../../../run-model/picture/flights.ts';

/** From the departure of `first` to the arrival of `last`. */
export interface Chain {
  readonly first: PastMessage;
  readonly last: PastMessage;
}

/** The newest message of each shown lane that is known. */
type Known = ReadonlyMap<string, PastMessage>;

function learn(known: Map<string, PastMessage>, reached: Iterable<readonly [string, PastMessage]>): void {
  for (const [node, message] of reached) {
    const before = known.get(node);
    if (before === undefined || before.sentAt < message.sentAt) known.set(node, message);
  }
}

/** `messages`: those that are drawn. Only what has arrived passes anything on. */
export function findChains(
  messages: readonly PastMessage[],
  isHidden: (node: string) => boolean,
): readonly Chain[] {
  const steps = messages.flatMap((message) => {
    if (message.fate !== 'arrived' || (!isHidden(message.from) && !isHidden(message.to))) return [];
    const arrival = { at: message.arrivesAt, isArrival: true, message };
    return isHidden(message.from) ? [arrival, { at: message.sentAt, isArrival: false, message }] : [arrival];
  });
  // What arrives in an instant is known to what is sent in it.
  steps.sort((a, b) => a.at - b.at || Number(b.isArrival) - Number(a.isArrival));
  const knownTo = new Map<string, Map<string, PastMessage>>();
  const carried = new Map<PastMessage, Known>();
  const chains: Chain[] = [];
  const known = (node: string): Map<string, PastMessage> => {
    const own = knownTo.get(node) ?? new Map<string, PastMessage>();
    knownTo.set(node, own);
    return own;
  };
  for (const { isArrival, message } of steps) {
    const { from, to } = message;
    if (!isArrival) {
      carried.set(message, new Map(known(from)));
      continue;
    }
    const reached: Known = isHidden(from) ? (carried.get(message) ?? new Map()) : new Map([[from, message]]);
    const own = known(to);
    if (!isHidden(to))
      for (const [node, first] of reached)
        if (node !== to && (own.get(node)?.sentAt ?? Number.NEGATIVE_INFINITY) < first.sentAt)
          chains.push({ first, last: message });
    learn(own, reached);
  }
  return chains;
}
