// Runs a dense tape under all monitors until one of them ends it. With countable loads their effects, and the structure of
// all pages after each recovery and at the end, are judged as well.

import type { ClientResult } from '../../core/kernel/client-calls.ts';
import { addToHistory, makeHistory } from '../checks/history.ts';
import type { Monitors, Violation } from '../checks/monitor.ts';
import { makeMonitors, observe } from '../checks/monitors.ts';
import type { Edge } from '../fabric-state.ts';
import type { Known } from '../known.ts';
import { setupRun } from '../run-setup.ts';
import type { Tape } from '../tape.ts';
import type { TracedEvent } from '../types.ts';
import { NEVER } from '../types.ts';
import { makeWorld, runWorld } from '../world.ts';
import { type Counted, judgeCountable } from './countable-loads.ts';
import { judgeLevels } from './judge-levels.ts';
import { judgeLargeRows } from './large-rows.ts';
import { checkLiveness, makeLivenessWatch } from './liveness.ts';
import { checkPagesIfDue, checkPagesNow, makePageChecks, onPageEvent } from './page-checks.ts';
import { compareIfDue, compareNow, makeRedoChecks, onRedoEvent } from './redo-checks.ts';

export interface DenseVerdict {
  readonly violation: Violation | null;
  readonly error: string | null;
  readonly exercised: Monitors['exercised'];
  /** The longest that something stood which somebody could give, in ‰ of its bound. */
  readonly livenessLongest: number;
}

/** `counted`: the tape was drawn with countable loads. */
export function runDense(known: Known, tape: Tape, edge: Edge, counted: Counted = false): DenseVerdict {
  const { programs } = known;
  const made = setupRun(known, tape);
  if (!made.ok) throw new Error(made.error);
  const { spec, program } = made.setup;
  const monitors = makeMonitors(known.monitors, spec.cluster, spec.params.lal);
  const history = makeHistory();
  const pages = makePageChecks();
  const redo = makeRedoChecks('dense');
  const liveness = makeLivenessWatch();
  const replies = new Map<string, ClientResult>();
  const onTrace = (events: readonly TracedEvent[]): void => {
    for (const traced of events) {
      observe(known.monitors, monitors, traced);
      if (counted === false) continue;
      onPageEvent(pages, traced.event);
      onRedoEvent(redo, traced);
      addToHistory(history, traced);
    }
  };
  const onReply = ({ requestId, result }: { readonly requestId: string; readonly result: ClientResult }) =>
    replies.set(requestId, result);
  let error: string | null = null;
  try {
    const world = makeWorld<unknown, unknown>(spec);
    const until = tape.header.end?.at ?? NEVER;
    const stop = (): boolean => {
      checkPagesIfDue(programs, pages, monitors, world);
      if (counted !== false) {
        compareIfDue(programs, redo, monitors, world);
        checkLiveness(programs, liveness, monitors, world);
      }
      return monitors.violations.length > 0;
    };
    const host = { program: programs.programOf(program), edge, tape: known.tape, onTrace, onReply };
    runWorld(world, host, { until, stop });
    if (counted !== false && monitors.violations.length === 0) {
      checkPagesNow(programs, pages, monitors, world);
      compareNow(programs, redo, monitors, world);
      judgeCountable(monitors, tape, history, replies, world.fabric.now, true);
      judgeLargeRows(monitors, tape, replies, world.fabric.now);
      judgeLevels(monitors, history, world.fabric.now);
    }
  } catch (thrown) {
    error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
  return {
    violation: monitors.violations[0] ?? null,
    error,
    exercised: monitors.exercised,
    livenessLongest: liveness.longest,
  };
}
