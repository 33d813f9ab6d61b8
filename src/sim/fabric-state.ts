// The fabric's state and how nodes come and go in it. Plain data, clonable; `fabric.ts` drives it.

import { assert, present } from '../base/assert.ts';
import { type Hash, hashText, makeHash } from '../base/hash.ts';
import type { NodeId, Time } from '../base/ids.ts';
import { makePrng } from '../base/prng.ts';
import type { StatementTree } from '../core/kernel/client-calls.ts';
import type { ClusterSpec, NodeSpec } from '../core/kernel/cluster-spec.ts';
import type { NodeConfig } from '../core/kernel/door.ts';
import type { Mutants } from '../core/kernel/mutants.ts';
import type { Params } from '../core/kernel/params.ts';
import type { WorkloadSpec } from '../core/kernel/workload-spec.ts';
import { linkBetween } from '../presets/round-trip.ts';
import type { PowerStamp } from './actions/define.ts';
import type { FaultSpan } from './fault-parts.ts';
import { type LinkState, makeLink } from './network.ts';
import type { TapeAction, TapeTables } from './tape-actions.ts';
import { dropArrivals, makeTraffic, type Traffic } from './traffic.ts';
import {
  type Armed,
  type Lifecycle,
  NEVER,
  type Stamp,
  type TimedCommand,
  type TracedEvent,
} from './types.ts';

/** What a run is made of, besides the nodes' program. */
export interface RunSpec {
  readonly cluster: ClusterSpec;
  readonly params: Params;
  readonly seed: number;
  readonly mutants: Mutants;
  readonly actions: readonly TapeAction[];
}

/** What the edge gives, as pure functions: the SQL parser, a tree per statement of the text. */
export interface Edge {
  readonly parse: (text: string) => readonly StatementTree[];
}

/** What a fabric asks while it runs, and is no part of it. */
export interface FabricHost {
  readonly edge: Edge;
  readonly tape: TapeTables;
}

/** What an action asks where it is done. */
export interface ActionHost extends FabricHost {
  /** Statements of a workload (core/client/workload-kinds.ts): whoever only reads and prints tapes does without. */
  readonly textsOf: (spec: WorkloadSpec) => readonly string[];
}

export interface FabricNode {
  readonly spec: NodeSpec;
  /** It ended for good, and its machine is taken away; its place among the nodes stays. */
  isGone: boolean;
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
  /** The crash that waits for its moment. */
  armed: ArmedCrash | null;
  /** What faults have set in this life of it and not set back, by name: its clock, its disk's faults … */
  settings: Map<string, number | true>;
}

/** The tape's `crashOn`. */
export interface ArmedCrash extends Armed {
  readonly at: Time;
  readonly kind: 'crashOn';
  readonly node: NodeId;
}

/** A fault with an end, or a life of a node that ends by an armed crash, when the grace of a stop is over, or for good. */
type PendingUndo = { readonly at: number } & (
  | { readonly action: TapeAction }
  | { readonly node: NodeId; readonly life: number; readonly isGone?: true }
);

export interface Fabric {
  /** As the preset lays it out: what every node knows of the others when it opens. */
  readonly initial: ClusterSpec;
  /** With every node that was ever added, in the order of `nodes`; those that are gone among them. */
  cluster: ClusterSpec;
  readonly params: Params;
  readonly seed: number;
  readonly mutants: Mutants;
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
  /** Newest last. */
  faults: FaultSpan[];
  /** The fabric's own trace events since they were last taken. */
  events: TracedEvent[];
  /** Armed crashes that came about. */
  trips: ArmedCrash[];
  /** What a replayed power cut found different from its stamps. */
  divergences: string[];
}

type Wires = Pick<RunSpec, 'cluster' | 'params' | 'seed'>;

/** A link of its own stream: which others there are changes nothing in it. */
export function makeLinkBetween(
  { cluster, params, seed }: Wires,
  from: NodeSpec,
  to: NodeSpec,
  life: number,
): LinkState {
  const link = linkBetween(cluster, params, from.zone, to.zone);
  const { baseUs, jitterUs, isHeavyTailed = false, percentiles } = link;
  return makeLink(seed, from.id, to.id, life, { baseUs, jitterUs, isHeavyTailed, percentiles });
}

/** Fresh links and nothing in flight: the start of a run and after a power cut. */
export function makeQuietTraffic(wires: Wires, epoch: number): Traffic {
  const { nodes } = wires.cluster;
  return makeTraffic(nodes.map((from) => nodes.map((to) => makeLinkBetween(wires, from, to, epoch))));
}

