// What one architecture adds to a world, as tables that four registries merge: what it declares (src/stacks/registry.ts),
// which the page's first load contains; its tape actions (src/stacks/actions.ts), which come with the first line that is read or
// written; what watches it (src/stacks/checks.ts), whose rules the page explains; and what it runs (src/stacks/runtimes.ts),
// which only workers and the command line load. The world's own parts (network, disks,
// clocks, their tape actions and events) belong to every architecture and stay in sim/.

import type { NodeId } from '../base/ids.ts';
import type { ClusterSpec, NodeProgram, NodeSpec, Role } from '../core/kernel/door.ts';
import type { CrashPoints, TraceTable } from '../core/kernel/trace-table.ts';
import type { Preset } from '../presets/topology.ts';
import type { ActionKind } from './actions/define.ts';
import type { MonitorModule, Rules } from './checks/monitor.ts';
import type { Mutant, TestedMutant } from './checks/mutants.ts';
import type { WorldFrame } from './frame.ts';
import type { VolumePages } from './fsck/volume-pages.ts';
import type { GaugeTable } from './gauge.ts';
import type { RedoSource } from './redo/source.ts';
import type { SweepDraws } from './sweep/draw-tools.ts';
import type { Due } from './sweep/standing-dues.ts';
import type { Wait } from './waits.ts';
import type { World } from './world.ts';

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
  /** Named quantities, by id. */
  readonly gauges: GaugeTable;
  /** Steps at which a crash can be aimed, by role. */
  readonly crashPoints: Readonly<Partial<Record<Role, CrashPoints>>>;
}

export interface StackTapeActions {
  readonly id: string;
  /** Tape actions that only this stack has, by their word on the tape. */
  readonly actions: Readonly<Record<string, ActionKind>>;
}

/** A small run in which some activities write to disks (sim/fates). */
export interface FateWorld {
  readonly name: string;
  /** Its tape as text; it has an end. */
  readonly tape: string;
  /** Moments before it are left out, µs. */
  readonly fromUs: number;
}

/** For every fate of writes that no sync has covered. */
export interface FateTable {
  readonly worlds: readonly FateWorld[];
  /** What a node does with the write of this id, of these keys, asked while it waits for its sync. */
  readonly activityOf: (state: unknown, store: number, keys: readonly string[]) => string;
  readonly kindOf: (key: string) => string;
  /** Kind of the key under which drivers keep what they were ordered to do. */
  readonly orders: string;
  /** From the writer's second start to the first read of what is there: by then another may have been promoted. In µs. */
  readonly reopenUs: number;
  /** `activity: kind of key`, each of which has to have been lost and kept. */
  readonly mustMeet: readonly string[];
}

export type AnyProgram = NodeProgram<unknown, unknown>;

export interface StackChecks {
  readonly id: string;
  /** What watches its traces, in the order in which one event is handed to them. */
  readonly monitors: readonly MonitorModule[];
  /** The rules of its monitors and of the end of a run, in the order in which they are shown. */
  readonly rules: Rules;
  /** Planted bugs that dense seeds find. */
  readonly mutants?: readonly Mutant[];
  readonly testedMutants?: readonly TestedMutant[];
}

export interface StackRuntime {
  readonly id: string;
  /** Its nodes: the roles composed, their messages and views. */
  readonly nodes: AnyProgram;
  /** What waits in a picture of it, the weightiest first. */
  readonly waits: (frame: WorldFrame) => readonly Wait[];
  /** Null: no sweep draws it. */
  readonly sweep: SweepDraws | null;
  /** Pages of every volume that can be read as a whole now, for a structure check; null: it has none. */
  readonly pagesOf: ((world: World<unknown, unknown>) => readonly VolumePages[]) | null;
  /** Redo equivalence of its pages; null: it has no log of pages. */
  readonly redo: RedoSource | null;
  /** Every fate of unsynced writes; absent: none is tried. */
  readonly fates?: FateTable;
  /** What is owed now while faults last; absent: nothing is looked at. */
  readonly duesOf?: (world: World<unknown, unknown>) => readonly Due[];
}
