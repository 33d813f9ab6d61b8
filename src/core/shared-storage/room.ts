// Room on the device (docs/spec/polarfs.md FS-45, FS-46). A page that is made in memory has its blocks promised until it is stored, so no call of
// the writer fails for lack of room. Beside what is promised some blocks are kept free for what has to go on: segments of WAL, a file of
// LogIndex, pages of the system. What would need more is refused before it has an effect, and goes on by itself once there is room.

import type { Lsn, Time } from '../../base/ids.ts';
import { chunksOf } from '../chunk/device-spec.ts';
import type { Room, RoomUse } from '../engine/ports.ts';
import { type RoleContext, trace, wakeAt } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { pagesAhead, startWalk } from '../logindex/find.ts';
import { fileBytes, fileOf, pathOfFile } from '../logindex/meta.ts';
import {
  blockKeyOf,
  blockOf,
  forkRelationOf,
  type PageKey,
  relationOf,
  SYSTEM_RELATIONS,
} from '../page/page-key.ts';
import { freeCount } from '../pfs/metadata.ts';
import type { Mount } from '../pfs/mount-state.ts';
import { findPath } from '../pfs/tree.ts';
import { mayGrow } from './growth.ts';
import { pagePath } from './page-file.ts';
import type { Promoting } from './promotion.ts';
import {
  type FullOf,
  openOf,
  promotionOf,
  type SharedAttachment,
  servingOf,
  volumeOf,
} from './shared-attachment.ts';
import { indexGeometry, leaseUsOf } from './sharing.ts';
import { SEGMENT_BYTES, segmentAt } from './wal-file.ts';
import { placeOf } from './wal-places.ts';

export const ROOM_TIMER = 'shared.room';

/** Segments that WAL may always have: between a checkpoint and its end, and ahead of it. */
const WAL_SEGMENTS = 6;
/** Blocks for pages of the system: the commit log, the table of clients. */
const SYSTEM_BLOCKS = 2;
/** Inodes and direntries for segments of WAL and files of LogIndex. */
const KEPT_FILES = 4;
/** Bytes of WAL that only ends of transactions may use, and those that not even they may; a record counts as so many. */
const WORK_BYTES = SEGMENT_BYTES / 2;
const END_BYTES = SEGMENT_BYTES / 8;
const RECORD_BYTES = 512;

const HERE: Room = { kind: 'here' };
const WAITS: Room = { kind: 'waits' };

const segmentBlocks = ({ geometry: { blockBytes } }: Mount): number => SEGMENT_BYTES / blockBytes;
const blocksOf = ({ geometry: { blockBytes } }: Mount, bytes: number): number =>
  Math.ceil(bytes / blockBytes);

const indexBlocks = <E>({ sharing, config }: SharedAttachment<E>, mount: Mount): number =>
  sharing === null ? 0 : blocksOf(mount, fileBytes(indexGeometry(config)));

/** Blocks that are kept free for what has to go on. */
export function keptBlocks<E>(attachment: SharedAttachment<E>, mount: Mount): number {
  const { segments, firstSegment } = attachment.log;
  const missing = Math.max(0, WAL_SEGMENTS - (segments - firstSegment));
  return missing * segmentBlocks(mount) + indexBlocks(attachment, mount) + SYSTEM_BLOCKS;
}

/** Pages that background replay has yet to bring to the end of the old log, and how many saved tables of LogIndex may name others. */
function pagesToReplay({ replay, bounds, walk, held, handled }: Promoting): {
  readonly pages: readonly PageKey[];
  readonly unread: number;
} {
  const { bgReplayedLsn, consistentLsn, parser } = replay;
  const from = bounds === null ? startWalk(Math.min(bgReplayedLsn, consistentLsn) as Lsn) : walk;
  const { pages, unread } = pagesAhead(replay.index, from, bounds?.endLsn ?? parser.applyLsn);
  return { pages: [...held.map(({ page }) => page), ...pages].filter((page) => !handled.has(page)), unread };
}

