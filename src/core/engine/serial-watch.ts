// What a serializable transaction's scans tell the watch over it (serializable.ts): what they read, and who wrote what they do not see.

import { has } from '../kernel/mutants.ts';
import { FROZEN, tupleFlags, tupleXmax, tupleXmin } from '../page/heap-page.ts';
import type { Env, SessionTx, Snapshot } from './engine-state.ts';
import { lockPage, lockRelation, lockTuple } from './predicate-locks.ts';
import { conflictOut, refuse, type SerialState, type SerialTx, serialOf } from './serializable.ts';
import { seesXid } from './transactions.ts';

/** What a running statement of a serializable transaction needs to watch its reads; null for any other. */
export interface Watch {
  readonly env: Env;
  readonly serial: SerialState;
  readonly me: SerialTx;
  readonly snapshot: Snapshot;
  readonly own: number;
}

/** May throw 40001: somebody has decided against this transaction. */
export function watchOf(env: Env, tx: SessionTx, snapshot: Snapshot): Watch | null {
  const { serial } = env.engine;
  const me = serialOf(serial, tx);
  if (serial === undefined || me === null) return null;
  if (me.isDoomed) refuse(env, me, me.id, 'pivot, during conflict out checking');
  return { env, serial, me, snapshot, own: tx.xid };
}

export const watchRelation = ({ serial, me }: Watch, relation: number): void =>
  lockRelation(serial.locks, me.id, relation);
export function watchPage({ env, serial, me }: Watch, relation: number, block: number): void {
  if (!has(env.mutants, 'engine.gap-unwatched')) lockPage(serial.locks, me.id, relation, block);
}
export const watchTuple = ({ serial, me }: Watch, relation: number, tid: number): void =>
  lockTuple(serial.locks, me.id, relation, tid);

/** A version was looked at: who wrote what the snapshot does not see of the row? */
export function watchVersion(watch: Watch, page: Uint8Array, at: number, isVisible: boolean): void {
  const { env, snapshot, own, serial } = watch;
  let xid = tupleXmax(page, at);
  if (!isVisible) {
    const xmin = tupleXmin(page, at);
    if ((tupleFlags(page, at) & FROZEN) !== 0 || seesXid(env, snapshot, own, xmin)) return;
    xid = xmin;
  }
  const writer = xid === 0 ? undefined : serial.xids.get(xid);
  if (writer !== undefined) conflictOut(env, serial, watch.me, writer);
}
