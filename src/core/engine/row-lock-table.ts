// Which row versions transactions have locked without writing them: beside the pages, in the writer's memory (row-locks.ts).

import { has } from '../kernel/mutants.ts';
import type { LockStrength, Tid } from '../sql/access.ts';
import { type Env, isOwn, oldestActive, type RowLocker, type SessionTx } from './engine-state.ts';

export const conflict = (a: LockStrength, b: LockStrength): boolean => a + b >= 3;

const lockersOf = (env: Env, relation: number, tid: Tid): readonly RowLocker[] | undefined =>
  env.engine.rowLocks.get(relation)?.get(tid);

/** A transaction that has the version so that this one may not have it as well; 0: none. */
export function findLocker(
  env: Env,
  tx: SessionTx,
  relation: number,
  tid: Tid,
  strength: LockStrength,
): number {
  if (env.engine.rowLocks.size === 0 || has(env.mutants, 'engine.ignores-row-locks')) return 0;
  const lockers = lockersOf(env, relation, tid);
  return lockers?.find((one) => conflict(one.strength, strength) && !isOwn(env, tx.xid, one.xid))?.xid ?? 0;
}

export function addLocker(env: Env, tx: SessionTx, relation: number, tid: Tid, locker: RowLocker): void {
  const { rowLocks } = env.engine;
  const rows = rowLocks.get(relation) ?? new Map<Tid, RowLocker[]>();
  rowLocks.set(relation, rows);
  const lockers = rows.get(tid);
  const own = lockers?.find(({ xid }) => xid === locker.xid);
  if (own) {
    if (own.strength < locker.strength) own.strength = locker.strength;
    return;
  }
  if (lockers) lockers.push(locker);
  else rows.set(tid, [locker]);
  tx.rowLocks ??= { rows: [], horizon: oldestActive(env.engine) };
  tx.rowLocks.rows.push({ relation, tid });
  env.horizon = -1;
}

/** A version was put where one had been that is gone. */
export function forgetLocks({ engine: { rowLocks } }: Env, relation: number, tid: Tid): void {
  if (rowLocks.size > 0) rowLocks.get(relation)?.delete(tid);
}

/** A new version of a row that others have locked is locked by them as well. */
export function carryLocks(env: Env, own: number, relation: number, from: Tid, to: Tid): void {
  const { rowLocks, active, sessions } = env.engine;
  if (rowLocks.size === 0) return;
  for (const { xid, strength } of lockersOf(env, relation, from)?.slice() ?? []) {
    const tx = sessions.get(active.get(xid)?.session ?? '')?.tx;
    if (isOwn(env, own, xid) || !tx || has(env.mutants, 'engine.locks-stay-behind')) continue;
    addLocker(env, tx, relation, to, { xid, strength });
  }
}

/** These xids of the transaction have ended; without any, all have. */
export function releaseRows(env: Env, tx: SessionTx, ended: readonly number[] | null = null): void {
  const { rowLocks: held } = tx;
  if (held === null) return;
  const { rowLocks, active } = env.engine;
  const isOver =
    ended === null ? (xid: number) => isOwn(env, tx.xid, xid) : (xid: number) => ended.includes(xid);
  held.rows = held.rows.filter(({ relation, tid }) => {
    const rows = rowLocks.get(relation);
    const left = rows?.get(tid)?.filter(({ xid }) => !isOver(xid) && active.has(xid)) ?? [];
    if (left.length > 0) rows?.set(tid, left);
    else rows?.delete(tid);
    if (rows?.size === 0) rowLocks.delete(relation);
    return left.some(({ xid }) => isOwn(env, tx.xid, xid));
  });
}
