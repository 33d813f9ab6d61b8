// The fabric: which windows there are, who takes part, what is in flight, what the tape does. Plain data and functions;
// whoever hosts the nodes (in this process, in workers) calls `nextStep`, does it, and answers with `completeWindow`.
// A window ends at min(start + lookahead, next action, limit, frame), so nodes cannot affect each other inside it and
// may run in parallel; where windows are cut does not matter.

import { assert } from '../base/assert.ts';
import type { NodeId, Time } from '../base/ids.ts';
import type { ViewParams } from '../core/kernel/view-params.ts';
import { requestIdAt } from './actions/clients.ts';
import { applyDueActions, nextTapeAt } from './fabric-actions.ts';
import {
  expectPowerCut,
  type Fabric,
  type FabricHost,
  type FabricNode,
  retireNode,
  tripNode,
} from './fabric-state.ts';
import { logMessage } from './message-log.ts';
import { nextMarkAt } from './power-cut.ts';
import type { TapeAction } from './tape-actions.ts';
import { dropArrivals, type FamilyOf, fadeGhosts, nextArrival, sendMessage, takeArrival } from './traffic.ts';
import {
  type Delivery,
  type Lifecycle,
  NEVER,
  type TracedEvent,
  type WindowAnswer,
  type WindowRequest,
} from './types.ts';

export interface StepLimits {
  /** Exclusive: nothing at or after it is released. */
  readonly until: Time;
  /** At most this much virtual time in one window, for slow motion. */
  readonly frameUs: number | null;
  /** When set, every node that is up takes part and shows itself. */
  readonly view: ViewParams | null;
}

export type FabricStep =
  | { readonly kind: 'lifecycle'; readonly ops: readonly Lifecycle[] }
  | { readonly kind: 'window'; readonly until: Time; readonly requests: ReadonlyMap<NodeId, WindowRequest> }
  /** Nothing to do before the limit. */
  | { readonly kind: 'idle' };

/** What the host has to do next. A window must be completed before the next call. */
export function nextStep(fabric: Fabric, host: FabricHost, limits: StepLimits): FabricStep {
  assert(!fabric.isReleased, 'the window before has been completed');
  for (;;) {
    if (fabric.ops.length === 0 && fabric.now < limits.until) applyDueActions(fabric, host);
    if (fabric.ops.length > 0) {
      const { ops } = fabric;
      fabric.ops = [];
      return { kind: 'lifecycle', ops };
    }
    const limit = Math.min(limits.until, nextTapeAt(fabric), nextMarkAt(fabric));
    const start = nextWorkAt(fabric);
    if (start < limit) return releaseWindow(fabric, start, limit, limits);
    if (limit >= limits.until) {
      if (limit !== NEVER && limit > fabric.now) advance(fabric, limit);
      return { kind: 'idle' };
    }
    advance(fabric, limit);
  }
}

/** Skips empty time: all that comes about in it is that messages reach nodes that are down. */
function advance(fabric: Fabric, to: number): void {
  fabric.now = to as Time;
  for (let i = 0; i < fabric.nodes.length; i++) {
    if (fabric.nodes[i]?.status === 'down') dropArrivals(fabric.traffic, i, to);
  }
}

function nextWorkAt(fabric: Fabric): number {
  let first: number = NEVER;
  for (let i = 0; i < fabric.nodes.length; i++) {
    const node = fabric.nodes[i] as FabricNode;
    if (node.status === 'down') continue;
    const arrival = nextArrival(fabric.traffic, i, NEVER);
    if (arrival < first) first = arrival;
    if (node.nextAt < first) first = node.nextAt;
    if (node.commands.length > 0) return fabric.now;
  }
  return Math.max(first, fabric.now);
}

function releaseWindow(fabric: Fabric, start: number, limit: number, limits: StepLimits): FabricStep {
  const frame = limits.frameUs === null ? NEVER : Math.max(1, limits.frameUs);
  const until = Math.min(start + fabric.lookaheadUs, start + frame, limit) as Time;
  const requests = new Map<NodeId, WindowRequest>();
  for (let i = 0; i < fabric.nodes.length; i++) {
    const node = fabric.nodes[i] as FabricNode;
    if (node.status === 'down') {
      dropArrivals(fabric.traffic, i, until);
      continue;
    }
    const deliveries = takeDeliveries(fabric, i, until);
    const hasWork = deliveries.length > 0 || node.nextAt < until || node.commands.length > 0;
    if (!hasWork && limits.view === null) continue;
    requests.set(node.spec.id, { until, deliveries, commands: node.commands, view: limits.view });
    if (node.commands.length > 0) node.commands = [];
  }
  fabric.now = until;
  fabric.isReleased = true;
  return { kind: 'window', until, requests };
}

const noDeliveries: readonly Delivery[] = [];

function takeDeliveries(fabric: Fabric, index: number, until: number): readonly Delivery[] {
  const { traffic, nodes } = fabric;
  let flight = takeArrival(traffic, index, until);
  if (flight === undefined) return noDeliveries;
  const deliveries: Delivery[] = [];
  for (; flight !== undefined; flight = takeArrival(traffic, index, until)) {
    const { at, sequence, bytes, causeOrdinal } = flight;
    logMessage(traffic.log, flight, at, false);
    const from = (nodes[flight.from] as FabricNode).spec.id;
    deliveries.push({ at: at as Time, from, sequence, bytes, causeOrdinal });
  }
  traffic.counters.delivered += deliveries.length;
  return deliveries;
}

/** Takes the nodes' answers: what they sent is on its way from now on. */
export function completeWindow(
  fabric: Fabric,
  answers: ReadonlyMap<NodeId, WindowAnswer>,
  familyOf: FamilyOf,
): void {
  assert(fabric.isReleased, 'a window was released');
  fabric.isReleased = false;
  let left = answers.size;
  for (let i = 0; left > 0 && i < fabric.nodes.length; i++) {
    const node = fabric.nodes[i] as FabricNode;
    const answer = answers.get(node.spec.id);
    if (answer === undefined) continue;
    left--;
    node.nextAt = answer.nextAt;
    node.stamp = answer.stamp;
    for (const message of answer.sent) {
      const to = fabric.indexOf.get(message.to);
      if (to === undefined) fabric.traffic.counters.lost++;
      else sendMessage(fabric.traffic, i, to, message, familyOf);
    }
    if (answer.tripped !== undefined) tripNode(fabric, node, answer.tripped);
    if (answer.exited !== undefined) retireNode(fabric, node, answer.exited);
  }
  fadeGhosts(fabric.traffic, fabric.now);
}

export interface Injected {
  /** As it is on the tape now. */
  readonly action: TapeAction;
  /** What the reply will carry, if it is a client's request. */
  readonly requestId: string;
}

/** Adds an action at the first time not yet released, after what the tape already has there. */
export function inject(fabric: Fabric, action: TapeAction): Injected {
  const at = Math.max(fabric.now, action.at) as Time;
  const taped = { ...action, at };
  let place = fabric.position;
  while (place < fabric.tape.length && (fabric.tape[place] as TapeAction).at <= at) place++;
  fabric.tape.splice(place, 0, taped);
  if (taped.kind === 'powerCut') expectPowerCut(fabric);
  return { action: taped, requestId: requestIdAt(fabric.tape, place) };
}

/** The fabric's own trace events since the last call; they come before what the nodes do at their time. */
export function takeEvents(fabric: Fabric): readonly TracedEvent[] {
  const { events } = fabric;
  if (events.length > 0) fabric.events = [];
  return events;
}
