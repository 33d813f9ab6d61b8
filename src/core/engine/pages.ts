// Pages inside one call of the engine: reading (a missing page throws Blocked), and changing, which is always an MTR:
// redo applies the records with the LSNs they will have, then the MTR is appended, then the buffer takes what was copied
// (WAL-6, WAL-9: one path for doing and redoing). A page that `getPage` answered is good until the next change.

import { assert } from '../../base/assert.ts';
import { crc32c } from '../../base/crc32c.ts';
import type { Lsn, TxId } from '../../base/ids.ts';
import { isOwned, own, ownedCopy } from '../../base/owned-bytes.ts';
import { trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import type { MtrRecord } from '../log/record.ts';
import { MAX_PAGE_BYTES, pageLsn } from '../page/page.ts';
import type { PageKey } from '../page/page-key.ts';
import { joinedEnd, pagesPayload, type RecordPage } from '../page/record-pages.ts';
import { changeInPlace, type RedoStep } from '../page/redo.ts';
import { OP_PAGES } from '../page/redo-ops.ts';
import {
  type BufferPool,
  deferChange,
  ensureFrames,
  evictPage,
  findPage,
  findPageLsn,
  isLoading,
  type KeptWhy,
  type Leaving,
  pinPage,
  putPage,
  unpinPage,
} from './buffer-pool.ts';
import { type Env, MAX_KEPT, type PageOrder } from './engine-state.ts';
import { findVersion, type PageVersions } from './page-versions.ts';
import { Blocked, DeviceFull, type Room } from './ports.ts';

/** Storage has no such page although something refers to it: the statement fails with XX001. */
export class PageLost extends Error {
  override name = 'PageLost';
}

/** Of a reader: what the read point needs is kept no longer, for PGMRPL has passed it (READ-28) or the reader's session was revoked (LI-63). */
export class StaleReadPoint extends Error {
  override name = 'StaleReadPoint';
}

const staleWords = {
  belowFloor: (rp: Lsn) => `read point ${rp} is below PGMRPL`,
  revoked: (rp: Lsn) => `the reader was revoked: pages are no longer kept for it at read point ${rp}`,
} as const;

/** Where a reader's running call reads: at its view's point, before there is one at the newest. */
export const readPointOf = ({ session, pages }: Env): Lsn =>
  session?.tx?.snapshot?.readPoint ?? pages.readPoint;

function futurePage(env: Env, blockKey: PageKey): Uint8Array | null {
  if (!has(env.mutants, 'shared.no-flush-gate')) return null;
  const page = findPage(env.engine.pool, blockKey);
  return page !== null && pageLsn(page) > env.pages.readPoint ? page : null;
}

/** READ-21: the page as of the call's read point. */
function getVersion(env: Env, versions: PageVersions, blockKey: PageKey): Uint8Array {
  const rp = readPointOf(env);
  if (env.session?.stale) throw new StaleReadPoint(staleWords[env.session.stale](rp));
  const page = findVersion(env.engine.pool, versions, blockKey, rp) ?? futurePage(env, blockKey);
  if (page === null) {
    if (env.session?.lostPage === blockKey) throw new PageLost(`page ${blockKey} is lost or damaged`);
    throw new Blocked([blockKey], 0);
  }
  if (!env.touched.includes(blockKey)) {
    trace(env.ctx, {
      kind: 'ro.pageRead',
      blockKey,
      readPoint: rp,
      groupReadPoint: env.pages.groupReadPoint?.(blockKey, rp) ?? rp,
      pageLsn: pageLsn(page),
      digest: crc32c(page),
      volume: env.log.volume,
    });
  }
  touch(env, blockKey);
  return page;
}

export function getPage(env: Env, blockKey: PageKey): Uint8Array {
  const { versions } = env.engine;
  if (versions) return getVersion(env, versions, blockKey);
  const page = findPage(env.engine.pool, blockKey);
  if (page === null) {
    if (env.session?.lostPage === blockKey) throw new PageLost(`page ${blockKey} is lost or damaged`);
    throw new Blocked([blockKey], 0);
  }
  touch(env, blockKey);
  return page;
}

/** Throws Blocked (or PageLost) when the page is not here, without looking into it. */
export function requirePage(env: Env, blockKey: PageKey): void {
  if (env.engine.versions) getPage(env, blockKey);
  else if (findPageLsn(env.engine.pool, blockKey) === null) getPage(env, blockKey);
  else touch(env, blockKey);
}

function touch(env: Env, blockKey: PageKey): void {
  env.pagesSeen += 1;
  env.pageWatch?.(blockKey);
  const { touched } = env;
  if (touched[touched.length - 1] === blockKey) return;
  if (touched.length >= 256) touched.splice(0, 192);
  touched.push(blockKey);
}

export interface Change {
  readonly blockKey: PageKey;
  readonly op: number;
  readonly init: boolean;
  readonly payload: Uint8Array;
}

/**
 * WAL-7, WAL-8: room in the log for `count` records, in turn; Blocked otherwise. While the device is short of room (FS-46) what ends a
 * transaction does not stand behind what has to wait for it.
 */
export function requireLog(env: Env, count: number): void {
  const { log, hasLogTurn, engine, roomUse: use } = env;
  if (env.logReserved >= count) return;
  const room = log.roomFor?.(count, use) ?? HERE;
  if (room.kind === 'full') throw new DeviceFull(room.what);
  const isInLine = use === 'work' || log.roomFor?.(count, 'work').kind !== 'waits';
  if (
    room.kind === 'waits' ||
    (isInLine && engine.logWaiters.length > 0 && !hasLogTurn) ||
    !log.canAppend(count)
  )
    throw new Blocked([], count);
}

const HERE: Room = { kind: 'here' };

/** Pages of the running call that are not evicted for its own new pages. */
const KEEP = 12;

/** Room for `count` records of several MTRs that must follow each other in this call. */
export function reserveLog(env: Env, count: number): void {
  requireLog(env, count);
  env.logReserved = count;
}

function appended(env: Env, count: number): void {
  env.hasLogTurn = false;
  env.logReserved = Math.max(0, env.logReserved - count);
}

/** By an operator's word: a page leaves the buffer if it may, is kept there, or is kept no more. Returns why it does not leave, null if it does. */
export function orderPage(env: Env, { kind, blockKey }: PageOrder): KeptWhy | null {
  const { engine, log, ctx } = env;
  const { pool } = engine;
  const key = blockKey as PageKey;
  const keptNow = engine.keptPages;
  if (kind === 'evictPage') {
    const kept = evictPage(pool, key, leavingOf(env), (evicted) => {
      trace(ctx, { kind: 'page.evict', volume: log.volume, ...evicted, vdl: log.durable });
      engine.versions?.older.delete(key);
    });
    if (kept !== null) env.pages.recordKept?.(key, kept);
    return kept;
  }
  if (kind === 'pinPage') {
    // A page on its way here may turn out not to exist.
    if (keptNow.length >= MAX_KEPT || keptNow.includes(key) || !pool.index.has(key) || isLoading(pool, key))
      return null;
    pinPage(pool, key);
    engine.keptPages = [...keptNow, key];
  } else if (keptNow.includes(key)) {
    unpinPage(pool, key);
    engine.keptPages = keptNow.filter((one) => one !== key);
  }
  return null;
}

function leavingOf({ log, pages }: Env): Leaving {
  const isUnstored = pages.isUnstored ? (key: PageKey) => pages.isUnstored?.(key) === true : undefined;
  return { vdl: log.durable, isUnstored };
}

/** Frees `count` frames without losing `keep`; false when too few pages may leave (WAL-10). */
export function makeRoom(env: Env, count: number, keep: readonly PageKey[]): boolean {
  const { pool } = env.engine;
  const vdl = env.log.durable;
  const hasRoom = ensureFrames(pool, count, leavingOf(env), keep, (evicted) => {
    trace(env.ctx, { kind: 'page.evict', volume: env.log.volume, ...evicted, vdl });
    env.engine.versions?.older.delete(evicted.blockKey);
  });
  if (!hasRoom) env.pages.recordStall?.();
  return hasRoom;
}

/**
 * Appends one MTR (WAL-3) and changes the buffer. Throws Blocked or BadBytes before anything has changed.
 * Several changes may be of one page. Returns the last LSN.
 */
export function appendChanges(env: Env, changes: readonly Change[], isCommit = false, xid = 0): Lsn {
  requireLog(env, changes.length);
  const { pool, config } = env.engine;
  const fresh: PageKey[] = [];
  const made: PageKey[] = [];
  for (const { blockKey, init } of changes) {
    if (made.includes(blockKey)) continue;
    const hasFrame = pool.index.has(blockKey);
    // one that is on its way has a frame, and is not here: whoever changes it by what he knows of it waits as well
    if (!init && (!hasFrame || isLoading(pool, blockKey))) throw new Blocked([blockKey], 0);
    if (init) made.push(blockKey);
    if (!hasFrame) fresh.push(blockKey);
  }
  if (fresh.length > 0) requireRoom(env, fresh);
  const keep = fresh.length > 0 ? [...env.touched.slice(-KEEP), ...changes.map((c) => c.blockKey)] : [];
  if (fresh.length > 0 && !makeRoom(env, fresh.length, keep)) throw new Blocked([], 0);
  const first = env.log.tail + 1;
  const { records, keys, pages } = applyChanges(env, changes, first, config.pageBytes);
  const mtr = env.log.append(records, isCommit, xid as TxId, env.ctx.traceId);
  assert(mtr.first === first, 'the MTR begins at tail + 1');
  appended(env, changes.length);
  for (let i = 0; i < pages.length; i++) putPage(pool, keys[i] as PageKey, pages[i] as Uint8Array);
  return mtr.last;
}

/** FS-45: new pages are made only where there is room to store them. */
function requireRoom(env: Env, made: readonly PageKey[]): void {
  const room = env.pages.roomForPages?.(made, env.roomUse) ?? HERE;
  if (room.kind === 'full') throw new DeviceFull(room.what);
  if (room.kind === 'waits') throw new Blocked([], 0);
}

/** What pages that are changed in place were before, until all of an MTR has been applied. */
const undo = { pages: [] as Uint8Array[], saved: [] as Uint8Array[] };

function saveForUndo(page: Uint8Array): void {
  const { pages, saved } = undo;
  if (pages.includes(page)) return;
  if (saved.length === pages.length) saved.push(new Uint8Array(MAX_PAGE_BYTES));
  saved[pages.length]?.set(page);
  pages.push(page);
}

function undoAll(): void {
  const { pages, saved } = undo;
  pages.forEach((page, i) => {
    page.set((saved[i] as Uint8Array).subarray(0, page.length));
  });
}

/** An MTR that is being made: its records, and the pages as they are after each of them. */
interface Applied {
  readonly records: MtrRecord[];
  readonly keys: PageKey[];
  readonly pages: Uint8Array[];
}

/** Applies an MTR's changes. Throws BadBytes with every page as it was. */
function applyChanges(env: Env, changes: readonly Change[], first: number, pageBytes: number): Applied {
  const { pool } = env.engine;
  const isJoining = env.log.joinsPages === true;
  const applied: Applied = { records: [], keys: [], pages: [] };
  undo.pages.length = 0;
  try {
    for (let i = 0; i < changes.length; ) {
      const end = isJoining ? joinedEnd(changes, i) : i + 1;
      const lsn = (first + applied.records.length) as Lsn;
      if (end === i + 1) {
        const { blockKey, op, init, payload } = changes[i] as Change;
        const prevBlock = applyOne(pool, applied, { lsn, blockKey, op, init, payload }, pageBytes);
        applied.records.push({ blockKey, op, init, payload, prevBlock });
      } else applied.records.push(applyJoined(pool, applied, changes.slice(i, end), lsn, pageBytes));
      i = end;
    }
  } catch (error) {
    undoAll();
    throw error;
  }
  return applied;
}

/** The page as the MTR has it by now. */
function pageNow(pool: BufferPool, { keys, pages }: Applied, blockKey: PageKey): Uint8Array | null {
  for (let k = keys.length - 1; k >= 0; k--) if (keys[k] === blockKey) return pages[k] as Uint8Array;
  return findPage(pool, blockKey);
}

/** What its LSN was before. */
function applyOne(pool: BufferPool, applied: Applied, record: RedoStep, pageBytes: number): Lsn {
  const { blockKey, init } = record;
  const before = pageNow(pool, applied, blockKey);
  const page = init || before === null ? ownedBlank(pageBytes) : pageToChange(before);
  const prevBlock = before === null ? (-1 as Lsn) : pageLsn(before);
  changeInPlace(page, init || before === null, record);
  applied.keys.push(blockKey);
  applied.pages.push(page);
  return prevBlock;
}

/** LI-20: changes of several pages as one record, which is applied as its readers will apply it. */
function applyJoined(
  pool: BufferPool,
  applied: Applied,
  changes: readonly Change[],
  lsn: Lsn,
  pageBytes: number,
): MtrRecord {
  const pages: RecordPage[] = [...new Set(changes.map(({ blockKey }) => blockKey))].map((blockKey) => {
    const before = pageNow(pool, applied, blockKey);
    const prevBlock = before === null ? (-1 as Lsn) : pageLsn(before);
    return { blockKey, prevBlock, changes: changes.filter((change) => change.blockKey === blockKey) };
  });
  const payload = pagesPayload(pages);
  const records = pages.map(
    ({ blockKey, prevBlock, changes: [change] }): MtrRecord => ({
      blockKey,
      op: OP_PAGES,
      init: change?.init === true,
      payload,
      prevBlock,
    }),
  );
  for (const { blockKey, op, init } of records)
    applyOne(pool, applied, { lsn, blockKey, op, init, payload }, pageBytes);
  return records[0] as MtrRecord;
}

function ownedBlank(pageBytes: number): Uint8Array {
  const page = new Uint8Array(pageBytes);
  own(page);
  return page;
}

function pageToChange(page: Uint8Array): Uint8Array {
  if (isOwned(page)) saveForUndo(page);
  return ownedCopy(page);
}

/**
 * Appends an MTR of one record that is certain to apply to its page, which is here (`requirePage`). The buffer takes
 * the record and changes the page when somebody looks at it.
 */
export function appendDeferred(env: Env, change: Change, isCommit: boolean, xid: number): Lsn {
  requireLog(env, 1);
  const prevBlock = findPageLsn(env.engine.pool, change.blockKey);
  if (prevBlock === null) throw new Blocked([change.blockKey], 0);
  // Literals, not spreads: one shape for all, and no map of its own for each.
  const { blockKey, op, init, payload } = change;
  const record = { blockKey, op, init, payload, prevBlock };
  const { last } = env.log.append([record], isCommit, xid as TxId, env.ctx.traceId);
  appended(env, 1);
  deferChange(env.engine.pool, { blockKey, op, init, payload, lsn: last });
  return last;
}
