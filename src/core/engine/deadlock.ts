// Deadlocks: a session that has waited `deadlockMs` for a transaction looks once along who waits for whom; if it finds
// itself, it is the one that gives up (40P01).

import type { Time } from '../../base/ids.ts';
import { wakeAt } from '../kernel/context.ts';
import type { EngineState, Env, Session } from './engine-state.ts';
import { failStatement } from './statements.ts';

export const DEADLOCK_TIMER = 'engine.deadlock';

/** Sets the timer for the first wait that was not looked at yet. */
export function armDeadlock(env: Env): void {
  const { engine } = env;
  if (engine.deadlockTimerAt !== null) return;
  let first: number | null = null;
  for (const { waiting } of engine.sessions.values())
    if (waiting?.kind === 'lock' && !waiting.checked && (first === null || waiting.since < first))
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
    if (waiting?.kind !== 'lock' || waiting.checked) continue;
    if (waiting.since + engine.config.deadlockUs > ctx.now) continue;
    waiting.checked = true;
    if (!running || !isInCycle(engine, session)) continue;
    session.waiting = null;
    failStatement(env, session, running, { sqlstate: '40P01', message: 'deadlock detected', position: null });
  }
}

function isInCycle(engine: EngineState, start: Session): boolean {
  let session: Session | undefined = start;
  for (let hops = 0; hops <= engine.sessions.size; hops++) {
    if (session?.waiting?.kind !== 'lock') return false;
    const holder = engine.active.get(session.waiting.xid);
    session = holder && engine.sessions.get(holder.session);
    if (session === start) return true;
  }
  return false;
}
