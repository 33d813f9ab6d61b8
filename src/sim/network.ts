// The network as plain data: one state per link direction with a PRNG stream of its own (PRE-2, PRE-3). A direction
// delivers in the order sent unless a reorder fault is on. Nothing ever takes less than the latency floor.

import { makePrng, nextBelow, nextChance, type Prng } from '../base/prng.ts';
import type { ZoneLink } from '../core/kernel/cluster-spec.ts';

/** One direction of a link. */
export interface LinkState {
  readonly prng: Prng;
  readonly presetBaseUs: number;
  readonly presetJitterUs: number;
  readonly isHeavyTailed: boolean;
  readonly percentiles?: Percentiles;
  baseUs: number;
  jitterUs: number;
  lossPercent: number;
  duplicatePercent: number;
  corruptPercent: number;
  reorderPercent: number;
  isCut: boolean;
  isHeld: boolean;
  /** Bytes carried in a millisecond; 0: no limit. */
  bytesPerMs: number;
  /** When the direction has sent all it was given, under a limit. */
  busyUntil: number;
  /** Messages of a family that are still to be lost or kept back. */
  next: NextOfFamily[];
  /** Arrival of the last message that keeps the order. */
  lastArrival: number;
}

export interface NextOfFamily {
  readonly kind: 'drop' | 'hold';
  readonly family: string;
  left: number;
}

type Percentiles = NonNullable<ZoneLink['percentiles']>;

export interface LinkSpec {
  readonly baseUs: number;
  readonly jitterUs: number;
  readonly isHeavyTailed: boolean;
  readonly percentiles?: Percentiles | undefined;
}

/** A frame on its way. `from` and `to` are node indexes; `sequence` counts what the source ever sent. */
export interface Flight {
  at: number;
  readonly from: number;
  readonly to: number;
  readonly sequence: number;
  /** 0, or which copy of a duplicated message. */
  readonly copy: number;
  readonly sentAt: number;
  bytes: Uint8Array;
  readonly causeOrdinal: number;
}

/** What the network did so far, for tests and the inspector. */
export interface NetworkCounters {
  sent: number;
  delivered: number;
  lost: number;
  cutOff: number;
  duplicated: number;
  corrupted: number;
  reordered: number;
  held: number;
  toDownNode: number;
}

export function makeLink(seed: number, from: string, to: string, life: number, spec: LinkSpec): LinkState {
  return {
    prng: makePrng(seed, `link:${from}>${to}`, life),
    presetBaseUs: spec.baseUs,
    presetJitterUs: spec.jitterUs,
    isHeavyTailed: spec.isHeavyTailed,
    ...(spec.percentiles === undefined ? {} : { percentiles: spec.percentiles }),
    baseUs: spec.baseUs,
    jitterUs: spec.jitterUs,
    lossPercent: 0,
    duplicatePercent: 0,
    corruptPercent: 0,
    reorderPercent: 0,
    isCut: false,
    isHeld: false,
    bytesPerMs: 0,
    busyUntil: 0,
    next: [],
    lastArrival: 0,
  };
}

/** Undoes every fault of the direction. */
export function healLink(link: LinkState): void {
  link.baseUs = link.presetBaseUs;
  link.jitterUs = link.presetJitterUs;
  link.lossPercent = 0;
  link.duplicatePercent = 0;
  link.corruptPercent = 0;
  link.reorderPercent = 0;
  link.isCut = false;
  link.bytesPerMs = 0;
  link.next = [];
}

/** When a message that is sent now has left: at once, or after those before it under a limit of bandwidth. */
export function leavesAt(link: LinkState, now: number, bytes: number): number {
  if (link.bytesPerMs === 0) return now;
  link.busyUntil = Math.max(now, link.busyUntil) + Math.ceil((bytes * 1000) / link.bytesPerMs);
  return link.busyUntil;
}

/** What becomes of a message because it is one of the next of its family; null: nothing. */
export function takeNext(link: LinkState, family: string): NextOfFamily['kind'] | null {
  const found = link.next.find((one) => one.family === family);
  if (found === undefined) return null;
  found.left--;
  if (found.left === 0) link.next = link.next.filter((one) => one !== found);
  return found.kind;
}

// Quantiles of a heavy tail (Pareto, shape 1.2, cut off at 30) in sixteenths of the jitter, in steps of 1/64.
const TAIL = [
  0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 6, 6, 7, 7, 7, 8, 8, 9, 10, 10, 11, 12, 12, 13, 14,
  15, 16, 17, 18, 19, 20, 21, 23, 24, 26, 28, 30, 33, 35, 39, 42, 47, 52, 58, 65, 75, 87, 103, 126, 160, 214,
  312, 480, 480, 480,
];

/** How much longer than the base: between two percentiles as far as the draw is between their shares. */
function drawMeasured({ prng, presetBaseUs }: LinkState, percentiles: Percentiles): number {
  const drawn = nextBelow(prng, 1000);
  let share = 0;
  let us = presetBaseUs;
  for (const [perMille, most] of percentiles) {
    if (drawn < perMille)
      return us - presetBaseUs + Math.trunc(((most - us) * (drawn - share)) / (perMille - share));
    share = perMille;
    us = most;
  }
  return us - presetBaseUs;
}

/** Delay of one message: base and a draw of the jitter. */
export function drawLatency(link: LinkState): number {
  const { jitterUs, percentiles } = link;
  if (percentiles !== undefined && jitterUs === 0) return link.baseUs + drawMeasured(link, percentiles);
  if (jitterUs === 0) return link.baseUs;
  if (!link.isHeavyTailed) return link.baseUs + nextBelow(link.prng, jitterUs + 1);
  const sixteenths = TAIL[nextBelow(link.prng, TAIL.length)] as number;
  return link.baseUs + Math.trunc((jitterUs * sixteenths) / 16) + nextBelow(link.prng, (jitterUs >> 4) + 1);
}

export const chanceOf = (link: LinkState, percent: number): boolean =>
  percent > 0 && nextChance(link.prng, percent, 100);

/** When a message sent now arrives, keeping the direction's order. */
export function drawArrival(link: LinkState, now: number): number {
  let at = now + drawLatency(link);
  if (link.reorderPercent > 0 && chanceOf(link, link.reorderPercent)) {
    return at + 1 + nextBelow(link.prng, 4 * (link.baseUs + link.jitterUs));
  }
  if (at < link.lastArrival) at = link.lastArrival;
  link.lastArrival = at;
  return at;
}

/** A copy of the frame with one bit flipped. */
export function flipBit(prng: Prng, bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return bytes;
  const bit = nextBelow(prng, bytes.length * 8);
  const damaged = bytes.slice();
  damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
  return damaged;
}

/** Order of arrival at one node: time, source, sequence, copy. */
export const compareFlights = (a: Flight, b: Flight): number =>
  a.at - b.at || a.from - b.from || a.sequence - b.sequence || a.copy - b.copy;
