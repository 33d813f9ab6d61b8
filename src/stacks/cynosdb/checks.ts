// What watches a cluster of `cynosdb`: its monitors, their rules, and the planted bugs that they have to find.

import type { StackChecks } from '../../sim/stack-checks.ts';
import { monitors, rules } from './monitors.ts';
import { cynosdbMutants } from './mutants.ts';

export const cynosdbChecks: StackChecks = { id: 'cynosdb', monitors, rules, mutants: cynosdbMutants };