/** Files that a job under way makes or lets grow, with the bytes that each will have: its blocks are taken only when the call has ended. */
const growing = <E>({ jobs }: SharedAttachment<E>): { readonly path: string; readonly length: number }[] =>
  jobs.flatMap(({ job: { calls, at } }) =>
    calls.slice(at).flatMap((call) => (call.kind === 'fallocate' ? [call] : [])),
  );

/** Blocks and files that pages which are not stored need, with those of `made`, and those that jobs under way take. */
function promisedTo<E>(
  attachment: SharedAttachment<E>,
  mount: Mount,
  made: readonly PageKey[],
): { blocks: number; files: number } {
  const { flush, config } = attachment;
  const { pageBytes, bufferPages } = config.params;
  const ends = new Map<string, number>();
  const need = (path: string, bytes: number): void =>
    void ends.set(path, Math.max(ends.get(path) ?? 0, bytes));
  const needPage = (key: PageKey): void =>
    need(pagePath(blockKeyOf(forkRelationOf(key), 0)), (blockOf(key) + 1) * pageBytes);
  for (const keys of [flush.list.keys(), flush.writes.keys(), flush.copies.keys(), made])
    for (const key of keys) needPage(key);
  for (const { path, length } of growing(attachment)) need(path, length);
  // what is not replayed yet may not be stored, and a page whose LogIndex table is not read yet may be the only one of its file
  const promotion = promotionOf(attachment);
  const ahead = promotion && pagesToReplay(promotion);
  for (const key of ahead?.pages ?? []) needPage(key);
  const unknown = Math.min(bufferPages, (ahead?.unread ?? 0) * indexGeometry(config).segments);
  const promised = { blocks: unknown, files: unknown };
  for (const [path, end] of ends) {
    const found = findPath(mount.meta, path);
    const have = found.ok ? blocksOf(mount, found.value.size) : 0;
    promised.blocks += Math.max(0, blocksOf(mount, end) - have);
    if (!found.ok) promised.files++;
  }
  return promised;
}

/**
 * Blocks and files that are promised at most: a page that is not stored may need one, for a file grows page by page, so no block is missing
 * without one of them; and what jobs under way take.
 */
const promisedAtMost = <E>(attachment: SharedAttachment<E>, mount: Mount): number =>
  attachment.flush.list.size +
  attachment.flush.writes.size +
  attachment.flush.copies.size +
  (promotionOf(attachment) === null ? 0 : attachment.config.params.bufferPages) +
  growing(attachment).reduce((sum, { length }) => sum + blocksOf(mount, length), 0);

/** A file has one of each. */
const freeFiles = ({ meta }: Mount): number =>
  Math.min(freeCount(meta, 'inode'), freeCount(meta, 'direntry'));

/** Free blocks that nobody was promised; exact where they are at most `enough`. */
export function freeBlocks<E>(attachment: SharedAttachment<E>, mount: Mount, enough: number): number {
  const free = freeCount(mount.meta, 'blktag');
  const least = free - promisedAtMost(attachment, mount);
  return least > enough ? least : free - promisedTo(attachment, mount, []).blocks;
}

/** Free files that no page was promised which is not stored; exact where they are at most `enough`. */
function spareFiles<E>(attachment: SharedAttachment<E>, mount: Mount, enough: number): number {
  const free = freeFiles(mount);
  const least = free - promisedAtMost(attachment, mount);
  return least > enough ? least : free - promisedTo(attachment, mount, []).files;
}

