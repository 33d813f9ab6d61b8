// Random clusters for the planner's properties, and its sums computed anew from a state by the words of the rules
// (docs/spec/placement.md PCS-62…65, 70), in fractions of bigints: a second, slow opinion.

import { present } from '../../../base/assert.ts';
import { groupId, type NodeId } from '../../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance, type Prng } from '../../../base/prng.ts';
import type { NodeState, PlacedGroup, PlacedNode, PlacementState, PlanOp } from '../placement-state.ts';
import { upNode } from './notation.ts';

/** Items in another order, by the stream. */
export function shuffle<T>(prng: Prng, items: readonly T[]): T[] {
  const rest = [...items];
  return items.map(() => present(rest.splice(nextBelow(prng, rest.length), 1)[0], 'an item'));
}

export const pick = <T>(prng: Prng, items: readonly T[]): T =>
  present(items[nextBelow(prng, items.length)], 'an item');

const badStates: readonly NodeState[] = ['joining', 'disconnected', 'down', 'offline', 'tombstone'];

function randomNode(prng: Prng, id: number, zones: number): PlacedNode {
  return {
    ...upNode(id),
    state: nextChance(prng, 3, 4) ? 'up' : pick(prng, badStates),
    weight: nextChance(prng, 2, 3) ? 1 : nextBetween(prng, 2, 3),
    capacity: nextChance(prng, 3, 4) ? 1_000_000 : nextBelow(prng, 4000),
    zone: `z${nextBelow(prng, zones)}`,
  };
}

function randomGroup(prng: Prng, id: number, nodes: readonly PlacedNode[], n: number): PlacedGroup {
  const hosts = nodes
    .filter(({ state }) => state !== 'tombstone' && state !== 'joining')
    .map((one) => one.id);
  const count = Math.min(hosts.length, nextChance(prng, 3, 4) ? n : nextBetween(prng, 1, n + 1));
  const replicas = shuffle(prng, hosts).slice(0, count);
  return {
    id: groupId(`g${id}`),
    size: nextBelow(prng, 1000),
    load: nextBelow(prng, 100),
    replicas,
    leader: nextChance(prng, 9, 10) ? (replicas[nextBelow(prng, Math.max(1, count))] ?? null) : null,
  };
}

export function randomPlacement(seed: number): PlacementState {
  const prng = makePrng(seed, 'placement');
  const n = pick(prng, [1, 3, 3, 3, 5]);
  const zones = nextBetween(prng, 1, 5);
  const nodes = Array.from({ length: nextBetween(prng, 1, 12) }, (_, i) => randomNode(prng, i + 1, zones));
  const groups = Array.from({ length: nextBelow(prng, 25) }, (_, i) => randomGroup(prng, i + 1, nodes, n));
  return {
    config: {
      n,
      vw: (n + 1) / 2,
      sizeWeight: nextBetween(prng, 0, 2),
      loadWeight: nextBetween(prng, 0, 3),
      tolerancePct: pick(prng, [0, 10, 50, 50, 200]),
      hotPct: 200,
      hotMinLoad: 10,
      hotNodeLoad: 50,
      mutants: [],
    },
    nodes,
    groups,
  };
}

/** The same state, its lists in another order. */
export function reorder(state: PlacementState, seed: number): PlacementState {
  const prng = makePrng(seed, 'order');
  const groups = state.groups.map((group) => ({ ...group, replicas: shuffle(prng, group.replicas) }));
  return { ...state, nodes: shuffle(prng, state.nodes), groups: shuffle(prng, groups) };
}

export const nodeIn = ({ nodes }: PlacementState, id: NodeId): PlacedNode =>
  present(
    nodes.find((node) => node.id === id),
    'node',
    id,
  );

/** One operator done, as its words say. */
export function applyOp(state: PlacementState, op: PlanOp): PlacementState {
  if (op.kind === 'blocked') return state;
  const groups = state.groups.map((group) => {
    if (group.id !== op.group) return group;
    if (op.kind === 'transfer') return { ...group, leader: op.to };
    const kept = 'from' in op ? group.replicas.filter((id) => id !== op.from) : group.replicas;
    const leader = op.newLeader === undefined ? group.leader : op.newLeader;
    return { ...group, replicas: 'to' in op ? [...kept, op.to] : kept, leader };
  });
  return { ...state, groups };
}

export const costIn = ({ config }: PlacementState, { size, load }: PlacedGroup): number =>
  Math.max(1, config.sizeWeight * size + config.loadWeight * load);

export type Sum = 'replicas' | 'leaders';

/** R(x) or L(x). */
export function sumOn(state: PlacementState, sum: Sum, id: NodeId): number {
  const on = state.groups.filter(({ replicas, leader }) =>
    sum === 'replicas' ? replicas.includes(id) : leader === id,
  );
  return on.reduce((total, group) => total + costFor(state, sum, group), 0);
}

const costFor = (state: PlacementState, sum: Sum, group: PlacedGroup): number =>
  sum === 'replicas' ? costIn(state, group) : Math.max(1, group.load);

/** PCS-64. */
export function toleranceIn(state: PlacementState, sum: Sum): number {
  const total = state.groups.reduce((all, group) => all + costFor(state, sum, group), 0);
  const { length } = state.groups;
  return length === 0 ? 0 : Math.floor((state.config.tolerancePct * total) / (100 * length));
}

/** Φ = Σ R²/w times 6, which every weight of these clusters divides (PCS-70). */
export function potential(state: PlacementState, sum: Sum): bigint {
  return state.nodes.reduce((all, { id, weight }) => {
    const on = BigInt(sumOn(state, sum, id));
    return all + (on * on * 6n) / BigInt(weight);
  }, 0n);
}

export const zonesOf = (state: PlacementState, ids: readonly NodeId[]): number =>
  new Set(ids.map((id) => nodeIn(state, id).zone)).size;

export const usedOn = (state: PlacementState, id: NodeId): number =>
  state.groups.filter(({ replicas }) => replicas.includes(id)).reduce((sum, { size }) => sum + size, 0);

/** Whether a move from one node to another is accepted by PCS-65. */
export function isAccepted(
  state: PlacementState,
  sum: Sum,
  group: PlacedGroup,
  from: PlacedNode,
  to: PlacedNode,
): boolean {
  const cost = costFor(state, sum, group);
  const tolerance = toleranceIn(state, sum);
  const before = BigInt(2 * sumOn(state, sum, from.id) - cost - tolerance) * BigInt(to.weight);
  return before > BigInt(2 * sumOn(state, sum, to.id) + cost + tolerance) * BigInt(from.weight);
}
