// Deadlocks: a session that has waited `deadlockMs` for a transaction or a relation looks once along who waits for whom; if
// it finds itself, it is the one that gives up (40P01). If the way leads over a session that only stands behind another in
// the line of a relation, that one passes instead, as in PostgreSQL.

import type { Time } from '../../base/ids.ts';
import { wakeAt } from '../kernel/context.ts';
import { advisoryBlockers } from './advisory-locks.ts';
import type { EngineState, Env, Session } from './engine-state.ts';
import { type Blocker, passLine, relationBlockers } from './relation-locks.ts';
import { failStatement } from './request-steps.ts';
import { isLocked } from './waits-for.ts';

export const DEADLOCK_TIMER = 'engine.deadlock';

/** Sets the timer for the first wait that was not looked at yet. */
export function armDeadlock(env: Env): void {
  const { engine } = env;
  if (engine.deadlockTimerAt !== null) return;
  let first: number | null = null;
  for (const { waiting } of engine.sessions.values())
    if (isLocked(waiting) && !waiting.checked && (first === null || waiting.since < first))
      first = waiting.since;
  if (first === null) return;
  engine.deadlockTimerAt = Math.max(first + engine.config.deadlockUs, env.ctx.now + 1) as Time;
  wakeAt(env.ctx, DEADLOCK_TIMER, engine.deadlockTimerAt);
}

export function onDeadlockTimer(env: Env): void {
  const { engine, ctx } = env;
  engine.deadlockTimerAt = null;
  for (const session of engine.sessions.values()) {
    const { waiting, running } = session;
    if (!isLocked(waiting) || waiting.checked) continue;
    if (waiting.since + engine.config.deadlockUs > ctx.now) continue;
    waiting.checked = true;
    if (!running || !isDeadlocked(engine, session)) continue;
    session.waiting = null;
    failStatement(env, session, running, { sqlstate: '40P01', message: 'deadlock detected', position: null });
  }
}

function blockersOf(engine: EngineState, { key, waiting }: Session): readonly Blocker[] {
  if (waiting?.kind === 'relation') return relationBlockers(engine, key, waiting.relation, waiting.mode);
  if (waiting?.kind === 'advisory') return advisoryBlockers(engine, key, waiting.wish);
  const holder =
    waiting?.kind === 'virtualxid'
      ? waiting.holder
      : waiting?.kind === 'lock' && engine.active.get(waiting.xid)?.session;
  const session = holder ? engine.sessions.get(holder) : undefined;
  return session ? [{ session, isSoft: false }] : [];
}

/** The sessions on the way from `start` back to it, or null. */
function cycleFrom(engine: EngineState, start: Session, followSoft: boolean): readonly Session[] | null {
  const seen = new Set<Session>();
  const visit = (session: Session): readonly Session[] | null => {
    for (const { session: next, isSoft } of blockersOf(engine, session)) {
      if ((isSoft && !followSoft) || seen.has(next)) continue;
      if (next === start) return [session];
      seen.add(next);
      const way = visit(next);
      if (way) return [session, ...way];
    }
    return null;
  };
  return visit(start);
}

/** A cycle that only the order of a line makes is no deadlock: one of it passes. */
function isDeadlocked(engine: EngineState, start: Session): boolean {
  if (cycleFrom(engine, start, false)) return true;
  const passing = cycleFrom(engine, start, true)?.find(
    (session) =>
      (session.waiting?.kind === 'relation' || session.waiting?.kind === 'advisory') &&
      blockersOf(engine, session).every(({ isSoft }) => isSoft),
  );
  if (passing) passLine(engine, passing);
  return false;
}
