// What tape actions may be done to, one line for each architecture that has such roles. Apart from registry.ts, because the
// definitions of actions, which registry.ts loads, read it.

import type { TargetRoles } from '../sim/stack.ts';
import { cynosdbTargets } from './cynosdb/targets.ts';
import { toyTargets } from './toy/targets.ts';

export const targetRoles: readonly TargetRoles[] = [cynosdbTargets, toyTargets];
