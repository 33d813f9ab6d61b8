// Draft of a network partition: who is on which side, which way, how long. The lasso and the panel's radios change
// the same plan, so that both make the same entry on the tape.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { type NodeId, nodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { NewAction } from '../faults/entry.ts';

export const sideNames = ['A', 'B', 'C'] as const;
export type SideName = (typeof sideNames)[number];
/** Which messages are lost: between all sides both ways, or from A to the others, or from the others to A. */
export type Way = 'both' | 'there' | 'back';

export interface PartitionPlan {
  /** Who is not named is on side A. */
  readonly sides: Readonly<Record<string, SideName>>;
  readonly way: Way;
  readonly forUs: number | null;
  /** False: control nodes keep all their links. */
  readonly control: boolean;
}

export const emptyPlan: PartitionPlan = { sides: {}, way: 'both', forUs: null, control: true };
export const partitionStore = createStore<PartitionPlan>(() => emptyPlan);
export const setPlan = (change: Partial<PartitionPlan>): void => partitionStore.setState(change);
export function usePlan<T>(select: (plan: PartitionPlan) => T): T {
  return useStore(partitionStore, select);
}

/** Puts these on side B and everybody else on side A: what a lasso means. */
export const splitOff = (inside: readonly string[]): void =>
  setPlan({ sides: Object.fromEntries(inside.map((id) => [id, 'B' as const])) });

/** The side of a node, or null when it takes no part. */
export function sideOf(plan: PartitionPlan, cluster: ClusterSpec, id: string): SideName | null {
  const roles = cluster.nodes.find((node) => node.id === id)?.roles ?? [];
  if (!plan.control && roles.includes('meta') && !roles.includes('store')) return null;
  return plan.sides[id] ?? 'A';
}

function membersOf(plan: PartitionPlan, cluster: ClusterSpec): ReadonlyMap<SideName, readonly NodeId[]> {
  const members = new Map<SideName, NodeId[]>();
  for (const { id } of cluster.nodes) {
    const side = sideOf(plan, cluster, id);
    if (side === null) continue;
    const known = members.get(side);
    if (known === undefined) members.set(side, [nodeId(id)]);
    else known.push(nodeId(id));
  }
  return members;
}

const sidesOf = (plan: PartitionPlan, cluster: ClusterSpec): readonly (readonly NodeId[])[] => {
  const members = membersOf(plan, cluster);
  return sideNames.flatMap((name) => {
    const side = members.get(name);
    return side === undefined ? [] : [side];
  });
};

/** The one action that the plan makes; null while all are on one side. */
export function planAction(plan: PartitionPlan, cluster: ClusterSpec): NewAction | null {
  const sides = sidesOf(plan, cluster);
  const [first, ...others] = sides;
  if (first === undefined || others.length === 0) return null;
  if (plan.way === 'both') return { kind: 'partition', sides, forUs: plan.forUs };
  const rest = others.flat();
  const [from, to] = plan.way === 'there' ? [first, rest] : [rest, first];
  return { kind: 'cut', link: { from, to, isBothWays: false }, forUs: plan.forUs };
}

export interface PlannedCut {
  readonly a: string;
  readonly b: string;
  readonly text: string;
}

/** The links that the plan's action cuts: every two nodes of different sides, whether or not the map draws a link between them now. */
export function plannedCuts(plan: PartitionPlan, cluster: ClusterSpec): readonly PlannedCut[] {
  const sides = sidesOf(plan, cluster);
  return sides.flatMap((side, s) => {
    if (s > 0 && plan.way !== 'both') return [];
    const others = sides.slice(s + 1).flat();
    return side.flatMap((a) => others.map((b) => ({ a, b, text: linkText(plan.way, a, b) })));
  });
}

function linkText(way: Way, a: string, b: string): string {
  if (way === 'both') return `${a}–${b}`;
  return way === 'there' ? `${a} → ${b}` : `${b} → ${a}`;
}

type Point = readonly [x: number, y: number];

/** Whether a point lies inside a drawn line that is taken as closed. */
export function isInside([x, y]: Point, line: readonly Point[]): boolean {
  let isIn = false;
  for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
    const [x0, y0] = line[i] ?? [0, 0];
    const [x1, y1] = line[j] ?? [0, 0];
    if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) isIn = !isIn;
  }
  return isIn;
}
