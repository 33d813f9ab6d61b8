// The writer of shared storage decides what it may write (docs/spec/logindex.md §6): oldestApplyLsn holds a page back that a reader must
// not see yet, a copy of a hot page or a snapshot of the stored one lets the log go on, and consistentLsn says from where on WAL
// and LogIndex are needed (LI-1). The engine writes images; what is being written counts as not written until it is durable.

import { assert, present } from '../../base/assert.ts';
import { type Lsn, MAX } from '../../base/ids.ts';
import type { PageKey } from '../page/page-key.ts';

export interface FlushLimits {
  readonly copySlots: number;
  /** LI-44: L and minModified. */
  readonly copyLag: number;
  readonly minModified: number;
  /** LI-50; null: no snapshots. */
  readonly snapshot: { readonly old: number; readonly replay: number; readonly minModified: number } | null;
}

interface Image {
  readonly oldestLsn: Lsn;
  readonly latestLsn: Lsn;
}

interface Dirty {
  oldestLsn: Lsn;
  latestLsn: Lsn;
  /** Changes since the buffer was last written. */
  modifiedCount: number;
  /** It has changed since its copy was taken (LI-43). */
  isMoved: boolean;
}

interface Copy extends Image {
  isWriting: boolean;
}

export interface Snapshot {
  readonly page: PageKey;
  /** LSN of the snapshot record. */
  readonly lsn: Lsn;
  readonly imageLsn: Lsn;
}

export interface FlushControl {
  readonly limits: FlushLimits;
  /** LI-42: dirty buffers, ascending by oldestLsn. */
  readonly list: Map<PageKey, Dirty>;
  readonly copies: Map<PageKey, Copy>;
  /** Images of buffers that are being written. */
  readonly writes: Map<PageKey, Image>;
  snapshots: readonly Snapshot[];
  consistentLsn: Lsn;
  /** Of the last checkpoint. */
  redoLsn: Lsn;
  gcFloor: Lsn;
}

/** `redoLsn`: where WAL is replayed from; nothing is dirty yet. */
export const makeFlushControl = (limits: FlushLimits, redoLsn: Lsn): FlushControl => ({
  limits,
  list: new Map(),
  copies: new Map(),
  writes: new Map(),
  snapshots: [],
  consistentLsn: redoLsn,
  redoLsn,
  gcFloor: 0 as Lsn,
});

/** A record changed a page. `floor`: the oldestLsn that a promotion gives every page (LI-71), else the record's own. */
export function noteChange({ list, copies }: FlushControl, page: PageKey, lsn: Lsn, floor: Lsn | null): void {
  const oldestLsn = floor ?? lsn;
  const dirty = list.get(page);
  if (dirty === undefined) {
    list.set(page, { oldestLsn, latestLsn: lsn, modifiedCount: 1, isMoved: true });
    return;
  }
  dirty.latestLsn = lsn;
  dirty.modifiedCount++;
  if (!copies.has(page) || dirty.isMoved) return;
  dirty.isMoved = true;
  dirty.oldestLsn = oldestLsn;
  list.delete(page);
  list.set(page, dirty);
}

export type FlushResult = 'CLEAN' | 'FLUSHED' | 'FLUSHED_COPY' | 'FLUSHED_SNAPSHOT' | 'COPIED' | 'BLOCKED';

export interface Gate {
  /** MAX: no reader, or flush control is off (LI-8). */
  readonly oldestApplyLsn: Lsn;
  readonly insertLsn: Lsn;
}

/** LI-40: what a flush of the page would be now. */
export function decideFlush(control: FlushControl, page: PageKey, gate: Gate): FlushResult {
  const { list, copies, writes } = control;
  const dirty = list.get(page);
  if (dirty === undefined) return 'CLEAN';
  const copy = copies.get(page);
  if (writes.has(page) || copy?.isWriting === true) return 'BLOCKED';
  if (dirty.latestLsn <= gate.oldestApplyLsn) return 'FLUSHED';
  if (copy !== undefined && copy.latestLsn <= gate.oldestApplyLsn) return 'FLUSHED_COPY';
  if (needsSnapshot(control, dirty, copy, gate)) return 'FLUSHED_SNAPSHOT';
  return copy === undefined && mayCopy(control, dirty) ? 'COPIED' : 'BLOCKED';
}

/**
 * LI-40: decides and begins. After FLUSHED and FLUSHED_COPY the image is written once WAL is durable through its latestLsn
 * (LI-41), after FLUSHED_SNAPSHOT behind its snapshot record as well (`noteSnapshot`); then `onPageWritten`. A page has one
 * write at a time.
 */
export function flushPage(control: FlushControl, page: PageKey, gate: Gate): FlushResult {
  const { list, copies } = control;
  const result = decideFlush(control, page, gate);
  if (result === 'CLEAN' || result === 'BLOCKED') return result;
  const dirty = present(list.get(page), 'a dirty page');
  if (result === 'FLUSHED_COPY') present(copies.get(page), 'a copy').isWriting = true;
  else if (result === 'COPIED') {
    copies.set(page, { oldestLsn: dirty.oldestLsn, latestLsn: dirty.latestLsn, isWriting: false });
    dirty.isMoved = false;
  } else beginWrite(control, page, dirty);
  return result;
}

