// What runs in a cluster of `cynosdb`, and what sweeps draw for it.

import { pagesOf, quorumRedo } from '../../sim/redo/volumes-of.ts';
import type { AnyNodes, StackRuntime } from '../../sim/stack-runtime.ts';
import { fates } from './fates.ts';
import { livenessBoundsOf } from './liveness-bounds.ts';
import { cynosdbNodes } from './nodes.ts';
import { sweep } from './sweep.ts';
import { waitsOf } from './waits.ts';

export const cynosdbRuntime: StackRuntime = {
  id: 'cynosdb',
  nodes: cynosdbNodes as unknown as AnyNodes,
  waits: waitsOf,
  sweep,
  pagesOf,
  redo: quorumRedo,
  livenessBoundsOf,
  fates,
};
