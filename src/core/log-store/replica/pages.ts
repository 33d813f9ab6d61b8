// Page reads at (page, read point): checks in the order of WAL-34, then the newest version not above q = min(rp, groupRp)
// and the chain records above it (WAL-35). A version is read from disk unless it is among the cached ones; GC may go on
// meanwhile, so everything is decided anew when the bytes are there. A damaged version is never used (WAL-33).

import { BadBytes } from '../../../base/bytes.ts';
import { crc32c } from '../../../base/crc32c.ts';
import type { Lsn, Time } from '../../../base/ids.ts';
import { readKeys, send, trace } from '../../kernel/context.ts';
import type { Refusal } from '../../kernel/fields.ts';
import { makeValue, openValue, sealValue } from '../../kernel/framing.ts';
import { reach } from '../../kernel/limits.ts';
import type { LogRecord } from '../../log/record.ts';
import { PAGE_HEADER_BYTES, pageBlockKey, pageLsn } from '../../page/page.ts';
import type { PageKey } from '../../page/page-key.ts';
import { applyOnto } from '../../page/redo.ts';
import { checkPeerEpochs } from '../holes/hole-serve.ts';
import { isInRange } from './advance.ts';
import { type Block, firstAtOrAbove, lastNotAbove, newestOf, pendingRecords } from './blocks.ts';
import { failureOf } from './condition.ts';
import { checkReader, refusal } from './epochs.ts';
import type { CachedPage } from './group-state.ts';
import { forStoreTrace, type StoreContext } from './hooks.ts';
import { versionKey } from './keys.ts';
import { lastAtOrBelow, recordAt } from './log.ts';
import type { Group, PageRequest, StoreState } from './state.ts';
import { isOpen } from './superblock.ts';

const VERSION = 1;
const NO_PAGE = new Uint8Array(0);

/** The value of a version that came whole from a peer (WAL-71). */
export const encodeVersion = (page: Uint8Array): Uint8Array => sealValue(VERSION, page);

/** In place of a version that is gone or cannot be read: the next start finds it damaged. */
export const makeLostVersion = (): Uint8Array => sealValue(VERSION, NO_PAGE);

/** The value of a version whose page is yet to be built in its payload. */
export const makeVersion = (pageBytes: number): Uint8Array => makeValue(VERSION, pageBytes);

export type VersionRead =
  | { readonly kind: 'good'; readonly page: Uint8Array }
  /** `other`: whole, but of another block or LSN. */
  | { readonly kind: 'bad' | 'other' };

/** A version's value holds its block and LSN: what lies at another's place is not taken for it (WAL-39). */
export function readVersion(value: Uint8Array, blockKey: PageKey, lsn: number): VersionRead {
  const opened = openValue(VERSION, value);
  if (!opened.ok || opened.value.length < PAGE_HEADER_BYTES) return { kind: 'bad' };
  const page = opened.value;
  return pageBlockKey(page) === blockKey && pageLsn(page) === lsn
    ? { kind: 'good', page }
    : { kind: 'other' };
}

/** The page of a version's value, or null when it is torn, damaged or another one. */
export function decodeVersion(value: Uint8Array, blockKey: PageKey, lsn: number): Uint8Array | null {
  const read = readVersion(value, blockKey, lsn);
  return read.kind === 'good' ? read.page : null;
}

/** A peer asks for a page as it is at a point of the group; a reader knows the point of the volume as well. */
const groupRpOf = (message: PageRequest['message']): Lsn =>
  message.kind === 'ReadPage' ? message.groupRp : message.rp;

/** A reader's request, or that of a peer which lost its version (WAL-39). */
export function onReadPage(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  from: PageRequest['from'],
  message: PageRequest['message'],
): void {
  if (group.pages.reads >= state.params.pageReads) {
    reach(ctx, state.params, 'pageReads');
    return;
  }
  servePage(state, group, ctx, { from, traceId: ctx.traceId, message }, null);
}

/** The bytes of a version are there, or could not be read. */
export function onVersionRead(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  request: PageRequest,
  base: number,
  value: Uint8Array | null,
  error: 'EIO' | null,
): void {
  group.pages.reads--;
  const own = forStoreTrace(ctx, request.traceId);
  if (error) {
    refuse(group, own, request, refusal('EIO', '', 0));
    return;
  }
  const page = takeVersion(group, request.message.blockKey, base, value);
  servePage(state, group, own, request, page ? { lsn: base, page } : null);
}

