// The fabric: which windows there are, who takes part, what is in flight, what the tape does. Plain data and functions;
// whoever hosts the nodes (in this process, in workers) calls `nextStep`, does it, and answers with `completeWindow`.
// A window ends at min(start + lookahead, next action, limit, frame), so nodes cannot affect each other inside it and
// may run in parallel; where windows are cut does not matter.

import { assert, present } from '../base/assert.ts';
import { type Hash, hashText, makeHash } from '../base/hash.ts';
import type { NodeId, Time } from '../base/ids.ts';
import { makePrng } from '../base/prng.ts';
import type {
  ClusterSpec,
  NodeConfig,
  NodeSpec,
  StatementTree,
  ViewParams,
  WorkloadSpec,
} from '../core/door.ts';
import type { Params } from '../core/params.ts';
import { applyDueActions, nextMarkAt, nextTapeAt } from './fabric-actions.ts';
import { type LinkState, makeLink } from './network.ts';
import type { PowerStamp, TapeAction } from './tape-actions.ts';
import {
  dropArrivals,
  fadeGhosts,
  makeTraffic,
  nextArrival,
  sendMessage,
  type Traffic,
  takeArrival,
} from './traffic.ts';
import {
  type Delivery,
  type Lifecycle,
  NEVER,
  type Stamp,
  type TimedCommand,
  type TracedEvent,
  type WindowAnswer,
  type WindowRequest,
} from './types.ts';

/** What a run is made of, besides the nodes' program. */
export interface RunSpec {
  readonly cluster: ClusterSpec;
  readonly params: Params;
  readonly seed: number;
  readonly broken: readonly string[];
  readonly actions: readonly TapeAction[];
}

/** What the edge gives: the SQL parser, and the statements that a workload will use. Pure functions. */
export interface Edge {
  readonly parse: (text: string) => readonly StatementTree[];
  readonly workloadStatements: (name: string, spec: WorkloadSpec) => readonly StatementTree[];
}

export interface FabricNode {
  readonly spec: NodeSpec;
  status: 'up' | 'down';
  isFrozen: boolean;
  life: number;
  /** When it next does something by itself. */
  nextAt: number;
  /** The newest answer's stamp in this life. */
  stamp: Stamp | null;
  /** Hashes of the lives before. */
  readonly past: Hash;
  /** For its next window. */
  commands: TimedCommand[];
}

/** A fault with an end. */
export interface PendingUndo {
  readonly at: number;
  readonly action: TapeAction;
}

export interface Fabric {
  readonly cluster: ClusterSpec;
  readonly params: Params;
  readonly seed: number;
  readonly broken: readonly string[];
  readonly lookaheadUs: number;
  /** Everything before this time has been released to the nodes. */
  now: Time;
  /** True between `nextStep` giving a window and `completeWindow`. */
  isReleased: boolean;
  readonly nodes: FabricNode[];
  readonly indexOf: Map<NodeId, number>;
  readonly traffic: Traffic;
  tape: TapeAction[];
  position: number;
  /** Ordered by time, then by the order begun. */
  undos: PendingUndo[];
  ops: Lifecycle[];
  /** Stamps of the next power cut on the tape that are still to be marked. */
  stamps: PowerStamp[];
  /** Power cuts so far: the life of the links' streams. */
  epoch: number;
  /** The fabric's own trace events since they were last taken. */
  events: TracedEvent[];
  /** What a replayed power cut found different from its stamps. */
  divergences: string[];
}

export interface StepLimits {
  /** Exclusive: nothing at or after it is released. */
  readonly until: Time;
  /** At most this much virtual time in one window, for slow motion. */
  readonly frameUs: number | null;
  /** When set, every node that is up takes part and shows itself. */
  readonly view: ViewParams | null;
}

export const noLimits: StepLimits = { until: NEVER, frameUs: null, view: null };

export type FabricStep =
  | { readonly kind: 'lifecycle'; readonly ops: readonly Lifecycle[] }
  | { readonly kind: 'window'; readonly until: Time; readonly requests: ReadonlyMap<NodeId, WindowRequest> }
  /** Nothing to do before the limit. */
  | { readonly kind: 'idle' };

function makeLinks(spec: RunSpec, life: number): LinkState[][] {
  const { params, seed } = spec;
  const { nodes } = spec.cluster;
  return nodes.map((from) =>
    nodes.map((to) => {
      const baseUs = from.zone === to.zone ? params.linkBaseUs : params.linkBaseOtherZoneUs;
      const jitterUs = params.linkJitterUs;
      const isHeavyTailed = params.linkHeavyTail === 1;
      return makeLink(seed, from.id, to.id, life, { baseUs, jitterUs, isHeavyTailed });
    }),
  );
}

/** Fresh links and nothing in flight: the start of a run and after a power cut. */
export const makeQuietTraffic = (spec: RunSpec, epoch: number): Traffic =>
  makeTraffic(makeLinks(spec, epoch));

