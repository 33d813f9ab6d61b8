// Light vacuum by itself: when enough rows of a table have died, an internal session works through it, a few dozen slots
// at a time with pauses, so that clients hardly notice.

import type { NodeId } from '../../base/ids.ts';
import { reach } from '../kernel/limits.ts';
import type { Env } from './engine-state.ts';
import { makeRunning, makeSession } from './sessions.ts';
import { makeVacuum } from './vacuum.ts';

export const VACUUM_SESSION = '#vacuum';
/** Pause between its calls, virtual µs. */
export const VACUUM_PAUSE_US = 500;

/** Starts a vacuum of the relation if it is due, none is running and the table's definition is at hand. */
export function considerVacuum(env: Env, relation: number): void {
  const { engine } = env;
  const hint = engine.space.get(relation);
  if (!hint || hint.dead < engine.config.limits.vacuumDead) return;
  const running = engine.sessions.get(VACUUM_SESSION);
  if (running?.running) return;
  for (const table of engine.tables.values()) {
    if (table.relation !== relation) continue;
    hint.dead = 0;
    reach(env.ctx, env.engine.config.limits, 'vacuumDead');
    const session = running ?? makeSession(VACUUM_SESSION, '' as NodeId, '', 0, env.ctx.now);
    session.running = makeRunning({ kind: 'vacuum', vacuum: makeVacuum([table]) });
    engine.sessions.set(VACUUM_SESSION, session);
    engine.ready.push(VACUUM_SESSION);
    return;
  }
}
