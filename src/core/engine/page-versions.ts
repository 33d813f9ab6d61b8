// Versions of pages in a reader's buffer (docs/spec/readers.md READ-13, READ-15…17, READ-21): the frame of the pool has the
// newest, which the journal keeps up; older ones stand here while a view at a read point may still need them. Every version
// is good at the read points from its LSN to `upTo`; bytes are shared and never changed. At the limit the oldest goes but for the
// one that has just come, which somebody waits for; who needs another reads it from the stores again: applying is never blocked.

import type { Lsn } from '../../base/ids.ts';
import { pageLsn } from '../page/page.ts';
import type { PageKey } from '../page/page-key.ts';
import { applyRecords, type RedoStep } from '../page/redo.ts';
import { type BufferPool, findPage, installVersion } from './buffer-pool.ts';

/** Older versions of one page. */
const MAX_VERSIONS = 16;

export interface OldVersion {
  readonly page: Uint8Array;
  readonly lsn: Lsn;
  /** The last read point that it is known to be the newest at. */
  upTo: Lsn;
}

export interface PageVersions {
  /** Ascending. */
  readonly older: Map<PageKey, OldVersion[]>;
  /** Last change of the catalog that was released: definitions kept in memory are as of a later read point. */
  catalogLsn: Lsn;
}

export const makePageVersions = (): PageVersions => ({ older: new Map(), catalogLsn: -1 as Lsn });

/** READ-21: the newest version at or below the read point, as far as it is here. */
export function findVersion(
  pool: BufferPool,
  { older }: PageVersions,
  blockKey: PageKey,
  rp: Lsn,
): Uint8Array | null {
  const newest = findPage(pool, blockKey);
  if (newest !== null && pageLsn(newest) <= rp) return newest;
  for (const version of older.get(blockKey) ?? [])
    if (version.lsn <= rp && rp <= version.upTo) return version.page;
  return null;
}

/** A version that was read as of `rp`; the page's newest one is another. */
export function addVersion({ older }: PageVersions, blockKey: PageKey, page: Uint8Array, rp: Lsn): void {
  const versions = older.get(blockKey) ?? [];
  older.set(blockKey, versions);
  const lsn = pageLsn(page);
  const same = versions.find((version) => version.lsn === lsn);
  if (same) {
    same.upTo = Math.max(same.upTo, rp) as Lsn;
    return;
  }
  const added: OldVersion = { page, lsn, upTo: rp };
  versions.push(added);
  versions.sort((a, b) => a.lsn - b.lsn);
  if (versions.length > MAX_VERSIONS) versions.splice(versions[0] === added ? 1 : 0, 1);
}

/**
 * READ-13, READ-16: the page after these records is a new version; the one before stays for open read points. False when
 * they do not continue the page (READ-4).
 */
export function applyVersion(
  pool: BufferPool,
  versions: PageVersions,
  blockKey: PageKey,
  records: readonly (RedoStep & { readonly prevBlock: Lsn })[],
  mrpl: Lsn,
): boolean {
  const page = findPage(pool, blockKey);
  if (page === null) return false;
  const lsn = pageLsn(page);
  const fresh = records.filter((record) => record.lsn > lsn);
  const [first] = fresh;
  if (first === undefined) return true;
  if (!first.init && first.prevBlock !== lsn) return false;
  const upTo = (first.lsn - 1) as Lsn;
  if (upTo >= mrpl) addVersion(versions, blockKey, page, upTo);
  installVersion(pool, blockKey, applyRecords(page, fresh, page.length));
  trimVersions(versions, blockKey, mrpl);
  return true;
}

/** READ-15: the page with the records that it has not got; null when they do not continue it. */
export function withJournal(
  page: Uint8Array,
  records: readonly (RedoStep & { readonly prevBlock: Lsn })[],
): Uint8Array | null {
  const lsn = pageLsn(page);
  const fresh = records.filter((record) => record.lsn > lsn);
  const [first] = fresh;
  if (first === undefined) return page;
  if (!first.init && first.prevBlock !== lsn) return null;
  return applyRecords(page, fresh, page.length);
}

/** READ-17: a version goes when a newer one is at or below MRPL. */
export function trimVersions({ older }: PageVersions, blockKey: PageKey, mrpl: Lsn): void {
  const versions = older.get(blockKey);
  if (versions === undefined) return;
  const kept = versions.filter(({ upTo }) => upTo >= mrpl);
  if (kept.length === versions.length) return;
  if (kept.length > 0) older.set(blockKey, kept);
  else older.delete(blockKey);
}

export function trimAllVersions(versions: PageVersions, mrpl: Lsn): void {
  for (const blockKey of [...versions.older.keys()]) trimVersions(versions, blockKey, mrpl);
}
