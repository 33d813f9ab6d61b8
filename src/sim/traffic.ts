// All messages in flight, as plain data: an inbox heap per destination ordered by (arrival, source, sequence, copy), the
// links they cross, what a hold keeps back, and for the screen only what was lost a moment ago.

import { assert } from '../base/assert.ts';
import type { NodeId } from '../base/ids.ts';
import { popQueue, pushQueue } from '../base/priority-queue.ts';
import { makePrng, nextBelow } from '../base/prng.ts';
import { logMessage, type MessageLog } from './message-log.ts';
import {
  chanceOf,
  compareFlights,
  drawArrival,
  drawLatency,
  type Flight,
  flipBit,
  type LinkState,
  leavesAt,
  type NetworkCounters,
  takeNext,
} from './network.ts';
import type { OutMessage } from './types.ts';

/** Family of a frame, asked only of a link on which the next of a family are waited for. */
export type FamilyOf = (bytes: Uint8Array) => string;

/** A lost message, for the screen only: its fate shows at `at`. It has no part in the run. */
export interface Ghost {
  readonly flight: Flight;
  readonly at: number;
}

/** How long a lost message stays in the picture after its fate showed, so that every picture's pace sees it. */
export const GHOST_LINGER_US = 2_000;

export interface Traffic {
  /** By node index. */
  inboxes: Flight[][];
  /** links[from][to] */
  links: LinkState[][];
  held: Flight[];
  ghosts: Ghost[];
  /** Bytes ever sent by family; counted with the log, for the screen only. */
  bytesBy: Map<string, number>;
  /** For the screen only; null where nobody looks. */
  log: MessageLog | null;
  /** Messages ever sent, by node index; goes on over a node's lives. */
  sentBy: number[];
  counters: NetworkCounters;
}

/** Most messages a hold keeps back in the whole world; beyond it they are lost. */
export const HELD_LIMIT = 100_000;
/** Most lost messages kept for the screen; beyond it the oldest go. */
export const GHOST_LIMIT = 1_000;
/** Most messages on their way to one node; beyond it the newest is lost, as in a full buffer. */
export const INBOX_LIMIT = 200_000;

export function makeTraffic(links: LinkState[][]): Traffic {
  return {
    inboxes: links.map(() => []),
    links,
    held: [],
    ghosts: [],
    bytesBy: new Map(),
    log: null,
    sentBy: links.map(() => 0),
    counters: {
      sent: 0,
      delivered: 0,
      lost: 0,
      cutOff: 0,
      duplicated: 0,
      corrupted: 0,
      reordered: 0,
      held: 0,
      toDownNode: 0,
    },
  };
}

/** One node more, at the end of the list: links to it from every other, and from it to every other and to itself. */
export function addPlace(traffic: Traffic, to: readonly LinkState[], from: readonly LinkState[]): void {
  for (const [i, row] of traffic.links.entries()) row.push(to[i] as LinkState);
  traffic.links.push([...from]);
  traffic.inboxes.push([]);
  traffic.sentBy.push(0);
}

export const linkOf = (traffic: Traffic, from: number, to: number): LinkState =>
  (traffic.links[from] as LinkState[])[to] as LinkState;

export const inboxOf = (traffic: Traffic, to: number): Flight[] => traffic.inboxes[to] as Flight[];

function lose(traffic: Traffic, flight: Flight, at: number): void {
  if (traffic.ghosts.length >= GHOST_LIMIT) traffic.ghosts.shift();
  traffic.ghosts.push({ flight, at });
  logMessage(traffic.log, flight, at, true);
}

function launch(traffic: Traffic, flight: Flight): void {
  const inbox = inboxOf(traffic, flight.to);
  if (inbox.length >= INBOX_LIMIT) {
    traffic.counters.lost++;
    lose(traffic, flight, flight.at);
    return;
  }
  pushQueue(inbox, flight, compareFlights);
}

const countBytes = ({ bytesBy }: Traffic, family: string, bytes: number): void => {
  bytesBy.set(family, (bytesBy.get(family) ?? 0) + bytes);
};

