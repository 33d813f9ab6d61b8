// Scan of a whole table in the order of its pages. Each version is judged by itself, so chains are not followed.

import { slotOffset, slotType, slotTypes } from '../page/heap-page.ts';
import { pageCount } from '../page/page.ts';
import { blockKeyOf } from '../page/page-key.ts';
import type { FoundRow, TableDef, Wanted } from '../sql/access.ts';
import type { Env, Session, Snapshot } from './engine-state.ts';
import { makeTid } from './key-codec.ts';
import { getPage } from './pages.ts';
import { Blocked } from './ports.ts';
import { pruneOnAccess } from './prune.ts';
import { countBlocks } from './relation.ts';
import type { HeapPosition } from './resumes.ts';
import { type Watch, watchRelation, watchVersion } from './serial-watch.ts';
import { type SeenXid, seesTuple, wantedAt } from './versions.ts';

/** Blocks asked for at once. */
const READ_AHEAD = 4;

/** What a scan is asked for. */
export interface Reading {
  readonly snapshot: Snapshot;
  readonly own: number;
  /** Rows at a time. */
  readonly atMost: number;
  readonly wanted: Wanted;
  /** Of a serializable transaction. */
  readonly watch: Watch | null;
}

export const HEAP_START: HeapPosition = { kind: 'heap', block: 1, slot: 0 };

export interface HeapStep {
  readonly rows: readonly FoundRow[];
  readonly position: HeapPosition;
}

/**
 * The next visible rows of one page. A session remembers how far a call came that found nothing before it lacked a page.
 */
export function nextInHeap(
  env: Env,
  table: TableDef,
  { snapshot, own, atMost, wanted, watch }: Reading,
  position: HeapPosition,
  session: Pick<Session, 'scanResume'> | null,
): HeapStep | null {
  const { relation } = table;
  if (watch !== null) watchRelation(watch, relation);
  let { block, slot } = position;
  const resume = session?.scanResume;
  if (resume && resume.relation === relation && resume.fromBlock === block && resume.fromSlot === slot) {
    block = resume.block;
    slot = resume.slot;
  }
  let blocks = 0;
  const rows: FoundRow[] = [];
  const seen: SeenXid = { xid: 0, isSeen: false };
  try {
    blocks = countBlocks(env, relation);
    for (; block < blocks; block++, slot = 0) {
      let page = getPage(env, blockKeyOf(relation, block));
      if (slot === 0) page = pruneOnAccess(env, table, block, page);
      for (const count = pageCount(page); slot < count; slot++) {
        if (slotType(page, slot) !== slotTypes.tuple) continue;
        const at = slotOffset(page, slot);
        const isVisible = seesTuple(env, snapshot, own, page, at, seen);
        if (watch !== null) watchVersion(watch, page, at, isVisible);
        if (!isVisible) continue;
        rows.push({ tid: makeTid(block, slot), row: wantedAt(env, table, page, slot, at, wanted) });
        if (rows.length >= atMost) return { rows, position: { kind: 'heap', block, slot: slot + 1 } };
      }
      if (rows.length > 0) return { rows, position: { kind: 'heap', block: block + 1, slot: 0 } };
    }
    return null;
  } catch (error) {
    if (!(error instanceof Blocked)) throw error;
    if (rows.length > 0) return { rows, position: { kind: 'heap', block, slot } };
    if (session)
      session.scanResume = { relation, fromBlock: position.block, fromSlot: position.slot, block, slot };
    throw readAhead(relation, block, blocks, error);
  }
}

/** A scan that lacks its next block will lack those after it as well. */
function readAhead(relation: number, block: number, blocks: number, blocked: Blocked): Blocked {
  const [missing] = blocked.missing;
  if (missing !== blockKeyOf(relation, block)) return blocked;
  const count = Math.min(READ_AHEAD, blocks - block);
  return new Blocked(
    Array.from({ length: count }, (_, i) => blockKeyOf(relation, block + i)),
    0,
  );
}
