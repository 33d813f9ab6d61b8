// LogIndex: which log records change a page (docs/spec/logindex.md §4). Memory tables here, saved tables in files of the volume;
// a reader has the same tables with the same ids, and writes none (LI-33). Nothing here touches a disk: a writer is given the
// writes of a flush or a truncation, makes each durable before the next and says when the last one is. What a crash leaves
// is meta and files; the rest comes again from WAL above meta.startLsn (LI-31).

import { assert, present } from '../../base/assert.ts';
import type { Lsn } from '../../base/ids.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import type { PageKey } from '../page/page-key.ts';
import {
  fileOf,
  lastTableOf,
  META_PATH,
  type Meta,
  type Part,
  type Place,
  pathOfFile,
  placeOf,
  sealMeta,
} from './meta.ts';
import {
  appendEntry,
  checkGeometry,
  entryAt,
  type Geometry,
  makeTable,
  prefixOf,
  type Table,
} from './table.ts';
import { decodeBloom, decodeTable, encodeBloom, encodeTable } from './table-image.ts';

/** A memory slot that was never used has none of these: it is FREE. */
export type MemState = 'ACTIVE' | 'INACTIVE' | 'FLUSHED';

export interface MemTable {
  state: MemState;
  readonly table: Table;
}

export interface LogIndex {
  readonly geometry: Geometry;
  /** As it is durable. */
  meta: Meta;
  /** By id mod memTables. */
  readonly memory: (MemTable | null)[];
  /** Saved tables that have left their memory slots, the newest of them: read here, not from their files. */
  readonly kept: Map<number, Table>;
  activeId: number;
  /** LSN of the last entry, and the pages that have it: what is inserted again is known (LI-26, LI-31). */
  lastLsn: Lsn;
  atLast: PageKey[];
  /** Entries below it are in saved tables. */
  readonly openedLsn: Lsn;
  /** The meta that is being written, behind what it speaks of. */
  writing: Meta | null;
}

/** A LogIndex whose memory is empty; `atMax` are the pages that saved tables have at meta.maxLsn (`stepOpening`). */
export function openLogIndex(geometry: Geometry, meta: Meta, atMax: readonly PageKey[]): LogIndex {
  checkGeometry(geometry);
  const index: LogIndex = {
    geometry,
    meta,
    memory: new Array<MemTable | null>(geometry.memTables).fill(null),
    kept: new Map(),
    activeId: meta.maxTableId,
    lastLsn: meta.maxLsn,
    atLast: [...atMax],
    openedLsn: meta.maxLsn,
    writing: null,
  };
  beginTable(index);
  return index;
}

/** LI-31: finds which pages saved tables have at meta.maxLsn, from the newest table down. */
export interface Opening {
  readonly geometry: Geometry;
  readonly meta: Meta;
  next: number;
  readonly atMax: PageKey[];
}

export interface Read extends Place {
  readonly kind: 'read';
  readonly table: number;
  readonly part: Part;
}

export interface Corrupt {
  readonly kind: 'LOGINDEX_CORRUPT';
  readonly table: number;
  readonly why: string;
}

export const readOf = (g: Geometry, table: number, part: Part): Read => ({
  kind: 'read',
  table,
  part,
  ...placeOf(g, table, part),
});

export const corrupt = (table: number, why: string): Corrupt => ({ kind: 'LOGINDEX_CORRUPT', table, why });

export const startOpening = (geometry: Geometry, meta: Meta): Opening => ({
  geometry,
  meta,
  next: meta.maxTableId,
  atMax: [],
});

/** Call with null first, then with the bytes of what it asked for. */
export function stepOpening(
  opening: Opening,
  bytes: Uint8Array | null,
): Read | Corrupt | { kind: 'open'; index: LogIndex } {
  const { geometry: g, meta, atMax } = opening;
  if (bytes !== null) {
    const decoded = decodeTable(g, opening.next, bytes);
    if (!decoded.ok) return corrupt(opening.next, decoded.error);
    const { value: table } = decoded;
    let n = table.entries - 1;
    for (; n >= 0; n--) {
      const { page, lsn } = present(entryAt(g, table, table.prefix, n), 'an entry of a decoded table');
      if (lsn !== meta.maxLsn) break;
      atMax.push(page);
    }
    opening.next = n < 0 ? opening.next - 1 : 0;
  }
  if (opening.next > meta.minFile * g.tablesPerFile) return readOf(g, opening.next, 'table');
  return { kind: 'open', index: openLogIndex(g, meta, atMax) };
}

