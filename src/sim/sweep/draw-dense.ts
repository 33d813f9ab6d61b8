// A short run in which much goes wrong: the demo profile, where a virtual second holds ten times the steps of a sweep's,
// and a fault around holes, tokens or the change of a writer every few dozen ms. It finds planted bugs, not rare ones.

import type { Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance } from '../../base/prng.ts';
import type { Mutants } from '../../core/kernel/mutants.ts';
import type { WorkloadSpec } from '../../core/kernel/workload-spec.ts';
import { makeParams } from '../../presets/parameters.ts';
import type { Preset } from '../../presets/preset.ts';
import { ENGINE } from '../engine.ts';
import type { Known } from '../known.ts';
import type { Tape } from '../tape.ts';
import type { TapeAction } from '../tape-actions.ts';
import { makeTape } from '../tape-run.ts';
import { type Counted, countedTables, drawCountable, readBackActions } from './countable-loads.ts';
import { mayLoseDisks } from './disk-budget.ts';
import { drawLimits } from './draw-limits.ts';
import { nodeWith, pick } from './draw-tools.ts';
import { drawTopology, sweepOf } from './draw-topology.ts';
import { drawDenseLargeRows } from './large-rows.ts';
import { DENSE_LATE, drawLateAnswers } from './late-answers.ts';
import { DENSE_SCALE, drawOldTraffic } from './old-traffic.ts';
import { drawRollbacks } from './rollback-faults.ts';
import { drawSessionBursts } from './session-bursts.ts';

/** Virtual µs: the load comes up, faults, and a calm end in which what is wrong may still show. */
const QUIET_US = 100_000;
const CALM_US = 200_000;
/** With countable loads: when they stop after the faults, and when their tables are read back, by when their last calls have ended. */
const STOP_US = 200_000;
const READ_US = 100_000;
const READ_EVERY_US = 5000;
const COUNTABLE_THINK_US = [2000, 6000] as const;
/** So many that rows die faster than writers do, and vacuum comes. */
const CHURNERS = 6;
/** Faults are made for links and disks of the sweep; here everything is this much quicker. */
const QUICKER = 4;

/** `counted`: with countable loads, whose effects are read back in the calm. */
export function drawDense(
  known: Known,
  given: Preset,
  seed: number,
  chaosUs: number,
  mutants: Mutants,
  counted: Counted = false,
): Tape {
  const preset = drawTopology(known, given, seed);
  const sweep = sweepOf(known, preset);
  const prng = makePrng(seed, 'dense');
  const drawn = sweep.changesDense(seed, preset.cluster);
  const made = makeParams('demo', [...preset.changes, ...drawn], preset.cluster);
  if (!made.ok) throw new Error(made.error);
  const { params } = made;
  const { cluster } = preset;
  const driver = nodeWith(cluster, 'driver');
  const spec: WorkloadSpec = {
    kind: 'transfer',
    rows: 60,
    clients: nextBetween(prng, 2, 6),
    thinkUs: nextBetween(prng, 1000, 6000),
    ratePerSecond: 0,
    readPercent: 10,
    hotPercent: 30,
    valueBytes: 0,
    load: true,
  };
  const pages: WorkloadSpec = { ...spec, kind: 'ycsb-a', rows: 300, clients: 2, valueBytes: 200 };
  // A row that is new changes pages of several groups in one MTR.
  const rows: WorkloadSpec = { ...spec, kind: 'kv-insert', rows: 0, clients: 3, thinkUs: 2000, load: true };
  const loads: TapeAction[] = [
    { kind: 'workload', at: 0 as Time, node: driver, name: 'transfers', spec },
    { kind: 'workload', at: 0 as Time, node: driver, name: 'pages', spec: pages },
    { kind: 'workload', at: 0 as Time, node: driver, name: 'rows', spec: rows },
  ];
  const faults: TapeAction[] = [];
  const losable = mayLoseDisks(cluster);
  const victim = losable.length === 0 ? null : pick(prng, losable);
  let at = QUIET_US;
  while (at < chaosUs) {
    const make = sweep.dense[nextBelow(prng, sweep.dense.length)];
    const forUs = nextBetween(prng, 5000, 60_000);
    if (make) faults.push(...make({ prng, cluster, params, at: 0 as Time, forUs, victim }).map(hurried(at)));
    at += nextBetween(prng, 20_000, nextChance(prng, 1, 2) ? 60_000 : 150_000);
  }
  const actions = [...loads, ...drawRollbacks(seed, cluster, faults)];
  actions.push(...sweep.asideDense(seed, cluster, params, chaosUs));
  actions.push({ kind: 'healAll', at: chaosUs as Time });
  for (const { id } of cluster.nodes) actions.push({ kind: 'restart', at: chaosUs as Time, node: id });
  const limits = counted === false ? [] : drawLimits(seed);
  let end = chaosUs + CALM_US;
  if (counted !== false) {
    actions.push(...drawOldTraffic(seed, cluster, chaosUs, DENSE_SCALE));
    actions.push(...drawLateAnswers(seed, cluster, chaosUs, DENSE_LATE));
    actions.push(...drawSessionBursts(seed, driver, limits, chaosUs));
    const stopAt = (chaosUs + STOP_US) as Time;
    const more = counted === 'indexed' || counted === 'serial' ? counted : null;
    if (counted === 'large') actions.push(...drawDenseLargeRows(seed, driver, stopAt));
    const tables = countedTables(more);
    actions.push(...drawCountable(seed, driver, COUNTABLE_THINK_US, stopAt, more, CHURNERS));
    actions.push(...readBackActions((stopAt + READ_US) as Time, driver, tables, READ_EVERY_US));
    end += stopAt - chaosUs + READ_US;
  }
  actions.sort((a, b) => a.at - b.at);
  // fewer frames than pages
  const changes = [['bufferPages', 36] as const, ...drawn, ...limits];
  const tape = makeTape(preset, { engine: ENGINE, profile: 'demo', seed, changes, mutants, actions });
  return { ...tape, header: { ...tape.header, end: { at: end as Time, hash: null } } };
}

/** The same fault at another time and in less of it; latencies stay what they are. */
const hurried =
  (start: number) =>
  (action: TapeAction): TapeAction => {
    const at = (start + Math.trunc(action.at / QUICKER)) as Time;
    if (!('forUs' in action) || action.forUs === null) return { ...action, at };
    return { ...action, at, forUs: Math.max(1, Math.trunc(action.forUs / QUICKER)) };
  };
