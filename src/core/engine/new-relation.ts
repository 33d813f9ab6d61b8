// The first pages of a relation, or of a fork that is numbered as one (page-key.ts): they are built from nothing.

import { blockKeyOf } from '../page/page-key.ts';
import { EMPTY, OP_HEAP_INIT, OP_RELATION_INIT, relationPayload } from '../page/redo-ops.ts';
import { emptyRootChange } from './btree.ts';
import type { Change } from './pages.ts';

export const headerChange = (relation: number): Change => ({
  blockKey: blockKeyOf(relation, 0),
  op: OP_RELATION_INIT,
  init: true,
  payload: relationPayload(2),
});

/** A heap without rows. */
export const heapInitChanges = (relation: number): Change[] => [
  headerChange(relation),
  { blockKey: blockKeyOf(relation, 1), op: OP_HEAP_INIT, init: true, payload: EMPTY },
];

/** A B+tree without entries. */
export const treeInitChanges = (relation: number): Change[] => [
  headerChange(relation),
  emptyRootChange(relation),
];
