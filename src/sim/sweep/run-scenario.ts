// Runs one scenario under every checker and judges it. Checkers read the trace and the answers of clients, nothing else.

import type { NodeId, Time } from '../../base/ids.ts';
import type { ClientResult } from '../../core/kernel/client-calls.ts';
import type { TraceKind } from '../../core/kernel/trace.ts';
import { requestIdAt } from '../actions/clients.ts';
import { countEffects } from '../checks/effects.ts';
import { expectOfRun } from '../checks/expect-of-run.ts';
import {
  addToHistory,
  type History,
  historyKinds,
  longestOverlap,
  makeHistory,
  registerHistories,
  unknownOutcomes,
} from '../checks/history.ts';
import type { Monitors, Violation } from '../checks/monitor.ts';
import { finishCatchingUp, finishUnlessCatchingUp, makeMonitors, observe } from '../checks/monitors.ts';
import { checkRegister } from '../checks/register-history.ts';
import type { Edge } from '../fabric-state.ts';
import type { Known } from '../known.ts';
import { setupRun } from '../run-setup.ts';
import type { TracedEvent } from '../types.ts';
import { makeWorld, runWorld, type World, type WorldHost, worldHash } from '../world.ts';
import { judgeCountable } from './countable-loads.ts';
import { type JudgedDefinitions, judgeDefinitions } from './definitions.ts';
import { LAST_READS, type Scenario } from './draw-scenario.ts';
import { counterOf, type Exercise, isCounted, makeExercise } from './exercise.ts';
import {
  countCrashes,
  countFailover,
  type FailoverMemory,
  failoverKinds,
  makeFailoverMemory,
} from './failover-exercise.ts';
import { countHoles, type HoleMemory, holeKinds, makeHoleMemory } from './hole-exercise.ts';
import { judgeLevels } from './judge-levels.ts';
import { judgeLargeRows } from './large-rows.ts';
import { checkLiveness, type LivenessWatch, makeLivenessWatch } from './liveness.ts';
import {
  checkPagesIfDue,
  checkPagesNow,
  makePageChecks,
  onPageEvent,
  type PageChecks,
  pageKinds,
} from './page-checks.ts';
import { countAimedCuts, countRare, makeRareMemory, type RareMemory, rareKinds } from './rare-exercise.ts';
import { SPLIT_READERS } from './rare-faults.ts';
import {
  compareIfDue,
  compareNow,
  makeRedoChecks,
  onRedoEvent,
  type RedoChecks,
  type RedoMode,
  redoKinds,
} from './redo-checks.ts';
import { judgeSequences } from './sequence-draws.ts';
import { chunkServersOf, countServerLoss } from './server-losses.ts';
import { judgeTimeouts } from './statement-timeouts.ts';
import { judgeViewReads, type TimedReply } from './view-reads.ts';

export interface Verdict {
  readonly seed: number;
  readonly outcome: 'PASS' | 'SAFETY' | 'LIVENESS' | 'HARNESS';
  readonly violation: Violation | null;
  readonly error: string | null;
  readonly exercise: Exercise;
  readonly hash: string;
}

interface Running {
  readonly known: Known;
  readonly readers: ReadonlyMap<TraceKind, Readers>;
  readonly scenario: Scenario;
  readonly monitors: Monitors;
  readonly history: History;
  readonly exercise: Exercise;
  readonly holes: HoleMemory;
  readonly failovers: FailoverMemory;
  readonly rare: RareMemory;
  readonly chunkServers: ReadonlySet<NodeId>;
  readonly pages: PageChecks;
  readonly redo: RedoChecks;
  readonly liveness: LivenessWatch;
  readonly replies: Map<string, ClientResult>;
  /** When each of them came. */
  readonly repliedAt: Map<string, Time>;
  commitsAfterHeal: number;
}

const LIVENESS_RULES = new Set([
  'cluster.converges',
  'cluster.progress',
  'archive.catches-up',
  'restore.completes',
]);

