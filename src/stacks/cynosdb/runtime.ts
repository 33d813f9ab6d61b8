// What runs in a cluster of `cynosdb`.

import type { AnyProgram, StackRuntime } from '../../sim/stack.ts';
import { cynosdbNodes } from './nodes.ts';

export const cynosdbRuntime: StackRuntime = {
  id: 'cynosdb',
  nodes: cynosdbNodes as unknown as AnyProgram,
};
