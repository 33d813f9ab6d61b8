// What judges a cluster of toys.

import type { StackRuntime } from '../../sim/stack-runtime.ts';

export const toyRuntime: StackRuntime = {
  id: 'toy',
  waits: () => [],
  sweep: null,
  pagesOf: null,
  redo: null,
};
