// The writer's buffer: a fixed number of frames (`bufferPages`), the clock as replacement. Nothing is ever written
// back: a page may leave only when its newest record is durable, pageLsn ≤ VDL, because storage can then rebuild it
// (WAL-10). A page that came from elsewhere or was cloned is shared and copied before its first change; from then on it
// is the frame's own and changes in place (base/owned-bytes.ts), so what `findPage` answered is good until the next change.
// A caller that waits for a page keeps the few pages it has already found (pins), so that its next try gets further.

import { assert, present } from '../../base/assert.ts';
import type { Lsn } from '../../base/ids.ts';
import { ownedCopy } from '../../base/owned-bytes.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import { pageLsn } from '../page/page.ts';
import type { PageKey } from '../page/page-key.ts';
import { applyRecords, changeInPlace, type RedoStep } from '../page/redo.ts';
import type { FrameView } from './buffer-view.ts';

/** Pages one waiting caller may hold. */
export const MAX_PINS = 8;

interface Frame {
  blockKey: PageKey;
  /** Null while storage is asked for it. */
  page: Uint8Array | null;
  /** Records not yet applied to `page`; `lsn` counts them. */
  pending: RedoStep[];
  lsn: Lsn;
  /** Changed since it was read. */
  dirty: boolean;
  /** Used since the hand passed. */
  used: boolean;
  pins: number;
}

export interface BufferPool {
  readonly limit: number;
  readonly deferredChanges: number;
  readonly mutants: Mutants;
  readonly frames: Frame[];
  readonly index: Map<PageKey, number>;
  readonly free: number[];
  hand: number;
  loading: number;
}

/** What an eviction was, for the trace. */
export interface Evicted {
  readonly blockKey: PageKey;
  readonly pageLsn: Lsn;
  readonly dirty: boolean;
}

export const makeBufferPool = (limit: number, deferredChanges: number, mutants: Mutants): BufferPool => ({
  limit,
  deferredChanges,
  mutants,
  frames: [],
  index: new Map(),
  free: [],
  hand: 0,
  loading: 0,
});

/**
 * Frames found last, by the low bits of their key: following versions of rows asks for the same few pages over and over.
 * A frame that has this key in this pool is the one that its index would name, so nothing can be wrong with it.
 */
const RECENT = 64;
const recent = { pool: null as BufferPool | null, frames: new Array<Frame | null>(RECENT).fill(null) };

function findFrame(pool: BufferPool, blockKey: PageKey): Frame | null {
  const place = blockKey & (RECENT - 1);
  if (recent.pool === pool) {
    const frame = recent.frames[place];
    if (frame?.blockKey === blockKey) return frame;
  } else {
    recent.pool = pool;
    recent.frames.fill(null);
  }
  const at = pool.index.get(blockKey);
  if (at === undefined) return null;
  const frame = pool.frames[at] as Frame;
  recent.frames[place] = frame;
  return frame;
}

/** The page, or null when it is not (yet) here. */
export function findPage(pool: BufferPool, blockKey: PageKey): Uint8Array | null {
  const frame = findFrame(pool, blockKey);
  if (frame === null) return null;
  frame.used = true;
  if (frame.pending.length > 0) applyPending(frame);
  return frame.page;
}

/** LSN of the page's newest record, or null when the page is not here. Spares applying what is pending. */
export function findPageLsn(pool: BufferPool, blockKey: PageKey): Lsn | null {
  const frame = findFrame(pool, blockKey);
  if (frame === null || frame.page === null) return null;
  frame.used = true;
  return frame.lsn;
}

/** Takes a record that is certain to apply; the page is changed when somebody looks at it. */
export function deferChange(pool: BufferPool, change: RedoStep): void {
  const frame = present(pool.frames[pool.index.get(change.blockKey) ?? -1], 'the frame of a changed page');
  frame.pending.push(change);
  frame.lsn = change.lsn;
  frame.dirty = true;
  frame.used = true;
  if (frame.pending.length >= pool.deferredChanges) applyPending(frame);
}

function applyPending(frame: Frame): void {
  const page = ownedCopy(present(frame.page, 'the page of pending records'));
  for (const change of frame.pending) if (pageLsn(page) < change.lsn) changeInPlace(page, false, change);
  frame.page = page;
  frame.pending.length = 0;
}

export const isLoading = (pool: BufferPool, blockKey: PageKey): boolean => {
  const at = pool.index.get(blockKey);
  return at !== undefined && (pool.frames[at] as Frame).page === null;
};