export function makeFabric(spec: RunSpec): Fabric {
  const { cluster, params, seed, broken, actions } = spec;
  assert(params.linkBaseUs >= params.latencyFloorUs, 'PRE-6 link base ≥ latencyFloorUs');
  assert(params.linkBaseOtherZoneUs >= params.latencyFloorUs, 'PRE-6 link base ≥ latencyFloorUs');
  const fabric: Fabric = {
    cluster,
    params,
    seed,
    broken,
    lookaheadUs: params.latencyFloorUs,
    now: 0 as Time,
    isReleased: false,
    nodes: cluster.nodes.map((node) => ({
      spec: node,
      status: 'down',
      isFrozen: false,
      life: 0,
      nextAt: NEVER,
      stamp: null,
      past: makeHash(),
      commands: [],
    })),
    indexOf: new Map(cluster.nodes.map((node, i) => [node.id, i])),
    traffic: makeQuietTraffic(spec, 0),
    tape: [...actions],
    position: 0,
    undos: [],
    ops: [],
    stamps: [],
    epoch: 0,
    events: [],
    divergences: [],
  };
  expectPowerCut(fabric);
  for (const node of fabric.nodes) openNode(fabric, node);
  return fabric;
}

/** Takes the stamps of the next power cut on the tape, if there is one. */
export function expectPowerCut(fabric: Fabric): void {
  fabric.stamps = [];
  for (let i = fabric.position; i < fabric.tape.length; i++) {
    const action = fabric.tape[i] as TapeAction;
    if (action.kind !== 'powerCut') continue;
    fabric.stamps = [...action.stamps];
    return;
  }
}

export const nodeOf = (fabric: Fabric, id: NodeId): FabricNode =>
  present(fabric.nodes[present(fabric.indexOf.get(id), `node ${id}`)], `node ${id}`);

/** Opens the node at the fabric's time, in a new life. */
export function openNode(fabric: Fabric, node: FabricNode): void {
  const { cluster, params, seed, broken, now } = fabric;
  dropArrivals(fabric.traffic, present(fabric.indexOf.get(node.spec.id), 'index'), now);
  node.life++;
  node.status = 'up';
  node.isFrozen = false;
  node.nextAt = now;
  node.stamp = null;
  const { id, roles } = node.spec;
  const prng = makePrng(seed, `node:${id}`, node.life);
  const config: NodeConfig = { nodeId: id, roles, cluster, params, prng, broken };
  fabric.ops.push({ kind: 'open', node: id, at: now, config, life: node.life });
}

/** The node is gone as of the fabric's time; its last hash joins those of its past. */
export function closeNode(fabric: Fabric, node: FabricNode): void {
  hashText(node.past, node.stamp?.hash ?? 'no input');
  node.status = 'down';
  node.isFrozen = false;
  node.nextAt = NEVER;
  node.stamp = null;
  node.commands = [];
  dropArrivals(fabric.traffic, present(fabric.indexOf.get(node.spec.id), 'index'), fabric.now);
}

/** What the host has to do next. A window must be completed before the next call. */
export function nextStep(fabric: Fabric, edge: Edge, limits: StepLimits): FabricStep {
  assert(!fabric.isReleased, 'the window before has been completed');
  for (;;) {
    if (fabric.ops.length === 0 && fabric.now < limits.until) applyDueActions(fabric, edge);
    if (fabric.ops.length > 0) {
      const { ops } = fabric;
      fabric.ops = [];
      return { kind: 'lifecycle', ops };
    }
    const limit = Math.min(limits.until, nextTapeAt(fabric), nextMarkAt(fabric));
    const start = nextWorkAt(fabric);
    if (start < limit) return releaseWindow(fabric, start, limit, limits);
    if (limit >= limits.until) {
      if (limit !== NEVER && limit > fabric.now) fabric.now = limit as Time;
      return { kind: 'idle' };
    }
    fabric.now = limit as Time;
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
    const from = (nodes[flight.from] as FabricNode).spec.id;
    deliveries.push({ at: at as Time, from, sequence, bytes, causeOrdinal });
  }
  traffic.counters.delivered += deliveries.length;
  return deliveries;
}

/** Takes the nodes' answers: what they sent is on its way from now on. */
export function completeWindow(fabric: Fabric, answers: ReadonlyMap<NodeId, WindowAnswer>): void {
  assert(fabric.isReleased, 'a window was released');
  fabric.isReleased = false;
  for (let i = 0; i < fabric.nodes.length; i++) {
    const node = fabric.nodes[i] as FabricNode;
    const answer = answers.get(node.spec.id);
    if (answer === undefined) continue;
    node.nextAt = answer.nextAt;
    node.stamp = answer.stamp;
    for (const message of answer.sent) {
      const to = fabric.indexOf.get(message.to);
      if (to === undefined) fabric.traffic.counters.lost++;
      else sendMessage(fabric.traffic, i, to, message);
    }
  }
  fadeGhosts(fabric.traffic, fabric.now);
}

/** Adds an action at the first time not yet released, after what the tape already has there. Answers it as it is taped. */
export function inject(fabric: Fabric, action: TapeAction): TapeAction {
  const at = Math.max(fabric.now, action.at) as Time;
  const taped = { ...action, at };
  let place = fabric.position;
  while (place < fabric.tape.length && (fabric.tape[place] as TapeAction).at <= at) place++;
  fabric.tape.splice(place, 0, taped);
  if (taped.kind === 'powerCut') expectPowerCut(fabric);
  return taped;
}

/** The fabric's own trace events since the last call; they come before what the nodes do at their time. */
export function takeEvents(fabric: Fabric): readonly TracedEvent[] {
  const { events } = fabric;
  if (events.length > 0) fabric.events = [];
  return events;
}