const memSlot = ({ geometry }: LogIndex, id: number): number => id % geometry.memTables;

/** The table of that id if memory has it. */
export function memTable(index: LogIndex, id: number): MemTable | null {
  const mem = index.memory[memSlot(index, id)] ?? null;
  return mem?.table.id === id ? mem : null;
}

/** A table that needs not be read. */
export const tableAt = (index: LogIndex, id: number): Table | null =>
  memTable(index, id)?.table ?? index.kept.get(id) ?? null;

export const activeTable = (index: LogIndex): Table =>
  present(memTable(index, index.activeId), 'the active table').table;

/** LI-26: whether the next memory slot may be taken. */
function mayRotate(index: LogIndex): boolean {
  const next = index.memory[memSlot(index, index.activeId + 1)] ?? null;
  return next === null || next.state === 'FLUSHED';
}

function beginTable(index: LogIndex): void {
  index.activeId++;
  const table = makeTable(index.geometry, index.activeId);
  const before = index.memory[memSlot(index, index.activeId)];
  if (before) index.kept.set(before.table.id, before.table);
  for (const id of index.kept.keys()) {
    const { keptTables, tablesPerFile } = index.geometry;
    if (index.kept.size <= keptTables && id > index.meta.minFile * tablesPerFile) break;
    index.kept.delete(id);
  }
  index.memory[memSlot(index, index.activeId)] = { state: 'ACTIVE', table };
}

/** LI-25: closes the active table before it is full. False: no free memory table (LI-26). */
export function sealActive(index: LogIndex): boolean {
  if (activeTable(index).entries === 0) return true;
  if (!mayRotate(index)) return false;
  const mem = present(memTable(index, index.activeId), 'the active table');
  // A reader behind its writer fills tables that are saved already.
  mem.state = index.activeId <= index.meta.maxTableId ? 'FLUSHED' : 'INACTIVE';
  beginTable(index);
  return true;
}

/**
 * A reader becomes the writer: what its active table has may be saved as that table, which a record closed that a crash took. It stays closed,
 * for nothing more would be saved of it (LI-33).
 */
export function sealSaved(index: LogIndex): void {
  if (index.activeId <= index.meta.maxTableId) assert(sealActive(index), 'a table above saved ones has room');
}

/** `known`: nothing to do. `rotated`: inserted into a new table. */
export type Inserted = 'inserted' | 'rotated' | 'known' | 'LOGINDEX_WAIT';

export function insertEntry(index: LogIndex, page: PageKey, lsn: Lsn): Inserted {
  if (lsn < index.openedLsn || (lsn === index.lastLsn && index.atLast.includes(page))) return 'known';
  assert(lsn >= index.lastLsn, 'LogIndex entries come in LSN order:', lsn);
  const table = activeTable(index);
  const fits =
    (table.entries === 0 || table.prefix === prefixOf(lsn)) && appendEntry(index.geometry, table, page, lsn);
  if (!fits) {
    if (!sealActive(index)) return 'LOGINDEX_WAIT';
    assert(appendEntry(index.geometry, activeTable(index), page, lsn), 'an empty table has room');
  }
  if (lsn > index.lastLsn) {
    index.lastLsn = lsn;
    index.atLast.length = 0;
  }
  index.atLast.push(page);
  return fits ? 'inserted' : 'rotated';
}

/** LI-20: an entry for each page that the record names. After LOGINDEX_WAIT the same call goes on where it stopped. */
export function insertRecord(
  index: LogIndex,
  lsn: Lsn,
  pages: readonly PageKey[],
  mutants: Mutants = [],
): 'inserted' | 'LOGINDEX_WAIT' {
  const named = has(mutants, 'logindex.first-page-only') ? pages.slice(0, 1) : pages;
  for (const page of named) if (insertEntry(index, page, lsn) === 'LOGINDEX_WAIT') return 'LOGINDEX_WAIT';
  return 'inserted';
}

