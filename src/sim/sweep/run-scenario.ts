// Runs one scenario under every checker and judges it. Checkers read the trace and what clients were told, nothing else.

import type { Time } from '../../base/ids.ts';
import type { ClientResult } from '../../core/kernel/door.ts';
import {
  expectOfRun,
  finishMonitors,
  type Monitors,
  makeMonitors,
  observe,
  type Violation,
} from '../checks/monitors.ts';
import { checkRegister } from '../checks/register-history.ts';
import type { Edge } from '../fabric-state.ts';
import { addToHistory, type History, longestOverlap, makeHistory, registerHistories } from '../history.ts';
import { programOf } from '../programs.ts';
import { setupRun } from '../run-setup.ts';
import type { TracedEvent } from '../types.ts';
import { makeWorld, runWorld, type World, type WorldHost, worldHash } from '../world.ts';
import { LAST_READS, type Scenario } from './draw-scenario.ts';
import {
  countHoles,
  type HoleExercise,
  type HoleMemory,
  makeHoleExercise,
  makeHoleMemory,
} from './hole-exercise.ts';

/** What happened in a run, so that nobody takes an empty one for a clean one. */
export interface Exercise extends HoleExercise {
  crashes: number;
  recoveries: number;
  cuts: number;
  tornTails: number;
  holeFills: number;
  truncations: number;
  memberChanges: number;
  rollbacks: number;
  disksLost: number;
  disksRolledBack: number;
  /** Replicas made anew, and members healed, from base images. */
  baseImages: number;
  baseHeals: number;
  /** Replicas that kept out of a recovery for damage. */
  abstentions: number;
  /** Times a group had fewer members that answer than a write needs. */
  belowQuorum: number;
  /** Log segments and parts of base images archived, archivers named anew, outages of the object store seen. */
  archived: number;
  archiveBases: number;
  archivers: number;
  archiveOutages: number;
  /** Lost objects put again, and those that stayed lost. */
  archiveRepairs: number;
  archiveGaps: number;
  /** Volumes restored, and loads that went on after a crash or an outage. */
  restores: number;
  restoresResumed: number;
  commits: number;
  operations: number;
  unknown: number;
  /** Most operations on one key that were open at once. */
  overlap: number;
  events: number;
  windows: number;
  virtualUs: number;
}

export interface Verdict {
  readonly seed: number;
  readonly outcome: 'PASS' | 'SAFETY' | 'LIVENESS' | 'HARNESS';
  readonly violation: Violation | null;
  readonly error: string | null;
  readonly exercise: Exercise;
  readonly hash: string;
}

interface Running {
  readonly scenario: Scenario;
  readonly monitors: Monitors;
  readonly history: History;
  readonly exercise: Exercise;
  readonly holes: HoleMemory;
  readonly replies: Map<string, ClientResult>;
  commitsAfterHeal: number;
}

const LIVENESS_RULES = new Set([
  'cluster.converges',
  'cluster.progress',
  'archive.catches-up',
  'restore.completes',
]);

