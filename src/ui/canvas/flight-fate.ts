// Displayed outcome of a message in flight: a loss shows where it happens, at the break of a cut link or before a receiver
// that is down, not when it is sent. One that was seen flying and was then lost shows it at once.

import type { FlightView } from '../../sim/types.ts';
import { type FlightFilter, isShownFlight } from '../../state/flight-filter.ts';
import type { FrameState } from '../../state/frame-store.ts';
import { linkShape } from '../../state/link-pair.ts';
import { breakAt } from './link-path.ts';

/** Where those that a link holds lie: one pile with a count, which needs room before the receiver's card. */
const heldAt = 0.7;

/** Share of the way at which a message stops that does not arrive: at the break of a cut link, else near the receiver. */
export function stopShare(
  { links, nodes }: Pick<FrameState, 'links' | 'nodes'>,
  from: string,
  to: string,
): number {
  const there = links[`${from}|${to}`];
  const pair = there ?? links[`${to}|${from}`];
  if (pair === undefined) return 0.97;
  const isForward = there !== undefined;
  const shape = linkShape(pair);
  const isCut = shape === 'cut' || shape === (isForward ? 'cutThere' : 'cutBack');
  if (isCut) return isForward ? breakAt - 0.05 : 1 - breakAt - 0.05;
  if ((isForward ? pair.there : pair.back)?.held === true) return heldAt;
  return nodes[to]?.status === 'down' ? 0.97 : 0.9;
}

/** Whether a lost message has come as far as it goes. */
export const hasStopped = (share: number, stopAt: number): boolean => share >= stopAt - 0.001;

let flown: ReadonlySet<string> = new Set();

/**
 * Messages in flight, as lists and counts have them: they have neither arrived nor been lost. The map shows a lost one a
 * little longer. Without a filter those of every family.
 */
export function inFlight(
  state: Pick<FrameState, 'frame' | 'links' | 'nodes'>,
  filter: FlightFilter | null,
): readonly FlightView[] {
  const { flights, time } = state.frame ?? { flights: [], time: 0 };
  return flights.filter(
    (flight) =>
      (filter === null || isShownFlight(flight, filter)) && seenFate(flight, state, time) !== 'lost',
  );
}

/** Messages in the shown picture that were seen flying; set by the map's painter. */
export function recordFlown(ids: ReadonlySet<string>): void {
  flown = ids;
}

/** The fate as it shows at this time. */
export function seenFate(
  flight: Pick<FlightView, 'id' | 'from' | 'to' | 'sentAt' | 'arrivesAt' | 'fate'>,
  state: Pick<FrameState, 'links' | 'nodes'>,
  now: number,
): FlightView['fate'] {
  if (flight.fate !== 'lost' || flown.has(flight.id)) return flight.fate;
  const span = flight.arrivesAt - flight.sentAt;
  const share = span <= 0 ? 1 : (now - flight.sentAt) / span;
  return hasStopped(share, stopShare(state, flight.from, flight.to)) ? 'lost' : 'flying';
}
