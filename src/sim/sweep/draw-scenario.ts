// Draws one seed's scenario: configuration from the `sweep` column (PRE-5, PRE-6), a load on few hot keys, and faults
// as a swarm (each kind on with probability one half, few and long or many and short). Then everything is healed, the
// load goes on for a while, stops, all power is cut, and every key is read once more. All of it is on the tape.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Mutants } from '../../core/kernel/mutants.ts';
import type { Params } from '../../core/kernel/params.ts';
import type { WorkloadSpec } from '../../core/kernel/workload-spec.ts';
import { makeParams, parameters } from '../../presets/parameters.ts';
import type { Preset } from '../../presets/preset.ts';
import { roundTripUs } from '../../presets/round-trip.ts';
import { ENGINE } from '../engine.ts';
import type { Known } from '../known.ts';
import type { Tape } from '../tape.ts';
import type { TapeAction } from '../tape-actions.ts';
import { makeTape } from '../tape-run.ts';
import { drawCancels } from './client-cancels.ts';
import {
  countedTables,
  drawCountable,
  drawSteps,
  type MoreLoads,
  readBackActions,
} from './countable-loads.ts';
import { drawFaults } from './draw-faults.ts';
import { drawLimits } from './draw-limits.ts';
import { drawLog, nodeWith, type SweepPhases } from './draw-tools.ts';
import { drawTopology, sweepOf } from './draw-topology.ts';
import { drawKeptWrites } from './kept-writes.ts';
import { limitsBesideLargeRows } from './large-rows.ts';
import { drawLateAnswers, SWEEP_LATE } from './late-answers.ts';
import { loseForGood } from './lost-for-good.ts';
import { drawOldTraffic, SWEEP_SCALE } from './old-traffic.ts';
import { drawRollbacks } from './rollback-faults.ts';
import { drawSessionBursts } from './session-bursts.ts';
import { drawTimeouts } from './statement-timeouts.ts';

const PHASES: SweepPhases = {
  progressUs: 10_000_000,
  convergeUs: 10_000_000,
  rereadUs: 5_000_000,
  rereadAgainUs: 13_500_000,
  endUs: 30_000_000,
};
/** Sessions of the last reads, the first and the second time, and the tables they read. */
export const LAST_READS = [
  {
    sessions: ['last-registers', 'last-registers-again'],
    text: 'SELECT k, v FROM registers ORDER BY k',
  },
  {
    sessions: ['last-accounts', 'last-accounts-again'],
    text: 'SELECT count(*), sum(balance) FROM accounts',
  },
] as const;
/** Between two requests that read tables back: one at a time, also on a slow disk. */
const READ_EVERY_US = 500_000;
const DRAW_ATTEMPTS = 1000;
/** By seed, modulo four. */
const MORE_LOADS: readonly MoreLoads[] = ['serial', 'levels', null, 'indexed'];
/** Longest time that a node is down for a crash that chooses its unsynced writes. */
const LONGEST_DOWN_US = 500_000;
/** Slower than the register clients: they are there to be counted, not to load. */
const COUNTABLE_THINK_US = [100_000, 400_000] as const;

export interface Scenario {
  readonly tape: Tape;
  readonly healAt: Time;
  readonly stopAt: Time;
  readonly cutAt: Time;
  readonly endAt: Time;
  readonly registers: number;
  readonly accounts: number;
}

