// Every stack that a process knows, merged into the tables that a run asks. Made once where the process is composed
// (src/stacks/known.ts) and handed on; nothing here knows a stack by itself.

import type { MonitorTables } from './checks/monitors.ts';
import type { Gauges } from './gauges.ts';
import type { RoleLinks } from './picture.ts';
import type { Presets } from './presets.ts';
import type { Programs } from './programs.ts';
import type { StackChecks } from './stack-checks.ts';
import type { TapeTables } from './tape-actions.ts';
import type { TraceCodec } from './trace-codec.ts';

export interface Known {
  readonly presets: Presets;
  readonly programs: Programs;
  readonly tape: TapeTables;
  readonly trace: TraceCodec;
  readonly gauges: Gauges;
  readonly roleLinks: RoleLinks;
  readonly monitors: MonitorTables;
  readonly checks: readonly StackChecks[];
}
