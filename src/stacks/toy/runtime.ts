// What runs in a cluster of toys.

import type { AnyNodes, StackRuntime } from '../../sim/stack-runtime.ts';
import { toyProgram } from './toy-program.ts';

export const toyRuntime: StackRuntime = {
  id: 'toy',
  nodes: toyProgram as unknown as AnyNodes,
  waits: () => [],
  sweep: null,
  pagesOf: null,
  redo: null,
};
