// The pages of a volume as a structure check reads them: one image of each page, all as of one read point, and what every
// part of the check asks of them.

import { BadBytes } from '../../base/bytes.ts';
import { CLIENT_RELATION } from '../../core/engine/client-table.ts';
import type { FreeSpaceMap } from '../../core/engine/free-space.ts';
import { commitLogKey } from '../../core/engine/transactions.ts';
import { type PageKind, pageKind, pageKindName, pageKinds, pageLsn } from '../../core/page/page.ts';
import {
  blockKeyOf,
  blockOf,
  forkRelationOf,
  NOTES_KEY,
  type PageKey,
  RELATIONS_PER_GROUP,
  relationOf,
} from '../../core/page/page-key.ts';
import { checkPage } from '../../core/page/redo.ts';
import { isCommittedBit, relationBlocks, xidsPerPage } from '../../core/page/system-page.ts';
import type { TableDef } from '../../core/sql/access.ts';
import { type Finding, type FindingKind, type FsckReport, MOST_FINDINGS } from './findings.ts';

/** Images of all pages of a volume that exist at `at`, which is the last LSN of an MTR. */
export interface VolumePages {
  readonly volume: string;
  readonly at: number;
  readonly pageBytes: number;
  /** Pages of the client table. */
  readonly clientBlocks: number;
  readonly pages: ReadonlyMap<PageKey, Uint8Array>;
  /** What the writer remembers of room in heaps, by relation; it is in no page. */
  readonly spaces: ReadonlyMap<number, FreeSpaceMap>;
  /** Tables that the metadata gave to the writer; absent: they stand in the volume's catalog. */
  readonly tables?: readonly TableDef[];
  /** All tables of the metadata; absent: its tables stand in the catalog of the volume. */
  readonly defined?: readonly TableDef[];
}

type Counters = { -readonly [K in keyof FsckReport as FsckReport[K] extends number ? K : never]: number };

/** One check on its way. */
export interface Fsck {
  readonly source: VolumePages;
  /** Pages whose bytes are sound. */
  readonly sound: Map<PageKey, Uint8Array>;
  /** Every xid in use is below it. */
  xidLimit: number;
  readonly findings: Finding[];
  readonly counters: Counters;
}

export function report(
  { findings, counters }: Fsck,
  kind: FindingKind,
  table: string,
  blockKey: PageKey,
  place: number,
  detail: string,
): void {
  counters.found++;
  if (findings.length < MOST_FINDINGS) findings.push({ kind, table, blockKey, place, detail });
}

/** Looks at every page by itself; the sound ones are what the rest of the check reads. */
export function checkBytes(fsck: Fsck): void {
  const { pages, pageBytes, at } = fsck.source;
  for (const [key, page] of pages) {
    try {
      checkPage(page, key, pageBytes);
      fsck.sound.set(key, page);
      if (pageLsn(page) > at) report(fsck, 'page.ahead', '', key, -1, `pageLsn ${pageLsn(page)} > ${at}`);
    } catch (error) {
      if (!(error instanceof BadBytes)) throw error;
      report(fsck, 'page.damaged', '', key, -1, error.message);
    }
  }
}

/** The sound page of that kind, or null after reporting what is wrong there (a damaged one is reported already). */
export function pageOf(fsck: Fsck, table: string, key: PageKey, kind: PageKind): Uint8Array | null {
  const page = fsck.sound.get(key);
  if (page === undefined) {
    if (!fsck.source.pages.has(key)) report(fsck, 'page.missing', table, key, -1, '');
    return null;
  }
  if (pageKind(page) === kind) return page;
  report(fsck, 'page.kind', table, key, -1, pageKindName(page));
  return null;
}

export function isCommitted({ sound, source, xidLimit }: Fsck, xid: number): boolean {
  if (xid <= 0 || xid >= xidLimit) return false;
  const page = sound.get(commitLogKey(xid, source.pageBytes));
  return page !== undefined && isCommittedBit(page, xid % xidsPerPage(source.pageBytes));
}

/** Number of blocks that the relation's header counts; 0 when there is no sound header. */
export function countBlocks(fsck: Fsck, table: string, relation: number): number {
  const header = pageOf(fsck, table, blockKeyOf(relation, 0), pageKinds.relation);
  return header === null ? 0 : relationBlocks(header);
}

/** The blocks behind the header, of one kind: those that are sound. Reports each that is missing or of another kind. */
export function blocksOf(
  fsck: Fsck,
  table: string,
  relation: number,
  kind: PageKind,
): Map<number, Uint8Array> {
  const blocks = new Map<number, Uint8Array>();
  const count = countBlocks(fsck, table, relation);
  for (let block = 1; block < count; block++) {
    const page = pageOf(fsck, table, blockKeyOf(relation, block), kind);
    if (page !== null) blocks.set(block, page);
  }
  return blocks;
}

/** No page lies beyond what the header of its relation counts. */
export function checkSizes(fsck: Fsck): void {
  const sizes = new Map<number, number>();
  for (const key of fsck.source.pages.keys()) {
    if (key === NOTES_KEY) continue; // it has no header
    const relation = relationOf(key);
    // The first relation of each group is its own metadata page, that of the volume's first group with the commit log.
    if (relation % RELATIONS_PER_GROUP === 0 || relation === CLIENT_RELATION) continue;
    const fork = forkRelationOf(key);
    let size = sizes.get(fork);
    if (size === undefined) {
      size = countBlocks(fsck, '', fork);
      sizes.set(fork, size);
    }
    const block = blockOf(key);
    if (size > 0 && block >= size) report(fsck, 'page.beyond', '', key, -1, `${block} ≥ ${size}`);
  }
}