/** FS-45: whether what is made now can be stored later. */
export function roomForPages<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  made: readonly PageKey[],
  use: RoomUse,
): Room {
  const { mount } = attachment.host;
  if (mount === null || has(attachment.config.mutants, 'shared.room-unpromised')) return HERE;
  const isSystem = made.every((key) => relationOf(key) < SYSTEM_RELATIONS);
  const isKept = isSystem || use === 'end';
  const kept = keptBlocks(attachment, mount);
  const free = freeCount(mount.meta, 'blktag');
  const files = freeFiles(mount);
  const most = promisedAtMost(attachment, mount) + made.length;
  if (free - most >= kept && files - most >= KEPT_FILES) return HERE;
  const promised = promisedTo(attachment, mount, made);
  const what: FullOf | '' =
    free - promised.blocks < (isKept ? 0 : kept)
      ? 'data'
      : files - promised.files < (isKept ? 0 : KEPT_FILES)
        ? 'files'
        : '';
  if (what === '') return HERE;
  if (mayGrow(attachment)) {
    attachment.wantsChunk = true;
    return WAITS;
  }
  if (promotionOf(attachment) !== null) return WAITS;
  recordFull(attachment, ctx, what);
  const name = pagePath(made[0] as PageKey);
  const why = what === 'data' ? 'free blocks are kept for the log' : 'there is no free inode';
  return { kind: 'full', what: `could not extend file "${name}": no space left on device (${why})` };
}

/** FS-45: whether WAL may take blocks and a file for another segment: a file of LogIndex still has room beside it. */
export function mayFill<E>(attachment: SharedAttachment<E>): boolean {
  const { mount } = attachment.host;
  if (mount === null) return false;
  const need = segmentBlocks(mount) + indexBlocks(attachment, mount);
  return freeBlocks(attachment, mount, need) >= need && spareFiles(attachment, mount, 1) > 1;
}

/** LI-27: the next table begins a file for which there are no blocks, or that there cannot be. */
export function isIndexStuck<E>(attachment: SharedAttachment<E>): boolean {
  const { sharing, config, host } = attachment;
  if (!sharing?.index || host.mount === null) return false;
  const { mount } = host;
  const need = indexBlocks(attachment, mount);
  const most = promisedAtMost(attachment, mount);
  if (freeFiles(mount) - most >= 1 && freeCount(mount.meta, 'blktag') - most >= need) return false;
  const next = pathOfFile(fileOf(indexGeometry(config), sharing.index.meta.maxTableId + 1));
  if (findPath(mount.meta, next).ok || growing(attachment).some(({ path }) => path === next)) return false;
  return freeBlocks(attachment, mount, need) < need || spareFiles(attachment, mount, 1) < 1;
}

/** LI-49: the oldest segment, if no recovery and no reader reads it any more. */
export function oldSegment<E>({ log, checkpoint, flush, sharing }: SharedAttachment<E>): number | null {
  const floor = sharing === null ? checkpoint.scanLsn : Math.min(checkpoint.scanLsn, flush.gcFloor);
  const place = placeOf(log, floor);
  const position = sharing === null ? checkpoint.scanPosition : place?.position;
  return position === undefined || log.firstSegment >= segmentAt(position) ? null : log.firstSegment;
}

/** Bytes of WAL that are there, or come for certain; exact where they are few. */
function logBytes<E>(attachment: SharedAttachment<E>): number {
  const { log, host } = attachment;
  const filled = log.segments * SEGMENT_BYTES - log.end;
  if (filled > 2 * WORK_BYTES || host.mount === null) return filled;
  if (oldSegment(attachment) !== null) return filled + SEGMENT_BYTES;
  const kept = indexBlocks(attachment, host.mount);
  const more = Math.floor(
    (freeBlocks(attachment, host.mount, kept + segmentBlocks(host.mount)) - kept) / segmentBlocks(host.mount),
  );
  return filled + Math.max(0, more) * SEGMENT_BYTES;
}

const isLogShort = <E>(attachment: SharedAttachment<E>, count: number, use: RoomUse): boolean =>
  logBytes(attachment) < (use === 'end' ? END_BYTES : WORK_BYTES) + count * RECORD_BYTES ||
  (use === 'work' && isIndexStuck(attachment));

/** LI-51: whether a snapshot of a page may be logged: what ends transactions needs the rest, and statements come first. */
export const hasLogForPage = <E>(attachment: SharedAttachment<E>): boolean =>
  logBytes(attachment) >= WORK_BYTES + RECORD_BYTES + attachment.config.params.pageBytes;

/** A checkpoint, a table of LogIndex or a reader's lease may give a segment back: so long statements wait before they are refused. */
const patienceUs = <E>({ config }: SharedAttachment<E>): number => 2 * leaseUsOf(config);

