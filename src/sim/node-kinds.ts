// Kinds of nodes of an architecture: what a word on a tape (`addNode ro-3 reader b`) or on a cluster's line (`node ro-3 reader b`) means.

import type { ClusterSpec, NodeSpec } from '../core/kernel/cluster-spec.ts';
import type { Role } from '../core/kernel/view.ts';
import type { RefusalKind } from '../presets/refusals.ts';

export interface NodeKind {
  /** Its name is this and a number, where it is added. */
  readonly prefix: string;
  /** What its layout has beside name and zone; a priority may be another one. */
  readonly is: Omit<NodeSpec, 'id' | 'zone'>;
  /** How many a cluster begins with, at least and at most. */
  readonly count: readonly [least: number, most: number];
  /** May one be added while the cluster runs? Why not in this one, of whose preset it speaks, or null; absent: never. `cluster`: with every node that the run has had. */
  readonly joins?: (cluster: ClusterSpec) => RefusalKind | null;
  /** Those that the cluster begins with are not removed, only those that were added. */
  readonly staysFromStart?: true;
}

/** By their words. */
export type NodeKindTable = Readonly<Record<string, NodeKind>>;

/** What the clusters of an architecture are made of. */
export interface ClusterRules {
  readonly kinds: NodeKindTable;
  /** Where a volume lies: in groups of stores, in tablets that get their groups when they are written, or in chunks. */
  readonly layout: 'groups' | 'tablets' | 'chunks' | 'none';
}

const sameRoles = (a: readonly Role[], b: readonly Role[]): boolean =>
  a.length === b.length && a.every((role) => b.includes(role));

/** The word of the kind that the node is: the first one whose roles and marks it has. Null: none. */
export function kindOf(kinds: NodeKindTable, spec: NodeSpec): string | null {
  const found = Object.entries(kinds).find(
    ([, { is }]) =>
      sameRoles(is.roles, spec.roles) &&
      is.isReader === spec.isReader &&
      is.isClassic === spec.isClassic &&
      is.isSpare === spec.isSpare &&
      (is.haPriority === undefined || spec.haPriority !== undefined),
  );
  return found?.[0] ?? null;
}
