// What runs in a cluster of `polardb`.

import type { AnyProgram, StackRuntime } from '../../sim/stack.ts';
import { polardbNodes } from './nodes.ts';

export const polardbRuntime: StackRuntime = {
  id: 'polardb',
  nodes: polardbNodes as unknown as AnyProgram,
  waits: () => [],
  sweep: null,
  pagesOf: null,
  logsOf: null,
};
