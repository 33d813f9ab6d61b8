// A log record that names several pages (docs/spec/logindex.md LI-20, wal.md WAL-78): what an MTR changes of one relation, a split of an index above
// all, in a log whose readers look its records up by page. Its payload has, page by page, the changes in their order; all of them have
// the record's LSN. `changesOf` is the one way from a record to what it does to its pages: each page sees a record of its own, with the
// LSN and the payload of the whole, and redo applies the page's part of it.

import { assert } from '../../base/assert.ts';
import {
  BadBytes,
  type ByteReader,
  makeReader,
  makeWriter,
  readInt,
  readU8,
  readUint,
  readView,
  resetWriter,
  takePart,
  writeBytes,
  writeInt,
  writeU8,
  writeUint,
} from '../../base/bytes.ts';
import type { Lsn } from '../../base/ids.ts';
import type { LogRecord } from '../log/record.ts';
import { forkRelationOf, type PageKey } from './page-key.ts';
import {
  OP_DDL_LOCK,
  OP_DDL_UNLOCK,
  OP_GENESIS,
  OP_NOOP,
  OP_PAGE_SNAPSHOT,
  OP_PAGES,
  OP_RELATIONS_GONE,
  OP_TERM_START,
} from './redo-ops.ts';

/** Pages of one record, and changes of one page in it; a longer run of changes is several records. */
export const RECORD_PAGES_MAX = 32;
const PAGE_CHANGES_MAX = 32;
/** What the changes of one record may have to say: more than any split of pages of 8 KiB does, and half a segment of WAL. */
const RECORD_DATA_MAX = 32 * 1024;

export interface PartChange {
  readonly op: number;
  readonly init: boolean;
  readonly payload: Uint8Array;
}

/** What a record does to one of its pages. */
export interface RecordPage {
  readonly blockKey: PageKey;
  /** LSN of the preceding record of the page, or −1. */
  readonly prevBlock: Lsn;
  readonly changes: readonly PartChange[];
}

/** What says something beside what it changes is a record of its own: who reads the log finds it by the record's operation. */
const ALONE: ReadonlySet<number> = new Set([
  OP_NOOP,
  OP_GENESIS,
  OP_TERM_START,
  OP_DDL_LOCK,
  OP_DDL_UNLOCK,
  OP_RELATIONS_GONE,
  OP_PAGE_SNAPSHOT,
  OP_PAGES,
]);

interface Change extends PartChange {
  readonly blockKey: PageKey;
}

/**
 * Where the changes end that are one record with the one at `first`: those that follow it in the MTR and are of its relation, if they are of
 * several pages. Else it is a record alone.
 */
export function joinedEnd(changes: readonly Change[], first: number): number {
  const relation = forkRelationOf((changes[first] as Change).blockKey);
  const counts = new Map<PageKey, number>();
  let bytes = 0;
  let end = first;
  for (; end < changes.length; end++) {
    const { blockKey, op, payload } = changes[end] as Change;
    bytes += payload.length;
    if (ALONE.has(op) || forkRelationOf(blockKey) !== relation) break;
    const count = counts.get(blockKey) ?? 0;
    if (count === PAGE_CHANGES_MAX || (count === 0 && counts.size === RECORD_PAGES_MAX)) break;
    if (bytes > RECORD_DATA_MAX) break;
    counts.set(blockKey, count + 1);
  }
  return counts.size > 1 ? end : first + 1;
}

const scratch = makeWriter(8192);

export function pagesPayload(pages: readonly RecordPage[]): Uint8Array {
  assert(pages.length > 1 && pages.length <= RECORD_PAGES_MAX, 'pages of a record:', pages.length);
  const w = scratch;
  resetWriter(w);
  writeUint(w, pages.length);
  for (const { blockKey, prevBlock, changes } of pages) {
    assert(changes.length > 0 && changes.length <= PAGE_CHANGES_MAX, 'changes of a page:', changes.length);
    writeUint(w, blockKey);
    writeInt(w, prevBlock);
    writeUint(w, changes.length);
    for (const { op, init, payload } of changes) {
      assert(!ALONE.has(op), 'an operation that is a record of its own:', op);
      writeU8(w, op);
      writeU8(w, init ? 1 : 0);
      writeBytes(w, payload);
    }
  }
  return takePart(w);
}