function servePage(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  request: PageRequest,
  read: CachedPage | null,
): void {
  const { blockKey, rp } = request.message;
  const groupRp = groupRpOf(request.message);
  const refused = checkRead(group, request.message);
  if (refused) {
    refuse(group, ctx, request, refused);
    return;
  }
  const upTo = Math.min(rp, groupRp);
  const block = group.pages.blocks.get(blockKey);
  if (!block) {
    refuse(group, ctx, request, refusal('NO_SUCH_PAGE', '', 0));
    return;
  }
  const base = lastNotAbove(block.versions, upTo);
  const held = read?.lsn === base ? read : cachedVersion(group, blockKey, base);
  if (base !== -1 && !held) {
    group.pages.reads++;
    const id = readKeys(ctx, [versionKey(group.id, blockKey, base)]);
    state.reads.set(id, { kind: 'page', group: group.id, request, base });
    return;
  }
  const records = pendingOf(group, block, base, upTo);
  const basePage = held?.page ?? null;
  if (records === null) refuse(group, ctx, request, refusal('EIO', '', 0));
  else if (records.length > 0) {
    const page = new Uint8Array(state.params.pageBytes);
    if (buildOnto(page, basePage, records)) answer(group, ctx, request, page);
    else refuse(group, ctx, request, refusal('EIO', '', 0));
  } else if (basePage) answer(group, ctx, request, basePage);
  else refuse(group, ctx, request, refusal('NO_SUCH_PAGE', '', 0));
}

/** WAL-34, in its order; between InstallToken and OpenVolume only rp ≤ knownVdl (WAL-57). A peer is tested on its epochs. */
function checkRead(group: Group, message: PageRequest['message']): Refusal | null {
  const { superblock, watermarks, scl } = group;
  const refused =
    failureOf(group) ??
    (message.kind === 'ReadPage' ? checkReader(superblock, message) : checkPeerEpochs(group.holes, message));
  if (refused) return refused;
  const { rp, blockKey } = message;
  const groupRp = groupRpOf(message);
  if (!isInRange(group, blockKey)) return refusal('WRONG_GROUP', '', 0);
  if (!isOpen(superblock) && rp > watermarks.knownVdl) return refusal('NOT_READY', '', watermarks.knownVdl);
  if (rp < (message.kind === 'ReadPage' ? watermarks.pgmrpl : readFloorOf(group)))
    return refusal('STALE_READ_POINT', '', watermarks.pgmrpl);
  if (Math.min(rp, groupRp) > scl) return refusal('READ_POINT_AHEAD', '', scl);
  return group.repair.unsure === null ? null : refusal('EIO', '', 0);
}

/** The group's last record at or below PGMRPL: a peer names a point of the group, which may be idle while PGMRPL rises. */
const readFloorOf = ({ log, watermarks: { pgmrpl }, superblock: { logFloor } }: Group): number =>
  Math.min(pgmrpl, Math.max(logFloor, lastAtOrBelow(log, pgmrpl)?.record.lsn ?? -1));

/** What stands between version `base` (−1: nothing) and the page at `upTo`, or null when some of it was lost to damage. */
export function pendingOf(group: Group, block: Block, base: number, upTo: number): LogRecord[] | null {
  const { chain } = block;
  const records: LogRecord[] = [];
  let before = base;
  for (let i = firstAtOrAbove(chain, base + 1); i < chain.length && (chain[i] as number) <= upTo; i++) {
    const lsn = chain[i] as number;
    const record = recordAt(group.log, lsn)?.record;
    if (!record || (record.prevBlock > before && !record.init)) return null;
    records.push(record);
    before = lsn;
  }
  if (block.lost > before && block.lost <= upTo) return null;
  return before === -1 && wasDropped(group, block) ? null : records;
}

/** Builds the page in `target`, which is all zero; false when the records do not fit. */
export function buildOnto(
  target: Uint8Array,
  basePage: Uint8Array | null,
  records: readonly LogRecord[],
): boolean {
  try {
    applyOnto(target, basePage, records);
    return true;
  } catch (error) {
    if (error instanceof BadBytes) return false;
    throw error;
  }
}

/**
 * GC has dropped the block's first records, or a peer gave a version in their place: what was before is unknown. Of a block that
 * has had no version nothing was dropped: what its first record follows lies in a hole above SCL, and no page below.
 */
function wasDropped(group: Group, { chain, versions, lost }: Block): boolean {
  if (versions.length === 0 && lost === -1) return false;
  const first = chain[0];
  return first === undefined ? versions.length > 0 : recordAt(group.log, first)?.record.prevBlock !== -1;
}

