// What one architecture declares, as tables: all that the page's first load contains of it (src/stacks/registry.ts). Apart from it
// stand its tape actions (src/stacks/actions.ts), which come with the first line that is read or written; what watches it
// (src/stacks/checks.ts), whose rules the page explains; and what it runs (src/stacks/runtimes.ts), which only workers and the
// command line load. The world's own parts (network, disks, clocks, their tape actions and events) belong to every architecture
// and stay in sim/.

import type { CrashPoints, TraceTable } from '../core/kernel/trace-table.ts';
import type { Role } from '../core/kernel/view.ts';
import type { ClusterRules } from './node-kinds.ts';

/** Roles that tape actions mean by a driver, a writer …; a cluster has none of a part that is missing. */
export type TargetRoles = Readonly<
  Partial<Record<'driver' | 'writer' | 'store' | 'pcs' | 'objectStore' | 'spare', Role>>
>;

/** What the simulator reads of it; its gauges are added where they are read (run-model/gauges/gauge.ts). */
export interface Stack {
  readonly id: string;
  /** Events that only this stack has; those of the rooms of core are in every trace. */
  readonly trace: TraceTable;
  /** Its clusters: their kinds of nodes, by their words, and where a volume lies in them. */
  readonly cluster: ClusterRules;
  /** Pairs of roles whose nodes talk to each other; replicas of one group do in any stack. */
  readonly links: readonly (readonly [Role, Role])[];
  readonly targets: TargetRoles;
  /** Steps at which a crash can be aimed, by role. */
  readonly crashPoints: Readonly<Partial<Record<Role, CrashPoints>>>;
}
