// The redo operations: their numbers in a record's `op`, their names on the screen, and the payloads the engine writes.
// redo.ts reads them. Append new operations at the end: numbers are on disks and in archives.

import {
  type ByteReader,
  type ByteWriter,
  makeReader,
  makeWriter,
  readBytes,
  readU8,
  readUint,
  resetWriter,
  takePart,
  writeBytes,
  writeRaw,
  writeText,
  writeU8,
  writeUint,
} from '../../base/bytes.ts';
import type { KeyChange } from './heap-page.ts';
import type { PreparedEntry } from './prepared-list.ts';
import type { ClientEntry, SequencePage } from './system-page.ts';

export const OP_NOOP = 0;
export const OP_GENESIS = 1;
export const OP_TERM_START = 2;
export const OP_VOLUME_SET = 3;
export const OP_CLOG_INIT = 4;
export const OP_COMMIT = 5;
export const OP_RELATION_INIT = 6;
export const OP_RELATION_SET = 7;
export const OP_HEAP_INIT = 8;
export const OP_HEAP_INSERT = 9;
export const OP_HEAP_UPDATE = 10;
export const OP_HEAP_LINK = 11;
export const OP_HEAP_DELETE = 12;
export const OP_HEAP_PRUNE = 13;
export const OP_BTREE_INIT = 14;
export const OP_BTREE_INSERT = 15;
export const OP_BTREE_DELETE = 16;
export const OP_BTREE_KEEP = 17;
export const OP_CLIENT_INIT = 18;
export const OP_CLIENT_SET = 19;
export const OP_SEQUENCE_SET = 20;
export const OP_DDL_LOCK = 21;
export const OP_DDL_UNLOCK = 22;
export const OP_RELATIONS_GONE = 23;
export const OP_PAGE_SNAPSHOT = 24;
/** Changes of several pages in one record (record-pages.ts). */
export const OP_PAGES = 25;
/** A transaction is prepared, or what was prepared is decided (docs/spec/transactions.md). */
export const OP_TX_PREPARE = 26;
export const OP_TX_DECIDE = 27;

export const opNames: readonly string[] = [
  'noop',
  'genesis',
  'termStart',
  'volumeSet',
  'commitLogInit',
  'commit',
  'relationInit',
  'relationSet',
  'heapInit',
  'heapInsert',
  'heapUpdate',
  'heapLink',
  'heapDelete',
  'heapPrune',
  'btreeInit',
  'btreeInsert',
  'btreeDelete',
  'btreeKeep',
  'clientInit',
  'clientSet',
  'sequenceSet',
  'ddlLock',
  'ddlUnlock',
  'relationsGone',
  'pageSnapshot',
  'pages',
  'txPrepare',
  'txDecide',
];
export const opName = (op: number): string => opNames[op] ?? `op${op}`;

/** Place of a tuple: block of the relation and slot. */
export interface TuplePlace {
  readonly block: number;
  readonly slot: number;
}

/** One step of pruning a page. */
export type PruneAction =
  | { readonly kind: 'free'; readonly slot: number }
  | { readonly kind: 'redirect'; readonly slot: number; readonly target: TuplePlace; readonly flags: number }
  | { readonly kind: 'freeze'; readonly slot: number };
export const pruneKinds = ['free', 'redirect', 'freeze'] as const;

export interface BtreeEntry {
  readonly key: Uint8Array;
  readonly child: number;
}

export const EMPTY: Uint8Array = new Uint8Array(0);
const scratch = makeWriter(8192);

function payload(fill: (w: ByteWriter) => void): Uint8Array {
  resetWriter(scratch);
  fill(scratch);
  return takePart(scratch);
}

export const termStartPayload = (term: number): Uint8Array => payload((w) => writeUint(w, term));

export const volumeSetPayload = (xidLimit: number, relationSerial: number): Uint8Array =>
  payload((w) => {
    writeUint(w, xidLimit);
    writeUint(w, relationSerial);
  });

/** `others`: subtransactions of it that are committed with it, of the same page of the commit log. */
export const commitPayload = (xid: number, others: readonly number[] = []): Uint8Array =>
  payload((w) => {
    writeUint(w, xid);
    for (const other of others) writeUint(w, other);
  });

export const preparePayload = ({ gid, xid, subs, written }: PreparedEntry): Uint8Array =>
  payload((w) => {
    writeUint(w, xid);
    for (const list of [subs, written]) {
      writeUint(w, list.length);
      for (const one of list) writeUint(w, one);
    }
    writeText(w, gid);
  });

export const decidePayload = (xid: number): Uint8Array => payload((w) => writeUint(w, xid));

/** `hasLarge`: from now on the table has pages of large values; otherwise that stays as it is. */
export const relationPayload = (blocks: number, hasLarge = false): Uint8Array =>
  payload((w) => {
    writeUint(w, blocks);
    if (hasLarge) writeU8(w, 1);
  });

export const heapInsertPayload = (slot: number, tuple: Uint8Array): Uint8Array =>
  payload((w) => {
    writeUint(w, slot);
    writeRaw(w, tuple);
  });

/** The new version is on the same page. */
export const heapUpdatePayload = (
  oldSlot: number,
  xmax: number,
  keyChange: KeyChange,
  newSlot: number,
  tuple: Uint8Array,
): Uint8Array =>
  payload((w) => {
    writeUint(w, oldSlot);
    writeUint(w, xmax);
    writeU8(w, keyChange);
    writeUint(w, newSlot);
    writeRaw(w, tuple);
  });

