// The planted bugs of every stack that monitors catch (docs/proof.md).

import type { Mutant } from '../sim/checks/mutants.ts';
import { stackChecks } from './checks.ts';

export const mutants: readonly Mutant[] = stackChecks.flatMap((checks) => checks.mutants ?? []);
