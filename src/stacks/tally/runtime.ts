// What runs in a tally.

import { makeNodeProgram } from '../../core/kernel/node.ts';
import type { AnyNodes, StackRuntime } from '../../sim/stack-runtime.ts';
import { tallyMessages } from './messages.ts';
import { tallyRole } from './tally-role.ts';

// #region runtime
export const tallyRuntime: StackRuntime = {
  id: 'tally',
  nodes: makeNodeProgram({ roles: [tallyRole], messages: tallyMessages }) as unknown as AnyNodes,
  waits: () => [],
  sweep: null,
  pagesOf: null,
  redo: null,
};
// #endregion