/** The new version is elsewhere. */
export const heapLinkPayload = (
  oldSlot: number,
  xmax: number,
  keyChange: KeyChange,
  replacement: TuplePlace,
): Uint8Array =>
  payload((w) => {
    writeUint(w, oldSlot);
    writeUint(w, xmax);
    writeU8(w, keyChange);
    writeUint(w, replacement.block);
    writeUint(w, replacement.slot);
  });

export const heapDeletePayload = (slot: number, xmax: number): Uint8Array =>
  payload((w) => {
    writeUint(w, slot);
    writeUint(w, xmax);
  });

/** `hint`: the page's new prunable xid. */
export const heapPrunePayload = (actions: readonly PruneAction[], hint: number): Uint8Array =>
  payload((w) => {
    writeUint(w, hint);
    writeUint(w, actions.length);
    for (const action of actions) {
      writeUint(w, action.slot);
      writeU8(w, pruneKinds.indexOf(action.kind));
      if (action.kind !== 'redirect') continue;
      writeUint(w, action.target.block);
      writeUint(w, action.target.slot);
      writeU8(w, action.flags);
    }
  });

export const btreeInitPayload = (level: number, next: number, entries: readonly BtreeEntry[]): Uint8Array =>
  payload((w) => {
    writeU8(w, level);
    writeUint(w, next);
    writeUint(w, entries.length);
    for (const entry of entries) {
      writeBytes(w, entry.key);
      writeUint(w, entry.child);
    }
  });

export const btreeInsertPayload = (index: number, key: Uint8Array, child: number): Uint8Array =>
  payload((w) => {
    writeUint(w, index);
    writeBytes(w, key);
    writeUint(w, child);
  });

export const btreeDeletePayload = (index: number): Uint8Array => payload((w) => writeUint(w, index));

export const btreeKeepPayload = (keep: number, next: number): Uint8Array =>
  payload((w) => {
    writeUint(w, keep);
    writeUint(w, next);
  });

/** The value in eight bytes, because it may be any of 64 bits. */
export const sequenceSetPayload = ({ value, isCalled }: SequencePage): Uint8Array =>
  payload((w) => {
    for (let i = 0n; i < 8n; i++) writeU8(w, Number((value >> (8n * i)) & 255n));
    writeU8(w, isCalled ? 1 : 0);
  });

export function readSequenceSet(r: ByteReader): SequencePage {
  let value = 0n;
  for (let i = 0n; i < 8n; i++) value |= BigInt(readU8(r)) << (8n * i);
  return { value: BigInt.asIntN(64, value), isCalled: readU8(r) === 1 };
}

export const clientSetPayload = (entry: ClientEntry): Uint8Array =>
  payload((w) => {
    writeUint(w, entry.hashLow);
    writeUint(w, entry.hashHigh);
    writeUint(w, entry.incarnation);
    writeUint(w, entry.sequence);
    writeUint(w, entry.xid);
    writeUint(w, entry.part);
  });

/**
 * What a record says of definitions to those who read the volume's pages beside its writer (logindex.md LI-64, LI-66): `lock`, the writer has
 * these relations alone from here on; `unlock`, the locks that were taken at these LSNs are over; `gone`, nobody reads these relations at
 * and above this LSN, and their files go.
 */
export interface DdlNote {
  readonly kind: 'lock' | 'unlock' | 'gone';
  readonly of: number[];
}

const ddlKinds: ReadonlyMap<number, DdlNote['kind']> = new Map([
  [OP_DDL_LOCK, 'lock'],
  [OP_DDL_UNLOCK, 'unlock'],
  [OP_RELATIONS_GONE, 'gone'],
]);

export const ddlPayload = (of: readonly number[]): Uint8Array =>
  payload((w) => {
    for (const one of of) writeUint(w, one);
  });

/** Null: the record is about none. */
export function ddlNote(op: number, bytes: Uint8Array): DdlNote | null {
  const kind = ddlKinds.get(op);
  if (kind === undefined) return null;
  const r = makeReader(bytes);
  const of: number[] = [];
  while (r.at < r.end) of.push(readUint(r));
  return { kind, of };
}

/** A page as it was stored when it was stored anew beyond what some reader had applied (logindex.md LI-51). */
export interface PageSnapshot {
  readonly page: number;
  /** LSN of the image; 0: the page had never been stored. */
  readonly imageLsn: number;
  /** No record of the page lies between the image and this one, the first of an MTR at this place of WAL. */
  readonly firstLsn: number;
  readonly position: number;
  readonly image: Uint8Array;
}

export const snapshotPayload = ({ page, imageLsn, firstLsn, position, image }: PageSnapshot): Uint8Array =>
  payload((w) => {
    for (const one of [page, imageLsn, firstLsn, position]) writeUint(w, one);
    writeBytes(w, image);
  });

/** Null: the record is none. */
export function pageSnapshot(op: number, bytes: Uint8Array): PageSnapshot | null {
  if (op !== OP_PAGE_SNAPSHOT) return null;
  const r = makeReader(bytes);
  const [page, imageLsn, firstLsn, position] = [readUint(r), readUint(r), readUint(r), readUint(r)];
  return { page, imageLsn, firstLsn, position, image: readBytes(r) };
}
