// Locks of the writer's definitions at a reader of the same pages (docs/spec/logindex.md LI-64 to LI-66): each stands in the line of
// its relation like a session's own ACCESS EXCLUSIVE lock, so it waits for whoever reads, and whoever comes later waits behind it.

import type { Lsn, NodeId } from '../../base/ids.ts';
import type { RoleContext } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import type { SessionAct } from './buffer-view.ts';
import { makeEnv } from './engine-env.ts';
import type { EngineState } from './engine-state.ts';
import type { EnginePorts } from './ports.ts';
import { ALONE, relationBlockers, releaseRelations } from './relation-locks.ts';
import { failStatement } from './request-steps.ts';
import { runReady } from './run-loop.ts';
import { actOf } from './session-acts.ts';
import { makeSession } from './sessions.ts';
import { abortTx } from './transactions.ts';

const keyOf = (lock: Lsn): string => `#ddl/${lock}`;

export function lockForWriter(
  engine: EngineState,
  ctx: RoleContext,
  _: EnginePorts,
  lock: Lsn,
  relation: number,
): boolean {
  const key = keyOf(lock);
  const { sessions, relationLine } = engine;
  if (!sessions.has(key)) {
    sessions.set(key, makeSession(key, '' as NodeId, '', 0, ctx.now));
    relationLine.push({ relation, session: key, mode: ALONE, isGranted: false });
  }
  const own = relationLine.find(({ session }) => session === key);
  const isBlind = has(engine.config.mutants, 'shared.lock-over-readers');
  if (own === undefined || (!isBlind && relationBlockers(engine, key, relation, ALONE).length > 0))
    return false;
  own.isGranted = true;
  return true;
}

export function unlockForWriter(engine: EngineState, ctx: RoleContext, ports: EnginePorts, lock: Lsn): void {
  const key = keyOf(lock);
  const session = engine.sessions.get(key);
  if (session === undefined) return;
  const env = makeEnv(engine, ctx, ports);
  releaseRelations(env, session);
  engine.sessions.delete(key);
  runReady(env);
}

export function cancelUsers(
  engine: EngineState,
  ctx: RoleContext,
  ports: EnginePorts,
  lock: Lsn,
  relation: number,
): number {
  const env = makeEnv(engine, ctx, ports);
  const users = relationBlockers(engine, keyOf(lock), relation, ALONE).filter(({ isSoft }) => !isSoft);
  let count = 0;
  for (const { session } of users) {
    const { running } = session;
    if (session.node === '') continue; // another lock of the writer
    count++;
    if (session.tx) session.tx.savepoints.length = 0; // no level of it keeps the relation
    if (running !== null) failStatement(env, session, running, CONFLICT);
    else {
      abortTx(env, session, CONFLICT.sqlstate);
      session.block = session.block === 'explicit' ? 'failed' : 'none';
    }
  }
  runReady(env);
  return count;
}

/** Clients whose statements or open transactions hold the relation, so that the lock waits for them. */
export const lockUsers = (engine: EngineState, lock: Lsn, relation: number): SessionAct[] =>
  relationBlockers(engine, keyOf(lock), relation, ALONE)
    .filter(({ session, isSoft }) => !isSoft && session.node !== '')
    .map(({ session }) => actOf(session));

/** As a standby of PostgreSQL says it. */
const CONFLICT = {
  sqlstate: '40001',
  message: 'canceling statement due to conflict with recovery',
  position: null,
};