/** A version's bytes, checked. One that is damaged leaves the index and is rebuilt from the one before it (WAL-33). */
export function takeVersion(
  group: Group,
  blockKey: PageKey,
  lsn: number,
  value: Uint8Array | null,
): Uint8Array | null {
  const page = value && decodeVersion(value, blockKey, lsn);
  const block = group.pages.blocks.get(blockKey);
  const at = block ? block.versions.indexOf(lsn) : -1;
  if (!block || at === -1) return page;
  if (page) {
    if (lsn === newestOf(block.versions)) cacheVersion(group, blockKey, lsn, page);
    return page;
  }
  forgetVersion(group, blockKey, lsn, value === null);
  return null;
}

/** A version is lost: it leaves index and cache, is built again if the log reaches, else fetched (WAL-33, WAL-39). */
export function forgetVersion(group: Group, blockKey: PageKey, lsn: number, isGone: boolean): void {
  const block = group.pages.blocks.get(blockKey);
  const at = block ? block.versions.indexOf(lsn) : -1;
  if (!block || at === -1) return;
  const isNewest = at === block.versions.length - 1;
  block.versions.splice(at, 1);
  group.pages.damaged.push({ blockKey, lsn, isGone });
  block.lost = Math.max(block.lost, lsn);
  if (group.pages.cache.get(blockKey)?.lsn === lsn) group.pages.cache.delete(blockKey);
  if (!isNewest) return;
  if (pendingRecords(block) > 0) group.background.dirty.set(blockKey, 0 as Time);
  recordLostPage(group, blockKey, lsn);
}

/** Records that a block needs a version at least as new as this, built here or fetched from a peer. */
export function recordLostPage(group: Group, blockKey: PageKey, lsn: number): void {
  const pages = group.pages.lost;
  const known = pages.findIndex((page) => page.blockKey === blockKey);
  const before = pages[known];
  if (before === undefined) pages.push({ blockKey, lsn });
  else if (before.lsn < lsn) pages[known] = { blockKey, lsn };
}

export function cachedVersion(group: Group, blockKey: PageKey, lsn: number): CachedPage | null {
  const cached = group.pages.cache.get(blockKey);
  return cached?.lsn === lsn ? cached : null;
}

export function cacheVersion(group: Group, blockKey: PageKey, lsn: number, page: Uint8Array): void {
  const { cache: pages } = group.pages;
  pages.delete(blockKey);
  pages.set(blockKey, { lsn, page });
  if (pages.size <= group.pages.cacheLimit) return;
  for (const oldest of pages.keys()) {
    pages.delete(oldest);
    return;
  }
}

function answer(group: Group, ctx: StoreContext, request: PageRequest, page: Uint8Array): void {
  const lsn = pageLsn(page);
  traceServed(group, ctx, request, lsn, '', crc32c(page));
  sendReply(group, ctx, request, page, lsn, null);
}

function refuse(group: Group, ctx: StoreContext, request: PageRequest, refused: Refusal): void {
  traceServed(group, ctx, request, -1 as Lsn, refused.code, 0);
  sendReply(group, ctx, request, NO_PAGE, -1 as Lsn, refused);
}

function traceServed(
  group: Group,
  ctx: StoreContext,
  { message }: PageRequest,
  lsn: Lsn,
  error: string,
  digest: number,
): void {
  const { blockKey, rp } = message;
  const groupRp = groupRpOf(message);
  trace(ctx, {
    kind: 'page.served',
    group: group.id,
    blockKey,
    readPoint: rp,
    groupReadPoint: groupRp,
    pageLsn: lsn,
    error,
    digest,
  });
}

function sendReply(
  group: Group,
  ctx: StoreContext,
  { from, message }: PageRequest,
  page: Uint8Array,
  lsn: Lsn,
  refused: Refusal | null,
): void {
  const { blockKey } = message;
  if (message.kind === 'PageFetch') {
    const { volumeEpoch } = group.superblock;
    send(ctx, from, {
      kind: 'PageCopy',
      group: group.id,
      volumeEpoch,
      blockKey,
      page,
      pageLsn: lsn,
      refused,
    });
    return;
  }
  const { reqId } = message;
  const { maxToken } = group.superblock;
  const { scl, id } = group;
  send(ctx, from, {
    kind: 'PageReply',
    group: id,
    reqId,
    blockKey,
    page,
    pageLsn: lsn,
    scl,
    maxToken,
    refused,
  });
}
