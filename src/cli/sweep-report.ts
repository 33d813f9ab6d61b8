// What a sweep says of its seeds: each that failed with its first violation, a tape and a link; the totals; the report as a file, the
// same of one process, of a queue's workers (queue/) and of shards put together (merge.ts).

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { limitNames } from '../core/kernel/limits.ts';
import type { Mutants } from '../core/kernel/mutants.ts';
import { encodeTape } from '../lab/share.ts';
import type { Preset } from '../presets/preset.ts';
import { clusterSaid } from '../sim/cluster-said.ts';
import { isOwnCluster } from '../sim/preset-names.ts';
import { drawScenario } from '../sim/sweep/draw-scenario.ts';
import { sweepOf } from '../sim/sweep/draw-topology.ts';
import { type Exercise, makeExercise } from '../sim/sweep/exercise.ts';
import { pointNames } from '../sim/sweep/failover-exercise.ts';
import type { Verdict } from '../sim/sweep/run-scenario.ts';
import { printTape } from '../sim/tape-print.ts';
import { known } from '../stacks/known.ts';
import { rules } from '../stacks/rules.ts';
import { tapes } from '../stacks/tapes.ts';
import type { SeedClusters } from './cluster-option.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Origin } from './jobs/pool.ts';

/** What was swept, as far as a failing seed's tape and command need it. */
export interface Swept {
  readonly clusters: Extract<SeedClusters, { ok: true }>;
  /** Virtual µs of faults. */
  readonly chaosUs: number;
  readonly mutants: Mutants;
  /** How a person starts the command line. */
  readonly program: string;
  /** Where tapes of failing seeds are kept. */
  readonly save?: string | undefined;
}

function presetOf({ clusters }: Swept, seed: number): Preset {
  const preset = clusterSaid(known.presets, clusters.saidOf(seed));
  if ('error' in preset) throw new Error(preset.error);
  return preset;
}

/** Who ran it, on what. */
export interface RunOrigin {
  /** Hash of the bundled engine, and the engine's name on tapes. */
  readonly build: string;
  readonly engine: string;
  readonly machines: readonly Origin[];
}

export interface SweepReport {
  readonly options: Readonly<Record<string, unknown>>;
  readonly run: RunOrigin;
  readonly summary: Summary;
  readonly verdicts: readonly Verdict[];
}

export const writeReport = (path: string, report: SweepReport): void =>
  writeFileSync(path, `${JSON.stringify(report, null, 1)}\n`);

/**
 * Prints what was not yet explained and the totals, and judges the whole.
 * @param verdicts by seed
 * @param missing seeds that were to run and did not; above 0 the run was stopped
 */
export function conclude(
  verdicts: readonly Verdict[],
  summary: Summary,
  swept: Swept,
  missing: number,
): ExitCode {
  printSummary(summary);
  const preset = presetOf(swept, verdicts[0]?.seed ?? 0);
  // what a preset's sweep has to meet, a cluster of one's own may have no part for
  const expected =
    isOwnCluster(preset.name) || swept.mutants.length > 0
      ? []
      : sweepOf(known, preset).mustHappen(preset.name);
  const idle = expected.flatMap(({ seeds, of }) =>
    verdicts.length < seeds ? [] : of.filter((key) => summary[key] === 0),
  );
  if (idle.length > 0) console.log(`VACUOUS: never happened in ${verdicts.length} seeds: ${idle.join(', ')}`);
  if (missing > 0) console.log(`STOPPED after ${verdicts.length} of ${verdicts.length + missing} seeds`);
  if (verdicts.some((verdict) => verdict.outcome === 'HARNESS')) return exitCodes.harness;
  if (verdicts.some((verdict) => verdict.outcome !== 'PASS')) return exitCodes.violation;
  return missing > 0 || idle.length > 0 ? exitCodes.harness : exitCodes.ok;
}