/** A node that has not opened yet. */
export const makeFabricNode = (spec: NodeSpec): FabricNode => ({
  spec,
  isGone: false,
  status: 'down',
  isFrozen: false,
  life: 0,
  nextAt: NEVER,
  stamp: null,
  past: makeHash(),
  commands: [],
  armed: null,
  settings: new Map(),
});

export function makeFabric(spec: RunSpec): Fabric {
  const { cluster, params, seed, mutants, actions } = spec;
  assert(params.linkBaseUs >= params.latencyFloorUs, 'PRE-6 link base ≥ latencyFloorUs');
  assert(params.linkBaseOtherZoneUs >= params.latencyFloorUs, 'PRE-6 link base ≥ latencyFloorUs');
  for (const { baseUs } of cluster.links ?? [])
    assert(baseUs >= params.latencyFloorUs, 'PRE-6 link base ≥ latencyFloorUs');
  const fabric: Fabric = {
    initial: cluster,
    cluster,
    params,
    seed,
    mutants,
    lookaheadUs: params.latencyFloorUs,
    now: 0 as Time,
    isReleased: false,
    nodes: cluster.nodes.map(makeFabricNode),
    indexOf: new Map(cluster.nodes.map((node, i) => [node.id, i])),
    traffic: makeQuietTraffic(spec, 0),
    tape: [...actions],
    position: 0,
    undos: [],
    ops: [],
    stamps: [],
    epoch: 0,
    faults: [],
    events: [],
    trips: [],
    divergences: [],
  };
  expectPowerCut(fabric);
  for (const node of fabric.nodes) openNode(fabric, node);
  return fabric;
}

export const nodeOf = (fabric: Fabric, id: NodeId): FabricNode =>
  present(fabric.nodes[present(fabric.indexOf.get(id), `node ${id}`)], `node ${id}`);

/** What a node is installed with: the cluster as it was laid out, and itself. Of nodes added since it hears from the metadata (PCS-1). */
const installedWith = ({ initial }: Fabric, spec: NodeSpec): ClusterSpec =>
  spec.isAdded ? { ...initial, nodes: [...initial.nodes, spec] } : initial;

/** Opens the node at the fabric's time, in a new life. */
export function openNode(fabric: Fabric, node: FabricNode): void {
  const { params, seed, mutants, now } = fabric;
  dropArrivals(fabric.traffic, present(fabric.indexOf.get(node.spec.id), 'index'), now);
  node.life++;
  node.isGone = false;
  node.status = 'up';
  node.isFrozen = false;
  node.nextAt = now;
  node.stamp = null;
  node.armed = null;
  node.settings = new Map();
  const { id, roles } = node.spec;
  const prng = makePrng(seed, `node:${id}`, node.life);
  const cluster = installedWith(fabric, node.spec);
  const config: NodeConfig = { nodeId: id, roles, cluster, params, prng, mutants };
  fabric.ops.push({ kind: 'open', node: id, at: now, config, life: node.life });
}

/** The node is gone as of the fabric's time; its last hash joins those of its past. */
export function closeNode(fabric: Fabric, node: FabricNode): void {
  hashText(node.past, node.stamp?.hash ?? 'no input');
  node.status = 'down';
  node.isFrozen = false;
  node.nextAt = NEVER;
  node.stamp = null;
  node.armed = null;
  node.settings = new Map();
  node.commands = [];
  dropArrivals(fabric.traffic, present(fabric.indexOf.get(node.spec.id), 'index'), fabric.now);
}

/**
 * An armed crash came about. The node has done nothing since; the fabric learns of it when the window ends, and lets the
 * crash be one lookahead later, so that where windows are cut does not matter.
 */
export function tripNode(fabric: Fabric, node: FabricNode, at: number): void {
  if (node.armed === null) return;
  addUndo(fabric, { at: at + fabric.lookaheadUs, node: node.spec.id, life: node.life });
  fabric.trips.push(node.armed);
  node.armed = null;
}

/** The node has ended for good; one lookahead later its machine is taken away, as with an armed crash. */
export function retireNode(fabric: Fabric, { spec, life }: FabricNode, at: number): void {
  addUndo(fabric, { at: at + fabric.lookaheadUs, node: spec.id, life, isGone: true });
}

/** Keeps what is pending ordered by time, then by the order begun. */
export function addUndo(fabric: Fabric, undo: PendingUndo): void {
  let place = fabric.undos.length;
  while (place > 0 && (fabric.undos[place - 1]?.at ?? 0) > undo.at) place--;
  fabric.undos.splice(place, 0, undo);
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

/** Adds a trace event of the fabric's own. */
export function emit(fabric: Fabric, node: NodeId, event: TracedEvent['event']): void {
  fabric.events.push({ at: fabric.now, node, ordinal: 0, causeNode: null, causeOrdinal: 0, event });
}
