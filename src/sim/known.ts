// Every stack that a process knows, merged into the tables that a run asks. Made once where the process is composed
// (src/stacks/known.ts) and handed on; nothing here knows a stack by itself.

import type { MonitorTables } from './checks/monitors.ts';
import type { Presets } from './presets.ts';
import type { Programs } from './programs.ts';
import type { StackChecks } from './stack-checks.ts';
import type { TapeTables } from './tape-actions.ts';
import type { TraceCodec } from './trace-codec.ts';

/** What the simulator asks; what a run's model asks beside it is added there (run-model/gauges/gauges.ts, run-model/picture/picture.ts). */
export interface Known {
  readonly presets: Presets;
  readonly programs: Programs;
  readonly tape: TapeTables;
  readonly trace: TraceCodec;
  readonly monitors: MonitorTables;
  readonly checks: readonly StackChecks[];
}
