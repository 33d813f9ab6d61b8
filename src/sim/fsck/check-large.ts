// Structure check of large values (core/engine/large-values.ts): their parts are a heap with an index as any other; each visible
// row's values are there, whole and with the right checksum, and each value that is there belongs to one visible row.

import { BadBytes, makeReader } from '../../base/bytes.ts';
import { crc32c } from '../../base/crc32c.ts';
import { type Pointer, pointersIn, readChunk, type ValueAt } from '../../core/engine/large-codec.ts';
import { type ChunkTable, chunksOf } from '../../core/engine/large-values.ts';
import { readValue } from '../../core/engine/row-codec.ts';
import { LARGE, slotOffset, slotType, slotTypes, tupleFlags } from '../../core/page/heap-page.ts';
import { pageCount, pageKinds } from '../../core/page/page.ts';
import { blockKeyOf } from '../../core/page/page-key.ts';
import { hasLargeValues } from '../../core/page/system-page.ts';
import type { TableDef } from '../../core/sql/access.ts';
import { checkHeap, type Heap, type Place } from './check-heap.ts';
import { checkIndex } from './check-index.ts';
import { blocksOf, type Fsck, pageOf, report } from './volume-pages.ts';

/** Parts of values by their names, ended or not; of none that was never written. */
export type StoredParts = ReadonlyMap<string, ReadonlyMap<number, Uint8Array>>;

const nameOf = ({ row, column }: Pick<Pointer, 'row' | 'column'>): string => `${row}/${column}`;

/** The table of the parts of the table's values; null when it has none. */
export function partsTable(fsck: Fsck, table: TableDef): ChunkTable | null {
  const header = pageOf(fsck, table.name, blockKeyOf(table.relation, 0), pageKinds.relation);
  return header !== null && hasLargeValues(header) ? chunksOf(table) : null;
}

/** All parts that can be read. */
export function collectParts(fsck: Fsck, chunks: ChunkTable | null): StoredParts {
  const all = new Map<string, Map<number, Uint8Array>>();
  if (chunks === null) return all;
  for (const page of blocksOf(fsck, chunks.name, chunks.relation, pageKinds.heap).values())
    for (let slot = 0; slot < pageCount(page); slot++) {
      if (slotType(page, slot) !== slotTypes.tuple) continue;
      try {
        const chunk = readChunk(page, slot, slotOffset(page, slot));
        const parts = all.get(nameOf(chunk)) ?? new Map<number, Uint8Array>();
        parts.set(chunk.part, chunk.data);
        all.set(nameOf(chunk), parts);
      } catch (error) {
        // The heap's own check reports it.
        if (!(error instanceof BadBytes)) throw error;
      }
    }
  return all;
}

function wholeOf(
  parts: ReadonlyMap<number, Uint8Array> | undefined,
  { bytes, crc }: Pointer,
): Uint8Array | null {
  const whole: number[] = [];
  for (let part = 0; part < (parts?.size ?? 0); part++)
    for (const byte of parts?.get(part) ?? []) whole.push(byte);
  const found = Uint8Array.from(whole);
  return found.length === bytes && crc32c(found) === crc ? found : null;
}

/** Values for keys of indexes; null for one that is not whole, which is reported where its row is visible. */
export const valuesFrom =
  (stored: StoredParts): ValueAt =>
  (pointer, type) => {
    const whole = wholeOf(stored.get(nameOf(pointer)), pointer);
    return whole && readValue(makeReader(whole), type);
  };

/** `heap`: of the table. */
export function checkLarge(fsck: Fsck, heap: Heap, chunks: ChunkTable | null): void {
  const values = new Map<string, { readonly parts: Map<number, Uint8Array>; readonly tid: Place }>();
  if (chunks !== null) {
    const { rows, entries } = fsck.counters;
    const live = checkHeap(fsck, chunks);
    checkIndex(fsck, live, chunks.indexes[0]);
    // They are no rows of a table.
    fsck.counters.rows = rows;
    fsck.counters.entries = entries;
    for (const { tid } of live.visible) {
      const page = live.blocks.get(tid.block);
      if (page === undefined) continue;
      const chunk = readChunk(page, tid.slot, slotOffset(page, tid.slot));
      const known = values.get(nameOf(chunk)) ?? { parts: new Map<number, Uint8Array>(), tid };
      known.parts.set(chunk.part, chunk.data);
      values.set(nameOf(chunk), known);
    }
  }
  const named = new Set<string>();
  for (const { tid } of heap.visible) {
    const key = blockKeyOf(heap.table.relation, tid.block);
    for (const pointer of pointersAt(heap, tid)) {
      const name = nameOf(pointer);
      if (named.has(name)) report(fsck, 'large.twice', heap.table.name, key, tid.slot, name);
      named.add(name);
      if (wholeOf(values.get(name)?.parts, pointer) === null)
        report(fsck, 'large.missing', heap.table.name, key, tid.slot, name);
    }
  }
  fsck.counters.large += named.size;
  if (chunks === null) return;
  for (const [name, { tid }] of values)
    if (!named.has(name))
      report(fsck, 'large.orphan', heap.table.name, blockKeyOf(chunks.relation, tid.block), tid.slot, name);
}

function pointersAt({ table, blocks }: Heap, { block, slot }: Place): readonly Pointer[] {
  const page = blocks.get(block);
  if (page === undefined) return [];
  const at = slotOffset(page, slot);
  if ((tupleFlags(page, at) & LARGE) === 0) return [];
  const { columns, base = columns.length } = table;
  return [...pointersIn(columns, base, page, slot, at).values()];
}
