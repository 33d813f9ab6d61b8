// From a live request of the list to its message on the wire: the request on its way to the peer, or the peer's answer.

import type { GapRequestView } from '../../core/log-store/store-view.ts';
import type { FlightView } from '../../sim/types.ts';
import { frameStore } from '../../state/frame-store.ts';
import { storeOf } from './node-facts.ts';

const meets = (range: FlightView['label']['range'], { gapFirst, gapEnd }: GapRequestView): boolean =>
  range !== null && range[0] < gapEnd && gapFirst < range[1];

/** The newest message of the request that is still on its way, or null. */
export function findRequestMessage(
  flights: readonly FlightView[],
  node: string,
  group: string,
  request: GapRequestView,
): FlightView | null {
  const found = flights.filter(({ from, to, label }) => {
    if (label.group !== group || !meets(label.range, request)) return false;
    const asks = from === node && to === request.peer && label.family === 'holeRequest';
    return asks || (from === request.peer && to === node && label.family === 'holeFill');
  });
  return found.reduce<FlightView | null>(
    (newest, one) => (one.sentAt >= (newest?.sentAt ?? -1) ? one : newest),
    null,
  );
}

/** The message of a live request in the picture that is shown, by its id; null: there is none on its way. */
export function requestMessage(node: string, id: string): string | null {
  const { frame, nodes } = frameStore.getState();
  for (const list of storeOf(nodes[node])?.groups ?? []) {
    const request = list.requests.find((one) => one.id === id);
    if (request !== undefined)
      return findRequestMessage(frame?.flights ?? [], node, list.group, request)?.id ?? null;
  }
  return null;
}

/** Sends of the range's records that are on their way to a replica (null: to any). */
export const sendsOf = (
  flights: readonly FlightView[],
  group: string,
  { node, first, end }: { readonly node: string | null; readonly first: number; readonly end: number },
): readonly FlightView[] =>
  flights.filter(
    ({ to, fate, label }) =>
      label.family === 'wal' &&
      label.group === group &&
      fate !== 'lost' &&
      (node === null || to === node) &&
      label.range !== null &&
      label.range[0] < end &&
      first < label.range[1],
  );
