// The first picture of a first visit: the hook's world as it stands when its boot ends, recorded by the same engine at
// build time. The page paints it before any worker is up; the live cluster, from the same seed, arrives at it.

import { time } from '../base/ids.ts';
import type { ViewParams } from '../core/door.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { makePlayer } from '../host/player.ts';
import type { WorldFrame } from '../sim/frame.ts';
import { freshTape, setupRun } from '../sim/run-setup.ts';

const hookPreset = 'hook-hole';
/** What the first screen asks of the nodes (lens 4.1 at its smallest window). */
const firstView: ViewParams = { group: null, lsnWindow: null, span: 32, detail: true };

export async function recordHookKeyframe(): Promise<WorldFrame> {
  const tape = freshTape(hookPreset, null);
  if ('error' in tape) throw new Error(tape.error);
  const result = setupRun(tape);
  if (!result.ok) throw new Error(result.error);
  const { setup } = result;
  const player = makePlayer(setup, await loadSqlEdge());
  const bootEnd = time(setup.bootUntilUs);
  while (!player.run(bootEnd, 1000));
  return player.frame(firstView, bootEnd);
}
