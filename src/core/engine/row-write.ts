// Writing rows. Every write is one MTR: the heap page, a leaf of each index when entries are added, both ends of a link
// that crosses pages. An update that leaves the keys of all indexes as they are makes a version that only the old one leads
// to, on the same page if it fits, so that the indexes are left alone; any other gets an entry in each of them. Conflicts
// are answered, not waited for: the session waits.

import type { TxId } from '../../base/ids.ts';
import { sameBytes } from '../../base/same-bytes.ts';
import { has } from '../kernel/mutants.ts';
import { maxKeyBytes } from '../page/btree-page.ts';
import {
  CROSS,
  freeSlot,
  HEAP_ONLY,
  heapRoom,
  type KeyChange,
  keyChanges,
  SLOT_BYTES,
  startTuple,
  tupleXmax,
} from '../page/heap-page.ts';
import { blockKeyOf, blockOf } from '../page/page-key.ts';
import {
  heapDeletePayload,
  heapInsertPayload,
  heapLinkPayload,
  heapUpdatePayload,
  OP_HEAP_DELETE,
  OP_HEAP_INSERT,
  OP_HEAP_LINK,
  OP_HEAP_UPDATE,
} from '../page/redo-ops.ts';
import type { IndexDef, LockStrength, Row, RowPlace, TableDef, Tid, WriteOutcome } from '../sql/access.ts';
import { takenKey } from '../sql/error-detail.ts';
import { isEntered, keyValueOf } from '../sql/evaluate.ts';
import { isPlain, isReady } from '../sql/table-def.ts';
import { findLeaf, prepareInsert } from './btree.ts';
import { type Env, isOwn, type Session, type SessionTx } from './engine-state.ts';
import { findRoom } from './find-room.ts';
import { encodeKey, hasNullKey, makeTid, TID_BYTES, tidBlock, tidSlot, withTid } from './key-codec.ts';
import { checkUnique } from './key-scan.ts';
import { endOf, type PackedRow, packRow } from './large-rows.ts';
import { deferWrites } from './large-values.ts';
import { appendChanges, type Change, getPage } from './pages.ts';
import { pageTarget, relationTarget, rowTarget } from './predicate-locks.ts';
import { pruneForRoom } from './prune.ts';
import { recordRoom, spaceOf } from './relation.ts';
import { carryLocks, findLocker, forgetLocks } from './row-lock-table.ts';
import { checkWrite } from './serializable.ts';
import { isCommitted, isInProgress, requireXid } from './transactions.ts';
import { findNewest, hasKeyValuesOf, keyRowAt, rowAt, type TupleAt, tupleAt } from './versions.ts';

const OK: WriteOutcome = { kind: 'ok' };
const wait = (xid: number, row?: RowPlace): WriteOutcome => ({
  kind: 'wait',
  tx: xid as TxId,
  ...(row && { row }),
});
export type RefusedWrite = Extract<WriteOutcome, { kind: 'error' }>;
const error = (sqlstate: string, message: string): RefusedWrite => ({ kind: 'error', sqlstate, message });

function recordWrite(tx: SessionTx, relation: number): void {
  if (!tx.written.includes(relation)) tx.written.push(relation);
}

/** The key of a row in one index. */
interface RowKey {
  readonly index: IndexDef;
  readonly key: Uint8Array;
  /** No other row may have it: a unique key that is new, and without nulls. */
  readonly mustBeFree: boolean;
}

const NO_KEYS: readonly RowKey[] = [];

const keyIn = (table: TableDef, index: IndexDef, row: Row): RowKey => ({
  index,
  key: encodeKey(table, index, row),
  mustBeFree: index.constraint === 'primary' || (index.isUnique && !hasNullKey(index, row)),
});

/** Its keys in the indexes that it is entered in. */
function keysOf(table: TableDef, row: Row): readonly RowKey[] {
  const { indexes } = table;
  if (indexes.length === 0) return NO_KEYS;
  const keys: RowKey[] = [];
  for (const index of indexes)
    if (isReady(index) && isEntered(index, row)) keys.push(keyIn(table, index, row));
  return keys;
}

