// Repair after the scrub has found damage (WAL-39, HOLE-55, WAL-33). Lost records become holes and come back from a
// peer by hole filling; the damaged value, or a marker of the LSNs that it held, stays until they have, and the replica is no part
// of a read quorum while one above knownVdl is missing. A lost page version is built again from the log where the log
// still reaches, else fetched from a peer.

import { assert } from '../../../base/assert.ts';
import { BadBytes } from '../../../base/bytes.ts';
import type { Lsn, NodeId, Term, Time } from '../../../base/ids.ts';
import { send, storeWrites, trace } from '../../kernel/context.ts';
import type { DiskError, Write } from '../../kernel/door.ts';
import { payloadOf, sealInPlace } from '../../kernel/framing.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { checkPageHeader, pageLsn as lsnOfPage } from '../../page/page.ts';
import type { PageKey } from '../../page/page-key.ts';
import { containsRange } from '../holes/hole-list.ts';
import { loseRecords, setLogFloor } from '../holes/hole-manager.ts';
import { advanceScl, isInRange } from '../replica/advance.ts';
import { armBackground } from '../replica/background.ts';
import { droppable, firstAtOrAbove, insertSorted, newestOf } from '../replica/blocks.ts';
import { deleteDeadSegments, dropFromBlocks, rewriteSegments } from '../replica/compaction.ts';
import { pumpControl } from '../replica/control.ts';
import { recordDroppable } from '../replica/gc.ts';
import type { BuiltPage, DamagedVersion } from '../replica/group-state.ts';
import type { StoreContext } from '../replica/hooks.ts';
import { logKey, versionKey } from '../replica/keys.ts';
import { removeRecords, type StoredRecord } from '../replica/log.ts';
import {
  cacheVersion,
  forgetVersion,
  makeLostVersion,
  makeVersion,
  recordLostPage,
} from '../replica/pages.ts';
import { driveHoles } from '../replica/repair.ts';
import { keptSegments, reportRecovery } from '../replica/report.ts';
import { encodeLostSegment } from '../replica/segment.ts';
import type { Group, StoreState } from '../replica/state.ts';
import { isKept } from '../replica/superblock.ts';
import { scrubOf, spanOf } from './scrub-state.ts';

/** Superblocks are written in turn to two slots: the bad copy is written over by this write or the one after it. */
export function rewriteSuper(state: StoreState, group: Group, ctx: StoreContext): void {
  group.control.watermarksDue = true;
  pumpControl(state, group, ctx);
}

/** `isGone`: nothing readable at the segment's key gives its range. */
export function loseSegment(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  ordinal: number,
  lost: readonly StoredRecord[],
  isGone: boolean,
): void {
  const { needed, ofPages } = dropUnneeded(group, lost);
  const records = needed.map(({ record: { lsn, term } }) => ({ lsn, term }));
  scrubOf(state, group).lost.push({ ordinal, records });
  if (needed.length > 0) {
    const range = spanOf(needed.map(({ record }) => record));
    group.repair.damaged = [...group.repair.damaged, { ordinal, range }];
    if (isGone) writeLossMarker(state, group, ctx, ordinal, range);
    openHoles(group, ctx, needed);
  }
  if (ofPages.length > 0) {
    group.repair.lostPageSegments = [...group.repair.lostPageSegments, ordinal];
    if (isGone)
      writeLossMarker(
        state,
        group,
        ctx,
        ordinal,
        spanOf([...ofPages, ...needed].map(({ record }) => record)),
      );
  }
  const gone = new Set<number>(lost.map(({ record: { lsn } }) => lsn));
  removeRecords(group.log, ({ record, segment }) => segment === ordinal && gone.has(record.lsn));
  dropFromBlocks(state, group, ctx, gone);
  advanceScl(group, ctx);
  reportRecovery(group, ctx);
  group.control.watermarksDue = true; // the checkpoint and logFloor, durably
  pumpControl(state, group, ctx);
  driveHoles(group, ctx);
}

