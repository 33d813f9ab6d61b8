// Redo: one record applied to one page (WAL-6). The same function changes the writer's buffer, replays a storage node's
// log chain and builds page versions, so all of them agree byte for byte (WAL-35). It is deterministic; `applyRecords`
// makes a new exact-size page and never touches the one it was given, the others change a page that is the caller's
// alone. Records and pages may come from anywhere: what does not fit is answered by BadBytes and nothing else.

import { BadBytes, type ByteReader, makeReader, readBytes, readU8, readUint } from '../../base/bytes.ts';
import type { LogRecord } from '../log/record.ts';
import { btreeDelete, btreeInsert, btreeKeep, btreeStart, checkBtreePage } from './btree-page.ts';
import {
  checkHeapPage,
  heapEndPrune,
  heapFree,
  heapFreeze,
  heapInsert,
  heapRedirect,
  heapSetXmax,
} from './heap-page.ts';
import {
  checkPageHeader,
  type PageKind,
  pageCount,
  pageKind,
  pageKinds,
  pageLsn,
  requireKind,
  setPageLsn,
  startPage,
} from './page.ts';
import type { PageKey } from './page-key.ts';
import { blockOf, VOLUME_KEY } from './page-key.ts';
import { addPrepared, preparedEntries, removePrepared } from './prepared-list.ts';
import { partsFor } from './record-pages.ts';
import {
  OP_BTREE_DELETE,
  OP_BTREE_INIT,
  OP_BTREE_INSERT,
  OP_BTREE_KEEP,
  OP_CLIENT_INIT,
  OP_CLIENT_SET,
  OP_CLOG_INIT,
  OP_COMMIT,
  OP_DDL_LOCK,
  OP_DDL_UNLOCK,
  OP_GENESIS,
  OP_HEAP_DELETE,
  OP_HEAP_INIT,
  OP_HEAP_INSERT,
  OP_HEAP_LINK,
  OP_HEAP_PRUNE,
  OP_HEAP_UPDATE,
  OP_NOOP,
  OP_PAGE_SNAPSHOT,
  OP_PAGES,
  OP_RELATION_INIT,
  OP_RELATION_SET,
  OP_RELATIONS_GONE,
  OP_SEQUENCE_SET,
  OP_TERM_START,
  OP_TX_DECIDE,
  OP_TX_PREPARE,
  OP_VOLUME_SET,
  pruneKinds,
  readSequenceSet,
} from './redo-ops.ts';
import {
  clientsPerPage,
  setClient,
  setCommittedBit,
  setLargeValues,
  setRelationBlocks,
  setSequence,
  setVolumeCounters,
  setVolumeTerm,
  xidsPerPage,
} from './system-page.ts';

/** The fields of a log record that redo reads. */
export type RedoStep = Pick<LogRecord, 'lsn' | 'blockKey' | 'op' | 'init' | 'payload'>;

/** Kind of page an `init` record of this operation builds. */
const initKinds: ReadonlyMap<number, PageKind> = new Map<number, PageKind>([
  [OP_NOOP, pageKinds.volume],
  [OP_GENESIS, pageKinds.volume],
  [OP_TERM_START, pageKinds.volume],
  [OP_CLOG_INIT, pageKinds.commitLog],
  [OP_RELATION_INIT, pageKinds.relation],
  [OP_HEAP_INIT, pageKinds.heap],
  [OP_HEAP_INSERT, pageKinds.heap],
  [OP_BTREE_INIT, pageKinds.btree],
  [OP_CLIENT_INIT, pageKinds.clients],
  [OP_CLIENT_SET, pageKinds.clients],
  [OP_SEQUENCE_SET, pageKinds.sequence],
  [OP_DDL_LOCK, pageKinds.volume],
  [OP_DDL_UNLOCK, pageKinds.volume],
  [OP_PAGE_SNAPSHOT, pageKinds.volume],
]);

/** The page after `record`. `page` is null when nothing of it exists yet; then the record must build it from nothing. */
export function applyRecord(page: Uint8Array | null, record: RedoStep, pageBytes: number): Uint8Array {
  return applyRecords(page, [record], pageBytes);
}