export function runScenario(scenario: Scenario, edge: Edge): Verdict {
  const setup = setupRun(scenario.tape);
  if (!setup.ok) throw new Error(setup.error);
  const { spec, program } = setup.setup;
  const running: Running = {
    scenario,
    monitors: makeMonitors(spec.cluster, spec.params.lal),
    history: makeHistory(),
    exercise: makeExercise(),
    holes: makeHoleMemory(),
    replies: new Map(),
    commitsAfterHeal: 0,
  };
  const world = makeWorld<unknown, unknown>(spec);
  const host: WorldHost<unknown, unknown> = {
    program: programOf(program),
    edge,
    onTrace: (events) => {
      for (const event of events) take(running, event);
    },
    onReply: (reply) => running.replies.set(reply.requestId, reply.result),
  };
  let error: string | null = null;
  try {
    runPhases(world, host, running);
  } catch (thrown) {
    error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
  const { exercise, monitors } = running;
  exercise.events = world.events;
  exercise.windows = world.windows;
  exercise.virtualUs = world.fabric.now;
  exercise.overlap = longestOverlap(running.history);
  const [violation = null] = monitors.violations;
  const outcome =
    error !== null
      ? 'HARNESS'
      : violation === null
        ? 'PASS'
        : LIVENESS_RULES.has(violation.rule)
          ? 'LIVENESS'
          : 'SAFETY';
  return {
    seed: scenario.tape.header.seed,
    outcome,
    violation,
    error,
    exercise,
    hash: error === null ? worldHash(world) : '',
  };
}

const makeExercise = (): Exercise => ({
  ...makeHoleExercise(),
  crashes: 0,
  recoveries: 0,
  cuts: 0,
  tornTails: 0,
  holeFills: 0,
  truncations: 0,
  memberChanges: 0,
  rollbacks: 0,
  disksLost: 0,
  disksRolledBack: 0,
  baseImages: 0,
  baseHeals: 0,
  abstentions: 0,
  belowQuorum: 0,
  archived: 0,
  archiveBases: 0,
  archivers: 0,
  archiveOutages: 0,
  archiveRepairs: 0,
  archiveGaps: 0,
  restores: 0,
  restoresResumed: 0,
  commits: 0,
  operations: 0,
  unknown: 0,
  overlap: 0,
  events: 0,
  windows: 0,
  virtualUs: 0,
});

function runPhases(
  world: World<unknown, unknown>,
  host: WorldHost<unknown, unknown>,
  running: Running,
): void {
  const { scenario, monitors } = running;
  const runTo = (until: Time): boolean => {
    runWorld(world, host, { until, stop: () => monitors.violations.length > 0 });
    return monitors.violations.length === 0;
  };
  if (!runTo(scenario.stopAt)) return;
  expectOfRun(
    monitors,
    'cluster.progress',
    running.commitsAfterHeal > 0,
    world.fabric.now,
    () => 'no commit in ten virtual seconds after everything was healed',
  );
  if (!runTo(scenario.cutAt)) return;
  finishMonitors(monitors, world.fabric.now);
  if (!runTo(scenario.endAt)) return;
  checkLastReads(running, world.fabric.now);
  checkHistories(running, world.fabric.now);
}

function take(running: Running, traced: TracedEvent): void {
  const { monitors, history, exercise, scenario } = running;
  observe(monitors, traced);
  addToHistory(history, traced);
  countHoles(exercise, running.holes, traced);
  countArchive(exercise, traced);
  const { event } = traced;
  switch (event.kind) {
    case 'node.down':
      exercise.crashes++;
      return;
    case 'recovery.done':
      exercise.recoveries++;
      return;
    case 'world.action':
      if (
        !event.isUndo &&
        (event.action === 'cut' || event.action === 'isolate' || event.action === 'partition')
      )
        exercise.cuts++;
      return;
    case 'hole.rebuild':
      if (event.torn) exercise.tornTails++;
      return;
    case 'hole.fill':
      exercise.holeFills++;
      return;
    case 'recovery.history':
      if (event.removed.length > 0) exercise.truncations++;
      return;
    case 'group.move.done':
      if (event.outcome === 'done') exercise.memberChanges++;
      else if (event.outcome === 'rolledBack') exercise.rollbacks++;
      return;
    case 'disk.lost':
      exercise.disksLost++;
      return;
    case 'disk.rolledBack':
      exercise.disksRolledBack++;
      return;
    case 'base.installed':
      if (event.why === 'learner') exercise.baseImages++;
      else exercise.baseHeals++;
      return;
    case 'recovery.told':
      if (event.error === 'NOT_READY') exercise.abstentions++;
      return;
    case 'group.quorum':
      if (event.state !== 'OK') exercise.belowQuorum++;
      return;
    case 'commit.ack':
      exercise.commits++;
      if (traced.at >= scenario.healAt) running.commitsAfterHeal++;
      return;
    case 'op.return':
      exercise.operations++;
      if (event.outcome === 'unknown') exercise.unknown++;
      return;
    default:
  }
}

function countArchive(exercise: Exercise, { event }: TracedEvent): void {
  switch (event.kind) {
    case 'archive.segment':
      exercise.archived++;
      return;
    case 'archive.base':
      exercise.archiveBases++;
      return;
    case 'archive.named':
      exercise.archivers++;
      return;
    case 'archive.outage':
      if (event.state === 'begin') exercise.archiveOutages++;
      return;
    case 'archive.repaired':
      exercise.archiveRepairs++;
      return;
    case 'archive.gap':
      exercise.archiveGaps++;
      return;
    case 'restore.done':
      exercise.restores++;
      return;
    case 'restore.resume':
      exercise.restoresResumed++;
      return;
    default:
  }
}

function lastReply(running: Running, index: number): ClientResult | null {
  const { tape } = running.scenario;
  const read = LAST_READS[index];
  const place = tape.actions.findIndex((action) => action.kind === 'sql' && action.session === read?.session);
  const action = tape.actions[place];
  if (action === undefined) return null;
  const first = tape.actions.findIndex((other) => other.at === action.at);
  return running.replies.get(`q${action.at}.${place - first}`) ?? null;
}

function rowsOf(result: ClientResult | null): readonly (readonly (string | null)[])[] | null {
  const [only] = result?.statements ?? [];
  return result?.outcome === 'ok' && only?.kind === 'rows' ? only.rows : null;
}

/** After the power cut every row is read again: as reads of the history, and the sum that transfers must keep. */
function checkLastReads(running: Running, at: Time): void {
  const { monitors, scenario, history } = running;
  const registers = rowsOf(lastReply(running, 0));
  expectOfRun(
    monitors,
    'cluster.progress',
    registers !== null,
    at,
    () => `the last read was not answered: ${JSON.stringify(lastReply(running, 0))}`,
  );
  for (const [key, value] of registers ?? []) history.lastReads.set(`registers/${key}`, value ?? '');
  const [accounts] = rowsOf(lastReply(running, 1)) ?? [];
  const expected = `${scenario.accounts},${scenario.accounts * 1000}`;
  expectOfRun(
    monitors,
    'client.acked-present',
    accounts?.join(',') === expected,
    at,
    () => `accounts hold ${accounts?.join(',')}, transfers must keep ${expected}`,
  );
}

function checkHistories(running: Running, at: Time): void {
  const { monitors, history } = running;
  for (const [key, operations] of registerHistories(history, 'registers/')) {
    const fault = checkRegister(operations, 'init');
    expectOfRun(monitors, 'client.linearizable', fault === null, at, () => {
      const shown = fault?.operations.map(
        (o) => `${o.id} ${o.kind} ${o.value} [${o.called}, ${o.returned}] ${o.outcome}`,
      );
      return `${key}: ${fault?.reason}: ${shown?.join('; ')}`;
    });
  }
}
