// What the bytes of a page say: rows of a heap page with their versions, entries of a B+tree page. The same readers as the
// engine's; bytes that do not fit the table are shown as not readable, nothing is guessed.

import { BadBytes } from '../../base/bytes.ts';
import type { TableView } from '../../core/engine/buffer-view.ts';
import { readChunk, type ValueAt } from '../../core/engine/large-codec.ts';
import { decodeAnyTuple, type Layout } from '../../core/engine/tuple-codec.ts';
import { btreeLevel, btreeNext, entryChild } from '../../core/page/btree-page.ts';
import {
  FROZEN,
  redirectBlock,
  redirectSlot,
  slotOffset,
  slotType,
  slotTypes,
  tupleFlags,
  tupleForwardBlock,
  tupleForwardSlot,
  tupleXmax,
  tupleXmin,
  UPDATED,
} from '../../core/page/heap-page.ts';
import { pageBlockKey, pageCount, pageKind, pageKinds, pageLsn } from '../../core/page/page.ts';
import { blockOf, forkOf, relationOf } from '../../core/page/page-key.ts';
import { readSequence } from '../../core/page/system-page.ts';
import type { ColumnDef } from '../../core/sql/access.ts';
import { formatValue, parseValue } from '../../core/sql/text-form.ts';
import { TYPES_BY_NAME } from '../../core/sql/types.ts';

/** A row version in its slot, or the redirect that a pruned one left. */
export interface SlotContent {
  readonly slot: number;
  readonly kind: 'row' | 'redirect';
  readonly xmin: number;
  /** 0: not ended. */
  readonly xmax: number;
  readonly frozen: boolean;
  /** Where its replacement lies, or a redirect leads; null: none. */
  readonly forward: { readonly block: number; readonly slot: number } | null;
  /** Values by column; null when they cannot be read with this table's columns. */
  readonly values: readonly (string | null)[] | null;
}

export type PageContent =
  /** `isParts`: of the parts of a table's large values. */
  | {
      readonly kind: 'heap';
      readonly lsn: number;
      readonly isParts: boolean;
      readonly slots: readonly SlotContent[];
    }
  | {
      readonly kind: 'tree';
      readonly lsn: number;
      readonly level: number;
      readonly entries: number;
      readonly children: readonly number[];
      /** Right sibling's block, 0 for none. */
      readonly next: number;
    }
  /** The last value that may have been given out; `isCalled` false: not even that one. */
  | { readonly kind: 'sequence'; readonly lsn: number; readonly value: bigint; readonly isCalled: boolean }
  | { readonly kind: 'other'; readonly lsn: number };

function layoutOf(table: TableView | null): Layout | null {
  if (table === null) return null;
  const columns = table.columns.flatMap(({ name, type: written, missing }): readonly ColumnDef[] => {
    const type = TYPES_BY_NAME.get(written);
    if (type === undefined) return [];
    return [
      { name, type, notNull: false, ...(missing !== undefined && { missing: parseValue(type, missing) }) },
    ];
  });
  if (columns.length !== table.columns.length) return null;
  return table.base === undefined ? { columns } : { columns, base: table.base };
}

/** A large value is not on the page: where it is, and how long. */
const whereItIs: ValueAt = ({ row, column, bytes }) => `→ ${row}/${column} (${bytes} B)`;

function readValues(page: Uint8Array, slot: number, layout: Layout | null): SlotContent['values'] {
  if (layout === null) return null;
  const at = slotOffset(page, slot);
  try {
    const row = decodeAnyTuple(layout, page, slot, at, whereItIs);
    return row.map((value) => (typeof value === 'object' ? formatValue(value) : String(value)));
  } catch (error) {
    if (error instanceof BadBytes || error instanceof RangeError) return null;
    throw error;
  }
}

/** Of a part of a large value: which value, which part of it, and how long. */
function readPart(page: Uint8Array, slot: number): SlotContent['values'] {
  try {
    const { row, column, part, data } = readChunk(page, slot, slotOffset(page, slot));
    return [`${row}/${column}`, `${part}`, `${data.length} B`];
  } catch (error) {
    if (error instanceof BadBytes || error instanceof RangeError) return null;
    throw error;
  }
}

function readSlot(
  page: Uint8Array,
  slot: number,
  values: (page: Uint8Array, slot: number) => SlotContent['values'],
): SlotContent | null {
  const type = slotType(page, slot);
  const at = slotOffset(page, slot);
  if (type === slotTypes.redirect) {
    const forward = { block: redirectBlock(page, at), slot: redirectSlot(page, at) };
    return { slot, kind: 'redirect', xmin: 0, xmax: 0, frozen: false, forward, values: null };
  }
  if (type !== slotTypes.tuple) return null;
  const flags = tupleFlags(page, at);
  return {
    slot,
    kind: 'row',
    xmin: tupleXmin(page, at),
    xmax: tupleXmax(page, at),
    frozen: (flags & FROZEN) !== 0,
    forward:
      (flags & UPDATED) === 0
        ? null
        : { block: tupleForwardBlock(page, at), slot: tupleForwardSlot(page, at) },
    values: values(page, slot),
  };
}

/** The table whose heap has the page; null: an index, or a page of the system. */
export const tableOf = (blockKey: number, tables: readonly TableView[]): TableView | null =>
  tables.find(({ relation }) => relation === relationOf(blockKey) && forkOf(blockKey) === 0) ?? null;

export function readPage(page: Uint8Array, table: TableView | null): PageContent {
  const lsn = pageLsn(page);
  const kind = pageKind(page);
  if (kind === pageKinds.heap) {
    const layout = layoutOf(table);
    const isParts = forkOf(pageBlockKey(page)) !== 0;
    const values = isParts ? readPart : (of: Uint8Array, slot: number) => readValues(of, slot, layout);
    const slots = Array.from({ length: pageCount(page) }, (_, slot) => readSlot(page, slot, values));
    return { kind: 'heap', lsn, isParts, slots: slots.flatMap((slot) => slot ?? []) };
  }
  if (kind === pageKinds.sequence) return { kind: 'sequence', lsn, ...readSequence(page) };
  if (kind !== pageKinds.btree) return { kind: 'other', lsn };
  const level = btreeLevel(page);
  const entries = pageCount(page);
  const children = level === 0 ? [] : Array.from({ length: entries }, (_, i) => entryChild(page, i));
  return { kind: 'tree', lsn, level, entries, children, next: btreeNext(page) };
}

/** The versions of one row on its page, oldest first: links followed back and forth from a slot. */
export function versionChain(
  slots: readonly SlotContent[],
  slot: number,
  blockKey: number,
): readonly SlotContent[] {
  const block = blockOf(blockKey);
  const bySlot = new Map(slots.map((content) => [content.slot, content]));
  const leadsTo = (to: number): SlotContent | undefined =>
    slots.find(({ forward }) => forward !== null && forward.block === block && forward.slot === to);
  const chain: SlotContent[] = [];
  const seen = new Set<number>();
  let first = bySlot.get(slot);
  for (let back = first; back !== undefined && !seen.has(back.slot); back = leadsTo(back.slot)) {
    seen.add(back.slot);
    first = back;
  }
  seen.clear();
  for (let next = first; next !== undefined && !seen.has(next.slot); ) {
    seen.add(next.slot);
    chain.push(next);
    next = next.forward?.block === block ? bySlot.get(next.forward.slot) : undefined;
  }
  return chain;
}
