// Log GC of a block (WAL-36…38): records that a version ≤ PGMRPL contains and that nobody waits for, and versions older
// than that one. The highest LSN dropped is durable as logFloor before anything is deleted, and so is an NCL at least as high.

import type { Lsn, NodeId, Time } from '../../../base/ids.ts';
import { storeWrites, trace } from '../../kernel/context.ts';
import type { Write } from '../../kernel/door.ts';
import { reach } from '../../kernel/limits.ts';
import { has } from '../../kernel/mutants.ts';
import type { PageKey } from '../../page/page-key.ts';
import { setLogFloor, takeCheckpoint } from '../holes/hole-manager.ts';
import { type Block, droppable, droppableFrom, firstAtOrAbove, newestOf } from './blocks.ts';
import type { GcBounds } from './group-state.ts';
import type { StoreContext } from './hooks.ts';
import { logKey, versionKey } from './keys.ts';
import { removeLsns, takeDeadSegments } from './log.ts';
import { keptSegments } from './report.ts';
import type { Group, StoreState } from './state.ts';

/** The lowest LSN that some pinned image needs pages at: GC leaves it (WAL-36). */
function pinnedBase(state: StoreState, group: Group): number {
  let pin = Infinity;
  if (has(state.mutants, 'store.gc-ignores-pins')) return pin;
  for (const { base } of group.gc.pins.values()) pin = Math.min(pin, base);
  return pin;
}

/** An image that nobody pulls any more is forgotten. */
export function expirePins(group: Group, now: Time): void {
  for (const [owner, { keepUntil }] of group.gc.pins) if (keepUntil <= now) unpin(group, owner);
}

/** The image is not needed any more: what it held back may go. */
export function unpin(group: Group, owner: NodeId): void {
  if (group.gc.pins.delete(owner)) group.gc.tried = null;
}

/** Pages below `base` cannot be made any more: whoever copies an older image begins anew (WAL-71). */
export function unpinBelow(group: Group, base: Lsn): void {
  for (const [owner, image] of group.gc.pins) if (image.base < base) unpin(group, owner);
}

/** True when GC may find something that it did not find last time. */
export function isGcDue({ gc, watermarks }: Group): boolean {
  if (gc.due.size === 0) return false;
  const { tried } = gc;
  return (
    tried === null ||
    tried.pgmrpl !== watermarks.pgmrpl ||
    tried.archivedTo !== watermarks.archivedTo ||
    tried.holdTo !== watermarks.holdTo
  );
}

/** How far the log may go, as the watermarks stand: nobody waits for what lies there (WAL-36). */
const holdOf = ({ watermarks, scl }: Group): number =>
  Math.min(watermarks.archivedTo, watermarks.holdTo, scl);

/**
 * The block may have something to drop: from which PGMRPL on is noted beside it, so that nobody looks before. Records that
 * somebody waits for are noted by the first of them: a store that is away for long would have every block looked at in vain.
 */
export function recordDroppable(group: Group, blockKey: PageKey, block: Block): void {
  const { gc } = group;
  const { from, held } = droppableFrom(block, holdOf(group));
  if (held < Infinity) {
    gc.held.set(blockKey, held);
    gc.heldFrom = Math.min(gc.heldFrom, held);
  } else gc.held.delete(blockKey);
  if (from < Infinity || held < Infinity) {
    gc.due.set(blockKey, from);
    gc.dueFrom = Math.min(gc.dueFrom, from);
  } else gc.due.delete(blockKey);
}

/** Blocks of which something may go at this PGMRPL when the log is held from `hold` on, at most `most` of them. */
function dueBlocks({ gc }: Group, most: number, pgmrpl: number, hold: number): PageKey[] {
  const due: PageKey[] = [];
  if (gc.dueFrom > pgmrpl && gc.heldFrom > hold) return due;
  let least: number = Number.MAX_SAFE_INTEGER;
  let leastHeld: number = Number.MAX_SAFE_INTEGER;
  for (const [blockKey, from] of gc.due) {
    const held = gc.held.get(blockKey) ?? Number.MAX_SAFE_INTEGER;
    if (from < least) least = from;
    if (held < leastHeld) leastHeld = held;
    if (from > pgmrpl && held > hold) continue;
    due.push(blockKey);
    if (due.length >= most) return due;
  }
  gc.dueFrom = least;
  gc.heldFrom = leastHeld;
  return due;
}

