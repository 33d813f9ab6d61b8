// What every architecture runs, one line each: apart from registry.ts, so that a page does not load the nodes' code.

import type { StackRuntime } from '../sim/stack-runtime.ts';
import { cynosdbRuntime } from './cynosdb/runtime.ts';
import { polardbRuntime } from './polardb/runtime.ts';
import { postdbV4Runtime } from './postdb-v4/runtime.ts';
import { tallyRuntime } from './tally/runtime.ts';
import { toyRuntime } from './toy/runtime.ts';

export const runtimes: readonly StackRuntime[] = [
  cynosdbRuntime,
  postdbV4Runtime,
  polardbRuntime,
  toyRuntime,
  tallyRuntime,
];
