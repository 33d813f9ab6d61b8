// How a row becomes a tuple. One that fits into a page is stored as it is. Of one that does not, the longest values go out of
// line, columns that are in no index first, until it takes a quarter of a page at most (any column, until it fits). A value that
// the version which it replaces has out of line stays there.

import { crc32c } from '../../base/crc32c.ts';
import { sameBytes } from '../../base/same-bytes.ts';
import { has } from '../kernel/mutants.ts';
import { LARGE, maxTupleBytes, TUPLE_HEADER_BYTES, tupleFlags } from '../page/heap-page.ts';
import { SYSTEM_RELATIONS } from '../page/page-key.ts';
import type { Row, TableDef, Value, WriteOutcome } from '../sql/access.ts';
import type { Env, LargeWork } from './engine-state.ts';
import {
  encodeLarge,
  isPointer,
  type Part,
  POINTER_BYTES_MAX,
  type Pointer,
  pointerOf,
} from './large-codec.ts';
import { findName, pointersOf, readLarge, VALUE_BYTES_MAX } from './large-values.ts';
import { encodeValue, isVariable } from './row-codec.ts';
import { encodeTuple, layoutFlag } from './tuple-codec.ts';
import type { TupleAt } from './versions.ts';

export interface PackedRow {
  /** But for its header, which is zero. */
  readonly tuple: Uint8Array;
  readonly flags: number;
  /** What remains to be done once it is written. */
  readonly work: readonly LargeWork[];
}

type Refused = Extract<WriteOutcome, { kind: 'error' }>;

const NO_WORK: readonly LargeWork[] = [];
const refused = (message: string): Refused => ({ kind: 'error', sqlstate: '54000', message });

/** `old`: the version that it replaces, or null. 54000 when it is too big. May throw Blocked. */
export function packRow(env: Env, table: TableDef, row: Row, old: TupleAt | null): PackedRow | Refused {
  const most = maxTupleBytes(env.engine.config.pageBytes);
  const before = old === null ? NONE : pointersOf(table, old);
  if (before.size === 0) {
    const tuple = encodeTuple(table, row);
    if (tuple.length <= most) return { tuple, flags: layoutFlag(table), work: NO_WORK };
    // A definition is read before anything can be looked up.
    if (table.relation < SYSTEM_RELATIONS) return tooBig(tuple.length, most);
  }
  const parts = row.map((value, i) => partOf(env, table, value, i, before.get(i) ?? null));
  const stored = new Map<number, Uint8Array>();
  const sizeNow = (): number => sizeOf(table, parts);
  const goesOut = (limit: number, isCandidate: (column: number) => boolean): void => {
    for (let size = sizeNow(); size > limit; size = sizeNow()) {
      const column = longestOf(table, parts, isCandidate);
      const bytes = parts[column];
      if (!(bytes instanceof Uint8Array)) return;
      stored.set(column, bytes);
      const name = findName(env, table, parts.filter(isPointer)) ?? { row: env.log.tail + 1, column };
      parts[column] = { row: name.row, column: name.column, bytes: bytes.length, crc: crc32c(bytes) };
    }
  };
  if (sizeNow() > most)
    goesOut(Math.floor(env.engine.config.pageBytes / 4), (i) => !table.indexed.includes(i));
  goesOut(most, () => true);
  const size = sizeNow();
  if (size > most) return tooBig(size, most);
  for (const [column, { length }] of stored)
    if (length > VALUE_BYTES_MAX)
      return refused(
        `value of column "${table.columns[column]?.name}" is too big: size ${length}, maximum size ${VALUE_BYTES_MAX}`,
      );
  const keeps = (pointer: Pointer): boolean =>
    parts.includes(pointer) && !has(env.mutants, 'engine.update-frees-kept');
  const own = { relation: table.relation, name: table.name };
  const work: LargeWork[] = [];
  for (const [column, bytes] of stored)
    work.push({ table: own, pointer: parts[column] as Pointer, bytes, part: 0 });
  for (const pointer of before.values())
    if (!keeps(pointer)) work.push({ table: own, pointer, bytes: null, part: 0 });
  const isLarge = parts.some(isPointer);
  const tuple = isLarge ? encodeLarge(parts, table.base !== undefined) : encodeTuple(table, row);
  return { tuple, flags: layoutFlag(table) | (isLarge ? LARGE : 0), work };
}

const NONE: ReadonlyMap<number, Pointer> = new Map();

const tooBig = (size: number, most: number): Refused =>
  refused(`row is too big: size ${size}, maximum size ${most}`);

/** What the version leaves to be done when it is deleted. */
export function endOf(table: TableDef, tuple: TupleAt): readonly LargeWork[] {
  if ((tupleFlags(tuple.page, tuple.at) & LARGE) === 0) return NO_WORK;
  const own = { relation: table.relation, name: table.name };
  return [...pointersOf(table, tuple).values()].map((pointer) => ({
    table: own,
    pointer,
    bytes: null,
    part: 0,
  }));
}

/** `before`: where the version that is replaced has the column's value. */
function partOf(env: Env, table: TableDef, value: Value, column: number, before: Pointer | null): Part {
  if (value === null) return null;
  if (pointerOf(value) !== null) return before;
  const bytes = encodeValue((table.columns[column] as TableDef['columns'][number]).type, value);
  if (before === null || before.bytes !== bytes.length || before.crc !== crc32c(bytes)) return bytes;
  const known = readLarge(env, table, before);
  return sameBytes(known, bytes) ? before : bytes;
}

function sizeOf(table: TableDef, parts: readonly Part[]): number {
  const isLarge = parts.some(isPointer);
  if (isLarge) return encodeLarge(parts, table.base !== undefined).length;
  const bitmap = (parts.length + 7) >>> 3;
  const head = TUPLE_HEADER_BYTES + (table.base === undefined ? 0 : 1) + bitmap;
  return parts.reduce((sum, part) => sum + (part instanceof Uint8Array ? part.length : 0), head);
}

/** The column of the longest value that may go out; −1: none would make the row shorter. */
function longestOf(
  { columns }: TableDef,
  parts: readonly Part[],
  isCandidate: (column: number) => boolean,
): number {
  let longest = -1;
  let length = POINTER_BYTES_MAX;
  parts.forEach((part, i) => {
    if (!(part instanceof Uint8Array) || part.length <= length || !isCandidate(i)) return;
    if (!isVariable((columns[i] as TableDef['columns'][number]).type)) return;
    longest = i;
    length = part.length;
  });
  return longest;
}
