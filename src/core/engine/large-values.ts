// Values that are stored out of line because their row would not fit into a page, as PostgreSQL's TOAST does. A value is cut into
// parts that fill a page; they are rows of a table of the table's own, in its forks 2 (rows) and 3 (an index over them), so they
// are written, undone, versioned and found as any row. The value never
// changes, and goes with the last version of the row that has it: who replaces or deletes that version ends the parts, too.
//
// The row is written first. What remains to be done for it (parts to be written or ended) stands in the session, one MTR a part,
// and is done before the statement's next read or write, and before its end: others see nothing of it before the commit.

import { makeReader } from '../../base/bytes.ts';
import { crc32c } from '../../base/crc32c.ts';
import { btreeNext, entryKeyLength, entryKeyStart, lowerBound } from '../page/btree-page.ts';
import {
  freeSlot,
  heapRoom,
  LARGE,
  SLOT_BYTES,
  slotOffset,
  slotType,
  slotTypes,
  startTuple,
  tupleFlags,
} from '../page/heap-page.ts';
import { pageCount } from '../page/page.ts';
import { blockKeyOf, forkRelation, type PageKey } from '../page/page-key.ts';
import {
  heapDeletePayload,
  heapInsertPayload,
  OP_HEAP_DELETE,
  OP_HEAP_INSERT,
  OP_RELATION_SET,
  relationPayload,
} from '../page/redo-ops.ts';
import { hasLargeValues, relationBlocks } from '../page/system-page.ts';
import type { ColumnType, IndexDef, TableDef, Tid, Value } from '../sql/access.ts';
import { findLeaf, prepareInsert } from './btree.ts';
import type { Env, LargeRead, LargeWork, Session, SessionTx } from './engine-state.ts';
import { findRoom } from './find-room.ts';
import { encodeKeyValues, hasPrefix, makeTid, tidBlock, tidOfKey, tidSlot, withTid } from './key-codec.ts';
import {
  CHUNK_COLUMNS,
  type Chunk,
  encodeChunk,
  type Pointer,
  partBytes,
  pointersIn,
  readChunk,
  type ValueAt,
  type ValueName,
} from './large-codec.ts';
import { heapInitChanges, treeInitChanges } from './new-relation.ts';
import { appendChanges, type Change, getPage, PageLost } from './pages.ts';
import { Blocked } from './ports.ts';
import { recordRoom, spaceOf } from './relation.ts';
import { readValue } from './row-codec.ts';
import { requireXid } from './transactions.ts';
import type { TupleAt } from './versions.ts';

/** Bytes of a value's stored form that may be stored out of line (54000). */
export const VALUE_BYTES_MAX = 1 << 20;

const ROWS_FORK = 2;
const INDEX_FORK = 3;
/** Pages of parts asked for at once. */
const READ_AHEAD = 4;

export type ChunkTable = TableDef & { readonly indexes: readonly [IndexDef] };

/** The table of the parts of a table's values. */
export function chunksOf({ relation, name }: Pick<TableDef, 'relation' | 'name'>): ChunkTable {
  const key = (column: number) => ({ column, descending: false, nullsFirst: false });
  return {
    relation: forkRelation(relation, ROWS_FORK),
    name: `${name}, large values`,
    columns: CHUNK_COLUMNS,
    primaryKey: [],
    keyRelation: 0,
    indexes: [
      {
        relation: forkRelation(relation, INDEX_FORK),
        name: `${name}, index of large values`,
        keys: [key(0), key(1), key(2)],
        isUnique: false,
        constraint: null,
        since: 0,
      },
    ],
    indexed: [0, 1, 2],
  };
}

/** Has the table any, or had it once? */
export const storesLarge = (env: Env, relation: number): boolean =>
  hasLargeValues(getPage(env, blockKeyOf(relation, 0)));

const keyOf = (chunks: ChunkTable, { row, column }: ValueName, part?: number): Uint8Array =>
  encodeKeyValues(
    chunks,
    chunks.indexes[0],
    part === undefined ? [BigInt(row), column] : [BigInt(row), column, part],
  );

/** The key of a part in their index, without where it is. */
export const chunkKey = (chunks: ChunkTable, chunk: Omit<Chunk, 'data'>): Uint8Array =>
  keyOf(chunks, chunk, chunk.part);

/** Where the parts of the value from `first` on are, in order, as far as one leaf tells; empty: there are no more. */
function placesFrom(env: Env, chunks: ChunkTable, pointer: ValueName, first: number): readonly Tid[] {
  const [index] = chunks.indexes;
  const prefix = keyOf(chunks, pointer);
  const key = keyOf(chunks, pointer, first);
  let { page } = findLeaf(env, index.relation, key);
  let at = lowerBound(page, key);
  // leaves that vacuum has emptied stay between
  while (at >= pageCount(page) && btreeNext(page) !== 0) {
    page = getPage(env, blockKeyOf(index.relation, btreeNext(page)));
    at = 0;
  }
  const places: Tid[] = [];
  for (; at < pageCount(page); at++) {
    const start = entryKeyStart(page, at);
    const length = entryKeyLength(page, at);
    if (!hasPrefix(page, start, length, prefix)) break;
    places.push(tidOfKey(page, start, length));
  }
  return places;
}