/** Which pages may leave: what is above VDL may not (WAL-10), nor, where the writer stores pages itself, what it has not stored (LI-54). */
export interface Leaving {
  readonly vdl: Lsn;
  readonly isUnstored: ((blockKey: PageKey) => boolean) | undefined;
}

const isEvictable = (pool: BufferPool, frame: Frame, { vdl, isUnstored }: Leaving): boolean =>
  frame.pins === 0 &&
  frame.page !== null &&
  (frame.lsn <= vdl || has(pool.mutants, 'compute.evict-above-vdl')) &&
  isUnstored?.(frame.blockKey) !== true;

/** Makes sure `count` frames are free; false (nothing lost beyond what was evicted) when too few pages may leave. */
export function ensureFrames(
  pool: BufferPool,
  count: number,
  leaving: Leaving,
  keep: readonly PageKey[],
  onEvict: (evicted: Evicted) => void,
): boolean {
  while (pool.free.length + (pool.limit - pool.frames.length) < count) {
    const victim = findVictim(pool, leaving, keep);
    if (victim < 0) return false;
    const frame = pool.frames[victim] as Frame;
    onEvict({ blockKey: frame.blockKey, pageLsn: frame.lsn, dirty: frame.dirty });
    dropFrame(pool, victim);
  }
  return true;
}

function findVictim(pool: BufferPool, leaving: Leaving, keep: readonly PageKey[]): number {
  const size = pool.frames.length;
  for (let step = 0; step < 2 * size; step++) {
    const at = pool.hand;
    pool.hand = (pool.hand + 1) % size;
    const frame = pool.frames[at] as Frame;
    if (frame.blockKey < 0 || !isEvictable(pool, frame, leaving) || keep.includes(frame.blockKey)) continue;
    if (frame.used) frame.used = false;
    else return at;
  }
  return -1;
}

const NO_KEY = -1 as PageKey;

function dropFrame(pool: BufferPool, at: number): void {
  const frame = pool.frames[at] as Frame;
  pool.index.delete(frame.blockKey);
  if (frame.page === null) pool.loading--;
  frame.blockKey = NO_KEY;
  frame.page = null;
  frame.pending = [];
  frame.pins = 0;
  pool.free.push(at);
}

function takeFrame(pool: BufferPool, blockKey: PageKey, page: Uint8Array | null, dirty: boolean): void {
  const frame: Frame = {
    blockKey,
    page,
    pending: [],
    lsn: page === null ? (-1 as Lsn) : pageLsn(page),
    dirty,
    used: true,
    pins: 0,
  };
  const at = pool.free.pop() ?? pool.frames.length;
  assert(at < pool.limit, 'a frame was made free before');
  pool.frames[at] = frame;
  pool.index.set(blockKey, at);
  if (page === null) pool.loading++;
}

/** Reserves a frame for a page that storage is asked for; `ensureFrames` was called before. */
export function startLoading(pool: BufferPool, blockKey: PageKey): void {
  assert(!pool.index.has(blockKey), 'a page is loaded once');
  takeFrame(pool, blockKey, null, false);
}

/** The page came: true when somebody had asked for it. */
export function finishLoading(pool: BufferPool, blockKey: PageKey, page: Uint8Array | null): boolean {
  const at = pool.index.get(blockKey);
  if (at === undefined) return false;
  const frame = pool.frames[at] as Frame;
  if (frame.page !== null) return false;
  if (page === null) {
    dropFrame(pool, at);
    return true;
  }
  frame.page = page;
  frame.lsn = pageLsn(page);
  frame.used = true;
  pool.loading--;
  return true;
}

/** Puts a changed page, or a new one (then `ensureFrames` was called before). */
export function putPage(pool: BufferPool, blockKey: PageKey, page: Uint8Array): void {
  const at = pool.index.get(blockKey);
  if (at === undefined) {
    takeFrame(pool, blockKey, page, true);
    return;
  }
  const frame = pool.frames[at] as Frame;
  if (frame.page === null) pool.loading--;
  frame.page = page;
  frame.pending.length = 0;
  frame.lsn = pageLsn(page);
  frame.dirty = true;
  frame.used = true;
}

/** A page of another buffer of this node goes on in this one; false: every frame is taken. */
export function keepPage(pool: BufferPool, blockKey: PageKey, page: Uint8Array): boolean {
  if (pool.index.has(blockKey) || pool.index.size >= pool.limit) return false;
  takeFrame(pool, blockKey, page, false);
  return true;
}

