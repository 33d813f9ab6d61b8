// What judges a cluster of `postdb-v4`, and what sweeps draw for it.

import { pagesOf, quorumRedo } from '../../sim/redo/volumes-of.ts';
import type { StackRuntime } from '../../sim/stack-runtime.ts';
import { fates } from './fates.ts';
import { sweep } from './sweep.ts';

export const postdbV4Runtime: StackRuntime = {
  id: 'postdb-v4',
  waits: () => [],
  sweep,
  pagesOf,
  redo: quorumRedo,
  fates,
};
