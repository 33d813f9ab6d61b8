// Traces of statements for the page (GetTrace of PCS-99): plays the tape of what is shown in a player of its own, which stays with
// its keyframes for the next question, and moves nothing that is shown.

import type { Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { SpanTrace, TraceQuery } from '../run-model/spans/span.ts';
import { setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';
import { makePlayer, type Player } from './player.ts';
import { type ReplayCore, SLICE_MS } from './replay-core.ts';
import { CANCELLED, inSlices } from './replay-work.ts';
import { searchTrace } from './trace-search.ts';

/** Memory for keyframes of the run that traces are asked of. */
const KEYFRAME_BYTES = 24_000_000;

async function playerOf(core: ReplayCore, text: string): Promise<Player> {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  if (core.traced?.follow(parsed.tape) === true) return core.traced;
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  core.traced = makePlayer(made.setup, await loadSqlEdge(), { cacheBytes: KEYFRAME_BYTES });
  return core.traced;
}

/** Null: the run has no such statement up to that time. Throws when a person ended it, or the tape cannot be read. */
export async function readTrace(
  core: ReplayCore,
  text: string,
  query: TraceQuery,
): Promise<SpanTrace | null> {
  const player = await playerOf(core, text);
  const until = Math.min(query.until, player.end()) as Time;
  const isThere = await inSlices(core, {
    what: 'search',
    slice: () => (player.now() >= until || player.run(until, SLICE_MS) ? true : null),
    progress: () => ({ done: player.now(), of: until }),
  });
  if (isThere === null) throw new Error(CANCELLED);
  const search = searchTrace(player, { ...query, until });
  const found = await inSlices(core, {
    what: 'search',
    slice: () => search.next(SLICE_MS),
    progress: search.progress,
  });
  if (found === null) throw new Error(CANCELLED);
  return found.trace;
}