/** The page after a chain of its records in LSN order, copied once. */
export function applyRecords(
  page: Uint8Array | null,
  records: readonly RedoStep[],
  pageBytes: number,
): Uint8Array {
  const next = new Uint8Array(pageBytes);
  applyOnto(next, page, records);
  return next;
}

/** Makes of `target`, which is all zero and nobody else's, the page after a chain of records on top of `page`. */
export function applyOnto(target: Uint8Array, page: Uint8Array | null, records: readonly RedoStep[]): void {
  let isBlank = page === null;
  if (page !== null) {
    const first = records[0];
    if (first) checkPageHeader(page, first.blockKey, target.length);
    target.set(page);
  }
  for (const record of records) {
    if (!isBlank && pageLsn(target) >= record.lsn) continue;
    changeInPlace(target, isBlank, record);
    isBlank = false;
  }
  if (isBlank) throw new BadBytes('no records to build a page from');
}

/**
 * Applies one record to a page that is the caller's alone; of a record that names several pages, the part of this one. What throws may
 * leave it half changed.
 */
export function changeInPlace(page: Uint8Array, isBlank: boolean, record: RedoStep): void {
  if (record.op !== OP_PAGES) {
    changeOnce(page, isBlank, record);
    return;
  }
  const { lsn, blockKey } = record;
  let isFirst = true;
  for (const { op, init, payload } of partsFor(record)) {
    changeOnce(page, isBlank && isFirst, { lsn, blockKey, op, init, payload });
    isFirst = false;
  }
}

function changeOnce(page: Uint8Array, isBlank: boolean, record: RedoStep): void {
  if (record.init) {
    const kind = initKinds.get(record.op);
    if (kind === undefined) throw new BadBytes(`operation ${record.op} cannot build a page`);
    if (!isBlank) page.fill(0);
    startPage(page, kind, record.blockKey);
  } else if (isBlank) throw new BadBytes(`record ${record.lsn} needs a page and there is none`);
  try {
    change(page, record);
  } catch (error) {
    if (error instanceof RangeError) throw new BadBytes(`record ${record.lsn}: ${error.message}`);
    throw error;
  }
  setPageLsn(page, record.lsn);
}

function change(page: Uint8Array, record: RedoStep): void {
  const r = makeReader(record.payload);
  switch (record.op) {
    case OP_NOOP:
    case OP_GENESIS:
    case OP_CLOG_INIT:
    case OP_HEAP_INIT:
    case OP_CLIENT_INIT:
    case OP_DDL_LOCK:
    case OP_DDL_UNLOCK:
    case OP_PAGE_SNAPSHOT:
    case OP_RELATIONS_GONE:
      return;
    case OP_TERM_START:
      requireKind(page, pageKinds.volume);
      setVolumeTerm(page, record.payload.length > 0 ? readUint(r) : 0, record.lsn);
      return;
    case OP_VOLUME_SET:
      requireKind(page, pageKinds.volume);
      setVolumeCounters(page, readUint(r), readUint(r));
      return;
    case OP_TX_PREPARE:
      requireKind(page, pageKinds.volume);
      addPrepared(page, record.payload);
      return;
    case OP_TX_DECIDE:
      requireKind(page, pageKinds.volume);
      removePrepared(page, readUint(r));
      return;
    case OP_COMMIT:
      changeCommitLog(page, r, record.blockKey);
      return;
    case OP_RELATION_INIT:
    case OP_RELATION_SET:
      requireKind(page, pageKinds.relation);
      setRelationBlocks(page, readUint(r));
      if (r.at === r.end) return;
      if (readU8(r) !== 1) throw new BadBytes('unknown mark of a relation');
      setLargeValues(page);
      return;
    case OP_SEQUENCE_SET:
      requireKind(page, pageKinds.sequence);
      setSequence(page, readSequenceSet(r));
      return;
    case OP_CLIENT_SET:
      requireKind(page, pageKinds.clients);
      setClient(page, {
        hashLow: readUint(r),
        hashHigh: readUint(r),
        incarnation: readUint(r),
        sequence: readUint(r),
        xid: readUint(r),
        part: readUint(r),
      });
      return;
    case OP_BTREE_INIT:
    case OP_BTREE_INSERT:
    case OP_BTREE_DELETE:
    case OP_BTREE_KEEP:
      requireKind(page, pageKinds.btree);
      changeBtree(page, record.op, r);
      return;
    default:
      requireKind(page, pageKinds.heap);
      changeHeap(page, record.op, r, record.blockKey);
  }
}

