// What one architecture declares, as tables: all that the page's first load contains of it (src/stacks/registry.ts). Apart from it
// stand its tape actions (src/stacks/actions.ts), which come with the first line that is read or written; what watches it
// (src/stacks/checks.ts), whose rules the page explains; and what it runs (src/stacks/runtimes.ts), which only workers and the
// command line load. The world's own parts (network, disks, clocks, their tape actions and events) belong to every architecture
// and stay in sim/.

import type { ClusterSpec, NodeSpec } from '../core/kernel/cluster-spec.ts';
import type { CrashPoints, TraceTable } from '../core/kernel/trace-table.ts';
import type { Role } from '../core/kernel/view.ts';
import type { ClusterRules } from './cluster-check.ts';

/** Roles that tape actions mean by a driver, a writer …; a cluster has none of a part that is missing. */
export type TargetRoles = Readonly<
  Partial<Record<'driver' | 'writer' | 'store' | 'pcs' | 'objectStore' | 'spare', Role>>
>;

/** A kind of node: what its word on a tape (`addNode ro-3 reader b`) or on a cluster's line (`node ro-3 reader b`) means. */
export interface NodeKind {
  /** Its name is this and a number, where it is added. */
  readonly prefix: string;
  /** What its layout has beside name and zone; a priority may be another one. */
  readonly is: Omit<NodeSpec, 'id' | 'zone'>;
  /** How many a cluster begins with, at least and at most. */
  readonly count: readonly [least: number, most: number];
  /** May one be added while the cluster runs? Why not in this one, or null; absent: never. `cluster`: with every node that the run has had. */
  readonly joins?: (cluster: ClusterSpec) => string | null;
  /** Those that the cluster begins with are not removed, only those that were added. */
  readonly staysFromStart?: true;
}

/** What the simulator reads of it; its gauges are added where they are read (run-model/gauges/gauge.ts). */
export interface Stack {
  readonly id: string;
  /** Events that only this stack has; those of the rooms of core are in every trace. */
  readonly trace: TraceTable;
  /** Its clusters: their kinds of nodes, by their words, and where a volume lies in them (cluster-check.ts). */
  readonly cluster: ClusterRules;
  /** Pairs of roles whose nodes talk to each other; replicas of one group do in any stack. */
  readonly links: readonly (readonly [Role, Role])[];
  readonly targets: TargetRoles;
  /** Steps at which a crash can be aimed, by role. */
  readonly crashPoints: Readonly<Partial<Record<Role, CrashPoints>>>;
}