/** Log GC may drop these anyway: logFloor rises over them (WAL-36, WAL-38, HOLE-48). */
function dropUnneeded(
  group: Group,
  lost: readonly StoredRecord[],
): { readonly needed: StoredRecord[]; readonly ofPages: readonly StoredRecord[] } {
  const { pgmrpl } = group.superblock;
  const { archivedTo, holdTo } = group.watermarks;
  const needed: StoredRecord[] = [];
  const ofPages: StoredRecord[] = [];
  for (const stored of lost) {
    const { lsn, blockKey } = stored.record;
    const block = group.pages.blocks.get(blockKey);
    const limit = block ? droppable(block, pgmrpl, archivedTo, holdTo).records : -1;
    if (lsn <= group.gc.nextFloor) {
      if (lsn <= limit || !block || newestOf(block.versions) >= lsn) continue;
      block.lost = Math.max(block.lost, lsn); // below logFloor no peer gives records: its page has to come
      recordLostPage(group, blockKey, lsn);
      ofPages.push(stored);
    } else if (lsn <= limit && needed.length === 0) group.gc.nextFloor = lsn;
    else needed.push(stored);
  }
  setLogFloor(group.holes, group.gc.nextFloor);
  return { needed, ofPages };
}

function openHoles(group: Group, ctx: StoreContext, needed: readonly StoredRecord[]): void {
  for (const { record } of needed) {
    const first = Math.max(record.prevGroup + 1, group.holes.logFloor + 1);
    if (first > record.lsn) continue;
    loseRecords(group.holes, first, record.lsn + 1);
    trace(ctx, { kind: 'hole.open', group: group.id, first, end: record.lsn + 1 });
  }
}

function writeLossMarker(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  ordinal: number,
  range: readonly [number, number],
): void {
  const place = { group: group.id, ordinal };
  const marker: Write = { key: logKey(group.id, ordinal), bytes: encodeLostSegment(range, place) };
  state.writes.set(storeWrites(ctx, [marker]), { kind: 'delete' });
}

/**
 * A version's bytes are not to be used: it leaves the index. Its value stays until the page is back, or a marker does where nothing
 * can be read: a crash would otherwise forget that the page was lost, and the replica say that there is none.
 */
export function losePage(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  { blockKey, lsn }: { readonly blockKey: PageKey; readonly lsn: number },
  isGone: boolean,
): void {
  forgetVersion(group, blockKey, lsn, isGone);
  settleDamaged(state, group, ctx);
  armBackground(state, group, ctx);
}

/** Looks whether what was lost is back, and asks for what has to come from a peer. */
export function driveRepairs(state: StoreState, group: Group, ctx: StoreContext): void {
  const scrub = scrubOf(state, group);
  for (const lost of [...scrub.lost]) {
    if (!lost.records.every((record) => isBack(group, record))) continue;
    const segment = group.log.segments.get(lost.ordinal);
    if (segment && segment.live > 0) {
      rewriteSegments(state, group, ctx, new Set([lost.ordinal]));
      continue;
    }
    if (segment && keptSegments(group).has(lost.ordinal)) continue;
    if (segment) deleteDeadSegments(state, group, ctx);
    group.repair.damaged = group.repair.damaged.filter(({ ordinal }) => ordinal !== lost.ordinal);
    scrub.lost.splice(scrub.lost.indexOf(lost), 1);
    traceRepaired(
      state,
      group,
      ctx,
      'log',
      -1,
      lost.records.map(({ lsn }) => lsn),
    );
  }
  for (const page of [...group.pages.lost]) {
    const block = group.pages.blocks.get(page.blockKey);
    if (newestOf(block?.versions ?? []) < page.lsn) continue;
    group.pages.lost.splice(group.pages.lost.indexOf(page), 1);
    traceRepaired(state, group, ctx, 'page', page.blockKey, []);
  }
  settleDamaged(state, group, ctx);
  if (group.pages.lost.length === 0 && group.repair.lostPageSegments.length > 0) {
    group.repair.lostPageSegments = [];
    deleteDeadSegments(state, group, ctx);
  }
  fetchPage(state, group, ctx);
}

/**
 * Values of damaged versions go once their pages are back; what a good version was written over is that version now. Until then
 * a marker stands where the disk has nothing.
 */
function settleDamaged(state: StoreState, group: Group, ctx: StoreContext): void {
  const { pages } = group;
  if (pages.damaged.length === 0) return;
  const writes: Write[] = [];
  const kept: DamagedVersion[] = [];
  for (const { blockKey, lsn, isGone } of pages.damaged) {
    const key = versionKey(group.id, blockKey, lsn);
    const isLost = pages.lost.some((page) => page.blockKey === blockKey);
    const isHeld = pages.blocks.get(blockKey)?.versions.includes(lsn) === true;
    if (isLost) kept.push({ blockKey, lsn, isGone: false });
    if (isLost && isGone) writes.push({ key, bytes: makeLostVersion() });
    else if (!isLost && !isHeld) writes.push({ key, bytes: null });
  }
  pages.damaged = kept;
  if (writes.length > 0) state.writes.set(storeWrites(ctx, writes), { kind: 'delete' });
}

