// A run whose nodes lose power at chosen moments, with all that judges it: monitors, the clients' history, redo of the log,
// structure checks. A copy goes on by itself, so one run serves every fate of its moments.

import { present } from '../../base/assert.ts';
import type { Time } from '../../base/ids.ts';
import { clonePlain } from '../../base/plain.ts';
import type { ClientResult } from '../../core/kernel/client-calls.ts';
import type { Mutants } from '../../core/kernel/mutants.ts';
import { expectOfRun } from '../checks/expect-of-run.ts';
import { addToHistory, type History, makeHistory } from '../checks/history.ts';
import type { Monitors } from '../checks/monitor.ts';
import { finishMonitors, makeMonitors, observe } from '../checks/monitors.ts';
import type { Edge } from '../fabric-state.ts';
import type { Known } from '../known.ts';
import { setupRun } from '../run-setup.ts';
import type { AnyProgram } from '../runner-state.ts';
import type { FateWorld } from '../stack-runtime.ts';
import { checkPagesNow, makePageChecks } from '../sweep/page-checks.ts';
import {
  compareIfDue,
  compareNow,
  makeRedoChecks,
  onRedoEvent,
  type RedoChecks,
} from '../sweep/redo-checks.ts';
import type { Tape } from '../tape.ts';
import { parseTape } from '../tape-parse.ts';

import { cloneWorld, makeWorld, runWorld, type World, type WorldHost } from '../world.ts';

/** What runs share. */
export interface FateSetup {
  readonly known: Known;
  readonly tape: Tape;
  readonly program: AnyProgram;
  readonly edge: Edge;
}

export interface FateRun {
  readonly world: World<unknown, unknown>;
  readonly monitors: Monitors;
  readonly history: History;
  readonly redo: RedoChecks;
  readonly replies: Map<string, ClientResult>;
}

export function startFateRun(
  known: Known,
  { name, tape: text }: FateWorld,
  mutants: Mutants,
  edge: Edge,
): { readonly setup: FateSetup; readonly run: FateRun } {
  const parsed = parseTape(known.tape, text);
  if (!parsed.ok) throw new Error(`${name}, line ${parsed.line}: ${parsed.error}`);
  const { header, actions } = parsed.tape;
  const tape: Tape = { header: { ...header, mutants }, actions };
  const made = setupRun(known, tape);
  if (!made.ok) throw new Error(`${name}: ${made.error}`);
  const { spec, program } = made.setup;
  const run: FateRun = {
    world: makeWorld<unknown, unknown>(spec),
    monitors: makeMonitors(known.monitors, spec.cluster, spec.params.lal),
    history: makeHistory(),
    redo: makeRedoChecks('sampled'),
    replies: new Map(),
  };
  return { setup: { known, tape, program: known.programs.programOf(program), edge }, run };
}

/** A run with the same future, of its own. */
export const copyRun = ({ program }: FateSetup, run: FateRun): FateRun => ({
  world: cloneWorld(run.world, program),
  monitors: clonePlain(run.monitors),
  history: clonePlain(run.history),
  redo: clonePlain(run.redo),
  replies: new Map(run.replies),
});

const hostOf = (
  { known, program, edge }: FateSetup,
  { monitors, history, redo, replies }: FateRun,
): WorldHost<unknown, unknown> => ({
  program,
  edge,
  tape: known.tape,
  onTrace: (events) => {
    for (const traced of events) {
      observe(known.monitors, monitors, traced);
      addToHistory(history, traced);
      onRedoEvent(redo, traced);
    }
  },
  onReply: ({ requestId, result }) => replies.set(requestId, result),
});

/** Runs on until then, or until a rule is broken or `isOver` after a window. */
export function runOn(setup: FateSetup, run: FateRun, until: number, isOver?: () => boolean): void {
  const { world, monitors, redo } = run;
  const stop = (): boolean => {
    compareIfDue(setup.known.programs, redo, monitors, world);
    return monitors.violations.length > 0 || isOver?.() === true;
  };
  runWorld(world, hostOf(setup, run), { until: until as Time, stop });
}

export const endOf = ({ tape: { header } }: FateSetup): Time => present(header.end, 'the end of the tape').at;

/** Nothing is under way any more that the end of a run asks for, and all pages can be read. */
export function isAtRest({ known }: FateSetup, { world, monitors }: FateRun): boolean {
  if (world.runners.size < world.fabric.nodes.length) return false;
  if (known.programs.runtimeOf(world.fabric.cluster).pagesOf?.(world).length === 0) return false;
  const trial = clonePlain(monitors);
  finishMonitors(known.monitors, trial, world.fabric.now);
  return trial.violations.length === monitors.violations.length;
}

/** Whole pages that are what the log makes of them; at rest also what the end of a run asks for. */
export function judgeNow({ known }: FateSetup, { world, monitors, redo }: FateRun, isRest: boolean): void {
  const { programs } = known;
  if (isRest) finishMonitors(known.monitors, monitors, world.fabric.now);
  const isWhole = checkPagesNow(programs, makePageChecks(), monitors, world);
  const say = (): string => 'no replica can serve all pages of a group at VDL';
  expectOfRun(monitors, 'cluster.converges', isWhole, world.fabric.now, say);
  compareNow(programs, redo, monitors, world);
}
