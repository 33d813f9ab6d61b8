// What judges a cluster of `cynosdb`, and what sweeps draw for it.

import { pagesOf, quorumRedo } from '../../sim/redo/volumes-of.ts';
import type { StackRuntime } from '../../sim/stack-runtime.ts';
import { fates } from './fates.ts';
import { livenessBoundsOf } from './liveness-bounds.ts';
import { sweep } from './sweep.ts';
import { waitsOf } from './waits.ts';

export const cynosdbRuntime: StackRuntime = {
  id: 'cynosdb',
  waits: waitsOf,
  sweep,
  pagesOf,
  redo: quorumRedo,
  livenessBoundsOf,
  fates,
};