export function runScenario(
  known: Known,
  scenario: Scenario,
  edge: Edge,
  redo: RedoMode = 'sampled',
): Verdict {
  const setup = setupRun(known, scenario.tape);
  if (!setup.ok) throw new Error(setup.error);
  const { spec, program } = setup.setup;
  const running: Running = {
    known,
    readers: readersByKind(known.trace.traceKinds),
    scenario,
    monitors: makeMonitors(known.monitors, spec.cluster, spec.params.lal),
    history: makeHistory(),
    exercise: makeExercise(),
    holes: makeHoleMemory(),
    failovers: makeFailoverMemory(),
    rare: makeRareMemory(),
    chunkServers: chunkServersOf(spec.cluster, scenario.tape),
    pages: makePageChecks(),
    redo: makeRedoChecks(redo),
    liveness: makeLivenessWatch(),
    replies: new Map(),
    repliedAt: new Map(),
    commitsAfterHeal: 0,
  };
  const world = makeWorld<unknown, unknown>(spec);
  const host: WorldHost<unknown, unknown> = {
    program: known.programs.programOf(program),
    edge,
    tape: known.tape,
    onTrace: (events) => {
      for (const event of events) take(running, event);
    },
    onReply: ({ requestId, result, at }) => {
      running.replies.set(requestId, result);
      running.repliedAt.set(requestId, at);
    },
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
  exercise.operations = running.history.operations.length;
  exercise.unknown = unknownOutcomes(running.history);
  exercise.counted = countEffects(running.history);
  countCrashes(exercise, world.fabric.trips, spec.cluster);
  countAimedCuts(exercise, world.fabric.trips);
  notePages(exercise, running.pages);
  exercise.livenessStood = running.liveness.stood;
  exercise.livenessLongest = running.liveness.longest;
  noteRedo(exercise, running.redo);
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

function notePages(exercise: Exercise, { done, unread, last, emptyLeaves }: PageChecks): void {
  exercise.pageChecks = done;
  exercise.pagesUnread = unread;
  exercise.indexLeaves = last?.leaves ?? 0;
  exercise.emptyLeaves = emptyLeaves;
  exercise.innerPages = last?.innerPages ?? 0;
}

function noteRedo(exercise: Exercise, { done, cuts, redo: { counters } }: RedoChecks): void {
  exercise.logCuts = cuts;
  exercise.redoChecks = done;
  exercise.redoReads = counters.reads;
  exercise.readerReads = counters.readerReads;
  exercise.redoPages = counters.served;
  exercise.redoVersions = counters.stored + counters.cached;
  exercise.redoBuffered = counters.buffered;
  exercise.redoRebased = counters.rebased;
  exercise.redoUnknown = counters.unknown;
}

function runPhases(
  world: World<unknown, unknown>,
  host: WorldHost<unknown, unknown>,
  running: Running,
): void {
  const { known, scenario, monitors, exercise, history, replies } = running;
  const { programs } = known;
  const stop = (): boolean => {
    checkPagesIfDue(programs, running.pages, monitors, world);
    compareIfDue(programs, running.redo, monitors, world);
    checkLiveness(programs, running.liveness, monitors, world);
    return monitors.violations.length > 0;
  };
  const runTo = (until: Time): boolean => {
    runWorld(world, host, { until, stop });
    return monitors.violations.length === 0;
  };
  if (!runTo(scenario.stopAt)) return;
  expectOfRun(
    monitors,
    'cluster.progress',
    running.commitsAfterHeal > 0,
    world.fabric.now,
    () =>
      `no commit in ${(scenario.stopAt - scenario.healAt) / 1e6} virtual seconds after everything was healed`,
  );
  if (!runTo(scenario.cutAt)) return;
  finishUnlessCatchingUp(known.monitors, monitors, world.fabric.now);
  checkPagesNow(programs, running.pages, monitors, world);
  compareNow(programs, running.redo, monitors, world);
  if (!runTo(scenario.endAt)) return;
  finishCatchingUp(known.monitors, monitors, world.fabric.now);
  expectOfRun(
    monitors,
    'cluster.converges',
    checkPagesNow(programs, running.pages, monitors, world),
    world.fabric.now,
    () => 'at the end no replica can serve all pages of a group at VDL',
  );
  compareNow(programs, running.redo, monitors, world);
  checkLastReads(running, world.fabric.now);
  exercise.readBack = judgeCountable(monitors, scenario.tape, history, replies, world.fabric.now);
  checkHistories(running, world.fabric.now);
  checkViewReads(running, world.fabric.now);
  exercise.splitReads = judgeSplitReads(running, world.fabric.now);
  exercise.statementTimeouts = judgeTimeouts(monitors, scenario.tape, replies, world.fabric.now);
  exercise.valuesDrawn = judgeSequences(monitors, scenario.tape, replies, world.fabric.now);
  noteDefinitions(exercise, judgeDefinitions(monitors, scenario.tape, replies, world.fabric.now));
  const large = judgeLargeRows(monitors, scenario.tape, replies, world.fabric.now);
  exercise.largeWrites = large.writes;
  exercise.largeReads = large.reads;
}

function noteDefinitions(exercise: Exercise, judged: JudgedDefinitions): void {
  exercise.indexBuilds = judged.builds;
  exercise.concurrentBuilds = judged.concurrent;
  exercise.tablesAltered = judged.alters;
  exercise.definitionsUnknown = judged.unknown;
  exercise.referencesJudged = judged.references;
}

/** Who reads events of a kind, beside the monitors. */
interface Readers {
  readonly pages: boolean;
  readonly redo: boolean;
  readonly history: boolean;
  readonly holes: boolean;
  readonly failovers: boolean;
  readonly rare: boolean;
  readonly counter: boolean;
}

const readersOf = (kind: TraceKind): Readers => ({
  pages: pageKinds.all.has(kind),
  redo: redoKinds.all.has(kind),
  history: historyKinds.all.has(kind),
  holes: holeKinds.all.has(kind),
  failovers: failoverKinds.all.has(kind),
  rare: rareKinds.all.has(kind),
  counter: isCounted(kind),
});

/** Of most events nobody is a reader. */
const readersByKind = (kinds: readonly TraceKind[]): ReadonlyMap<TraceKind, Readers> =>
  new Map(
    kinds.flatMap((kind) => {
      const found = readersOf(kind);
      return Object.values(found).includes(true) ? [[kind, found] as const] : [];
    }),
  );

function take(running: Running, traced: TracedEvent): void {
  const { known, readers, monitors, history, exercise, scenario } = running;
  observe(known.monitors, monitors, traced);
  const { event } = traced;
  const reads = readers.get(event.kind);
  if (reads === undefined) {
    history.events++;
    return;
  }
  if (reads.pages) onPageEvent(running.pages, event);
  if (reads.redo) onRedoEvent(running.redo, traced);
  if (reads.history) addToHistory(history, traced);
  else history.events++;
  if (reads.holes) countHoles(exercise, running.holes, traced);
  if (reads.failovers) countFailover(exercise, running.failovers, traced);
  if (reads.rare) countRare(exercise, running.rare, traced);
  if (!reads.counter) return;
  const counter = counterOf(event);
  if (counter !== null) exercise[counter]++;
  countServerLoss(exercise, running.chunkServers, scenario.healAt, traced);
  if (event.kind === 'raft.leader' && exercise.elections > 1) exercise.reelections++;
  if (event.kind === 'commit.ack' && traced.at >= scenario.healAt) running.commitsAfterHeal++;
}

/** The answer to a last read: of the first time that it was asked, unless only the second was answered with rows. */
function lastReply({ scenario, replies }: Running, index: number): ClientResult | null {
  const { actions } = scenario.tape;
  const both = (LAST_READS[index]?.sessions ?? []).map((session) => {
    const place = actions.findIndex((action) => action.kind === 'sql' && action.session === session);
    return place < 0 ? null : (replies.get(requestIdAt(actions, place)) ?? null);
  });
  return both.find((reply) => rowsOf(reply) !== null) ?? both[0] ?? null;
}

function rowsOf(result: ClientResult | null): readonly (readonly (string | null)[])[] | null {
  const [only] = result?.statements ?? [];
  return result?.outcome === 'ok' && only?.kind === 'rows' ? only.rows : null;
}

/** After the power cut every row is read again: as reads of the history, and the sum that transfers must keep. */
function checkLastReads(running: Running, at: Time): void {
  const { monitors, scenario, history } = running;
  const replies = LAST_READS.map((_, i) => lastReply(running, i));
  const unanswered = replies.filter((reply) => rowsOf(reply) === null);
  expectOfRun(
    monitors,
    'cluster.progress',
    unanswered.length === 0,
    at,
    () => `last reads were not answered: ${JSON.stringify(unanswered)}`,
  );
  const [registers, accounts] = replies.map(rowsOf);
  for (const [key, value] of registers ?? []) history.lastReads.set(`registers/${key}`, value ?? '');
  // Transfers are sent once every account is loaded; before, none is promised.
  const isLoaded = history.operations.some(({ operation }) => operation === 'transfer');
  const found = accounts?.[0]?.join(',');
  const expected = `${scenario.accounts},${scenario.accounts * 1000}`;
  expectOfRun(
    monitors,
    'client.acked-present',
    accounts === null || !isLoaded || found === expected,
    at,
    () => `accounts hold ${found}, transfers must keep ${expected}`,
  );
}

function checkViewReads({ monitors, scenario, replies, repliedAt, exercise }: Running, at: Time): void {
  const replyTo = (id: string): TimedReply | null => {
    const [result, when] = [replies.get(id), repliedAt.get(id)];
    return result === undefined || when === undefined ? null : { at: when, result };
  };
  const { now, stale } = judgeViewReads(monitors, scenario.tape, replyTo, at);
  exercise.viewReads = now;
  exercise.staleViewReads = stale;
}

/**
 * PCS-56, PCS-97: transfers stay within a tablet, so a read of all accounts gives all of their money, whatever splits it meets, from the
 * time on when one has given all accounts. How many were judged.
 */
function judgeSplitReads({ monitors, scenario, replies, repliedAt }: Running, at: Time): number {
  const { actions } = scenario.tape;
  const wanted = `${scenario.accounts},${scenario.accounts * 1000}`;
  const reads = actions.flatMap((action, place) => {
    if (action.kind !== 'sql' || !action.session.startsWith(SPLIT_READERS)) return [];
    const id = requestIdAt(actions, place);
    const [found, answeredAt] = [rowsOf(replies.get(id) ?? null), repliedAt.get(id)];
    return found === null || answeredAt === undefined
      ? []
      : [{ askedAt: action.at, answeredAt, found: found[0]?.join(',') ?? '' }];
  });
  const whole = reads.filter(({ found }) => found === wanted).map(({ answeredAt }) => answeredAt);
  const loadedAt = Math.min(...whole);
  const judged = reads.filter(({ askedAt }) => askedAt >= loadedAt);
  const wrong = judged.find(({ found }) => found !== wanted);
  expectOfRun(
    monitors,
    'gather.whole',
    wrong === undefined,
    at,
    () => `a read of all accounts, asked at ${wrong?.askedAt} µs, gave ${wrong?.found}, not ${wanted}`,
  );
  return judged.length;
}

function checkHistories(running: Running, at: Time): void {
  const { monitors, history, exercise } = running;
  for (const [key, operations] of registerHistories(history, 'registers/')) {
    const fault = checkRegister(operations, 'init');
    expectOfRun(monitors, 'client.linearizable', fault === null, at, () => {
      const shown = fault?.operations.map(
        (o) => `${o.id} ${o.kind} ${o.value} [${o.called}, ${o.returned}] ${o.outcome}`,
      );
      return `${key}: ${fault?.reason}: ${shown?.join('; ')}`;
    });
  }
  const levels = judgeLevels(monitors, history, at);
  exercise.judged = levels.judged;
  exercise.judgedOnReaders = levels.onReaders;
  exercise.judgedRepeatable = levels.repeatable;
  exercise.judgedSerializable = levels.serializable;
  exercise.judgedReadOnly = levels.readOnly;
  exercise.serialRefusals = levels.refused;
  exercise.serialEmptied = levels.emptied;
  exercise.serialUpserts = levels.upserted;
  exercise.serialReferred = levels.referred;
  exercise.serialRedefined = levels.redefined;
}