/** Of a reader: the page after records of the journal takes the place of the one before, which stays as it is. */
export function installVersion(pool: BufferPool, blockKey: PageKey, page: Uint8Array): void {
  const frame = present(pool.frames[pool.index.get(blockKey) ?? -1], 'the frame of a changed page');
  frame.page = page;
  frame.lsn = pageLsn(page);
}

/** Of a reader: the page that is here is of no use, and is asked for again. */
export function reloadPage(pool: BufferPool, blockKey: PageKey): void {
  const frame = pool.frames[pool.index.get(blockKey) ?? -1];
  if (!frame || frame.page === null) return;
  frame.page = null;
  pool.loading++;
}

/** Of a reader: the page that is asked for does not come; true when nobody holds its frame, which is free then. */
export function dropLoading(pool: BufferPool, blockKey: PageKey): void {
  const at = pool.index.get(blockKey);
  if (at !== undefined && pool.frames[at]?.page === null && pool.frames[at]?.pins === 0) dropFrame(pool, at);
}

/** Of a reader whose stream begins anew: every page goes but those that are pinned, which are to be loaded again. */
export function emptyPool(pool: BufferPool): PageKey[] {
  const reload: PageKey[] = [];
  for (let at = 0; at < pool.frames.length; at++) {
    const frame = pool.frames[at] as Frame;
    if (frame.blockKey < 0) continue;
    if (frame.pins === 0) dropFrame(pool, at);
    else {
      if (frame.page !== null) pool.loading++;
      frame.page = null;
      reload.push(frame.blockKey);
    }
  }
  return reload;
}

export function pinPage(pool: BufferPool, blockKey: PageKey): boolean {
  const at = pool.index.get(blockKey);
  if (at === undefined) return false;
  (pool.frames[at] as Frame).pins++;
  return true;
}

export function unpinPage(pool: BufferPool, blockKey: PageKey): void {
  const at = pool.index.get(blockKey);
  const frame = present(at === undefined ? null : pool.frames[at], 'the frame of a pinned page');
  assert(frame.pins > 0, 'a pinned page has pins');
  frame.pins--;
}

/** Why a page stays: it is not in the buffer, on its way there, pinned, or changed beyond what is durable or stored. */
export type KeptWhy = 'absent' | 'loading' | 'pinned' | 'changed';

/** One page leaves, if it may; else why it stays. */
export function evictPage(
  pool: BufferPool,
  blockKey: PageKey,
  leaving: Leaving,
  onEvict: (evicted: Evicted) => void,
): KeptWhy | null {
  const at = pool.index.get(blockKey);
  const frame = at === undefined ? undefined : pool.frames[at];
  if (at === undefined || frame === undefined) return 'absent';
  if (!isEvictable(pool, frame, leaving)) {
    if (frame.page === null) return 'loading';
    return frame.pins > 0 ? 'pinned' : 'changed';
  }
  onEvict({ blockKey, pageLsn: frame.lsn, dirty: frame.dirty });
  dropFrame(pool, at);
  return null;
}

export interface BufferCounts {
  readonly used: number;
  readonly limit: number;
  readonly dirty: number;
  readonly pinnedAboveVdl: number;
}

export function countBuffer(pool: BufferPool, vdl: Lsn): BufferCounts {
  let dirty = 0;
  let pinnedAboveVdl = 0;
  for (const frame of pool.frames) {
    if (frame.blockKey < 0) continue;
    if (frame.dirty) dirty++;
    if (frame.page !== null && frame.lsn > vdl) pinnedAboveVdl++;
  }
  return { used: pool.frames.length - pool.free.length, limit: pool.limit, dirty, pinnedAboveVdl };
}

/** Every frame in use, for the screen; nothing is touched. */
export function frameViews(pool: BufferPool, vdl: Lsn): FrameView[] {
  const views: FrameView[] = [];
  for (const { blockKey, page, lsn, dirty, pins, pending } of pool.frames)
    if (blockKey >= 0)
      views.push({
        blockKey,
        lsn,
        loading: page === null,
        dirty,
        pins,
        aboveVdl: page !== null && lsn > vdl,
        pending: pending.length,
      });
  return views.sort((a, b) => a.blockKey - b.blockKey);
}

/** A copy of the page as a reader would find it, without the reader's trace: neither the hand nor the frame changes. */
export function peekPage(pool: BufferPool, blockKey: number): Uint8Array | null {
  const at = pool.index.get(blockKey as PageKey);
  const frame = at === undefined ? undefined : pool.frames[at];
  if (!frame || frame.page === null) return null;
  return applyRecords(frame.page, frame.pending, frame.page.length);
}