function traceRepaired(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  what: 'log' | 'page',
  blockKey: number,
  lsns: readonly number[],
): void {
  scrubOf(state, group).repaired++;
  trace(ctx, { kind: 'scrub.repaired', group: group.id, what, blockKey, lsns });
}

const isBack = (group: Group, { lsn, term }: { readonly lsn: Lsn; readonly term: Term }): boolean =>
  lsn <= group.superblock.logFloor ||
  !isKept(group.superblock, { lsn, term }) ||
  containsRange(group.holes.list, lsn, lsn + 1);

/** One page at a time; the next peer when one does not answer within reqTimeout, or refuses. */
function fetchPage(state: StoreState, group: Group, ctx: StoreContext): void {
  const { holes } = group;
  const scrub = scrubOf(state, group);
  const running = scrub.fetch;
  if (running && (running.kind === 'writing' || ctx.now < running.until)) return;
  scrub.fetch = null;
  const readPoint = Math.min(group.scl, group.superblock.knownVdl) as Lsn;
  const page = group.pages.lost.find(
    ({ blockKey, lsn }) => lsn <= readPoint && !isBuildable(group, blockKey, lsn),
  );
  const peer = holes.peers[scrub.nextPeer++ % Math.max(1, holes.peers.length)];
  if (!page || !peer) return;
  const until = (ctx.now + Math.max(state.params.reqTimeoutMs * 1000, peer.limit)) as Time;
  scrub.fetch = { kind: 'asked', blockKey: page.blockKey, peer: peer.peerId, until };
  const { volumeEpoch, memberEpoch } = holes;
  const { blockKey } = page;
  send(ctx, peer.peerId, {
    kind: 'PageFetch',
    group: group.id,
    volumeEpoch,
    memberEpoch,
    blockKey,
    rp: readPoint,
  });
}

/** The log still has the record that the lost version ended with, and the background has not given it up. */
function isBuildable(group: Group, blockKey: PageKey, lsn: number): boolean {
  const chain = group.pages.blocks.get(blockKey)?.chain ?? [];
  return chain[firstAtOrAbove(chain, lsn)] === lsn && group.background.dirty.has(blockKey);
}

/** A peer's page: whole, of this block, at or below what was asked for; written as a version like one built here. */
export function onPageCopy(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  from: NodeId,
  copy: MessageOf<'PageCopy'>,
): void {
  const scrub = scrubOf(state, group);
  const asked = scrub.fetch;
  if (asked?.kind !== 'asked' || asked.peer !== from || asked.blockKey !== copy.blockKey) return;
  if (
    copy.volumeEpoch !== group.superblock.volumeEpoch ||
    group.service.kind !== 'serving' ||
    !isInRange(group, copy.blockKey)
  )
    return;
  const { blockKey, page, pageLsn } = copy;
  const bound = Math.min(group.scl, group.superblock.knownVdl);
  const isGood =
    copy.refused === null && pageLsn <= bound && isPageAt(page, blockKey, pageLsn, state.params.pageBytes);
  if (!isGood) {
    scrub.fetch = null;
    return;
  }
  scrub.fetch = { kind: 'writing', blockKey: copy.blockKey, peer: from };
  const built: BuiltPage = { blockKey, lsn: pageLsn, page };
  const bytes = makeVersion(page.length);
  payloadOf(bytes).set(page);
  sealInPlace(bytes);
  const writes = [{ key: versionKey(group.id, blockKey, pageLsn), bytes }];
  state.writes.set(storeWrites(ctx, writes), { kind: 'fetched', group: group.id, built });
}

function isPageAt(page: Uint8Array, blockKey: PageKey, lsn: number, pageBytes: number): boolean {
  try {
    checkPageHeader(page, blockKey, pageBytes);
    return lsnOfPage(page) === lsn;
  } catch (error) {
    if (error instanceof BadBytes) return false;
    throw error;
  }
}

export function onFetchedDurable(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  { blockKey, lsn, page }: BuiltPage,
  error: DiskError | null,
): void {
  const scrub = scrubOf(state, group);
  assert(scrub.fetch?.kind === 'writing', 'a page was being fetched');
  scrub.fetch = null;
  const block = group.pages.blocks.get(blockKey);
  if (error !== null || !block) return;
  insertSorted(block.versions, lsn);
  cacheVersion(group, blockKey, newestOf(block.versions), page);
  trace(ctx, { kind: 'page.materialise', group: group.id, blockKey, pageLsn: lsn as Lsn });
  recordDroppable(group, blockKey, block);
  driveRepairs(state, group, ctx);
}
