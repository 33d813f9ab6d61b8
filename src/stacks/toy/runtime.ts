// What runs in a cluster of toys.

import type { AnyProgram, StackRuntime } from '../../sim/stack.ts';
import { toyProgram } from './toy-program.ts';

export const toyRuntime: StackRuntime = {
  id: 'toy',
  nodes: toyProgram as unknown as AnyProgram,
  waits: () => [],
  sweep: null,
  pagesOf: null,
  redo: null,
};
