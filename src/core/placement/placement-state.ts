// What the placement planner reads and what it proposes (docs/spec/placement.md §3): nodes with zone, weight and capacity, shard
// groups with size, load, replicas and leader, and the operators of a plan. Plain data; types, and the order of ids.

import type { GroupId, NodeId } from '../../base/ids.ts';
import type { Mutants } from '../kernel/mutants.ts';

export interface PlacementConfig {
  /** Replicas of a group, its write quorum. */
  readonly n: number;
  readonly vw: number;
  readonly sizeWeight: number;
  readonly loadWeight: number;
  readonly tolerancePct: number;
  readonly hotPct: number;
  readonly hotMinLoad: number;
  /** Load that is worth a node of its own: such a group is measured against all nodes (PCS-74). */
  readonly hotNodeLoad: number;
  readonly mutants: Mutants;
}

/** pcs.md §1. */
export const defaultPlacement: PlacementConfig = {
  n: 3,
  vw: 2,
  sizeWeight: 1,
  loadWeight: 1,
  tolerancePct: 50,
  hotPct: 200,
  hotMinLoad: 10,
  hotNodeLoad: 50,
  mutants: [],
};

/** placement.md §4; `offline`: its replicas leave; `tombstone`: they have left, and its id is never used again. */
export type NodeState = 'joining' | 'up' | 'disconnected' | 'down' | 'offline' | 'tombstone';

export interface PlacedNode {
  readonly id: NodeId;
  readonly state: NodeState;
  /** It is `offline`, and has been silent for as long as one that is `down`. */
  readonly isSilent?: true;
  readonly weight: number;
  /** Bytes. */
  readonly capacity: number;
  readonly zone: string;
}

/** With nodes that have a replica and that nobody knows any more; `state`: what such a one counts as. */
export function withUnknown(
  nodes: readonly PlacedNode[],
  replicas: readonly NodeId[],
  state: NodeState,
): PlacedNode[] {
  const unknown = [...new Set(replicas)].filter((id) => !nodes.some((one) => one.id === id));
  return [
    ...nodes,
    ...unknown.map((id) => ({ id, zone: '', state, weight: 1, capacity: Number.MAX_SAFE_INTEGER })),
  ];
}

/** Requests to the keys from `key`, in text form, up to the next bucket's. */
export interface Bucket {
  readonly key: string;
  readonly load: number;
}

export interface PlacedGroup {
  readonly id: GroupId;
  /** Bytes of its pages and kept log. */
  readonly size: number;
  /** Client requests in the last window (PCS-96). */
  readonly load: number;
  readonly replicas: readonly NodeId[];
  /** Null: none is alive, or the writer is a compute node of its own (PCS-50). */
  readonly leader: NodeId | null;
  /** By ascending key; of interest to `findHot` only. */
  readonly buckets?: readonly Bucket[];
}

export interface PlacementState {
  readonly config: PlacementConfig;
  readonly nodes: readonly PlacedNode[];
  readonly groups: readonly PlacedGroup[];
}

/** Of an operator whose change takes the leader away: who leads then; null: nobody can. Absent: the leader stays. */
interface Relead {
  readonly newLeader?: NodeId | null;
}

export type PlanOp =
  /** Balance (PCS-67), or a zone more (PCS-101). */
  | ({
      readonly kind: 'move';
      readonly group: GroupId;
      readonly from: NodeId;
      readonly to: NodeId;
      readonly reason: 'BALANCE' | 'ZONE';
    } & Relead)
  | ({
      readonly kind: 'replace';
      readonly group: GroupId;
      readonly from: NodeId;
      readonly to: NodeId;
    } & Relead)
  | ({ readonly kind: 'add'; readonly group: GroupId; readonly to: NodeId } & Relead)
  | ({ readonly kind: 'remove'; readonly group: GroupId; readonly from: NodeId } & Relead)
  | { readonly kind: 'transfer'; readonly group: GroupId; readonly from: NodeId; readonly to: NodeId }
  | { readonly kind: 'blocked'; readonly group: GroupId; readonly reason: 'NO_QUORUM' | 'NO_TARGET' };

/** The order behind "the lower id": of numbers written out the numeric one, and `store-2` comes before `store-10`. */
export const compareIds = (a: string, b: string): number =>
  a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
