// Building an index over the rows that a table has, one row at a call; each entry is an MTR. The transaction has the table
// alone. A row's entry has the key of its newest version. Where an older version of the chain had another key and somebody
// may still see it, the index is kept from snapshots of that time (`since`), as PostgreSQL does with broken HOT chains.

import type { TxId } from '../../base/ids.ts';
import { sameBytes } from '../../base/same-bytes.ts';
import { maxKeyBytes } from '../page/btree-page.ts';
import { LARGE, tupleFlags, tupleXmax, tupleXmin } from '../page/heap-page.ts';
import { pageCount } from '../page/page.ts';
import { blockKeyOf } from '../page/page-key.ts';
import type { IndexDef, Row, TableDef, Tid, WriteOutcome } from '../sql/access.ts';
import { isEntered } from '../sql/evaluate.ts';
import { columnsOfIndex } from '../sql/table-def.ts';
import { hasEntry, prepareInsert } from './btree.ts';
import { findPageLsn } from './buffer-pool.ts';
import { keepFromOlder } from './catalog-index.ts';
import { type Env, isOwn, type Session, type SessionTx } from './engine-state.ts';
import { encodeKey, hasNullKey, makeTid, TID_BYTES, withTid } from './key-codec.ts';
import { checkUnique } from './key-scan.ts';
import { appendChanges, getPage } from './pages.ts';
import { versionStatus } from './prune.ts';
import { countBlocks } from './relation.ts';
import { checkKeySize } from './row-write.ts';
import { computeHorizon, isCommitted, isInProgress, requireXid } from './transactions.ts';
import { isRoot } from './vacuum.ts';
import {
  forwardTid,
  hasSameKeySuccessor,
  isFrozen,
  isReplacedBy,
  keyRowAt,
  type TupleAt,
  tupleBehind,
} from './versions.ts';

/** The next slot to look at. */
export interface BuildPosition {
  readonly kind: 'build';
  readonly block: number;
  readonly slot: number;
  /** Older versions with other keys may still be seen. */
  readonly hasOlder: boolean;
}

export const BUILD_START: BuildPosition = { kind: 'build', block: 1, slot: 0, hasOlder: false };

type Refusal = Exclude<WriteOutcome, { kind: 'ok' }>;
type Step = { readonly kind: 'ok'; readonly next: BuildPosition | null } | Refusal;

/** Enters the next row; `next` is null when all are in. Pages without rows that it has passed when it lacks one are not looked at again. */
export function buildNext(
  env: Env,
  session: Session,
  tx: SessionTx,
  table: TableDef,
  index: IndexDef,
  from: BuildPosition,
): Step {
  const blocks = countBlocks(env, table.relation);
  let { block, slot } = from;
  for (; block < blocks; block++, slot = 0) {
    const blockKey = blockKeyOf(table.relation, block);
    if (block > from.block && findPageLsn(env.engine.pool, blockKey) === null)
      return { kind: 'ok', next: { ...from, block, slot } };
    const page = getPage(env, blockKey);
    for (const count = pageCount(page); slot < count; slot++) {
      if (!isRoot(page, slot)) continue;
      const entered = enterRow(env, session, tx, table, index, makeTid(block, slot));
      if (typeof entered !== 'boolean') return entered;
      const next = { ...from, block, slot: slot + 1, hasOlder: from.hasOlder || entered };
      return { kind: 'ok', next };
    }
  }
  const kept: WriteOutcome = from.hasOlder ? keepFromOlder(env, session, tx, table, index) : { kind: 'ok' };
  return kept.kind === 'ok' ? { kind: 'ok', next: null } : kept;
}

/** True when an older version of the row has another key and may still be seen. */
function enterRow(
  env: Env,
  session: Session,
  tx: SessionTx,
  table: TableDef,
  index: IndexDef,
  root: Tid,
): boolean | Refusal {
  const { tuple, older } = newestOf(env, tx.xid, table, root);
  if (tuple === null) return false;
  const columns = columnsOfIndex(index);
  const newest = keyRowAt(env, table, tuple, columns);
  const entered = isEntered(index, newest);
  const key = entered ? encodeKey(table, index, newest) : null;
  const unfit = key && checkEntry(env, tx.xid, table, index, tuple, key);
  if (unfit) return unfit;
  const horizon = computeHorizon(env);
  const hasOlder = older.some(
    (version) =>
      versionStatus(env, horizon, version.page, version.at) !== 'dead' &&
      !hasKey(table, index, keyRowAt(env, table, version, columns), key),
  );
  if (key === null) return hasOlder;
  const xid = requireXid(env, session, tx);
  appendChanges(env, [prepareInsert(env, index.relation, withTid(key, root))], false, xid);
  return hasOlder;
}

