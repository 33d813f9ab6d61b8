// Positions, stacks and hit test of messages in flight. Pure: the overlay draws what this returns.

import type { FlightView } from '../../sim/types.ts';
import { type LinkPath, lanePlace, type Point } from './link-path.ts';

/** More messages than this on their way in one direction of a link are drawn as one stack with a count. */
export const stackLimit = 60;
/** A lost message fades this long after its fate shows, wall ms. */
export const fadeMs = 400;
/** How far a glyph reaches from its middle at full size, px. */
export const glyphReach = 13;
/** Of a way, at each end: where a glyph is moved to lie clear of the card; between them, where breaks show, none is. */
const endShare = 0.35;
/** Of a way, at each end, at most kept clear of the card. */
const clearMost = 0.3;
/** Hit radius around a glyph, px at zoom 1. */
export const hitRadius = 16;
/** px from a finger to what it means: half of the least size of a control. */
export const fingerReach = 22;

export interface FlightGlyph {
  readonly flight: FlightView;
  readonly at: Point;
  readonly angle: number;
  readonly share: number;
  /** Share of the way at which it stops if it never arrives. */
  readonly stopAt: number;
  /** Messages this glyph stands for. */
  readonly count: number;
}

/** Share of the way gone at `now`; a lost message stops at the break (or the receiver's edge) and stays. */
export function travelled(flight: FlightView, now: number, stopAt: number): number {
  const span = flight.arrivesAt - flight.sentAt;
  const share = span <= 0 ? 1 : (now - flight.sentAt) / span;
  const limit = flight.fate === 'lost' || flight.fate === 'held' ? stopAt : 1;
  return Math.min(Math.max(share, 0), limit);
}

export interface FlightSource {
  /** Path from sender to receiver, or null when one of them is not drawn. */
  readonly pathOf: (from: string, to: string) => LinkPath | null;
  /** Where on the way a message stops that never arrives: at the break of a cut link, else at the receiver's edge. */
  readonly stopOf: (from: string, to: string) => number;
  /** Least distance of a message's middle from the cards at both ends, map units. */
  readonly clear: number;
}

/** The messages in one direction of a link, and their way: the same in every frame of one picture. */
export interface Lane {
  readonly path: LinkPath;
  /** Share of the way, at each end, on which a glyph would lie on the card. */
  readonly clear: number;
  readonly stopAt: number;
  readonly flights: readonly FlightView[];
}

export function makeLanes(flights: readonly FlightView[], source: FlightSource): readonly Lane[] {
  const lists = new Map<string, FlightView[]>();
  for (const flight of flights) {
    const key = `${flight.from}>${flight.to}`;
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [flight]);
    else list.push(flight);
  }
  const lanes: Lane[] = [];
  for (const list of lists.values()) {
    const first = list[0];
    if (first === undefined) continue;
    const path = source.pathOf(first.from, first.to);
    if (path === null) continue;
    const { from, to } = path;
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    lanes.push({
      path,
      clear: Math.min(clearMost, source.clear / Math.max(1, length)),
      stopAt: source.stopOf(first.from, first.to),
      flights: list,
    });
  }
  return lanes;
}

/** Where a message that has gone this share of the way is drawn: clear of the cards. */
function placeIn({ path, clear }: Lane, share: number): ReturnType<typeof lanePlace> {
  const moved = clear * Math.max(0, 1 - Math.min(share, 1 - share) / endShare);
  return lanePlace(path, share < 0.5 ? share + moved : share - moved);
}

/** One glyph for several messages: with the first one's look, and a count. */
function stackOf(flights: readonly FlightView[], lane: Lane, share: number): readonly FlightGlyph[] {
  const [flight] = flights;
  if (flight === undefined) return [];
  return [{ flight, ...placeIn(lane, share), share, stopAt: lane.stopAt, count: flights.length }];
}

/**
 * `still`, reduced motion: messages stand spread along their way, their progress is given in words. Those that a link holds
 * lie on top of each other where they stopped: they are one stack.
 */
export function placeGlyphs(lanes: readonly Lane[], now: number, still: boolean): FlightGlyph[] {
  const drawn: FlightGlyph[] = [];
  for (const lane of lanes) {
    const { stopAt, flights } = lane;
    const isQueued = (flight: FlightView): boolean =>
      flight.fate === 'held' && travelled(flight, now, stopAt) >= stopAt;
    const queued = flights.filter(isQueued);
    const onWay = queued.length > 1 ? flights.filter((flight) => !isQueued(flight)) : flights;
    if (queued.length > 1) drawn.push(...stackOf(queued, lane, stopAt));
    if (onWay.length > stackLimit) {
      drawn.push(...stackOf(onWay, lane, 0.5));
      continue;
    }
    for (let i = 0; i < onWay.length; i++) {
      const flight = onWay[i];
      if (flight === undefined) continue;
      const share = travelled(flight, now, stopAt);
      const { at, angle } = placeIn(lane, still ? (i + 1) / (onWay.length + 1) : share);
      drawn.push({ flight, at, angle, share, stopAt, count: 1 });
    }
  }
  return drawn;
}

/** The topmost glyph within reach of a point. */
export function findGlyph(drawn: readonly FlightGlyph[], [x, y]: Point, reach: number): FlightGlyph | null {
  let best: FlightGlyph | null = null;
  let bestDistance = reach * reach;
  for (const glyph of drawn) {
    const distance = (glyph.at[0] - x) ** 2 + (glyph.at[1] - y) ** 2;
    if (distance <= bestDistance) {
      best = glyph;
      bestDistance = distance;
    }
  }
  return best;
}