/** A seed that failed: its first violation, how to run it again, its tape (kept where `save` says) and a link. */
export function explain(verdict: Verdict, swept: Swept): void {
  const { chaosUs, mutants: planted, program, save, clusters } = swept;
  const preset = presetOf(swept, verdict.seed);
  const { name } = preset;
  const { tape } = drawScenario(known, preset, verdict.seed, chaosUs, planted);
  const text = printTape(tapes, tape);
  console.log(`\nseed ${verdict.seed}: ${verdict.outcome}`);
  if (verdict.violation !== null) {
    const { rule, at, node, message } = verdict.violation;
    console.log(
      `  ${rule} (${rules[rule].ids.join(', ')}) at ${at / 1000} ms${node === null ? '' : ` on ${node}`}: ${message}`,
    );
  }
  if (verdict.error !== null) console.log(`  ${verdict.error}`);
  if (save !== undefined) {
    mkdirSync(save, { recursive: true });
    const path = join(save, `${name}-${verdict.seed}.tape`);
    writeFileSync(path, text);
    console.log(`  tape ${path}`);
  }
  const seconds = chaosUs / 1_000_000;
  const mutants = planted.length === 0 ? '' : ` --broken ${planted.join(',')}`;
  console.log(
    `  again: ${program} sweep ${clusters.argument} --seeds ${verdict.seed}..${verdict.seed} --seconds ${seconds}${mutants}`,
  );
  // What only the end of a run shows (clients' histories, convergence) has no instant to stand before.
  const at =
    verdict.violation !== null && !/^(?:client|cluster)\./.test(verdict.violation.rule)
      ? '&at=violation'
      : '';
  console.log(`  link #/lab&r=${encodeTape(text)}${at}`);
}

export type Summary = Exercise & { seeds: number; failed: number; wallSeconds: number; contested: number };

/** Totals over all seeds; of the overlap the most. */
export function summarise(verdicts: readonly Verdict[], wallSeconds: number): Summary {
  const totals = makeExercise();
  for (const { exercise } of verdicts)
    for (const key of Object.keys(totals) as (keyof Exercise)[]) totals[key] += exercise[key];
  return {
    ...totals,
    seeds: verdicts.length,
    failed: verdicts.filter((verdict) => verdict.outcome !== 'PASS').length,
    wallSeconds,
    livenessLongest: verdicts.reduce((most, { exercise }) => Math.max(most, exercise.livenessLongest), 0),
    overlap: verdicts.reduce((most, { exercise }) => Math.max(most, exercise.overlap), 0),
    contested: verdicts.filter(({ exercise }) => exercise.overlap >= 4).length,
  };
}