/** What the next superblock must carry so that `applyGc` may drop. */
export function planGc(state: StoreState, group: Group, now: Time): GcBounds | null {
  expirePins(group, now);
  if (!isGcDue(group)) return null;
  const { watermarks, scl, gc } = group;
  const archivedTo = archivedBound(state, watermarks.archivedTo);
  const pgmrpl = Math.min(readFloor(state, watermarks.pgmrpl), pinnedBase(state, group));
  // after damage a version may lie above a hole: logFloor, which vouches for all below it, stays at or below SCL
  const holdTo = Math.min(watermarks.holdTo, scl);
  let floor = gc.nextFloor;
  for (const blockKey of dueBlocks(group, state.params.gcBlocks, pgmrpl, Math.min(archivedTo, holdTo))) {
    const block = group.pages.blocks.get(blockKey);
    if (!block) continue;
    const { records } = droppable(block, pgmrpl, archivedTo, holdTo);
    if (records > floor) floor = records as typeof floor;
  }
  gc.nextFloor = floor;
  takeCheckpoint(group.holes, true);
  return { pgmrpl: watermarks.pgmrpl, archivedTo: watermarks.archivedTo, holdTo: watermarks.holdTo };
}

const readFloor = (state: StoreState, pgmrpl: number): number =>
  has(state.mutants, 'store.gc-past-floor') ? pgmrpl + 1 : pgmrpl;

const archivedBound = (state: StoreState, archivedTo: number): number =>
  has(state.mutants, 'store.gc-ignores-archive') ? Number.MAX_SAFE_INTEGER : archivedTo;

interface Drop {
  /** LSNs of the records that go. */
  readonly lsns: number[];
  readonly writes: Write[];
}

/** After a superblock is durable; one begun before `planGc` may carry older watermarks, and then those hold (WAL-72). */
export function applyGc(state: StoreState, group: Group, ctx: StoreContext, plan: GcBounds): void {
  const { gc } = group;
  const { logFloor } = group.superblock;
  const received = Math.min(plan.pgmrpl, group.superblock.pgmrpl) as Lsn;
  const pgmrpl = Math.min(readFloor(state, received), pinnedBase(state, group)) as Lsn;
  const archivedTo = archivedBound(state, Math.min(plan.archivedTo, group.watermarks.archivedTo));
  const holdTo = Math.min(plan.holdTo, group.watermarks.holdTo, group.scl);
  const drop: Drop = { lsns: [], writes: [] };
  const due = dueBlocks(group, state.params.gcBlocks, pgmrpl, Math.min(archivedTo, holdTo));
  const isAll = due.length < state.params.gcBlocks;
  if (!isAll) reach(ctx, state.params, 'gcBlocks');
  for (const blockKey of due) {
    if (!isAll) gc.due.delete(blockKey); // what stays goes to the end, so that the others get their turn
    const block = group.pages.blocks.get(blockKey);
    if (!block) {
      gc.due.delete(blockKey);
      gc.held.delete(blockKey);
      continue;
    }
    dropOfBlock(group, blockKey, block, Math.min(archivedTo, holdTo, logFloor), pgmrpl, drop);
    if (has(state.mutants, 'store.gc-keeps-newest'))
      dropVersions(group, blockKey, block, newestOf(block.versions), drop);
    recordDroppable(group, blockKey, block);
  }
  if (isAll) gc.tried = { ...plan, pgmrpl: received };
  setLogFloor(group.holes, logFloor);
  const versions = drop.writes.length;
  const records = drop.lsns.length;
  drop.lsns.sort((a, b) => a - b);
  const droppedTo = drop.lsns[records - 1] ?? -1;
  if (records > 0) {
    removeLsns(group.log, drop.lsns);
    for (const ordinal of takeDeadSegments(group.log, keptSegments(group)))
      drop.writes.push({ key: logKey(group.id, ordinal), bytes: null });
  }
  if (records === 0 && versions === 0) return;
  const { id } = group;
  trace(ctx, { kind: 'gc.drop', group: id, logFloor, records, droppedTo, versions, pgmrpl, holdTo });
  if (drop.writes.length > 0) state.writes.set(storeWrites(ctx, drop.writes), { kind: 'delete' });
}

function dropOfBlock(
  group: Group,
  blockKey: PageKey,
  block: Block,
  limit: number,
  pgmrpl: number,
  drop: Drop,
): void {
  const { records, versions } = droppable(block, pgmrpl, limit, limit);
  const { chain } = block;
  const gone = records === -1 ? 0 : firstAtOrAbove(chain, records + 1);
  for (let i = 0; i < gone; i++) drop.lsns.push(chain[i] as number);
  if (gone > 0) chain.splice(0, gone);
  dropVersions(group, blockKey, block, versions, drop);
}

function dropVersions(group: Group, blockKey: PageKey, block: Block, below: number, drop: Drop): void {
  for (const lsn of block.versions.splice(0, firstAtOrAbove(block.versions, below)))
    drop.writes.push({ key: versionKey(group.id, blockKey, lsn), bytes: null });
}
