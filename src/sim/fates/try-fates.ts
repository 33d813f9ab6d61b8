// Tries every fate of unsynced writes in a small world (docs/proof.md): of the base run copies are made at the chosen
// moments, one for each fate; there one node loses power and starts again, the loads end, and when the cluster is at rest
// everything is judged. Then another store, or another member of the metadata, goes down for good if the node is one, and the writer starts
// again: from here on the volume lives on what the node has kept, and the rows are read back.

import { present } from '../../base/assert.ts';
import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, type Prng } from '../../base/prng.ts';
import { currentConfig } from '../../core/consensus/raft-log.ts';
import type { Mutants } from '../../core/kernel/mutants.ts';
import { type NodeState, partOf } from '../../core/kernel/node.ts';
import { metaRole } from '../../core/pcs/meta-role.ts';
import { expectOfRun } from '../checks/expect-of-run.ts';
import type { Violation } from '../checks/monitor.ts';
import type { Edge } from '../fabric-state.ts';
import type { Known } from '../known.ts';
import type { FateTable, FateWorld } from '../stack-runtime.ts';
import { judgeCountable, readBackActions } from '../sweep/countable-loads.ts';
import { nodeWith, pick, storesOf } from '../sweep/draw-tools.ts';
import type { Tape } from '../tape.ts';
import type { TapeAction } from '../tape-actions.ts';
import { injectAction } from '../world.ts';
import {
  copyRun,
  endOf,
  type FateRun,
  type FateSetup,
  isAtRest,
  judgeNow,
  runOn,
  startFateRun,
} from './fate-run.ts';
import { type Fate, fatesOf } from './fates.ts';
import { chooseMoments, type Moment, momentsNow, momentsWith, partOf as partOfWrite } from './moments.ts';

/** How long the node is away; how long after its crash the loads go on; all in virtual µs. */
const DOWN_US = 2000;
const LOADED_US = 20_000;
/** Looked at this often for rest, and for at most so long. */
const LOOK_US = 20_000;
const REST_US = 1_500_000;
/** Between two reads, and at most after the last until all are answered. */
const READ_EVERY_US = 1000;
const LAST_READ_US = 500_000;
const READ_BACK = ['lists', 'counters'];

export interface FateChoice {
  /** Moments of each shape; or for each of these parts one moment, with a fate that loses it and one that keeps it where no other has. */
  readonly moments: number | readonly string[];
  /** Only moments that have this part. */
  readonly part?: string | undefined;
  /** Of the moments every `count`-th, from the `index`-th on, counted from 0. */
  readonly shard: { readonly index: number; readonly count: number };
  readonly mutants: Mutants;
  /** Ends with the first that breaks a rule. */
  readonly endsAtFirst?: boolean;
}

export const allFates: FateChoice = {
  moments: 2,
  shard: { index: 0, count: 1 },
  mutants: [],
};

export interface FateFinding {
  readonly moment: Moment;
  readonly fate: Fate;
  readonly violation: Violation;
  /** Everything that was done, to run it again. */
  readonly tape: Tape;
}

/** Fates in which something of an activity and a kind was lost, and in which something of it was kept. */
export interface Met {
  readonly lost: number;
  readonly kept: number;
}

export interface FateReport {
  readonly world: string;
  readonly moments: number;
  readonly chosen: number;
  tried: number;
  /** By `activity: kind`. */
  readonly met: Map<string, Met>;
  readonly findings: FateFinding[];
}

/** All moments of the run, without a fault but those of its tape. */
function surveyOf(known: Known, world: FateWorld, table: FateTable, mutants: Mutants, edge: Edge): Moment[] {
  const { setup, run } = startFateRun(known, world, mutants, edge);
  const moments: Moment[] = [];
  const seen = new Set<string>();
  runOn(setup, run, endOf(setup), () => {
    if (run.world.fabric.now >= world.fromUs) moments.push(...momentsNow(run.world, table, seen));
    return false;
  });
  return moments;
}

