// The world a lesson plays in: an in-process run of the lesson's tape with everything its state can be asked about.
// It can be copied to look ahead; what a copy finds is what will happen, because nothing but the tape decides.

import type { Time } from '../base/ids.ts';
import { clonePlain } from '../base/plain.ts';
import type { ClientResult } from '../core/kernel/client-calls.ts';
import type { Monitors } from '../sim/checks/monitor.ts';
import { makeMonitors, observe } from '../sim/checks/monitors.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { type RunSetup, setupRun } from '../sim/run-setup.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { readEntry } from '../sim/tape-entry.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { printLine, printTape } from '../sim/tape-print.ts';
import type { TracedEvent } from '../sim/types.ts';
import { cloneWorld, injectAction, makeWorld, runWorld, type World } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { programOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';

export interface Stage {
  readonly setup: RunSetup;
  readonly edge: Edge;
  readonly world: World<unknown, unknown>;
  /** Every event so far. */
  readonly trace: TracedEvent[];
  readonly replies: Map<string, ClientResult>;
  readonly monitors: Monitors;
}

export type StageResult =
  | { readonly ok: true; readonly stage: Stage }
  | { readonly ok: false; readonly error: string };

/** A stage at time zero of a tape. */
export function openStage(tape: string, edge: Edge): StageResult {
  const parsed = parseTape(tapes, tape);
  if (!parsed.ok) return { ok: false, error: `line ${parsed.line}: ${parsed.error}` };
  const made = setupRun(known, parsed.tape);
  if (!made.ok) return made;
  const { spec } = made.setup;
  return {
    ok: true,
    stage: {
      setup: made.setup,
      edge,
      world: makeWorld(spec),
      trace: [],
      replies: new Map(),
      monitors: makeMonitors(known.monitors, spec.cluster, spec.params.lal),
    },
  };
}

export const copyStage = (stage: Stage): Stage => ({
  ...stage,
  world: cloneWorld(stage.world, programOf(stage.setup.program)),
  trace: [...stage.trace],
  replies: new Map(stage.replies),
  monitors: clonePlain(stage.monitors),
});

export interface StageLimits {
  /** Exclusive. */
  readonly until: number;
  /** One instant a window, so that `stop` sees every state. */
  readonly everyInstant?: boolean;
  readonly stop?: () => boolean;
}

/** Lets virtual time pass; true when `stop` said so. */
export function runStage(stage: Stage, limits: StageLimits): boolean {
  const { trace, monitors, replies, edge, setup, world } = stage;
  const ended = runWorld(
    world,
    {
      program: programOf(setup.program),
      edge,
      tape: tapes,
      onTrace: (events) => {
        for (const event of events) {
          trace.push(event);
          observe(known.monitors, monitors, event);
        }
      },
      onReply: ({ requestId, result }) => replies.set(requestId, result),
    },
    {
      until: limits.until as Time,
      ...(limits.everyInstant === true ? { frameUs: 1 } : {}),
      ...(limits.stop === undefined ? {} : { stop: limits.stop }),
    },
  );
  return ended === 'stopped';
}

export const stageNow = (stage: Stage): number => stage.world.fabric.now;

/** Puts lines on the tape at the time not yet released; a line that cannot be is an error of the lesson. */
export function tapeLines(stage: Stage, lines: readonly string[]): TapeAction[] {
  const { world } = stage;
  return lines.map((text) => {
    const entry = readEntry(tapes, text, world.fabric);
    if ('error' in entry) throw new Error(`${text}: ${entry.error}`);
    return injectAction(world, entry).action;
  });
}

/** The tape as it is now, line by line. */
export const stageTape = (stage: Stage): string[] =>
  stage.world.fabric.tape.map((action) => printLine(tapes, action));

/** The newest that was played for each parser: several facts of one instant ask for the same. */
const playedWithout = new WeakMap<Edge, { readonly key: string; readonly stage: Stage }>();

/** The same tape up to now with a planted bug, from its beginning. */
export function stageWithout({ setup, world, edge }: Stage, mutant: string): Stage {
  const { header } = setup.tape;
  const tape = printTape(tapes, {
    header: { ...header, mutants: [...new Set([...header.mutants, mutant])], end: null },
    actions: world.fabric.tape,
  });
  const key = `${world.fabric.now} ${tape}`;
  const known = playedWithout.get(edge);
  if (known?.key === key) return known.stage;
  const opened = openStage(tape, edge);
  if (!opened.ok) throw new Error(opened.error);
  runStage(opened.stage, { until: world.fabric.now });
  playedWithout.set(edge, { key, stage: opened.stage });
  return opened.stage;
}
