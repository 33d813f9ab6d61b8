// What judges a tally.

import type { StackRuntime } from '../../sim/stack-runtime.ts';

// #region runtime
export const tallyRuntime: StackRuntime = {
  id: 'tally',
  waits: () => [],
  sweep: null,
  pagesOf: null,
  redo: null,
};
// #endregion