/** The part at a place; null when something else, or nothing, is there. */
function chunkAt(
  env: Env,
  { relation }: TableDef,
  { row, column }: Pointer,
  part: number,
  tid: Tid,
): Chunk | null {
  const page = getPage(env, blockKeyOf(relation, tidBlock(tid)));
  const slot = tidSlot(tid);
  if (slotType(page, slot) !== slotTypes.tuple) return null;
  const chunk = readChunk(page, slot, slotOffset(page, slot));
  return chunk.row === row && chunk.column === column && chunk.part === part ? chunk : null;
}

/** Bytes of values that a statement keeps: a call that lacks a page is made again, and has read them then. */
const KEPT_BYTES_MAX = 8 << 20;

/** What the statement has read of the value. */
function readingOf(env: Env, relation: number, { row, column }: Pointer): LargeRead {
  const known = env.session?.largeReads?.find(
    (read) => read.relation === relation && read.row === row && read.column === column,
  );
  if (known) return known;
  const fresh: LargeRead = { relation, row, column, parts: [] };
  if (env.session === null) return fresh;
  let kept = [...(env.session.largeReads ?? []), fresh];
  while (bytesOf(kept) > KEPT_BYTES_MAX) kept = kept.slice(1);
  env.session.largeReads = kept;
  return fresh;
}

const bytesOf = (reads: readonly LargeRead[]): number =>
  reads.reduce((sum, { parts }) => parts.reduce((of, part) => of + part.length, sum), 0);

/** The stored form of a value, from its parts. PageLost when one is missing or they are not what was written. */
export function readLarge(
  env: Env,
  table: Pick<TableDef, 'relation' | 'name'>,
  pointer: Pointer,
): Uint8Array {
  const chunks = chunksOf(table);
  const reading = readingOf(env, table.relation, pointer);
  const { parts } = reading;
  const count = Math.ceil(pointer.bytes / partBytes(env.engine.config.pageBytes));
  const lost = (what: string): PageLost =>
    new PageLost(`a value of "${table.name}" (${pointer.row}/${pointer.column}) is damaged: ${what}`);
  while (parts.length < count) {
    const places = placesFrom(env, chunks, pointer, parts.length);
    if (places.length === 0) throw lost(`part ${parts.length} of ${count} is missing`);
    for (const [i, tid] of places.entries()) {
      try {
        const chunk = chunkAt(env, chunks, pointer, parts.length, tid);
        if (chunk === null) throw lost(`part ${parts.length} of ${count} is missing`);
        parts.push(chunk.data.slice());
      } catch (error) {
        if (error instanceof Blocked && error.missing.length > 0) throw readAhead(chunks, places.slice(i));
        throw error;
      }
    }
  }
  const bytes = joined(parts, pointer.bytes);
  if (bytes === null) throw lost('its parts have another length');
  if (crc32c(bytes) !== pointer.crc) throw lost('its checksum is wrong');
  return bytes;
}