/** Puts a message that `from` sent to `to` on its way, or decides that it is lost or held. */
export function sendMessage(
  traffic: Traffic,
  from: number,
  to: number,
  message: OutMessage,
  familyOf: FamilyOf,
): void {
  const link = linkOf(traffic, from, to);
  const sequence = (traffic.sentBy[from] as number) + 1;
  traffic.sentBy[from] = sequence;
  traffic.counters.sent++;
  const { at: sentAt, bytes, causeOrdinal } = message;
  if (traffic.log !== null) countBytes(traffic, familyOf(bytes), bytes.length);
  const flight: Flight = { at: sentAt, from, to, sequence, copy: 0, sentAt, bytes, causeOrdinal };
  if (link.isCut) {
    traffic.counters.cutOff++;
    lose(traffic, flight, sentAt + (link.baseUs >> 1));
    return;
  }
  const fate = link.next.length === 0 ? null : takeNext(link, familyOf(bytes));
  if (fate === 'drop') {
    traffic.counters.lost++;
    lose(traffic, flight, sentAt + (link.baseUs >> 1));
    return;
  }
  if (link.isHeld || fate === 'hold') {
    keepBack(traffic, flight);
    return;
  }
  transmit(traffic, link, flight, sentAt);
}

function keepBack(traffic: Traffic, flight: Flight): void {
  if (traffic.held.length >= HELD_LIMIT) {
    traffic.counters.lost++;
    return;
  }
  traffic.counters.held++;
  traffic.held.push(flight);
}

function transmit(traffic: Traffic, link: LinkState, flight: Flight, now: number): void {
  const { counters } = traffic;
  const before = link.lastArrival;
  flight.at = drawArrival(link, leavesAt(link, now, flight.bytes.length));
  if (flight.at > now && link.lastArrival === before && link.reorderPercent > 0) counters.reordered++;
  if (chanceOf(link, link.lossPercent)) {
    counters.lost++;
    lose(traffic, flight, flight.at);
    return;
  }
  if (chanceOf(link, link.corruptPercent)) {
    counters.corrupted++;
    flight.bytes = flipBit(link.prng, flight.bytes);
  }
  launch(traffic, flight);
  if (chanceOf(link, link.duplicatePercent)) {
    counters.duplicated++;
    const at = flight.at + nextBelow(link.prng, 4 * (link.baseUs + link.jitterUs));
    launch(traffic, { ...flight, at, copy: 1 });
  }
}

/** When the next message arrives at the node, or `never`. */
export function nextArrival(traffic: Traffic, to: number, never: number): number {
  const first = inboxOf(traffic, to)[0];
  return first === undefined ? never : first.at;
}

/** Takes the node's next message if it arrives before `until`. */
export function takeArrival(traffic: Traffic, to: number, until: number): Flight | undefined {
  const inbox = inboxOf(traffic, to);
  const first = inbox[0];
  if (first === undefined || first.at >= until) return undefined;
  return popQueue(inbox, compareFlights);
}

/** A node is down: what has arrived for it before `until` is lost at its edge. */
export function dropArrivals(traffic: Traffic, to: number, until: number): void {
  for (let flight = takeArrival(traffic, to, until); flight; flight = takeArrival(traffic, to, until)) {
    traffic.counters.toDownNode++;
    lose(traffic, flight, flight.at);
  }
}

function rebuildInbox(traffic: Traffic, to: number, flights: readonly Flight[]): void {
  const inbox: Flight[] = [];
  for (const flight of flights) pushQueue(inbox, flight, compareFlights);
  traffic.inboxes[to] = inbox;
}

/** PRE-3: a cut loses what is sent during it and what is in flight (or held) when it begins. */
export function cutLink(traffic: Traffic, from: number, to: number, now: number): void {
  linkOf(traffic, from, to).isCut = true;
  const stays: Flight[] = [];
  for (const flight of inboxOf(traffic, to)) {
    if (flight.from !== from) {
      stays.push(flight);
      continue;
    }
    traffic.counters.cutOff++;
    lose(traffic, flight, now);
  }
  rebuildInbox(traffic, to, stays);
  traffic.held = traffic.held.filter((flight) => {
    if (flight.from !== from || flight.to !== to) return true;
    traffic.counters.cutOff++;
    return false;
  });
}

/** Sends on what the direction held back, in order, as a burst. */
export function releaseLink(traffic: Traffic, from: number, to: number, now: number): void {
  const link = linkOf(traffic, from, to);
  link.isHeld = false;
  const burst = traffic.held.filter((flight) => flight.from === from && flight.to === to);
  traffic.held = traffic.held.filter((flight) => flight.from !== from || flight.to !== to);
  for (const flight of burst) transmit(traffic, link, flight, now);
}

