// What judges a cluster of `polardb`, and what sweeps draw for it.

import type { StackRuntime } from '../../sim/stack-runtime.ts';
import { fates } from './fates.ts';
import { pagesOf } from './pages-of.ts';
import { sharedRedo } from './redo-of.ts';
import { sweep } from './sweep.ts';
import { waitsOf } from './waits.ts';

export const polardbRuntime: StackRuntime = {
  id: 'polardb',
  waits: waitsOf,
  sweep,
  pagesOf,
  redo: sharedRedo,
  fates,
};