/** The pages of a payload, as views into it; throws BadBytes. */
export function readPages(payload: Uint8Array): RecordPage[] {
  const r = makeReader(payload);
  const count = readUint(r);
  if (count < 2 || count > RECORD_PAGES_MAX) throw new BadBytes(`a record of ${count} pages`);
  const pages: RecordPage[] = [];
  for (let i = 0; i < count; i++) {
    const page = readPage(r);
    if (pages.some(({ blockKey }) => blockKey === page.blockKey))
      throw new BadBytes(`page ${page.blockKey} is named twice`);
    pages.push(page);
  }
  if (r.at !== r.end) throw new BadBytes(`${r.end - r.at} bytes left over behind the pages of a record`);
  return pages;
}

function readPage(r: ByteReader): RecordPage {
  const blockKey = readUint(r) as PageKey;
  const prevBlock = readInt(r) as Lsn;
  if (prevBlock < -1) throw new BadBytes(`page ${blockKey} after LSN ${prevBlock}`);
  const count = readUint(r);
  if (count < 1 || count > PAGE_CHANGES_MAX) throw new BadBytes(`${count} changes of page ${blockKey}`);
  const changes: PartChange[] = [];
  for (let i = 0; i < count; i++) {
    const op = readU8(r);
    if (ALONE.has(op)) throw new BadBytes(`operation ${op} is no part of a record`);
    const init = readU8(r);
    if (init > 1) throw new BadBytes(`mark ${init} of a change of page ${blockKey}`);
    changes.push({ op, init: init === 1, payload: readView(r, readUint(r)) });
  }
  return { blockKey, prevBlock, changes };
}

/** Fields of a record that say what it does. */
type Whole = Pick<LogRecord, 'lsn' | 'blockKey' | 'prevBlock' | 'op' | 'init' | 'payload'>;

/** What a decoder checks; throws BadBytes. The record's own fields are those of its first page. */
export function checkPages({ lsn, blockKey, prevBlock, op, init, payload }: Whole): void {
  if (op !== OP_PAGES) return;
  const pages = readPages(payload);
  const [first] = pages;
  if (first?.blockKey !== blockKey || first.prevBlock !== prevBlock || first.changes[0]?.init !== init)
    throw new BadBytes(`record ${lsn} is not that of its first page`);
  const late = pages.find((page) => page.prevBlock >= lsn);
  if (late !== undefined) throw new BadBytes(`page ${late.blockKey} of LSN ${lsn} follows ${late.prevBlock}`);
}

/** The pages that a record changes, each once. */
export const pagesOf = ({
  op,
  blockKey,
  payload,
}: Pick<LogRecord, 'op' | 'blockKey' | 'payload'>): PageKey[] =>
  op === OP_PAGES ? readPages(payload).map((page) => page.blockKey) : [blockKey];

const seenBy = <R extends Whole>(record: R, { blockKey, prevBlock, changes }: RecordPage): R => ({
  ...record,
  blockKey,
  prevBlock,
  init: changes[0]?.init === true,
});

/** The record as each of its pages sees it. */
export const changesOf = <R extends Whole>(record: R): R[] =>
  record.op === OP_PAGES ? readPages(record.payload).map((page) => seenBy(record, page)) : [record];

/** The record as one page sees it; null: it does not name the page. */
export function changeOf<R extends Whole>(record: R, page: PageKey): R | null {
  if (record.op !== OP_PAGES) return record.blockKey === page ? record : null;
  const own = readPages(record.payload).find(({ blockKey }) => blockKey === page);
  return own === undefined ? null : seenBy(record, own);
}

/** What redo does to the page that sees the record. */
export function partsFor({
  lsn,
  blockKey,
  payload,
}: Pick<LogRecord, 'lsn' | 'blockKey' | 'payload'>): readonly PartChange[] {
  const own = readPages(payload).find((page) => page.blockKey === blockKey);
  if (own === undefined) throw new BadBytes(`record ${lsn} does not name page ${blockKey}`);
  return own.changes;
}