export function drawScenario(
  known: Known,
  given: Preset,
  seed: number,
  chaosUs: number,
  mutants: Mutants,
): Scenario {
  const preset = drawTopology(known, given, seed);
  const sweep = sweepOf(known, preset);
  const prng = makePrng(seed, 'scenario');
  // Half of the seeds have more pages than buffer frames, so that pages leave the buffer and are read again.
  const isPaged = nextChance(prng, 1, 2);
  const frames = nextBetween(prng, 36, 64);
  const own = sweep.changes(seed, preset.cluster);
  const limits = limitsBesideLargeRows(seed, drawLimits(seed));
  const changes = drawChanges(prng, preset.cluster, (drawn) => [
    ...drawn
      .filter(([name]) => own.every(([other]) => other !== name))
      .map((change): Change => (isPaged && change[0] === 'bufferPages' ? ['bufferPages', frames] : change)),
    ...own,
    ...limits,
  ]);
  const healAt = chaosUs as Time;
  const params = makeChanged(changes, preset.cluster);
  const phases = { ...PHASES, ...sweep.phases?.(params) };
  const stopAt = (healAt + phases.progressUs) as Time;
  const cutAt = (stopAt + phases.convergeUs) as Time;
  const endAt = (cutAt + phases.endUs) as Time;
  const driver = nodeWith(preset.cluster, 'driver');
  const registers = nextBetween(prng, 5, 8);
  const accounts = nextBetween(prng, 10, 40);
  // A part of the seeds has secondary indexes as well, others transactions at every isolation level, or definitions among serializable ones.
  const more = sweep.isWithoutIndexes === true ? null : (MORE_LOADS[seed % 4] ?? null);
  const loads = [
    ...drawLoads(prng, driver, registers, accounts, isPaged),
    ...drawCountable(seed, driver, COUNTABLE_THINK_US, stopAt, more),
    ...drawSteps(seed, driver, COUNTABLE_THINK_US, stopAt),
  ];
  const faults = drawFaults(prng, preset.cluster, params, chaosUs, sweep);
  const drawnActions: TapeAction[] = [
    ...loads,
    ...drawRollbacks(seed, preset.cluster, faults.actions.filter(sweep.bears ?? (() => true))),
    ...sweep.aside(seed, preset.cluster, params, chaosUs),
    ...drawKeptWrites(seed, preset.cluster, chaosUs, LONGEST_DOWN_US),
    ...drawOldTraffic(seed, preset.cluster, chaosUs, SWEEP_SCALE),
    ...drawLateAnswers(seed, preset.cluster, chaosUs, SWEEP_LATE),
    ...drawSessionBursts(seed, driver, limits, chaosUs),
    ...drawCancels(seed, loads, chaosUs),
    ...drawTimeouts(seed, driver, chaosUs, [cutAt + phases.rereadUs, cutAt + phases.rereadAgainUs]),
    ...healing(preset.cluster, healAt),
    { kind: 'workloadStop', at: stopAt, node: driver, name: 'registers' },
    { kind: 'workloadStop', at: stopAt, node: driver, name: 'transfers' },
    ...(isPaged ? [{ kind: 'workloadStop', at: stopAt, node: driver, name: 'pages' } as const] : []),
    ...cutEverything(preset.cluster, cutAt),
    ...LAST_READS.flatMap(({ sessions, text }) =>
      sessions.map(
        (session, i): TapeAction => ({
          kind: 'sql',
          at: (cutAt + (i === 0 ? phases.rereadUs : phases.rereadAgainUs)) as Time,
          node: driver,
          session,
          text,
          params: [],
        }),
      ),
    ),
    ...readBackActions(
      (cutAt + phases.rereadUs) as Time,
      driver,
      ['registers', 'accounts', ...countedTables(more)],
      READ_EVERY_US,
      preset.cluster.placement !== undefined,
    ),
  ];
  drawnActions.push(...(sweep.healing?.(drawnActions, healAt, preset.cluster) ?? []));
  const actions = loseForGood(drawnActions, seed, preset.cluster, {
    victim: faults.victim,
    spare: sweep.spare,
    beatUs: params.nodeHeartbeatMs * 1000,
    chaosUs,
  }).toSorted((a, b) => a.at - b.at);
  const tape = makeTape(preset, { engine: ENGINE, profile: 'sweep', seed, changes, mutants, actions });
  return {
    tape: { ...tape, header: { ...tape.header, end: { at: endAt, hash: null } } },
    healAt,
    stopAt,
    cutAt,
    endAt,
    registers,
    accounts,
  };
}

type Change = readonly [name: string, value: number];

function makeChanged(changes: readonly Change[], cluster: ClusterSpec): Params {
  const made = makeParams('sweep', changes, cluster);
  if (!made.ok) throw new Error(made.error);
  return made.params;
}

/** Draws until the parameters fit together, and to those that are `given` beside them; PRE-6 says when they do. */
function drawChanges(
  prng: Prng,
  cluster: ClusterSpec,
  given: (drawn: readonly Change[]) => readonly Change[],
): readonly Change[] {
  for (let attempt = 0; attempt < DRAW_ATTEMPTS; attempt++) {
    const changes = given(drawOnce(prng, cluster));
    const made = makeParams('sweep', changes, cluster);
    if (made.ok) return changes;
  }
  return given([]);
}