function readAhead({ relation }: TableDef, places: readonly Tid[]): Blocked {
  const missing: PageKey[] = [];
  for (const tid of places.slice(0, READ_AHEAD)) missing.push(blockKeyOf(relation, tidBlock(tid)));
  return new Blocked([...new Set(missing)], 0);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array | null {
  if (parts.reduce((sum, part) => sum + part.length, 0) !== length) return null;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** How rows of the table get at their large values. */
export const valuesOf =
  (env: Env, table: Pick<TableDef, 'relation' | 'name'>): ValueAt =>
  (pointer: Pointer, type: ColumnType): Value => {
    const r = makeReader(readLarge(env, table, pointer));
    const value = readValue(r, type);
    if (r.at !== r.end) throw new PageLost(`a value of "${table.name}" has bytes behind its end`);
    return value;
  };

/** The statement is over: what it has read of large values is let go. */
export function endReading(session: Session): void {
  if (session.largeReads !== undefined) delete session.largeReads;
}

/** Where the version's large values are. */
export function pointersOf(
  { columns, base = columns.length }: TableDef,
  { page, at, tid }: TupleAt,
): ReadonlyMap<number, Pointer> {
  return (tupleFlags(page, at) & LARGE) === 0 ? NONE : pointersIn(columns, base, page, tidSlot(tid), at);
}

const NONE: ReadonlyMap<number, Pointer> = new Map();

/** Names that are remembered for a table. */
const NAMES_MAX = 256;

/**
 * Nothing is left of the value: its name may be given again. Pages of an index are never given back, so names that only grew
 * would leave empty pages behind.
 */
export function freeName(env: Env, chunks: ChunkTable, { row, column }: ValueName): void {
  const hint = spaceOf(env, chunks.relation);
  const names = hint.names ?? [];
  if (names.length < NAMES_MAX) hint.names = [...names, { row, column }];
}

/** A name that no part has and that is not in `taken`; null: none is known. May throw Blocked. */
export function findName(
  env: Env,
  table: Pick<TableDef, 'relation' | 'name'>,
  taken: readonly ValueName[],
): ValueName | null {
  const chunks = chunksOf(table);
  const { names = [] } = spaceOf(env, chunks.relation);
  const first = names.find(
    ({ row, column }) => !taken.some((one) => one.row === row && one.column === column),
  );
  // Its last parts may not have been vacuumed yet.
  return first && placesFrom(env, chunks, first, 0).length === 0 ? first : null;
}

/** A row is written: its values' names are given, and what it leaves to be done is remembered. */
export function deferWrites(env: Env, session: Session, work: readonly LargeWork[]): void {
  if (work.length === 0) return;
  session.largeWork = [...(session.largeWork ?? []), ...work];
  for (const { table, pointer, bytes } of work) {
    const hint = bytes && spaceOf(env, chunksOf(table).relation);
    if (!hint?.names) continue;
    hint.names = hint.names.filter(({ row, column }) => row !== pointer.row || column !== pointer.column);
    if (hint.names.length === 0) delete hint.names;
  }
}

/** Does what is left to be done for rows that are written. Throws Blocked; then it goes on where it was. */
export function flushDeferred(env: Env, session: Session, tx: SessionTx): void {
  const { largeWork } = session;
  if (largeWork === undefined) return;
  for (let work = largeWork[0]; work !== undefined; work = largeWork[0]) {
    if (work.bytes === null) endParts(env, session, tx, work);
    else writeParts(env, session, tx, work, work.bytes);
    largeWork.shift();
  }
  delete session.largeWork;
}

function writeParts(env: Env, session: Session, tx: SessionTx, work: LargeWork, bytes: Uint8Array): void {
  const chunks = chunksOf(work.table);
  prepareForks(env, work.table, chunks);
  const length = partBytes(env.engine.config.pageBytes);
  for (; work.part * length < bytes.length; work.part++) {
    const { row, column } = work.pointer;
    const start = work.part * length;
    const data = bytes.subarray(start, start + length);
    writePart(env, session, tx, chunks, { row, column, part: work.part, data });
  }
}

/** The first large value of a table makes its forks. This is not undone with the transaction, as no growing of a relation is. */
function prepareForks(env: Env, { relation }: Pick<TableDef, 'relation'>, chunks: ChunkTable): void {
  const blockKey = blockKeyOf(relation, 0);
  const header = getPage(env, blockKey);
  if (hasLargeValues(header)) return;
  appendChanges(env, [
    { blockKey, op: OP_RELATION_SET, init: false, payload: relationPayload(relationBlocks(header), true) },
    ...heapInitChanges(chunks.relation),
    ...treeInitChanges(chunks.indexes[0].relation),
  ]);
}

function writePart(env: Env, session: Session, tx: SessionTx, chunks: ChunkTable, chunk: Chunk): void {
  const { relation } = chunks;
  const xid = requireXid(env, session, tx);
  const tuple = encodeChunk(chunk);
  startTuple(tuple, xid, 0);
  const need = tuple.length + SLOT_BYTES;
  const block = findRoom(env, chunks, need, 0, 0);
  const page = getPage(env, blockKeyOf(relation, block));
  const room = heapRoom(page) - need;
  const slot = freeSlot(page);
  const payload = heapInsertPayload(slot, tuple);
  const key = withTid(chunkKey(chunks, chunk), makeTid(block, slot));
  const changes: Change[] = [
    { blockKey: blockKeyOf(relation, block), op: OP_HEAP_INSERT, init: false, payload },
    prepareInsert(env, chunks.indexes[0].relation, key),
  ];
  appendChanges(env, changes, false, xid);
  recordRoom(env, relation, block, room);
}

/** The parts end with the version that had the value. What is missing of them is left to whoever reads the value. */
function endParts(env: Env, session: Session, tx: SessionTx, work: LargeWork): void {
  const chunks = chunksOf(work.table);
  const { relation } = chunks;
  for (;;) {
    const places = placesFrom(env, chunks, work.pointer, work.part);
    if (places.length === 0) break;
    for (const tid of places) {
      if (chunkAt(env, chunks, work.pointer, work.part, tid) !== null) {
        const xid = requireXid(env, session, tx);
        const payload = heapDeletePayload(tidSlot(tid), xid);
        const blockKey = blockKeyOf(relation, tidBlock(tid));
        appendChanges(env, [{ blockKey, op: OP_HEAP_DELETE, init: false, payload }], false, xid);
      }
      work.part++;
    }
  }
  spaceOf(env, work.table.relation).dead++;
}
