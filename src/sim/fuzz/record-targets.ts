// Log records that name several pages (docs/spec/wal.md WAL-78), as WAL of shared storage has them: they lie in no value of a disk, but in
// files of its device.

import { BadBytes } from '../../base/bytes.ts';
import { groupId, type Lsn, type Term, type Time } from '../../base/ids.ts';
import { encodeRecord, type LogRecord, readRecords } from '../../core/log/record.ts';
import { pageKey } from '../../core/page/page-key.ts';
import {
  changesOf,
  type PartChange,
  pagesPayload,
  type RecordPage,
  readPages,
} from '../../core/page/record-pages.ts';
import { applyRecords } from '../../core/page/redo.ts';
import {
  btreeInitPayload,
  btreeInsertPayload,
  btreeKeepPayload,
  OP_BTREE_INIT,
  OP_BTREE_INSERT,
  OP_BTREE_KEEP,
  OP_HEAP_INIT,
  OP_PAGES,
  OP_RELATION_SET,
  relationPayload,
} from '../../core/page/redo-ops.ts';
import type { FuzzRead, FuzzTarget } from './targets.ts';

const page = (block: number, prevBlock: number, ...changes: PartChange[]): RecordPage => ({
  blockKey: pageKey(40, 0, block),
  prevBlock: prevBlock as Lsn,
  changes,
});
const key = Uint8Array.of(1, 2, 3);
const grow: PartChange = { op: OP_RELATION_SET, init: false, payload: relationPayload(5) };
const fresh = (level: number): PartChange => ({
  op: OP_BTREE_INIT,
  init: true,
  payload: btreeInitPayload(level, 0, [{ key, child: level }]),
});
const keep: PartChange = { op: OP_BTREE_KEEP, init: false, payload: btreeKeepPayload(3, 4) };
const enter: PartChange = { op: OP_BTREE_INSERT, init: false, payload: btreeInsertPayload(0, key, 4) };
const heap: PartChange = { op: OP_HEAP_INIT, init: true, payload: new Uint8Array() };

/** A split below the root, one of the root, a file that grows. */
const several: readonly (readonly [RecordPage, ...RecordPage[]])[] = [
  [page(0, 9, grow), page(4, -1, fresh(0), enter), page(3, 17, keep), page(1, 20, enter)],
  [page(0, 9, grow), page(2, -1, fresh(0)), page(3, -1, fresh(0)), page(1, 20, fresh(1))],
  [page(0, 21, grow), page(4, -1, heap)],
];

const recordOf = (pages: (typeof several)[number]): LogRecord => ({
  lsn: 30 as Lsn,
  prevVolume: 29 as Lsn,
  prevGroup: 29 as Lsn,
  prevBlock: pages[0].prevBlock,
  group: groupId('wal'),
  blockKey: pages[0].blockKey,
  term: 1 as Term,
  mtrFirst: 30 as Lsn,
  cpl: true,
  commit: false,
  op: OP_PAGES,
  init: false,
  payload: pagesPayload(pages),
  time: 5 as Time,
});

const PAGE_BYTES = 512;

/** Each page of the record is replayed, on an image of an index. */
function replay(record: LogRecord): void {
  for (const own of changesOf(record)) {
    try {
      const image = applyRecords(null, [{ ...fresh(0), blockKey: own.blockKey, lsn: 1 as Lsn }], PAGE_BYTES);
      applyRecords(image, [own], PAGE_BYTES);
    } catch (error) {
      if (!(error instanceof BadBytes)) throw error;
    }
  }
}

function readRecord(bytes: Uint8Array): FuzzRead {
  const { records, error } = readRecords(bytes);
  const [first] = records;
  if (error !== null) return { error };
  if (first === undefined || records.length > 1) return { error: `${records.length} records` };
  const { record } = first;
  if (record.op !== OP_PAGES) return { error: null, again: encodeRecord(record).bytes };
  replay(record);
  return {
    error: null,
    again: encodeRecord({ ...record, payload: pagesPayload(readPages(record.payload)) }).bytes,
  };
}

export const pagesTarget = (resealRecords: (bytes: Uint8Array) => void): FuzzTarget => ({
  name: 'record of several pages',
  corpus: several.map((pages) => encodeRecord(recordOf(pages)).bytes),
  reseal: resealRecords,
  read: readRecord,
});
