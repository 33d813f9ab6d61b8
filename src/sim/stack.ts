// What one architecture declares, as tables: all that the page's first load contains of it (src/stacks/registry.ts). Apart from it
// stand its tape actions (src/stacks/actions.ts), which come with the first line that is read or written; what watches it
// (src/stacks/checks.ts), whose rules the page explains; and what it runs (src/stacks/runtimes.ts), which only workers and the
// command line load. The world's own parts (network, disks, clocks, their tape actions and events) belong to every architecture
// and stay in sim/.

import type { NodeId } from '../base/ids.ts';
import type { ClusterSpec, NodeSpec } from '../core/kernel/cluster-spec.ts';
import type { CrashPoints, TraceTable } from '../core/kernel/trace-table.ts';
import type { Role } from '../core/kernel/view.ts';
import type { Preset } from '../presets/topology.ts';

/** Roles that tape actions mean by a driver, a writer …; a cluster has none of a part that is missing. */
export type TargetRoles = Readonly<
  Partial<Record<'driver' | 'writer' | 'store' | 'pcs' | 'objectStore' | 'spare', Role>>
>;

/** A kind of node that may be added to a cluster while it runs. */
export interface NodeTemplate {
  /** Its name is this and a number. */
  readonly prefix: string;
  readonly make: (id: NodeId, zone: string) => NodeSpec;
  /** Why none can be added to this cluster, or null. `cluster`: with every node that the run has had. */
  readonly refuse: (cluster: ClusterSpec) => string | null;
  /** Nodes that a preset begins with count as well: they may be removed as those that were added. */
  readonly isOne: (spec: NodeSpec) => boolean;
}

/** What the simulator reads of it; its gauges are added where they are read (run-model/gauges/gauge.ts). */
export interface Stack {
  readonly id: string;
  /** Events that only this stack has; those of the rooms of core are in every trace. */
  readonly trace: TraceTable;
  readonly presets: readonly (() => Preset)[];
  /** Pairs of roles whose nodes talk to each other; replicas of one group do in any stack. */
  readonly links: readonly (readonly [Role, Role])[];
  readonly targets: TargetRoles;
  /** Kinds of nodes that may be added and removed, by their word on the tape; absent: its clusters stay as they are. */
  readonly templates?: Readonly<Record<string, NodeTemplate>>;
  /** Steps at which a crash can be aimed, by role. */
  readonly crashPoints: Readonly<Partial<Record<Role, CrashPoints>>>;
}
