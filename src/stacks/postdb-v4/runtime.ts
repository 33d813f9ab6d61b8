// What runs in a cluster of `postdb-v4`.

import type { AnyProgram, StackRuntime } from '../../sim/stack.ts';
import { postdbV4Nodes } from './nodes.ts';

export const postdbV4Runtime: StackRuntime = {
  id: 'postdb-v4',
  nodes: postdbV4Nodes as unknown as AnyProgram,
  waits: () => [],
  sweep: null,
  pagesOf: null,
  logsOf: null,
};