function changeCommitLog(page: Uint8Array, r: ByteReader, blockKey: PageKey): void {
  requireKind(page, pageKinds.commitLog);
  do {
    const xid = readUint(r);
    if (Math.floor(xid / xidsPerPage(page.length)) !== blockOf(blockKey))
      throw new BadBytes(`xid ${xid} is not of this commit-log page`);
    setCommittedBit(page, xid);
  } while (r.at < r.end);
}

function changeHeap(page: Uint8Array, op: number, r: ByteReader, blockKey: PageKey): void {
  switch (op) {
    case OP_HEAP_INSERT: {
      const slot = readUint(r);
      heapInsert(page, slot, r.bytes, r.at, r.end);
      return;
    }
    case OP_HEAP_UPDATE: {
      const oldSlot = readUint(r);
      const xmax = readUint(r);
      const keyChange = readU8(r);
      const newSlot = readUint(r);
      heapInsert(page, newSlot, r.bytes, r.at, r.end);
      heapSetXmax(page, oldSlot, xmax, { block: blockOf(blockKey), slot: newSlot }, keyChange);
      return;
    }
    case OP_HEAP_LINK: {
      const slot = readUint(r);
      const xmax = readUint(r);
      const keyChange = readU8(r);
      heapSetXmax(page, slot, xmax, { block: readUint(r), slot: readUint(r) }, keyChange);
      return;
    }
    case OP_HEAP_DELETE:
      heapSetXmax(page, readUint(r), readUint(r), null);
      return;
    case OP_HEAP_PRUNE:
      pruneHeap(page, r);
      return;
    default:
      throw new BadBytes(`unknown operation ${op}`);
  }
}

function pruneHeap(page: Uint8Array, r: ByteReader): void {
  const hint = readUint(r);
  for (let n = readUint(r); n > 0; n--) {
    const slot = readUint(r);
    const kind = pruneKinds[readU8(r)];
    if (kind === 'free') heapFree(page, slot);
    else if (kind === 'freeze') heapFreeze(page, slot);
    else if (kind === 'redirect')
      heapRedirect(page, slot, { block: readUint(r), slot: readUint(r) }, readU8(r));
    else throw new BadBytes('unknown prune action');
  }
  heapEndPrune(page, hint);
}

function changeBtree(page: Uint8Array, op: number, r: ByteReader): void {
  if (op === OP_BTREE_INSERT) {
    const index = readUint(r);
    const key = readBytes(r);
    btreeInsert(page, index, key, readUint(r));
    return;
  }
  if (op === OP_BTREE_DELETE) {
    btreeDelete(page, readUint(r));
    return;
  }
  if (op === OP_BTREE_KEEP) {
    btreeKeep(page, readUint(r), readUint(r));
    return;
  }
  if (pageCount(page) !== 0) throw new BadBytes('btree init of a page in use');
  btreeStart(page, readU8(r), readUint(r));
  const count = readUint(r);
  for (let i = 0; i < count; i++) {
    const key = readBytes(r);
    btreeInsert(page, i, key, readUint(r));
  }
}

/** Checks bytes that came from elsewhere and are said to be page `blockKey`; throws BadBytes. */
export function checkPage(page: Uint8Array, blockKey: PageKey, pageBytes: number): void {
  checkPageHeader(page, blockKey, pageBytes);
  const kind = pageKind(page);
  if (kind === pageKinds.heap) checkHeapPage(page);
  else if (kind === pageKinds.btree) checkBtreePage(page);
  else if (kind === pageKinds.clients && pageCount(page) > clientsPerPage(page.length))
    throw new BadBytes('client page bounds');
  else if (blockKey === VOLUME_KEY && kind !== pageKinds.volume) throw new BadBytes('not the volume page');
  else if (kind === pageKinds.volume) preparedEntries(page);
}
