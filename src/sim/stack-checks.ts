// What watches one architecture, as tables (src/stacks/checks.ts).

import type { MonitorModule, Rules } from './checks/monitor.ts';
import type { Mutant, TestedMutant } from './checks/mutants.ts';

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
