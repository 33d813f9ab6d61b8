// Building an index over the rows that a table has, one row at a call; each entry is an MTR. The transaction has the table
// alone. A row's entry has the key of its newest version. Where an older version of the chain had another key and somebody
// may still see it, the index is kept from snapshots of that time (`since`), as PostgreSQL does with broken HOT chains.

import type { TxId } from '../../base/ids.ts';
import { tupleXmax, tupleXmin } from '../page/heap-page.ts';
import { pageCount } from '../page/page.ts';
import type { IndexDef, TableDef, Tid, WriteOutcome } from '../sql/access.ts';
import { prepareInsert } from './btree.ts';
import { keepFromOlder } from './catalog-index.ts';
import { type Env, isOwn, type Session, type SessionTx } from './engine-state.ts';
import { encodeKey, hasNullKey, makeTid, withTid } from './key-codec.ts';
import { checkUnique } from './key-scan.ts';
import { appendChanges, getPage } from './pages.ts';
import { versionStatus } from './prune.ts';
import { blockKeyOf, countBlocks } from './relation.ts';
import { checkKeySize } from './row-write.ts';
import { computeHorizon, isCommitted, isInProgress, requireXid } from './transactions.ts';
import { isRoot } from './vacuum.ts';
import {
  anyRowAt,
  forwardTid,
  hasSameKeySuccessor,
  isFrozen,
  rowAt,
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

type Step =
  | { readonly kind: 'ok'; readonly next: BuildPosition | null }
  | Exclude<WriteOutcome, { kind: 'ok' }>;

/** Enters the next row; `next` is null when all are in. */
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
    const page = getPage(env, blockKeyOf(table.relation, block));
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
): boolean | Exclude<WriteOutcome, { kind: 'ok' }> {
  let tuple = tupleBehind(env, table.relation, root);
  const older: TupleAt[] = [];
  while (tuple !== null && isReplaced(env, tx, tuple) && hasSameKeySuccessor(tuple)) {
    older.push(tuple);
    tuple = tupleBehind(env, table.relation, forwardTid(tuple));
  }
  if (tuple === null) return false;
  const row = anyRowAt(table, tuple);
  const key = encodeKey(table, index, row);
  const unfit = checkKeySize(env, index, key);
  if (unfit) return unfit;
  if (index.isUnique && !hasNullKey(index, row) && isLive(env, tx, tuple)) {
    const live = checkUnique(env, table, index, tx.xid, key);
    if (live.kind === 'wait') return { kind: 'wait', tx: live.xid as TxId };
    if (live.kind === 'live')
      return { kind: 'error', sqlstate: '23505', message: `could not create unique index "${index.name}"` };
  }
  const horizon = computeHorizon(env);
  const hasOlder = older.some(
    (version) =>
      versionStatus(env, horizon, version.page, version.at) !== 'dead' &&
      !isSame(encodeKey(table, index, rowAt(table, version)), key),
  );
  const xid = requireXid(env, session, tx);
  appendChanges(env, [prepareInsert(env, index.relation, withTid(key, root))], false, xid);
  return hasOlder;
}

/** By a transaction that is over, or by this one. */
function isReplaced(env: Env, tx: SessionTx, { page, at }: TupleAt): boolean {
  const xmax = tupleXmax(page, at);
  return xmax !== 0 && (isOwn(env, tx.xid, xmax) || (!isInProgress(env, xmax) && isCommitted(env, xmax)));
}

function isLive(env: Env, tx: SessionTx, tuple: TupleAt): boolean {
  if (isReplaced(env, tx, tuple)) return false;
  const xmin = tupleXmin(tuple.page, tuple.at);
  return isOwn(env, tx.xid, xmin) || isFrozen(tuple) || isCommitted(env, xmin);
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
