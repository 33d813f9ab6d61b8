// A disk for tests of LogIndex: files as ranges of bytes, which a crash leaves as far as they were written; searches and walks
// are answered from it, and what it was asked for is counted.

import { present } from '../../../base/assert.ts';
import type { Lsn } from '../../../base/ids.ts';
import type { PageKey } from '../../page/page-key.ts';
import { startFind, startWalk, stepFind, stepWalk } from '../find.ts';
import {
  type Corrupt,
  type LogIndex,
  onWritten,
  planFlush,
  type Read,
  startOpening,
  stepOpening,
  takeMeta,
  type Write,
} from '../log-index.ts';
import { firstMeta, META_PATH, openMeta, type Place } from '../meta.ts';
import type { Entry, Geometry } from '../table.ts';

export interface IndexDisk {
  /** By path and offset: LogIndex reads what it wrote, as it wrote it. */
  readonly values: Map<string, Uint8Array>;
  reads: { bloom: number; table: number; meta: number };
}

export const makeDisk = (): IndexDisk => ({ values: new Map(), reads: { bloom: 0, table: 0, meta: 0 } });

const keyOf = ({ path, offset }: Omit<Place, 'length'>): string => `${path}@${offset}`;

export const write = (disk: IndexDisk, { path, offset, bytes }: Write): void =>
  void disk.values.set(keyOf({ path, offset }), bytes);

export const readPlace = (disk: IndexDisk, place: Omit<Place, 'length'>): Uint8Array =>
  disk.values.get(keyOf(place)) ?? new Uint8Array();

export function removeFile(disk: IndexDisk, path: string): void {
  for (const key of [...disk.values.keys()]) if (key.startsWith(`${path}@`)) disk.values.delete(key);
}

/** Null when the file is gone because it was truncated: the index knows then. */
function answer(disk: IndexDisk, read: Read, index: LogIndex | null): Uint8Array | null {
  disk.reads[read.part]++;
  const bytes = disk.values.get(keyOf(read));
  if (bytes !== undefined || index === null) return bytes ?? new Uint8Array();
  const meta = openMeta(index.geometry, readPlace(disk, { path: META_PATH, offset: 0 }));
  if (!meta.ok || meta.value.minFile <= index.meta.minFile) return new Uint8Array();
  disk.reads.meta++;
  takeMeta(index, meta.value);
  return null;
}

/** Calls `step` with what it asks for, until it asks for nothing. */
export function drive<T extends { readonly kind: string }>(
  disk: IndexDisk,
  index: LogIndex | null,
  step: (bytes: Uint8Array | null) => T | Read,
): T {
  let result = step(null);
  while (result.kind === 'read') result = step(answer(disk, result as Read, index));
  return result as T;
}

export function openFrom(disk: IndexDisk, g: Geometry): LogIndex | Corrupt | string {
  const bytes = disk.values.get(`${META_PATH}@0`);
  const meta = bytes === undefined ? { ok: true as const, value: firstMeta } : openMeta(g, bytes);
  if (!meta.ok) return meta.error;
  const opening = startOpening(g, meta.value);
  const result = drive(disk, null, (read) => stepOpening(opening, read));
  return result.kind === 'open' ? result.index : result;
}

export function find(
  disk: IndexDisk,
  index: LogIndex,
  page: PageKey,
  min: number,
  max: number,
): readonly Lsn[] | Corrupt {
  const search = startFind(index, page, min as Lsn, max as Lsn);
  const result = drive(disk, index, (bytes) => stepFind(index, search, bytes));
  return result.kind === 'found' ? result.lsns : result;
}

export function walkAll(disk: IndexDisk, index: LogIndex, min: number, max: number): Entry[] | Corrupt {
  const walk = startWalk(min as Lsn);
  const entries: Entry[] = [];
  while (true) {
    const result = drive(disk, index, (bytes) => stepWalk(index, walk, max as Lsn, bytes));
    if (result.kind === 'LOGINDEX_CORRUPT') return result;
    if (result.kind === 'end') return entries;
    entries.push({ page: result.page, lsn: result.lsn });
  }
}

/** Saves every closed table that may be saved; how many. */
export function flushAll(disk: IndexDisk, index: LogIndex, durableLsn: number): number {
  const before = index.meta.maxTableId;
  for (const one of planFlush(index, durableLsn as Lsn) ?? []) write(disk, one);
  if (index.writing !== null) onWritten(index);
  return index.meta.maxTableId - before;
}

export const stateOf = (index: LogIndex, id: number): string =>
  present(
    index.memory.find((mem) => mem?.table.id === id),
    'a memory table',
    id,
  ).state;
