// What a record does to its page, read back from its payload for people: the operation with its slots, and the
// transaction where the record names one. Shown by lenses; redo itself is in redo.ts.

import { BadBytes, type ByteReader, makeReader, readBytes, readU8, readUint } from '../../base/bytes.ts';
import { TUPLE_HEADER_BYTES, tupleXmin } from './heap-page.ts';
import {
  OP_BTREE_DELETE,
  OP_BTREE_INSERT,
  OP_CLIENT_SET,
  OP_COMMIT,
  OP_HEAP_DELETE,
  OP_HEAP_INSERT,
  OP_HEAP_LINK,
  OP_HEAP_PRUNE,
  OP_HEAP_UPDATE,
  OP_SEQUENCE_SET,
  readSequenceSet,
} from './redo-ops.ts';

interface Change {
  readonly op: number;
  readonly payload: Uint8Array;
}

export type ReadChange =
  /** A new row version in `slot`. */
  | { readonly kind: 'insert'; readonly slot: number; readonly tx: number }
  /** The version in `from` ends; `slot` of the same page replaces it. */
  | { readonly kind: 'update'; readonly from: number; readonly slot: number; readonly tx: number }
  /** The version in `from` ends; its replacement is elsewhere. */
  | {
      readonly kind: 'link';
      readonly from: number;
      readonly block: number;
      readonly slot: number;
      readonly tx: number;
    }
  | { readonly kind: 'delete'; readonly from: number; readonly tx: number }
  | { readonly kind: 'prune'; readonly slots: readonly number[] }
  | { readonly kind: 'commit'; readonly tx: number }
  | { readonly kind: 'client'; readonly tx: number }
  | { readonly kind: 'key'; readonly index: number; readonly added: boolean }
  | { readonly kind: 'sequence'; readonly value: bigint }
  | { readonly kind: 'other' };

function readHeap(op: number, r: ByteReader): ReadChange {
  const first = readUint(r);
  if (op === OP_HEAP_INSERT) return { kind: 'insert', slot: first, tx: xminAt(r) };
  if (op === OP_HEAP_DELETE) return { kind: 'delete', from: first, tx: readUint(r) };
  const tx = readUint(r);
  readU8(r);
  if (op === OP_HEAP_UPDATE) return { kind: 'update', from: first, slot: readUint(r), tx };
  return { kind: 'link', from: first, block: readUint(r), slot: readUint(r), tx };
}

function xminAt(r: ByteReader): number {
  if (r.end - r.at < TUPLE_HEADER_BYTES) throw new BadBytes('tuple too short');
  return tupleXmin(r.bytes, r.at);
}

function readPrune(r: ByteReader): ReadChange {
  readUint(r);
  const slots: number[] = [];
  for (let n = readUint(r); n > 0; n--) {
    slots.push(readUint(r));
    if (readU8(r) !== 1) continue;
    readUint(r);
    readUint(r);
    readU8(r);
  }
  return { kind: 'prune', slots };
}

function read({ op, payload }: Change): ReadChange {
  const r = makeReader(payload);
  switch (op) {
    case OP_HEAP_INSERT:
    case OP_HEAP_UPDATE:
    case OP_HEAP_LINK:
    case OP_HEAP_DELETE:
      return readHeap(op, r);
    case OP_HEAP_PRUNE:
      return readPrune(r);
    case OP_COMMIT:
      return { kind: 'commit', tx: readUint(r) };
    case OP_CLIENT_SET:
      for (let i = 0; i < 4; i++) readUint(r);
      return { kind: 'client', tx: readUint(r) };
    case OP_BTREE_INSERT: {
      const index = readUint(r);
      readBytes(r);
      return { kind: 'key', index, added: true };
    }
    case OP_BTREE_DELETE:
      return { kind: 'key', index: readUint(r), added: false };
    case OP_SEQUENCE_SET:
      return { kind: 'sequence', value: readSequenceSet(r).value };
    default:
      return { kind: 'other' };
  }
}

/** Bytes that are not what the operation says read as `other`: a lens shows what it has, it never fails. */
export function readChange(change: Change): ReadChange {
  try {
    return read(change);
  } catch (error) {
    if (error instanceof BadBytes || error instanceof RangeError) return { kind: 'other' };
    throw error;
  }
}

/** The transaction that wrote a record, where the record says so. */
export function txOf(change: Change): number | null {
  const known = readChange(change);
  return 'tx' in known ? known.tx : null;
}
