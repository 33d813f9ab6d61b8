// A block of a heap for a new row: the one that took the last one, then the lowest that the map offers. The heap grows only
// when no block with room is known and a few of those still unknown have been looked at.

import { heapRoom } from '../page/heap-page.ts';
import { PAGE_HEADER_BYTES } from '../page/page.ts';
import { blockKeyOf } from '../page/page-key.ts';
import { EMPTY, OP_HEAP_INIT } from '../page/redo-ops.ts';
import type { TableDef } from '../sql/access.ts';
import type { Env } from './engine-state.ts';
import { blockWithRoom, mostRoom, unknownBlock } from './free-space.ts';
import { appendChanges, getPage } from './pages.ts';
import { pruneForRoom } from './prune.ts';
import { countBlocks, growChange, recordRoom, spaceOf } from './relation.ts';

/** Blocks looked at in one call before the relation grows; the last is the emptiest that is known. */
const LOOKS = 5;

/**
 * A block with room for `bytes` (slot included), grown if need be. `reserve` bytes stay free for later versions of the
 * block's rows unless the block is empty. `avoid` is a block known to be full.
 */
export function findRoom(env: Env, table: TableDef, bytes: number, reserve: number, avoid: number): number {
  const { relation } = table;
  const hint = spaceOf(env, relation);
  const need = Math.min(bytes + reserve, env.engine.config.pageBytes - PAGE_HEADER_BYTES);
  const blocks = countBlocks(env, relation);
  if (hint.target === 0) hint.target = blocks - 1;
  for (let looks = 1; ; looks++) {
    if (hint.target !== avoid && hasRoom(env, table, hint.target, need)) return hint.target;
    if (looks === LOOKS) break;
    const isLast = looks === LOOKS - 1;
    const next = blockWithRoom(hint.map, isLast ? Math.max(need, mostRoom(hint.map)) : need);
    const block = next ?? unknownBlock(hint.map, blocks);
    if (block === null) break;
    hint.target = block;
  }
  appendChanges(env, [
    growChange(relation, blocks + 1),
    { blockKey: blockKeyOf(relation, blocks), op: OP_HEAP_INIT, init: true, payload: EMPTY },
  ]);
  hint.target = blocks;
  return blocks;
}

/** Looks at the block, prunes it if it must, and corrects the map. */
function hasRoom(env: Env, table: TableDef, block: number, need: number): boolean {
  let page = getPage(env, blockKeyOf(table.relation, block));
  if (heapRoom(page) < need) page = pruneForRoom(env, table, block, page);
  const room = heapRoom(page);
  recordRoom(env, table.relation, block, room);
  return room >= need;
}
