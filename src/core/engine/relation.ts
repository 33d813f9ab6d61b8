// A relation's pages: block 0 is its header (size), the others hold rows or keys. Growing it is a record on the header.
// Where a heap has room is remembered in memory only: a wrong hint costs a look at a page, never a row (READ-19).

import { reach } from '../kernel/limits.ts';
import {
  CROSS,
  heapRoom,
  NEW_KEY,
  redirectFlags,
  slotOffset,
  slotType,
  slotTypes,
  tupleFlags,
  tupleForwardBlock,
  tupleXmax,
  UPDATED,
} from '../page/heap-page.ts';
import { pageCount } from '../page/page.ts';
import { blockKeyOf, blockOf, forkRelationOf, type PageKey } from '../page/page-key.ts';
import { OP_RELATION_SET, relationPayload } from '../page/redo-ops.ts';
import { relationBlocks } from '../page/system-page.ts';
import type { TableDef } from '../sql/access.ts';
import type { Env, SpaceHint } from './engine-state.ts';
import { makeFreeSpace, roomOf, setRoom } from './free-space.ts';
import { type Change, getPage } from './pages.ts';

export const countBlocks = (env: Env, relation: number): number =>
  relationBlocks(getPage(env, blockKeyOf(relation, 0)));

/** Bytes that a row takes beside its values, and what a value of unknown length is taken for. */
const ROW_BYTES = 32;
const VALUE_BYTES = 12;
/** A view of the metadata is taken for this long: it is asked for only when it is read. */
const METADATA_ROWS = 16;

/** About how many rows a table has, for the planner: what fits into its pages. */
export function estimateRows(env: Env, { relation, columns, metadata, sequence }: TableDef): number {
  if (metadata) return METADATA_ROWS;
  if (sequence) return 1;
  const blocks = countBlocks(env, relation);
  if (blocks <= 2) return blocks < 2 ? 0 : pageCount(getPage(env, blockKeyOf(relation, 1)));
  const perPage = Math.floor(env.engine.config.pageBytes / (ROW_BYTES + VALUE_BYTES * columns.length));
  return (blocks - 1) * Math.max(1, perPage);
}

export function spaceOf(env: Env, relation: number): SpaceHint {
  const { space } = env.engine;
  let hint = space.get(relation);
  if (!hint) {
    if (space.size >= env.engine.config.limits.cachedTables) {
      reach(env.ctx, env.engine.config.limits, 'cachedTables');
      space.clear();
    }
    hint = { target: 0, map: makeFreeSpace(env.engine.config.limits.mappedBlocks), dead: 0 };
    space.set(relation, hint);
  }
  return hint;
}

function setRoomOf(env: Env, relation: number, block: number, room: number): void {
  const { map } = spaceOf(env, relation);
  if (block >= map.limit) reach(env.ctx, env.engine.config.limits, 'mappedBlocks');
  setRoom(map, block, room);
}

/** Tells the map what room a block has now. */
export function recordRoom(env: Env, relation: number, block: number, room: number): void {
  setRoomOf(env, relation, block, room);
}

/**
 * A heap page came from storage. The first time in this life it tells as well how many rows had died on it before, or a
 * writer that never lives long enough to see many of them die would never vacuum.
 */
export function recordArrival(env: Env, blockKey: PageKey, page: Uint8Array): void {
  const hint = spaceOf(env, forkRelationOf(blockKey));
  const block = blockOf(blockKey);
  if (roomOf(hint.map, block) === null) hint.dead += countGone(page, block);
  setRoomOf(env, forkRelationOf(blockKey), block, heapRoom(page));
}

/** Versions that were deleted or left the page, and redirects that such chains left behind: what vacuum is for. */
function countGone(page: Uint8Array, block: number): number {
  let gone = 0;
  for (let slot = 0; slot < pageCount(page); slot++) {
    const type = slotType(page, slot);
    const at = slotOffset(page, slot);
    if (type === slotTypes.redirect) gone += (redirectFlags(page, at) & CROSS) === 0 ? 0 : 1;
    if (type !== slotTypes.tuple || tupleXmax(page, at) === 0) continue;
    const isHere = (tupleFlags(page, at) & (UPDATED | NEW_KEY)) === UPDATED;
    if (!isHere || tupleForwardBlock(page, at) !== block) gone++;
  }
  return gone;
}

/** The change of the header page that adds blocks. */
export const growChange = (relation: number, blocks: number): Change => ({
  blockKey: blockKeyOf(relation, 0),
  op: OP_RELATION_SET,
  init: false,
  payload: relationPayload(blocks),
});