/**
 * Enters the row of a root beside writers (concurrent-index.ts), unless it has its entry. All that wrote by a definition without
 * the index are over, so a chain has one key from its newest version on. `isLast`: nothing comes after this scan; before, the rows
 * of a transaction in progress are left to the next one.
 */
export function enterBeside(
  env: Env,
  table: TableDef,
  index: IndexDef,
  root: Tid,
  isLast: boolean,
): Refusal | null {
  const { tuple } = newestOf(env, 0, table, root);
  if (tuple === null) return null;
  const xmin = tupleXmin(tuple.page, tuple.at);
  const isOpen = !isFrozen(tuple) && isInProgress(env, xmin);
  const waits = (): Refusal | null => (isLast ? { kind: 'wait', tx: xmin as TxId } : null);
  // Not all of its large values may be there yet.
  if (isOpen && (tupleFlags(tuple.page, tuple.at) & LARGE) !== 0) return waits();
  const row = keyRowAt(env, table, tuple, columnsOfIndex(index));
  if (!isEntered(index, row)) return null;
  const key = encodeKey(table, index, row);
  const entry = withTid(key, root);
  if (
    key.length <= maxKeyBytes(env.engine.config.pageBytes) - TID_BYTES &&
    hasEntry(env, index.relation, entry)
  )
    return null;
  if (isOpen) return waits();
  const unfit = checkEntry(env, 0, table, index, tuple, key);
  if (unfit === null) appendChanges(env, [prepareInsert(env, index.relation, entry)]);
  return unfit;
}

/** The newest version behind a root, and those that it has replaced. */
function newestOf(
  env: Env,
  own: number,
  { relation }: TableDef,
  root: Tid,
): { readonly tuple: TupleAt | null; readonly older: readonly TupleAt[] } {
  let tuple = tupleBehind(env, relation, root);
  const older: TupleAt[] = [];
  while (tuple !== null && isReplaced(env, own, tuple) && hasSameKeySuccessor(tuple)) {
    older.push(tuple);
    tuple = tupleBehind(env, relation, forwardTid(tuple));
  }
  return { tuple, older };
}

/** Null: it has no entry. */
function hasKey(table: TableDef, index: IndexDef, row: Row, key: Uint8Array | null): boolean {
  if (!isEntered(index, row)) return key === null;
  return key !== null && sameBytes(encodeKey(table, index, row), key);
}

/** Why the row may not be entered, or whom that waits for. */
function checkEntry(
  env: Env,
  own: number,
  table: TableDef,
  index: IndexDef,
  tuple: TupleAt,
  key: Uint8Array,
): Refusal | null {
  const unfit = checkKeySize(env, index, key);
  if (unfit) return unfit;
  if (!index.isUnique || !isLive(env, own, tuple)) return null;
  if (hasNullKey(index, keyRowAt(env, table, tuple, columnsOfIndex(index)))) return null;
  const live = checkUnique(env, table, index, own, key);
  if (live.kind === 'wait') return { kind: 'wait', tx: live.xid as TxId };
  if (live.kind === 'none') return null;
  return { kind: 'error', sqlstate: '23505', message: `could not create unique index "${index.name}"` };
}

/** By a transaction that is over, or by this one. */
function isReplaced(env: Env, own: number, { page, at }: TupleAt): boolean {
  const xmax = tupleXmax(page, at);
  return xmax !== 0 && isReplacedBy(env, own, xmax);
}

function isLive(env: Env, own: number, tuple: TupleAt): boolean {
  if (isReplaced(env, own, tuple)) return false;
  const xmin = tupleXmin(tuple.page, tuple.at);
  return isOwn(env, own, xmin) || isFrozen(tuple) || isCommitted(env, xmin);
}