/** FS-46: whether there is log for `count` records. */
export function roomForLog<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  count: number,
  use: RoomUse,
): Room {
  if (attachment.host.mount === null || !isLogShort(attachment, count, use)) return HERE;
  const open = servingOf(attachment);
  const least = use === 'end' ? 1 : count;
  const { since, records } = open.short ?? { since: ctx.now, records: least };
  if (open.short === null) wakeAt(ctx, ROOM_TIMER, (ctx.now + patienceUs(attachment)) as Time);
  open.short = { since, records: Math.min(records, least) };
  if (mayGrow(attachment)) attachment.wantsChunk = true;
  if (ctx.now < since + patienceUs(attachment)) return WAITS;
  recordFull(attachment, ctx, 'log');
  return {
    kind: 'full',
    what: 'could not write to the log: no space left on device (no segment of it is free yet)',
  };
}

function recordFull<E>(attachment: SharedAttachment<E>, ctx: RoleContext, what: FullOf): void {
  const open = servingOf(attachment);
  if (open.full?.what === what) return;
  open.full = { what, since: ctx.now };
  traceRoom(attachment, ctx);
}

function traceRoom<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  const room = viewRoom(attachment, ctx.now);
  if (room === null) return;
  const { what, chunks, free, promised, kept } = room;
  trace(ctx, { kind: 'fs.full', volume: volumeOf(attachment), what, chunks, free, promised, kept });
}

/** How full the device is, in blocks: what a writer shows. */
export function viewRoom<E>(attachment: SharedAttachment<E>, now: Time): RoomView | null {
  const { mount } = attachment.host;
  // Until it has loaded its metadata no file of it can be looked up.
  if (mount === null || mount.state === 'closed') return null;
  const full = openOf(attachment)?.full ?? null;
  return {
    what: full?.what ?? '',
    sinceUs: full === null ? null : now - full.since,
    chunks: mount.meta.chunks.length,
    ofDevice: chunksOf(attachment.config.cluster).length,
    free: freeCount(mount.meta, 'blktag'),
    promised: promisedTo(attachment, mount, []).blocks,
    kept: keptBlocks(attachment, mount),
  };
}

export interface RoomView {
  /** Statements are refused for want of it, since so long; empty and null: nothing is full. */
  readonly what: FullOf | '';
  readonly sinceUs: number | null;
  /** Chunks of the file system, and of the device. */
  readonly chunks: number;
  readonly ofDevice: number;
  /** Blocks: free, of those promised to pages that are not stored, and kept free for what has to go on. */
  readonly free: number;
  readonly promised: number;
  readonly kept: number;
}

/** The device may have room again, or WAL has been short for too long. True: who waits goes on, or is refused. */
export function tendRoom<E>(attachment: SharedAttachment<E>, ctx: RoleContext): boolean {
  const { mount } = attachment.host;
  const open = openOf(attachment);
  if (mount === null || open === null) return false;
  let isOver = false;
  const { short, full } = open;
  if (short !== null) {
    const isShort = isLogShort(attachment, short.records, 'work');
    isOver = !isShort || (full?.what !== 'log' && ctx.now >= short.since + patienceUs(attachment));
    if (!isShort) open.short = null;
  }
  if (full === null) return isOver;
  const isFree = full.what === 'log' ? open.short === null : hasRoomAgain(attachment, mount, full.what);
  if (!isFree) {
    if (mayGrow(attachment)) attachment.wantsChunk = true;
    return isOver;
  }
  open.full = null;
  traceRoom(attachment, ctx);
  return true;
}

function hasRoomAgain<E>(
  attachment: SharedAttachment<E>,
  mount: Mount,
  what: Exclude<FullOf, 'log'>,
): boolean {
  const kept = keptBlocks(attachment, mount) + 1;
  if (what === 'data') return freeBlocks(attachment, mount, kept) >= kept;
  return freeFiles(mount) - promisedTo(attachment, mount, []).files > KEPT_FILES;
}
