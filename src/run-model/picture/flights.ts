// The messages in flight as the canvas and the list show them, read from the fabric's own schedule.

import type { NodeId, Time } from '../../base/ids.ts';
import type { MessageLabel } from '../../core/kernel/message-label.ts';
import type { Fabric } from '../../sim/fabric-state.ts';
import { messagesIn } from '../../sim/message-log.ts';
import type { Flight } from '../../sim/network.ts';
import type { FlightView } from '../../sim/types.ts';

/** A message of the past, as the space-time picture shows it. */
export interface PastMessage extends Omit<FlightView, 'fate'> {
  readonly fate: FlightView['fate'] | 'arrived';
}

/** Most messages handed to the screen at once; the earliest arrivals first. */
export const FLIGHT_VIEW_LIMIT = 5_000;

/** A message's label is decoded once, however often it is shown; keyed by the frame itself. */
const labels = new WeakMap<Uint8Array, MessageLabel>();

function labelOf(bytes: Uint8Array, toLabel: (bytes: Uint8Array) => MessageLabel): MessageLabel {
  const known = labels.get(bytes);
  if (known !== undefined) return known;
  const label = toLabel(bytes);
  labels.set(bytes, label);
  return label;
}

const viewOf = (
  fabric: Fabric,
  toLabel: (bytes: Uint8Array) => MessageLabel,
  flight: Flight,
  fate: PastMessage['fate'],
  arrivesAt: number,
): PastMessage => {
  const idOf = (index: number): NodeId => fabric.nodes[index]?.spec.id ?? ('' as NodeId);
  return {
    id: `${idOf(flight.from)}.${flight.sequence}.${flight.copy}`,
    from: idOf(flight.from),
    to: idOf(flight.to),
    sentAt: flight.sentAt as Time,
    arrivesAt: arrivesAt as Time,
    fate,
    label: labelOf(flight.bytes, toLabel),
    bytes: flight.bytes.length,
    causeOrdinal: flight.causeOrdinal,
  };
};

export function flights(fabric: Fabric, toLabel: (bytes: Uint8Array) => MessageLabel): FlightView[] {
  const { traffic } = fabric;
  const show = (flight: Flight, fate: FlightView['fate'], at: number): FlightView => ({
    ...viewOf(fabric, toLabel, flight, fate, at),
    fate,
  });
  const views: FlightView[] = [];
  for (const inbox of traffic.inboxes) {
    for (const flight of inbox) views.push(show(flight, 'flying', flight.at));
  }
  for (const { flight, at } of traffic.ghosts) views.push(show(flight, 'lost', at));
  for (const flight of traffic.held) views.push(show(flight, 'held', flight.at));
  views.sort((a, b) => a.arrivesAt - b.arrivesAt || (a.id < b.id ? -1 : 1));
  return views.slice(0, FLIGHT_VIEW_LIMIT);
}

interface PastMessages {
  readonly list: readonly PastMessage[];
  /** With those that ended before what was asked for. */
  readonly total: number;
}

export const noMessages: PastMessages = { list: [], total: 0 };

/**
 * Every message that was on its way at some time in `[from, to]`, as far as the log reaches back, without those that
 * ended before `endedFrom`.
 */
export function pastMessages(
  fabric: Fabric,
  toLabel: (bytes: Uint8Array) => MessageLabel,
  from: number,
  to: number,
  endedFrom: number,
): PastMessages {
  const logged = messagesIn(fabric.traffic.log, from, to);
  const past = logged
    .filter(({ at }) => at >= endedFrom)
    .map(({ flight, at, isLost }) => viewOf(fabric, toLabel, flight, isLost ? 'lost' : 'arrived', at));
  const known = new Set(past.map(({ id }) => id));
  const flying = flights(fabric, toLabel).filter(({ id, sentAt }) => sentAt <= to && !known.has(id));
  const list = [...past, ...flying].sort((a, b) => a.sentAt - b.sentAt || (a.id < b.id ? -1 : 1));
  return { list, total: logged.length + flying.length };
}