function drawOnce(prng: Prng, cluster: ClusterSpec): Change[] {
  const start = makeParams('sweep');
  if (!start.ok) throw new Error(start.error);
  const values = new Map<string, number>(Object.entries(start.params));
  const changes: Change[] = [];
  for (const { name, sweep, min, max } of parameters) {
    if (sweep.kind === 'fixed' || sweep.kind === 'limit') continue;
    const value = Math.min(max, Math.max(min, drawValue(prng, sweep, values, cluster)));
    values.set(name, value);
    changes.push([name, value]);
  }
  return changes;
}

function drawValue(
  prng: Prng,
  sweep: (typeof parameters)[number]['sweep'],
  values: ReadonlyMap<string, number>,
  cluster: ClusterSpec,
): number {
  const rttMs = Math.ceil(roundTripUs(Object.fromEntries(values) as unknown as Params, cluster) / 1000) + 1;
  switch (sweep.kind) {
    case 'range':
      return drawLog(prng, sweep.low, sweep.high);
    case 'choice':
      return sweep.values[nextBelow(prng, sweep.values.length)] ?? 0;
    case 'rtt':
      return Math.max(sweep.least, nextBetween(prng, sweep.low * rttMs, sweep.high * rttMs));
    case 'times':
      return (values.get(sweep.of) ?? 1) * sweep.factor;
    case 'fromFloor': {
      const floor = values.get('latencyFloorUs') ?? 0;
      return drawLog(prng, floor, Math.max(floor, sweep.high));
    }
    case 'fixed':
    case 'limit':
      return 0;
  }
}

function drawLoads(
  prng: Prng,
  driver: NodeId,
  registers: number,
  accounts: number,
  isPaged: boolean,
): TapeAction[] {
  const base: WorkloadSpec = {
    kind: 'register',
    rows: registers,
    clients: nextBetween(prng, 7, 12),
    thinkUs: drawLog(prng, 30_000, 150_000),
    ratePerSecond: 0,
    readPercent: nextBetween(prng, 30, 60),
    hotPercent: 50,
    valueBytes: 0,
    load: true,
  };
  const transfers: WorkloadSpec = {
    ...base,
    kind: 'transfer',
    rows: accounts,
    clients: nextBetween(prng, 1, 3),
    readPercent: 20,
  };
  return [
    { kind: 'workload', at: 0 as Time, node: driver, name: 'registers', spec: base },
    { kind: 'workload', at: 0 as Time, node: driver, name: 'transfers', spec: transfers },
    ...(isPaged ? [drawPages(prng, driver, base)] : []),
  ];
}

/** Wide rows over many pages, read and written all over. */
function drawPages(prng: Prng, driver: NodeId, base: WorkloadSpec): TapeAction {
  const rows = nextBetween(prng, 300, 800);
  const spec: WorkloadSpec = {
    ...base,
    kind: 'ycsb-a',
    rows,
    clients: nextBetween(prng, 2, 5),
    hotPercent: 0,
    valueBytes: nextBetween(prng, 100, 300),
  };
  return { kind: 'workload', at: 0 as Time, node: driver, name: 'pages', spec };
}

/** Everything back to normal: faults that still last are ended by name. */
function healing(cluster: ClusterSpec, at: Time): TapeAction[] {
  return [
    { kind: 'healAll', at },
    ...cluster.nodes.flatMap(({ id }): TapeAction[] => [
      { kind: 'restart', at, node: id },
      { kind: 'resume', at, node: id },
      { kind: 'diskOk', at, node: id },
      { kind: 'clock', at, node: id, offsetUs: 0, forUs: null },
      { kind: 'slowCpu', at, node: id, usPerInput: 0, forUs: null },
    ]),
  ];
}

function cutEverything(cluster: ClusterSpec, at: Time): TapeAction[] {
  const restartAt = (at + 100_000) as Time;
  return cluster.nodes.flatMap(({ id }): TapeAction[] => [
    { kind: 'crash', at, node: id, mode: 'drawn', forUs: null },
    { kind: 'restart', at: restartAt, node: id },
  ]);
}
