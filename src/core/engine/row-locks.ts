// Row locks: SELECT FOR UPDATE, NO KEY UPDATE, SHARE and KEY SHARE. A row's writer is in the header of the version that it
// ends (xmax). Who only locks a version stands in the writer's memory beside it, and nothing is logged: a volume has one
// writer, and locks end with the transactions, which do not outlive it. A locker has an xid, so that others wait for its
// end as they wait for a writer's. Versions that a locker may have locked are not pruned while it lives.

import type { TxId } from '../../base/ids.ts';
import { reach } from '../kernel/limits.ts';
import { NEW_KEY, SAME_UNIQUE, tupleFlags, tupleXmax, UPDATED } from '../page/heap-page.ts';
import type { LockOutcome, LockStrength, RowLock, RowPlace, TableDef, Tid } from '../sql/access.ts';
import { type Env, isOwn, type Session, type SessionTx } from './engine-state.ts';
import { addLocker, conflict, findLocker } from './row-lock-table.ts';
import { isCommitted, isInProgress, requireXid } from './transactions.ts';
import { findNewest, forwardTid, type TupleAt, tupleAt, tupleBehind } from './versions.ts';

export function lockRow(
  env: Env,
  session: Session,
  tx: SessionTx,
  table: TableDef,
  tid: Tid,
  lock: RowLock,
): LockOutcome {
  const { relation } = table;
  const tuple = tupleAt(env, relation, tid);
  if (tuple === null) return { kind: 'changed', found: null };
  const xmax = tupleXmax(tuple.page, tuple.at);
  if (xmax !== 0 && isOwn(env, tx.xid, xmax)) return { kind: 'changed', found: null };
  const isOpen = xmax !== 0 && isInProgress(env, xmax);
  if (isOpen && conflict(strengthOf(tuple), lock.strength))
    return taken(table, xmax, { relation, tid }, lock);
  const isEnded = xmax !== 0 && !isOpen && isCommitted(env, xmax);
  if (isEnded && tx.isolation === 'read committed')
    return { kind: 'changed', found: findNewest(env, table, tuple) };
  if (isEnded && conflict(strengthOf(tuple), lock.strength)) return UNSERIALIZABLE;
  const other = findLocker(env, tx, relation, tid, lock.strength);
  if (other !== 0) return taken(table, other, { relation, tid }, lock);
  const full = checkCount(env, tx);
  if (full) return full;
  // What replaces the version is locked with it: the lock is on the row.
  const later = isOpen || isEnded ? laterVersions(env, table, tuple) : NO_VERSIONS;
  const ended = later.find((version) => isEndedAgainst(env, version, lock.strength));
  if (ended) {
    const by = tupleXmax(ended.page, ended.at);
    return isInProgress(env, by) ? taken(table, by, { relation, tid }, lock) : UNSERIALIZABLE;
  }
  const xid = requireXid(env, session, tx);
  addLocker(env, tx, relation, tid, { xid, strength: lock.strength });
  for (const version of later) addLocker(env, tx, relation, version.tid, { xid, strength: lock.strength });
  return { kind: 'ok' };
}

const NO_VERSIONS: readonly TupleAt[] = [];

/**
 * The versions that have come in the place of this one, in order (PostgreSQL's heap_lock_updated_tuple): those of open transactions,
 * and at repeatable read those that left the keys as they were and are committed.
 */
function laterVersions(env: Env, { relation }: TableDef, tuple: TupleAt): readonly TupleAt[] {
  const versions: TupleAt[] = [];
  let current: TupleAt | null = tuple;
  while (current !== null && isReplaced(env, current)) {
    current = tupleBehind(env, relation, forwardTid(current));
    if (current !== null) versions.push(current);
  }
  return versions;
}

function isReplaced(env: Env, { page, at }: TupleAt): boolean {
  const xmax = tupleXmax(page, at);
  return stands(env, xmax) && (tupleFlags(page, at) & UPDATED) !== 0;
}

const stands = (env: Env, xmax: number): boolean =>
  xmax !== 0 && (isInProgress(env, xmax) || isCommitted(env, xmax));

/** Is this version ended in a way that the lock excludes? */
const isEndedAgainst = (env: Env, version: TupleAt, strength: LockStrength): boolean =>
  stands(env, tupleXmax(version.page, version.at)) && conflict(strengthOf(version), strength);

const UNSERIALIZABLE: LockOutcome = {
  kind: 'error',
  sqlstate: '40001',
  message: 'could not serialize access due to concurrent update',
};

/** What the writer of the next version, or of the end, has. */
const strengthOf = ({ page, at }: TupleAt): LockStrength =>
  NO_KEY_UPDATES.includes(tupleFlags(page, at) & (UPDATED | NEW_KEY | SAME_UNIQUE)) ? 2 : 3;
const NO_KEY_UPDATES: readonly number[] = [UPDATED, UPDATED | NEW_KEY | SAME_UNIQUE];

function taken(table: TableDef, xid: number, row: RowPlace, { policy }: RowLock): LockOutcome {
  if (policy === 'wait') return { kind: 'wait', tx: xid as TxId, row };
  if (policy === 'skip') return { kind: 'skip' };
  const message = `could not obtain lock on row in relation "${table.name}"`;
  return { kind: 'error', sqlstate: '55P03', message };
}

/** 53200 when the transaction would hold more rows than it may. */
function checkCount(env: Env, { rowLocks }: SessionTx): LockOutcome | null {
  const { limits } = env.engine.config;
  if (rowLocks === null || rowLocks.rows.length < limits.heldRows) return null;
  reach(env.ctx, limits, 'heldRows');
  const message = `out of shared memory: a transaction can lock at most ${limits.heldRows} rows`;
  return { kind: 'error', sqlstate: '53200', message };
}