function printSummary(s: Summary): void {
  const percent = s.operations === 0 ? 0 : (100 * s.unknown) / s.operations;
  console.log(
    `\n${s.seeds} seeds, ${s.failed} failed; ${(s.virtualUs / 60_000_000).toFixed(1)} virtual minutes in ${s.wallSeconds.toFixed(1)} s; ${Math.round(s.events / s.wallSeconds)} events/s, ${Math.round((s.events * 1_000_000) / Math.max(1, s.virtualUs))} events per virtual second`,
  );
  console.log(
    `crashes ${s.crashes}, recoveries of the writer ${s.recoveries}, cuts ${s.cuts}, torn tails ${s.tornTails}, hole fills ${s.holeFills}, non-empty truncations ${s.truncations}`,
  );
  if (s.elections > 0)
    console.log(
      `leaders of the metadata elected ${s.elections}, after the loss of one ${s.reelections}; changes of its members ${s.pcsChanges}, members that were to leave it ${s.pcsLeft}, members back under a new identity ${s.pcsReturned}, orders answered ${s.pcsOrders}; versions of the configuration ${s.configPuts}, nodes that drifted ${s.configDrifts}, healed ${s.configHealed}; statements on its views answered by the leader ${s.viewReads}, by any node ${s.staleViewReads}`,
    );
  if (s.groupsMade > 0)
    console.log(
      `steps of definitions ${s.tableSteps}, groups made or announced ${s.groupsMade}, shards rolled ${s.shardsRolled}, primaries lost ${s.primariesLost}; replicas moved by the planner ${s.moves}, leaderships ${s.transfers}; nodes joined ${s.nodesJoined}, to be drained ${s.drains}, ended ${s.nodesEnded}; reads confirmed ${s.readsConfirmed}, creations refused ${s.creationsRefused}; reads of several groups ${s.gathers}, failed ${s.gathersFailed}, parts in transactions at repeatable read ${s.gathersKept}`,
    );
  if (s.candidates > 0) {
    console.log(
      `nodes chosen to write ${s.candidates}, searches that found none ${s.noCandidates}, promotions ${s.promotions}, of which overtaken ${s.promotionsOvertaken}, writers that became readers ${s.demotions}; switchovers ${s.switchovers}, handed over ${s.handoffs}, thawed ${s.thaws}; stale writes refused ${s.oldRefused}`,
    );
    const never = pointNames.filter((name) => s[name] === 0);
    console.log(
      `crashes at steps of a promotion: ${pointNames.map((name) => `${name} ${s[name]}`).join(', ')}; never met: ${never.join(', ') || 'none'}`,
    );
  }
  if (s.promotesEnded > 0 || s.slotsDropped > 0)
    console.log(
      `promotes whose replay ended ${s.promotesEnded}, slots of readers dropped ${s.slotsDropped}, chunk servers lost ${s.serversLost}, of which with their disks ${s.serversWiped}, replicas of chunks taken back ${s.chunksAdmitted}, exchanged ${s.chunkMoves}, blocks of chunks repaired ${s.blocksRepaired}; pages held back ${s.flushesBlocked}, statements without a frame ${s.flushStalls}, snapshots of pages ${s.snapshots}, read ${s.snapshotsRead}; candidates passed over ${s.candidatesPassed}; readers lapped by the journal ${s.journalLaps}, chunks added ${s.growths}, devices full or not any more ${s.devicesFull}; locks replayed ${s.tableLocks}, relations whose files went ${s.filesRemoved}`,
    );
  console.log(
    `membership changes ${s.memberChanges}, rolled back ${s.rollbacks}, disks lost ${s.disksLost}, replicas found rolled back ${s.disksRolledBack}, replicas from base images ${s.baseImages}, healed by one ${s.baseHeals}, abstentions ${s.abstentions}, below write quorum ${s.belowQuorum}`,
  );
  console.log(
    `splits of a sent hole ${s.sentSplits}, partial replies ${s.partialReplies}, duplicate ${s.duplicateReplies}, late ${s.lateReplies}, re-targets ${s.retargets}, damages ${s.damages}, repairs ${s.repairs}, GC at the floor ${s.gcAtFloor}`,
  );
  console.log(
    `log segments archived ${s.archived}, parts of base images ${s.archiveBases}, archivers named ${s.archivers}, outages of the object store ${s.archiveOutages}, objects repaired ${s.archiveRepairs}, lost for good ${s.archiveGaps}`,
  );
  console.log(
    `transactions judged by their levels ${s.judged}, of which on readers ${s.judgedOnReaders}, at repeatable read ${s.judgedRepeatable}, serializable ${s.judgedSerializable} (${s.judgedReadOnly} that only read), refused at these ${s.serialRefusals}; serializable ones that emptied a table ${s.serialEmptied}, wrote by upserts ${s.serialUpserts}, referred to rows ${s.serialReferred}, beside changes of an index ${s.serialRedefined}; countable operations judged ${s.counted}, tables read back by every path ${s.readBack}, structure checks ${s.pageChecks} (recoveries without one ${s.pagesUnread}), index pages at the end: ${s.indexLeaves} leaves, ${s.innerPages} inner, at most ${s.emptyLeaves} empty`,
  );
  console.log(
    `definitions under load: indexes built ${s.indexBuilds} (${s.concurrentBuilds} concurrently), tables altered ${s.tablesAltered}, of unknown outcome ${s.definitionsUnknown}, foreign keys judged ${s.referencesJudged}; values drawn ${s.valuesDrawn}; rows larger than a page: writes ${s.largeWrites}, reads judged ${s.largeReads}`,
  );
  console.log(
    `redo equivalence: comparisons of everything ${s.redoChecks}, reads ${s.redoReads}, reads of readers ${s.readerReads}, pages served ${s.redoPages}, versions ${s.redoVersions}, buffer pages ${s.redoBuffered}, structure checks of a cut log ${s.logCuts}; begun anew ${s.redoRebased}, unknown ${s.redoUnknown}`,
  );
  console.log(
    `requests asked again across a split ${s.resentAcrossSplit}, across a merge ${s.resentAcrossMerge}, of a client whose entry was displaced ${s.displacedAsked}, after a commit in their middle ${s.middleResent}; gathered reads that met a split ${s.gathersMetSplit}, reads judged beside splits ${s.splitReads}; power cut within a compaction ${s.compactionsCut}, within the split of an index page ${s.splitsCut}, within a freed file ${s.freesCut}; configurations at a majority of one set ${s.jointsApart}; drains at once ${s.drainsTogether}, replicas made anew on another node than the one that lost them ${s.remadeElsewhere}; statements that a timeout ended ${s.statementTimeouts}`,
  );
  console.log(
    `holes and page reads that somebody could give ${s.livenessStood}, the longest ${(s.livenessLongest / 10).toFixed(1)} % of its bound; messages of earlier terms refused ${s.oldRefused}, answers to earlier lives dropped ${s.answersLate}`,
  );
  const reached = limitNames.filter((name) => s[name] > 0).map((name) => `${name} ${s[name]}`);
  console.log(`lives of nodes that reached a limit: ${reached.join(', ')}`);
  console.log(`volumes restored ${s.restores}, restores resumed ${s.restoresResumed}`);
  console.log(
    `commits ${s.commits}, operations ${s.operations}, unknown ${percent.toFixed(1)} %, cancelled ${s.cancelled}, seeds with >= 4 overlapping operations on a key ${s.contested}`,
  );
}