/** The buffer is clean from here on; its image, with what the copy stood for, is not stored before it is durable. */
function beginWrite({ list, copies, writes }: FlushControl, page: PageKey, dirty: Dirty): void {
  const oldestLsn = Math.min(dirty.oldestLsn, copies.get(page)?.oldestLsn ?? MAX) as Lsn;
  writes.set(page, { oldestLsn, latestLsn: dirty.latestLsn });
  copies.delete(page);
  list.delete(page);
}

/** LI-50. */
function needsSnapshot(
  { limits: { snapshot } }: FlushControl,
  { oldestLsn, latestLsn, modifiedCount }: Dirty,
  copy: Image | undefined,
  { insertLsn, oldestApplyLsn }: Gate,
): boolean {
  if (snapshot === null) return false;
  if (insertLsn < Math.min(oldestLsn, copy?.oldestLsn ?? MAX) + snapshot.old) return false;
  return latestLsn >= oldestApplyLsn + snapshot.replay || modifiedCount > snapshot.minModified;
}

/** LI-44. */
function mayCopy(
  { limits, copies, consistentLsn }: FlushControl,
  { oldestLsn, modifiedCount }: Dirty,
): boolean {
  const lag = oldestLsn - consistentLsn;
  if (copies.size >= limits.copySlots) return false;
  return lag < limits.copyLag / 2 || (modifiedCount > limits.minModified && lag < limits.copyLag);
}

/** LI-51: the snapshot record is logged; the image that it holds stays readable until LI-53. */
export function noteSnapshot(control: FlushControl, snapshot: Snapshot): void {
  assert(control.writes.has(snapshot.page), 'a snapshot goes before a write');
  control.snapshots = [...control.snapshots, snapshot];
}

/** What is stored of it cannot be read: the page is dirty as before. */
export function abandonWrite(control: FlushControl, page: PageKey): void {
  const { list, writes } = control;
  const { oldestLsn, latestLsn } = present(writes.get(page), 'a write that began');
  const since = list.get(page);
  writes.delete(page);
  const modifiedCount = 1 + (since?.modifiedCount ?? 0);
  list.set(page, { oldestLsn, latestLsn: since?.latestLsn ?? latestLsn, modifiedCount, isMoved: true });
  const inOrder = [...list].sort(([, a], [, b]) => a.oldestLsn - b.oldestLsn);
  list.clear();
  for (const [key, one] of inOrder) list.set(key, one);
}

/** The page's write is durable. */
export function onPageWritten({ copies, writes }: FlushControl, page: PageKey): void {
  if (writes.delete(page)) return;
  assert(present(copies.get(page), 'a copy that was written').isWriting, 'a copy is written that was begun');
  copies.delete(page);
}

/** LI-45, LI-46; `bgReplayedLsn` while a promotion replays (LI-71), else null. */
export function advanceConsistentLsn(control: FlushControl, durableLsn: Lsn, bgReplayedLsn: Lsn | null): Lsn {
  const { list, copies, writes } = control;
  let least = Math.min(durableLsn + 1, bgReplayedLsn ?? MAX);
  for (const { oldestLsn } of list.values()) {
    least = Math.min(least, oldestLsn);
    break;
  }
  for (const { oldestLsn } of copies.values()) least = Math.min(least, oldestLsn);
  for (const { oldestLsn } of writes.values()) least = Math.min(least, oldestLsn);
  control.consistentLsn = Math.max(control.consistentLsn, least) as Lsn;
  return control.consistentLsn;
}

/** LI-47: the redo LSN to persist; no page is written for it. */
export function checkpoint(control: FlushControl): Lsn {
  control.redoLsn = Math.max(control.redoLsn, control.consistentLsn) as Lsn;
  return control.redoLsn;
}

/** LI-48: what the bgwriter tries next: copies, which hold consistentLsn back, then buffers from the head of the flush list. */
export function bgwriterPages({ list, copies }: FlushControl, limit: number): PageKey[] {
  const pages = new Set<PageKey>();
  for (const pagesOfOne of [copies, list])
    for (const page of pagesOfOne.keys()) {
      if (pages.size === limit) break;
      pages.add(page);
    }
  return [...pages];
}

/** LI-49, LI-53; MAX for both when no reader is live. */
export function advanceGcFloor(control: FlushControl, oldestApplyLsn: Lsn, minUsedLsn: Lsn): Lsn {
  control.snapshots = control.snapshots.filter(({ lsn }) => lsn > oldestApplyLsn);
  let least = Math.min(control.consistentLsn, minUsedLsn);
  for (const { imageLsn } of control.snapshots) least = Math.min(least, imageLsn + 1);
  control.gcFloor = Math.max(control.gcFloor, least) as Lsn;
  return control.gcFloor;
}