function checkSizes(env: Env, keys: readonly RowKey[]): WriteOutcome | null {
  for (const { index, key } of keys) {
    const unfit = checkKeySize(env, index, key);
    if (unfit) return unfit;
  }
  return null;
}

/** 54000 when an entry is too long for a page of the index. */
export function checkKeySize(env: Env, { name }: IndexDef, key: Uint8Array): RefusedWrite | null {
  const most = maxKeyBytes(env.engine.config.pageBytes);
  const bytes = key.length + TID_BYTES;
  if (bytes <= most) return null;
  return error('54000', `index row size ${bytes} exceeds maximum ${most} for index "${name}"`);
}

/** 23505, a wait for whoever is writing the same key, or null when the keys are free. */
function checkKeysFree(
  env: Env,
  tx: SessionTx,
  table: TableDef,
  keys: readonly RowKey[],
  row: Row,
): WriteOutcome | null {
  for (const { index, key, mustBeFree } of keys) {
    if (!mustBeFree) continue;
    const live = checkUnique(env, table, index, tx.xid, key);
    if (live.kind === 'wait') {
      if (has(env.mutants, 'engine.unique-ignores-open')) continue;
      return wait(live.xid);
    }
    if (live.kind === 'live') {
      const leaf = pageTarget(index.relation, findLeaf(env, index.relation, key).block);
      if (tx.serial !== undefined) checkWrite(env, tx, [leaf]);
      const message = `duplicate key value violates unique constraint "${index.name}"`;
      return { ...error('23505', message), about: takenKey(table, index, valuesIn(index, row)) };
    }
  }
  return null;
}

const valuesIn = ({ keys }: IndexDef, row: Row): Row => keys.map((key) => keyValueOf(key, row));

/** The entries that lead to the row; who has read where they go is met (serializable.ts). */
function enter(env: Env, tx: SessionTx, keys: readonly RowKey[], tid: Tid, changes: Change[]): void {
  for (const { index, key } of keys) {
    const change = prepareInsert(env, index.relation, withTid(key, tid));
    if (tx.serial !== undefined) checkWrite(env, tx, [pageTarget(index.relation, blockOf(change.blockKey))]);
    changes.push(change);
  }
}

export function insertRow(
  env: Env,
  session: Session,
  tx: SessionTx,
  table: TableDef,
  row: Row,
): WriteOutcome {
  const packed = packRow(env, table, row, null);
  if ('kind' in packed) return packed;
  const { tuple, flags, work } = packed;
  const keys = keysOf(table, row);
  const tooLong = checkSizes(env, keys);
  if (tooLong) return tooLong;
  // Before a key is found taken: a conflict by reads counts first, as PostgreSQL enters a row before it looks at its keys.
  if (tx.serial !== undefined) checkWrite(env, tx, [relationTarget(table.relation)]);
  const taken = checkKeysFree(env, tx, table, keys, row);
  if (taken) return taken;
  const xid = requireXid(env, session, tx);
  startTuple(tuple, xid, flags);
  const need = tuple.length + SLOT_BYTES;
  const block = findRoom(env, table, need, reserveOf(env), 0);
  const page = getPage(env, blockKeyOf(table.relation, block));
  const room = heapRoom(page) - need;
  const slot = freeSlot(page);
  const changes: Change[] = [insertChange(table, block, slot, tuple)];
  enter(env, tx, keys, makeTid(block, slot), changes);
  appendChanges(env, changes, false, xid);
  forgetLocks(env, table.relation, makeTid(block, slot));
  recordRoom(env, table.relation, block, room);
  recordWrite(tx, table.relation);
  deferWrites(env, session, work);
  return OK;
}

/** Bytes of a page that inserts leave for new versions of its rows. */
const reserveOf = (env: Env): number => Math.floor(env.engine.config.pageBytes / 10);

