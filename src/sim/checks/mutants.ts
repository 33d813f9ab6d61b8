// The planted bugs of every stack (docs/checkers.md): each switch breaks one rule on purpose, in a tape's header (`broken
// NAME`), and a monitor that knows nothing of it has to catch it.

import { runtimes } from '../../stacks/runtimes.ts';
import type { RuleSlug } from './monitor.ts';

export interface Mutant {
  readonly id: string;
  /** The switch. */
  readonly name: string;
  /** Rules whose monitors catch it first, the usual one in front. */
  readonly caughtBy: readonly RuleSlug[];
  /** Where it can show, if not in the plain preset. */
  readonly preset?: string;
}

export const mutants: readonly Mutant[] = runtimes.flatMap((runtime) => runtime.mutants ?? []);
