// Runs a tape that stands in a test, under all monitors, and gives its whole trace.

import type { Time } from '../base/ids.ts';
import type { ClientResult } from '../core/kernel/client-calls.ts';
import type { TraceKind, TraceOf } from '../core/kernel/trace.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { Monitors } from '../sim/checks/monitor.ts';
import { makeMonitors, observe } from '../sim/checks/monitors.ts';
import type { FsckReport } from '../sim/fsck/findings.ts';
import { fsck } from '../sim/fsck/fsck.ts';
import { setupRun } from '../sim/run-setup.ts';
import { checkPagesNow, makePageChecks } from '../sim/sweep/page-checks.ts';
import {
  compareIfDue,
  compareNow,
  makeRedoChecks,
  onRedoEvent,
  type RedoMode,
} from '../sim/sweep/redo-checks.ts';
import type { Tape } from '../sim/tape.ts';
import { parseTape } from '../sim/tape-parse.ts';
import type { TracedEvent } from '../sim/types.ts';
import { makeWorld, runWorld } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { programOf, programs, runtimeOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';

export interface TapeRun {
  readonly monitors: Monitors;
  readonly trace: readonly TracedEvent[];
}

export interface AnsweredRun extends TapeRun {
  /** To the requests of the tape, by their ids. */
  readonly answers: ReadonlyMap<string, ClientResult>;
  /** Structure of every volume's pages at the end, as its replicas would serve them; of a volume that cannot be read whole there is none. */
  readonly fsck: () => readonly FsckReport[];
}

/** Looked at after each window: true ends the run. */
export type StopAt = (monitors: Monitors) => boolean;

export const runTapeText = (
  text: string,
  untilMs: number,
  stopAt?: StopAt,
  redo?: RedoMode,
): Promise<AnsweredRun> => runTape(tapeOf(text), untilMs, stopAt, redo);

export function tapeOf(text: string): Tape {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.error}`);
  return parsed.tape;
}

/** `redo`: pages are held against what the log makes of them as well. */
export async function runTape(
  tape: Tape,
  untilMs: number,
  stopAt?: StopAt,
  redo?: RedoMode,
): Promise<AnsweredRun> {
  const made = setupRun(known, tape);
  if (!made.ok) throw new Error(made.error);
  const { spec, program } = made.setup;
  const monitors = makeMonitors(known.monitors, spec.cluster, spec.params.lal);
  const trace: TracedEvent[] = [];
  const world = makeWorld<unknown, unknown>(spec);
  const checks = redo && makeRedoChecks(redo);
  const onTrace = (events: readonly TracedEvent[]): void => {
    for (const traced of events) {
      observe(known.monitors, monitors, traced);
      trace.push(traced);
      if (checks) onRedoEvent(checks, traced);
    }
  };
  const answers = new Map<string, ClientResult>();
  const onReply = ({ requestId, result }: { readonly requestId: string; readonly result: ClientResult }) =>
    answers.set(requestId, result);
  const host = { program: programOf(program), edge: await loadSqlEdge(), tape: tapes, onTrace, onReply };
  const stop = (): boolean => {
    if (checks) compareIfDue(programs, checks, monitors, world);
    return stopAt?.(monitors) === true;
  };
  runWorld(world, host, { until: (untilMs * 1000) as Time, ...((stopAt || checks) && { stop }) });
  if (checks) {
    compareNow(programs, checks, monitors, world);
    checkPagesNow(programs, makePageChecks(), monitors, world);
  }
  const { pagesOf } = runtimeOf(spec.cluster);
  return { monitors, trace, answers, fsck: () => (pagesOf?.(world) ?? []).map(fsck) };
}

/** By session: the last answer of the last request, in words. */
export function lastAnswers({ trace, answers }: AnsweredRun): Record<string, string> {
  const sessions = new Map(
    trace.flatMap(({ event }) =>
      event.kind === 'sql.start' ? [[event.request, event.session] as const] : [],
    ),
  );
  return Object.fromEntries([...answers].map(([id, result]) => [sessions.get(id) ?? id, inWords(result)]));
}

function inWords({ outcome, statements }: ClientResult): string {
  const last = statements.at(-1);
  if (last?.kind === 'rows') return last.rows.map((row) => row.join(',')).join(';');
  return last?.kind === 'error' ? `${outcome} ${last.sqlstate}` : (last?.tag ?? '');
}

/** Events of one kind, at one node unless that is left open. */
export const eventsIn = <K extends TraceKind>(run: TapeRun, kind: K, node?: string): TraceOf<K>[] =>
  run.trace.flatMap((traced) =>
    traced.event.kind === kind && (node === undefined || traced.node === node)
      ? [traced.event as TraceOf<K>]
      : [],
  );