const insertChange = (table: TableDef, block: number, slot: number, tuple: Uint8Array): Change => ({
  blockKey: blockKeyOf(table.relation, block),
  op: OP_HEAP_INSERT,
  init: false,
  payload: heapInsertPayload(slot, tuple),
});

/** What stands in the way of replacing or deleting this version, or null. */
function checkConflict(env: Env, tx: SessionTx, table: TableDef, tuple: TupleAt | null): WriteOutcome | null {
  if (tuple === null) return { kind: 'changed', found: null };
  const xmax = tupleXmax(tuple.page, tuple.at);
  if (xmax === 0) return null;
  if (isOwn(env, tx.xid, xmax)) return { kind: 'changed', found: null };
  if (isInProgress(env, xmax)) return wait(xmax, { relation: table.relation, tid: tuple.tid });
  if (!isCommitted(env, xmax) || has(env.mutants, 'engine.skips-first-updater')) return null;
  if (tx.isolation !== 'read committed')
    return error('40001', 'could not serialize access due to concurrent update');
  const found = findNewest(env, table, tuple);
  if (found && has(env.mutants, 'engine.updates-stale-row'))
    return { kind: 'changed', found: { tid: found.tid, row: rowAt(env, table, tuple) } };
  return { kind: 'changed', found };
}

/** A wait for a transaction that has locked the row so that it may not be written in this way, or null. */
function checkLockers(
  env: Env,
  tx: SessionTx,
  { relation }: TableDef,
  tid: Tid,
  strength: LockStrength,
): WriteOutcome | null {
  const locker = findLocker(env, tx, relation, tid, strength);
  return locker === 0 ? null : wait(locker, { relation, tid });
}

/** Does an update change a unique key? It then takes the row as a delete does, else KEY SHARE may stand beside it. */
const changesUnique = (keys: readonly RowKey[], row: Row): boolean =>
  keys.some(
    ({ index, mustBeFree }) => index.isUnique && isPlain(index) && (mustBeFree || hasNullKey(index, row)),
  );

export function deleteRow(
  env: Env,
  session: Session,
  tx: SessionTx,
  table: TableDef,
  tid: Tid,
): WriteOutcome {
  const tuple = tupleAt(env, table.relation, tid);
  const refused = checkConflict(env, tx, table, tuple) ?? checkLockers(env, tx, table, tid, 3);
  if (refused) return refused;
  if (tx.serial !== undefined) checkWrite(env, tx, [rowTarget(table.relation, tid)]);
  const xid = requireXid(env, session, tx);
  const work = tuple === null ? [] : endOf(table, tuple);
  const change: Change = {
    blockKey: blockKeyOf(table.relation, tidBlock(tid)),
    op: OP_HEAP_DELETE,
    init: false,
    payload: heapDeletePayload(tidSlot(tid), xid),
  };
  appendChanges(env, [change], false, xid);
  recordWrite(tx, table.relation);
  spaceOf(env, table.relation).dead++;
  deferWrites(env, session, work);
  return OK;
}

/**
 * The row's keys when one is another than that of the version it replaces, also in an index that is not ready: what a chain
 * has of one key now is entered later by its root. Null: all are as they were.
 */
function newKeysOf(env: Env, table: TableDef, tuple: TupleAt, row: Row): readonly RowKey[] | null {
  if (table.indexes.length === 0 || hasKeyValuesOf(env, table, tuple, row)) return null;
  const before = keyRowAt(env, table, tuple);
  let isNew = false;
  const keys: RowKey[] = [];
  for (const index of table.indexes) {
    const wasEntered = isEntered(index, before);
    if (!isEntered(index, row)) {
      isNew ||= wasEntered;
      continue;
    }
    const one = keyIn(table, index, row);
    const isSame = wasEntered && sameBytes(one.key, encodeKey(table, index, before));
    if (!isSame) isNew ||= index.constraint === 'primary' || !has(env.mutants, 'engine.update-forgets-index');
    if (isReady(index)) keys.push(isSame ? { ...one, mustBeFree: false } : one);
  }
  return isNew ? keys : null;
}