export function tryFates(known: Known, world: FateWorld, choice: FateChoice, edge: Edge): FateReport {
  const { moments: wanted, shard, mutants } = choice;
  const { setup, run } = startFateRun(known, world, mutants, edge);
  const { fates: table } = known.programs.runtimeOf(run.world.fabric.cluster);
  if (table === undefined) throw new Error(`${world.name}: its stack has no fates`);
  const { part } = choice;
  const moments = surveyOf(known, world, table, mutants, edge).filter(
    ({ writes }) => part === undefined || writes.some((write) => partOfWrite(write) === part),
  );
  const all = typeof wanted === 'number' ? chooseMoments(moments, wanted) : momentsWith(moments, wanted);
  const chosen = all.filter((_, i) => i % shard.count === shard.index);
  const report: FateReport = {
    world: world.name,
    moments: moments.length,
    chosen: chosen.length,
    tried: 0,
    met: new Map(),
    findings: [],
  };
  for (const moment of chosen) {
    runOn(setup, run, endOf(setup), () => run.world.windows >= moment.window);
    const prng = makePrng(setup.tape.header.seed, `fates ${moment.node} ${moment.at}`);
    const fates = fatesOf(moment.writes, prng);
    const tried = typeof wanted === 'number' ? fates : drawFates(prng, moment, fates, wanted, report.met);
    for (const fate of tried) {
      report.tried++;
      countMet(report.met, moment, fate);
      const finding = tryFate(setup, copyRun(setup, run), moment, fate);
      if (finding === null) continue;
      report.findings.push(finding);
      if (choice.endsAtFirst === true) return report;
    }
  }
  return report;
}

/** One after the other, for each of these parts a fate in which some of it is lost, and one in which some of it is kept, where none that was `met` is. */
function* drawFates(
  prng: Prng,
  { writes }: Moment,
  fates: readonly Fate[],
  wanted: readonly string[],
  met: ReadonlyMap<string, Met>,
): Generator<Fate> {
  for (const part of wanted)
    for (const isKept of [false, true]) {
      const { lost = 0, kept: saved = 0 } = met.get(part) ?? {};
      if ((isKept ? saved : lost) > 0) continue;
      const having = fates.filter(({ kept }) =>
        writes.some((write, i) => kept[i] === isKept && partOfWrite(write) === part),
      );
      if (having.length > 0) yield pick(prng, having);
    }
}

function countMet(met: Map<string, Met>, { writes }: Moment, { kept }: Fate): void {
  const parts = new Map<string, { lost: boolean; kept: boolean }>();
  writes.forEach((write, i) => {
    const name = partOfWrite(write);
    const part = parts.get(name) ?? { lost: false, kept: false };
    if (kept[i] === true) part.kept = true;
    else part.lost = true;
    parts.set(name, part);
  });
  for (const [name, part] of parts) {
    const { lost, kept: saved } = met.get(name) ?? { lost: 0, kept: 0 };
    met.set(name, { lost: lost + (part.lost ? 1 : 0), kept: saved + (part.kept ? 1 : 0) });
  }
}

/** Null: no rule is broken. */
function tryFate(setup: FateSetup, run: FateRun, moment: Moment, fate: Fate): FateFinding | null {
  const { world, monitors } = run;
  const { fabric } = world;
  // Nothing of the tape happens any more but what ends what has begun.
  fabric.tape.length = fabric.position;
  playFate(setup, run, moment, fate);
  const [violation] = monitors.violations;
  if (violation === undefined) return null;
  const { header } = setup.tape;
  const end = { at: (fabric.now + 1) as Time, hash: null };
  return { moment, fate, violation, tape: { header: { ...header, end }, actions: [...fabric.tape] } };
}

const act = ({ world }: FateRun, actions: readonly TapeAction[]): void => {
  for (const action of actions) injectAction(world, action);
};