export interface Write {
  readonly path: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * LI-27: the writes that save the closed tables of one file, all to be durable before the last, which is the meta; null when none may be saved.
 * Room on the device is asked for by the file (FS-45).
 */
export function planFlush(index: LogIndex, durableLsn: Lsn, mutants: Mutants = []): readonly Write[] | null {
  const { geometry: g, meta } = index;
  if (index.writing !== null) return null;
  const writes: Write[] = [];
  for (let id = meta.maxTableId + 1; ; id++) {
    const mem = memTable(index, id);
    if (mem?.state !== 'INACTIVE' || mem.table.maxLsn > durableLsn) break;
    if (fileOf(g, id) > fileOf(g, meta.maxTableId + 1)) break;
    const { maxLsn } = mem.table;
    index.writing = { ...meta, maxTableId: id, maxLsn, startLsn: maxLsn };
    const write = (part: Part, bytes: Uint8Array): Write => ({ ...placeOf(g, id, part), bytes });
    const bloom = encodeBloom(g, mem.table, has(mutants, 'logindex.bloom-misses-last'));
    const table = encodeTable(g, mem.table);
    if (id === 2 && has(mutants, 'logindex.table-torn')) table[0] = (table[0] ?? 0) ^ 1;
    writes.push(write('bloom', bloom), write('table', table));
  }
  if (index.writing === null) return null;
  const last = writeMeta(g, index.writing);
  return has(mutants, 'logindex.meta-first') ? [last, ...writes] : [...writes, last];
}

/** The meta in its file; one sector, so whole or not at all. */
export const writeMeta = (g: Geometry, meta: Meta): Write => ({
  path: META_PATH,
  offset: 0,
  bytes: sealMeta(g, meta),
});

/** The last write of a plan is durable. */
export function onWritten(index: LogIndex): void {
  takeMeta(index, present(index.writing, 'a write of LogIndex'));
  index.writing = null;
}

/** Tables up to meta.maxTableId are saved; on a reader as its writer's meta says (LI-26). An older meta changes nothing. */
export function takeMeta(index: LogIndex, meta: Meta): void {
  if (meta.maxTableId < index.meta.maxTableId || meta.minFile < index.meta.minFile) return;
  index.meta = meta;
  for (const mem of index.memory)
    if (mem?.state === 'INACTIVE' && mem.table.id <= meta.maxTableId) mem.state = 'FLUSHED';
}

/**
 * Whether a meta speaks of the tables that the index has, or has once it has parsed on; a LogIndex that was made anew (LI-28) has others
 * under the same numbers.
 */
export function isMetaOf(index: LogIndex, { maxTableId, maxLsn, minFile }: Meta): boolean {
  const isEmpty = minFile * index.geometry.tablesPerFile >= maxTableId; // the file of the last table stays
  if (isEmpty && minFile > index.meta.minFile) return false;
  if (maxTableId <= index.meta.maxTableId)
    return maxTableId === index.meta.maxTableId && maxLsn === index.meta.maxLsn;
  const mem = memTable(index, maxTableId);
  return mem === null || mem.state === 'ACTIVE' ? index.lastLsn <= maxLsn : mem.table.maxLsn === maxLsn;
}

/** The same once it has parsed on beyond them. */
export function hasSaved(index: LogIndex): boolean {
  const { maxTableId, maxLsn } = index.meta;
  return index.activeId >= maxTableId && (tableAt(index, maxTableId)?.maxLsn ?? maxLsn) === maxLsn;
}

/** LI-32: what has to be read before the oldest file can be judged; null while it must stay. */
export function oldestFileEnd({ geometry: g, meta, writing }: LogIndex): Read | null {
  const mayGo = writing === null && meta.minFile < fileOf(g, meta.maxTableId);
  return mayGo ? readOf(g, lastTableOf(g, meta.minFile), 'bloom') : null;
}

export interface Truncation {
  readonly kind: 'truncate';
  readonly write: Write;
  /** To be removed once the write is durable. */
  readonly path: string;
}

/** LI-32: lets the oldest file go if all its LSNs are below gcFloor. `bytes`: what `oldestFileEnd` asked for. */
export function planTruncation(
  index: LogIndex,
  bytes: Uint8Array,
  gcFloor: Lsn,
): Truncation | Corrupt | { kind: 'kept' } {
  const { geometry: g, meta } = index;
  const { table } = present(oldestFileEnd(index), 'a file that may go');
  const bloom = decodeBloom(table, bytes);
  if (!bloom.ok) return corrupt(table, bloom.error);
  if (bloom.value.maxLsn >= gcFloor) return { kind: 'kept' };
  index.writing = { ...meta, minFile: meta.minFile + 1 };
  return { kind: 'truncate', write: writeMeta(g, index.writing), path: pathOfFile(meta.minFile) };
}
