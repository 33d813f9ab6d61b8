// Locks on relations, held to the end of a transaction as PostgreSQL's are: whoever reads or writes a table uses it (ACCESS
// SHARE, ROW EXCLUSIVE), DROP TABLE wants it alone (ACCESS EXCLUSIVE). Uses do not conflict among themselves, so each stands
// in its transaction only. Who wants a relation alone, and who waits, stands in one line for all relations, which is nearly
// always empty; uses that come later wait behind a drop, granted or not. VACUUM takes no lock.

import type { Time } from '../../base/ids.ts';
import { trace } from '../kernel/context.ts';
import type { EngineState, Env, RelationLock, Session, SessionTx } from './engine-state.ts';

/** ACCESS SHARE or ROW EXCLUSIVE; false when the session has to wait. */
export function lockForUse(env: Env, session: Session, tx: SessionTx, relation: number): boolean {
  if (tx.uses.includes(relation)) return true;
  const { relationLine } = env.engine;
  if (relationLine.length > 0) {
    const place = waitingPlace(relationLine, session.key, relation);
    if (mustWait(env, session, relation)) {
      if (place < 0) relationLine.push({ relation, session: session.key, isAlone: false, isGranted: false });
      return false;
    }
    if (place >= 0) relationLine.splice(place, 1);
  }
  tx.uses.push(relation);
  return true;
}

/** ACCESS EXCLUSIVE; false when the session has to wait. */
export function lockAlone(env: Env, session: Session, tx: SessionTx, relation: number): boolean {
  const { relationLine } = env.engine;
  let lock = relationLine.find((one) => one.relation === relation && one.session === session.key);
  if (!lock) {
    lock = { relation, session: session.key, isAlone: true, isGranted: false };
    // Those who wait for this transaction's use of it would never have their turn before it.
    const first = tx.uses.includes(relation)
      ? relationLine.findIndex((one) => one.relation === relation && !one.isGranted)
      : -1;
    relationLine.splice(first < 0 ? relationLine.length : first, 0, lock);
  }
  lock.isGranted = lock.isGranted || !mustWait(env, session, relation);
  return lock.isGranted;
}

const waitingPlace = (line: readonly RelationLock[], key: string, relation: number): number =>
  line.findIndex((lock) => lock.relation === relation && lock.session === key && !lock.isGranted);

function mustWait(env: Env, session: Session, relation: number): boolean {
  const [blocker] = relationBlockers(env.engine, session.key, relation);
  if (!blocker) return false;
  const holder = blocker.session;
  session.waiting = {
    kind: 'relation',
    relation,
    holder: holder.key,
    since: env.ctx.now as Time,
    checked: false,
  };
  const { volume } = env.log;
  trace(env.ctx, { kind: 'tx.wait', volume, tx: session.tx?.xid ?? 0, on: holder.tx?.xid ?? 0 });
  return true;
}

/** `isSoft`: it waits itself, and could be passed in the line. */
export interface Blocker {
  readonly session: Session;
  readonly isSoft: boolean;
}

/** Whom a session waits for that wants the relation: alone if it stands so in the line, else to use it. */
export function relationBlockers(engine: EngineState, key: string, relation: number): readonly Blocker[] {
  const { relationLine, sessions } = engine;
  const place = waitingPlace(relationLine, key, relation);
  const isAlone = relationLine[place]?.isAlone === true;
  const blockers: Blocker[] = [];
  for (const lock of place < 0 ? relationLine : relationLine.slice(0, place)) {
    if (lock.relation !== relation || lock.session === key || !(isAlone || lock.isAlone)) continue;
    const session = sessions.get(lock.session);
    if (session) blockers.push({ session, isSoft: !lock.isGranted });
  }
  if (!isAlone) return blockers;
  for (const session of sessions.values())
    if (session.key !== key && session.tx?.uses.includes(relation) === true)
      blockers.push({ session, isSoft: false });
  return blockers;
}

/** Lets a session that only wants to use the relation pass those who wait for it. */
export function passLine({ relationLine, ready }: EngineState, session: Session): void {
  const { waiting, key, tx } = session;
  if (waiting?.kind !== 'relation') return;
  relationLine.splice(waitingPlace(relationLine, key, waiting.relation), 1);
  tx?.uses.push(waiting.relation);
  session.waiting = null;
  ready.push(key);
}

/** The session's transaction is over: whoever waits for it looks again. */
export function releaseRelations({ engine }: Env, { key }: Session): void {
  const { relationLine } = engine;
  if (relationLine.length === 0) return;
  for (let i = relationLine.length - 1; i >= 0; i--)
    if (relationLine[i]?.session === key) relationLine.splice(i, 1);
  for (const other of engine.sessions.values()) {
    if (other.waiting?.kind !== 'relation' || other.waiting.holder !== key) continue;
    other.waiting = null;
    engine.ready.push(other.key);
  }
}