/** Forgets the lost messages whose fate has been shown. */
export function fadeGhosts(traffic: Traffic, now: number): void {
  const [oldest] = traffic.ghosts;
  if (oldest === undefined || oldest.at + GHOST_LINGER_US > now) return;
  traffic.ghosts = traffic.ghosts.filter((ghost) => ghost.at + GHOST_LINGER_US > now);
}

/** What a tape may do to one message in flight. */
export type MessageFault =
  | { readonly kind: 'drop' }
  | { readonly kind: 'delay'; readonly us: number }
  | { readonly kind: 'deliver' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'corrupt' }
  | { readonly kind: 'hold' }
  | { readonly kind: 'release' };

export interface MessageName {
  readonly from: number;
  readonly sequence: number;
  readonly copy: number;
}

interface ParsedName {
  readonly from: NodeId;
  readonly sequence: number;
  readonly copy: number;
}

/** `rw-1.112.0`: the source, which of its messages, which copy. */
export function parseMessageName(text: string): ParsedName | null {
  const found = /^(.+)\.(\d{1,15})\.(\d{1,6})$/.exec(text);
  if (found === null) return null;
  return { from: found[1] as NodeId, sequence: Number(found[2]), copy: Number(found[3]) };
}

const isNamed = (flight: Flight, name: MessageName): boolean =>
  flight.from === name.from && flight.sequence === name.sequence && flight.copy === name.copy;

/** The message, while a hold keeps it back. */
export const namedHeld = ({ held }: Traffic, name: MessageName): Flight | undefined =>
  held.find((flight) => isNamed(flight, name));

function takeNamed(traffic: Traffic, name: MessageName): Flight | null {
  const kept = traffic.held.findIndex((flight) => isNamed(flight, name));
  if (kept >= 0) return traffic.held.splice(kept, 1)[0] ?? null;
  for (let to = 0; to < traffic.inboxes.length; to++) {
    const inbox = inboxOf(traffic, to);
    const found = inbox.find((flight) => isNamed(flight, name));
    if (found === undefined) continue;
    rebuildInbox(
      traffic,
      to,
      inbox.filter((flight) => flight !== found),
    );
    return found;
  }
  return null;
}

/** Does it; false when the message is no longer (or not yet) in flight. `floorUs` is kept (PRE-2). */
export function actOnMessage(
  traffic: Traffic,
  name: MessageName,
  fault: MessageFault,
  now: number,
  floorUs: number,
  seed: number,
): boolean {
  const wasHeld = namedHeld(traffic, name) !== undefined;
  const flight = takeNamed(traffic, name);
  if (flight === null) return false;
  const prng = makePrng(seed, `message:${name.from}.${name.sequence}.${name.copy}@${now}`);
  const link = linkOf(traffic, flight.from, flight.to);
  const putBack = (): void => (wasHeld ? keepBack(traffic, flight) : launch(traffic, flight));
  switch (fault.kind) {
    case 'drop':
      traffic.counters.lost++;
      lose(traffic, flight, now);
      break;
    case 'delay':
      flight.at = Math.max(flight.at, now) + fault.us;
      launch(traffic, flight);
      break;
    case 'deliver':
      flight.at = Math.max(now, flight.sentAt + floorUs);
      launch(traffic, flight);
      break;
    case 'duplicate': {
      putBack();
      traffic.counters.duplicated++;
      const copy = nextCopy(traffic, flight);
      const at = Math.max(flight.at, now) + nextBelow(prng, link.baseUs + link.jitterUs + 1);
      launch(traffic, { ...flight, at, copy });
      break;
    }
    case 'corrupt':
      traffic.counters.corrupted++;
      flight.bytes = flipBit(prng, flight.bytes);
      putBack();
      break;
    case 'hold':
      keepBack(traffic, flight);
      break;
    case 'release':
      assert(flight.sentAt <= now, 'a held message was sent before');
      flight.at = Math.max(flight.at, now + drawLatency(link));
      launch(traffic, flight);
      break;
  }
  return true;
}

function nextCopy(traffic: Traffic, of: Flight): number {
  let copy = of.copy;
  const count = (flight: Flight): void => {
    if (flight.from === of.from && flight.sequence === of.sequence && flight.copy > copy) copy = flight.copy;
  };
  for (const inbox of traffic.inboxes) inbox.forEach(count);
  traffic.held.forEach(count);
  return copy + 1;
}
