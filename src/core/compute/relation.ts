// A relation's pages: block 0 is its header (size), the others hold rows or keys. Growing it is a record on the header.
// Where a heap has room is remembered in memory only: a wrong hint costs a look at a page, never a row (READ-19).

import { heapRoom } from '../page/heap-page.ts';
import { type PageKey, pageKey } from '../page/page-key.ts';
import { EMPTY, OP_HEAP_INIT, OP_RELATION_SET, relationPayload } from '../page/redo-ops.ts';
import { relationBlocks } from '../page/system-page.ts';
import type { TableDef } from './access.ts';
import { type Env, MAX_TABLES_CACHED, type SpaceHint } from './engine-state.ts';
import { appendChanges, type Change, getPage } from './pages.ts';
import { pruneForRoom } from './prune.ts';

/** Candidates tried in one call before the relation grows. */
const TRIES = 3;
const MAX_CANDIDATES = 64;

export const blockKeyOf = (relation: number, block: number): PageKey => pageKey(relation, 0, block);

export const countBlocks = (env: Env, relation: number): number =>
  relationBlocks(getPage(env, blockKeyOf(relation, 0)));

export function spaceOf(env: Env, relation: number): SpaceHint {
  const { space } = env.engine;
  let hint = space.get(relation);
  if (!hint) {
    if (space.size >= MAX_TABLES_CACHED) space.clear();
    hint = { target: 0, candidates: [], dead: 0 };
    space.set(relation, hint);
  }
  return hint;
}

/** Tells the hint that a block has room now. */
export function noteRoom(env: Env, relation: number, block: number): void {
  const { candidates, target } = spaceOf(env, relation);
  if (block !== target && candidates.length < MAX_CANDIDATES && !candidates.includes(block))
    candidates.push(block);
}

/** The change of the header page that adds blocks. */
export const growChange = (relation: number, blocks: number): Change => ({
  blockKey: blockKeyOf(relation, 0),
  op: OP_RELATION_SET,
  init: false,
  payload: relationPayload(blocks),
});

/**
 * A block with room for `bytes` (slot included), grown if need be. `reserve` bytes stay free for later versions of the
 * block's rows unless the block is empty. `avoid` is a block known to be full.
 */
export function findRoom(env: Env, table: TableDef, bytes: number, reserve: number, avoid: number): number {
  const { relation } = table;
  const hint = spaceOf(env, relation);
  const empty = env.engine.config.pageBytes - 32;
  const blocks = countBlocks(env, relation);
  if (hint.target === 0) hint.target = blocks - 1;
  for (let i = 0; i < TRIES; i++) {
    if (hint.target !== avoid && hint.target < blocks) {
      let page = getPage(env, blockKeyOf(relation, hint.target));
      if (heapRoom(page) < bytes + reserve) page = pruneForRoom(env, table, hint.target, page);
      const room = heapRoom(page);
      if (room >= bytes + reserve || (room >= bytes && room >= empty)) return hint.target;
    }
    const next = hint.candidates.pop();
    if (next === undefined) break;
    hint.target = next;
  }
  appendChanges(env, [
    growChange(relation, blocks + 1),
    { blockKey: blockKeyOf(relation, blocks), op: OP_HEAP_INIT, init: true, payload: EMPTY },
  ]);
  hint.target = blocks;
  return blocks;
}
