// What one architecture adds to a world, as tables that are merged by the registry (src/stacks/registry.ts). The world's
// own parts (network, disks, clocks, their tape actions and events) belong to every architecture and stay in sim/.

import type { NodeProgram } from '../core/kernel/door.ts';
import type { TraceTable } from '../core/kernel/trace-table.ts';
import type { Preset } from '../presets/topology.ts';
import type { MonitorModule, Rules } from './checks/monitor.ts';
import type { SweepDraws } from './sweep/draw-tools.ts';

export type AnyProgram = NodeProgram<unknown, unknown>;

export interface Stack {
  readonly id: string;
  /** Its nodes: the roles composed, their messages and views. */
  readonly nodes: AnyProgram;
  /** Events that only this stack has; those of the rooms of core are in every trace. */
  readonly trace: TraceTable;
  readonly presets: readonly (() => Preset)[];
  /** What watches its traces, in the order in which one event is handed to them. */
  readonly monitors: readonly MonitorModule[];
  /** The rules of its monitors and of the end of a run, in the order in which they are shown. */
  readonly rules: Rules;
  /** Null: no sweep draws it. */
  readonly sweep: SweepDraws | null;
}