function playFate(setup: FateSetup, run: FateRun, { at, node }: Moment, { survival }: Fate): void {
  const { world, monitors } = run;
  const { fabric } = world;
  const { cluster } = fabric;
  const { reopenUs } = present(setup.known.programs.runtimeOf(cluster).fates, 'the fates of its stack');
  const isBroken = (): boolean => monitors.violations.length > 0;
  act(run, [crashOf(at, node, survival), ...stopLoads(setup.tape, (at + LOADED_US) as Time)]);
  runOn(setup, run, at + LOADED_US);
  for (const end = fabric.now + REST_US; fabric.now < end && !isBroken() && !isAtRest(setup, run); )
    runOn(setup, run, fabric.now + LOOK_US);
  if (isBroken()) return;
  judgeNow(setup, run, true);
  if (isBroken()) return;
  const restAt = fabric.now;
  const driver = nodeWith(cluster, 'driver');
  const readsAt = (restAt + reopenUs) as Time;
  const reads = readBackActions(readsAt, driver, READ_BACK, READ_EVERY_US, cluster.placement !== undefined);
  const peers = peersOf(run, node);
  const writer = cluster.nodes.find(({ id, roles }) => roles.includes('compute') && !peers.includes(id));
  act(run, [
    ...peers.map((peer): TapeAction => crash(restAt, peer, null)),
    crash(restAt, present(writer, 'a node that computes').id, 1000),
  ]);
  const asked = reads.map((read) => injectAction(world, read).requestId);
  const latest = readsAt + reads.length * READ_EVERY_US + LAST_READ_US;
  runOn(setup, run, latest, () => asked.every((id) => run.replies.has(id)));
  if (isBroken()) return;
  const tables = judgeCountable(
    monitors,
    { ...setup.tape, actions: fabric.tape },
    run.history,
    run.replies,
    fabric.now,
  );
  const isRead = tables === READ_BACK.length;
  expectOfRun(monitors, 'cluster.progress', isRead, fabric.now, () => `${tables} tables could be read`);
  judgeNow(setup, run, false);
}

const crashOf = (at: Time, node: NodeId, survival: Fate['survival']): TapeAction =>
  'keeping' in survival
    ? { kind: 'crashKeeping', at, node, kept: survival.keeping, forUs: DOWN_US }
    : { kind: 'crashLosing', at, node, keys: survival.losing, forUs: DOWN_US };

const crash = (at: Time, node: NodeId, forUs: number | null): TapeAction => ({
  kind: 'crash',
  at,
  node,
  mode: 'loseAll',
  forUs,
});

const stopLoads = ({ actions }: Tape, at: Time): TapeAction[] =>
  actions.flatMap((action): TapeAction[] =>
    action.kind === 'workload' ? [{ kind: 'workloadStop', at, node: action.node, name: action.name }] : [],
  );

/** A store without which the quorums need this one, or a member of the metadata; none where it is neither. */
function peersOf(run: FateRun, node: NodeId): NodeId[] {
  const { world } = run;
  const { cluster } = world.fabric;
  const alike = [storesOf(cluster), votersOf(run)].find((ids) => ids.includes(node)) ?? [];
  const peer = alike[(alike.indexOf(node) + 1 + (world.fabric.now % (alike.length - 1))) % alike.length];
  return peer === undefined ? [] : [peer];
}

/** Nodes of the members that vote on the metadata; none while one of them has lost its disk, as the others cannot do without another. */
function votersOf({ world }: FateRun): NodeId[] {
  const rafts = [...world.runners].flatMap(([node, { state }]) => {
    const raft = partOf(state as NodeState, metaRole)?.log.raft ?? null;
    return raft === null || raft.amnesia !== null ? [] : [{ node, raft }];
  });
  const leader = rafts.find(({ raft }) => raft.leadership !== null);
  if (leader === undefined) return [];
  const { voters } = currentConfig(leader.raft.log);
  const nodes = rafts.filter(({ raft }) => voters.includes(raft.config.self)).map(({ node }) => node);
  return nodes.length < voters.length ? [] : nodes;
}