/** `beside`: further changes of the same MTR. */
export function updateRow(
  env: Env,
  session: Session,
  tx: SessionTx,
  table: TableDef,
  tid: Tid,
  row: Row,
  beside: readonly Change[] = [],
): WriteOutcome {
  const tuple = tupleAt(env, table.relation, tid);
  const refused = checkConflict(env, tx, table, tuple);
  if (refused || tuple === null) return refused ?? { kind: 'changed', found: null };
  const packed = packRow(env, table, row, tuple);
  if ('kind' in packed) return packed;
  const newKeys = newKeysOf(env, table, tuple, row);
  const keys = newKeys ?? NO_KEYS;
  const isUnique = changesUnique(keys, row);
  const isLinked = table.indexes.length > 0 && newKeys === null;
  const keyChange = isLinked ? keyChanges.none : isUnique ? keyChanges.unique : keyChanges.others;
  const strength = isUnique ? 3 : 2;
  const unfit = checkLockers(env, tx, table, tid, strength) ?? checkSizes(env, keys);
  if (unfit) return unfit;
  if (tx.serial !== undefined) checkWrite(env, tx, [rowTarget(table.relation, tid)]);
  const keyTaken = checkKeysFree(env, tx, table, keys, row);
  if (keyTaken) return keyTaken;
  const xid = requireXid(env, session, tx);
  const hasNewKey = newKeys !== null;
  const placed = placeVersion(env, table, tid, xid, keyChange, packed);
  const { changes } = placed;
  enter(env, tx, keys, placed.tid, changes);
  changes.push(...beside);
  appendChanges(env, changes, false, xid);
  forgetLocks(env, table.relation, placed.tid);
  carryLocks(env, tx.xid, table.relation, tid, placed.tid);
  if (placed.room !== null) recordRoom(env, table.relation, tidBlock(placed.tid), placed.room);
  recordWrite(tx, table.relation);
  if (hasNewKey || tidBlock(placed.tid) !== tidBlock(tid)) spaceOf(env, table.relation).dead++;
  deferWrites(env, session, packed.work);
  return OK;
}

interface Placed {
  readonly changes: Change[];
  readonly tid: Tid;
  /**
   * Room that the page has then; null when the old version was on it: that one's room will come back, so the map keeps
   * what pruning had last found.
   */
  readonly room: number | null;
}

/** The changes that put a new version beside the old one, or on another page when there is no room. */
function placeVersion(
  env: Env,
  table: TableDef,
  old: Tid,
  xid: number,
  keyChange: KeyChange,
  { tuple, flags }: PackedRow,
): Placed {
  const isLinked = keyChange === keyChanges.none;
  const need = tuple.length + SLOT_BYTES;
  const block = tidBlock(old);
  const blockKey = blockKeyOf(table.relation, block);
  let page = getPage(env, blockKey);
  if (heapRoom(page) < need) page = pruneForRoom(env, table, block, page);
  if (heapRoom(page) >= need) {
    const slot = freeSlot(page);
    startTuple(tuple, xid, (isLinked ? HEAP_ONLY : 0) | flags);
    const payload = heapUpdatePayload(tidSlot(old), xid, keyChange, slot, tuple);
    const change: Change = { blockKey, op: OP_HEAP_UPDATE, init: false, payload };
    return { changes: [change], tid: makeTid(block, slot), room: null };
  }
  recordRoom(env, table.relation, block, heapRoom(page));
  const other = findRoom(env, table, need, reserveOf(env), block);
  const otherPage = getPage(env, blockKeyOf(table.relation, other));
  const slot = freeSlot(otherPage);
  startTuple(tuple, xid, (isLinked ? HEAP_ONLY | CROSS : 0) | flags);
  const payload = heapLinkPayload(tidSlot(old), xid, keyChange, { block: other, slot });
  return {
    changes: [insertChange(table, other, slot, tuple), { blockKey, op: OP_HEAP_LINK, init: false, payload }],
    tid: makeTid(other, slot),
    room: heapRoom(otherPage) - need,
  };
}
