// What every architecture declares, one line each. Nothing outside a stack's own folder imports that folder but this file
// and actions.ts, checks.ts, runtimes.ts.

import type { Stack } from '../sim/stack.ts';
import { cynosdb } from './cynosdb/stack.ts';
import { polardb } from './polardb/stack.ts';
import { postdbV4 } from './postdb-v4/stack.ts';
import { tally } from './tally/stack.ts';
import { toy } from './toy/stack.ts';

export const stacks: readonly Stack[] = [cynosdb, postdbV4, polardb, toy, tally];
