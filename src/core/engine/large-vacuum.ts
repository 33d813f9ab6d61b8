// Vacuum of the parts of large values, after that of the rows which had them: parts go that were ended, or undone, before the
// rows' vacuum began, so no version that is still there can name them. Each goes with its index entry, in one MTR.

import { has } from '../kernel/mutants.ts';
import {
  heapRoom,
  prunableXid,
  slotOffset,
  slotType,
  slotTypes,
  tupleXmax,
  tupleXmin,
} from '../page/heap-page.ts';
import { pageCount } from '../page/page.ts';
import { blockKeyOf } from '../page/page-key.ts';
import { heapPrunePayload, OP_HEAP_PRUNE } from '../page/redo-ops.ts';
import type { TableDef } from '../sql/access.ts';
import { prepareDelete } from './btree.ts';
import type { Env, VacuumState } from './engine-state.ts';
import { makeTid, withTid } from './key-codec.ts';
import { readChunk } from './large-codec.ts';
import { type ChunkTable, chunkKey, chunksOf, freeName } from './large-values.ts';
import { appendChanges, type Change, getPage } from './pages.ts';
import { versionStatus } from './prune.ts';
import { countBlocks, recordRoom } from './relation.ts';
import { computeHorizon } from './transactions.ts';

/** Goes on from `state` over at most `budget` slots; answers what is left of it. Above 0: all are done. Throws Blocked. */
export function vacuumParts(
  env: Env,
  table: TableDef,
  state: VacuumState,
  bound: number,
  budget: number,
): number {
  const chunks = chunksOf(table);
  const blocks = countBlocks(env, chunks.relation);
  for (; state.block < blocks; state.block++, state.slot = 0) {
    const blockKey = blockKeyOf(chunks.relation, state.block);
    for (; state.slot < pageCount(getPage(env, blockKey)); state.slot++) {
      if (budget-- <= 0) return 0;
      vacuumPart(env, chunks, state.block, state.slot, bound);
    }
    recordRoom(env, chunks.relation, state.block, heapRoom(getPage(env, blockKey)));
    if (budget-- <= 0) {
      state.block++;
      state.slot = 0;
      return 0;
    }
  }
  return budget;
}

function vacuumPart(env: Env, chunks: ChunkTable, block: number, slot: number, bound: number): void {
  const blockKey = blockKeyOf(chunks.relation, block);
  const page = getPage(env, blockKey);
  if (slotType(page, slot) !== slotTypes.tuple) return;
  const at = slotOffset(page, slot);
  const isEnded = tupleXmax(page, at) !== 0 && has(env.mutants, 'engine.vacuum-frees-unended');
  const status = isEnded ? 'dead' : versionStatus(env, Math.min(bound, computeHorizon(env)), page, at);
  if (status === 'live' || (status === 'aborted' && tupleXmin(page, at) >= bound)) return;
  const changes: Change[] = [];
  const chunk = readChunk(page, slot, at);
  const key = withTid(chunkKey(chunks, chunk), makeTid(block, slot));
  const entry = prepareDelete(env, chunks.indexes[0].relation, key);
  if (entry) changes.push(entry);
  const payload = heapPrunePayload([{ kind: 'free', slot }], prunableXid(page));
  changes.push({ blockKey, op: OP_HEAP_PRUNE, init: false, payload });
  appendChanges(env, changes);
  if (chunk.part === 0) freeName(env, chunks, chunk);
}
