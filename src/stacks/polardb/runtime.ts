// What runs in a cluster of `polardb`, and what sweeps draw for it.

import type { AnyProgram, StackRuntime } from '../../sim/stack.ts';
import { fates } from './fates.ts';
import { polardbNodes } from './nodes.ts';
import { pagesOf } from './pages-of.ts';
import { sharedRedo } from './redo-of.ts';
import { sweep } from './sweep.ts';
import { waitsOf } from './waits.ts';

export const polardbRuntime: StackRuntime = {
  id: 'polardb',
  nodes: polardbNodes as unknown as AnyProgram,
  waits: waitsOf,
  sweep,
  pagesOf,
  redo: sharedRedo,
  fates,
};
