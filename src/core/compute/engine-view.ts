// What the engine tells about itself: the least read point it still needs, and the inspector's numbers.

import type { Lsn, Time } from '../../base/ids.ts';
import type { LogPort } from './access.ts';
import { countBuffer } from './buffer-pool.ts';
import type { EngineView } from './compute-role.ts';
import type { EngineState } from './engine-state.ts';

/** WAL-25: the least read point of an open view, at most VDL. */
export function engineMinReadPoint(engine: EngineState, log: LogPort): Lsn {
  let least = log.vdl;
  for (const session of engine.sessions.values()) {
    const readPoint = session.tx?.snapshot?.readPoint;
    if (readPoint !== undefined && readPoint < least) least = readPoint;
  }
  return least;
}

export function engineView(engine: EngineState, now: Time): EngineView {
  let lockWaits = 0;
  let sessions = 0;
  for (const session of engine.sessions.values()) {
    if (session.node === '') continue;
    sessions++;
    if (session.waiting?.kind === 'lock') lockWaits++;
  }
  return {
    commitsWaiting: engine.commits.slice(0, 64).map(({ xid, scn, since }) => ({
      tx: xid,
      scn,
      sinceUs: now - since,
    })),
    activeTransactions: engine.active.size,
    lockWaits,
    sessions,
    buffer: countBuffer(engine.pool, engine.vdl),
  };
}
