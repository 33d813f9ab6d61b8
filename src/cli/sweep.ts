// `sim sweep`: many seeds on several cores. A failing seed prints its first violation, and a tape and a link that open
// it in the lab.

import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { limitNames } from '../core/kernel/limits.ts';
import type { Mutants } from '../core/kernel/mutants.ts';
import { encodeTape } from '../lab/share.ts';
import { readMutants } from '../sim/checks/mutants.ts';
import { drawScenario } from '../sim/sweep/draw-scenario.ts';
import { sweepOf } from '../sim/sweep/draw-topology.ts';
import { type Exercise, makeExercise } from '../sim/sweep/exercise.ts';
import { pointNames } from '../sim/sweep/failover-exercise.ts';
import type { RedoMode } from '../sim/sweep/redo-checks.ts';
import type { Verdict } from '../sim/sweep/run-scenario.ts';
import { printTape } from '../sim/tape-print.ts';
import { stackChecks } from '../stacks/checks.ts';
import { known } from '../stacks/known.ts';
import { findPreset, presetNames } from '../stacks/presets.ts';
import { rules } from '../stacks/rules.ts';
import { tapes } from '../stacks/tapes.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { ask, startSeedWorker } from './seed-jobs.ts';

export interface SweepOptions {
  readonly preset: string;
  readonly seeds?: string | undefined;
  readonly minutes?: string | undefined;
  readonly seconds?: string | undefined;
  readonly shard?: string | undefined;
  readonly wall?: string | undefined;
  readonly broken?: string | undefined;
  readonly json?: string | undefined;
  readonly workers?: string | undefined;
  readonly save?: string | undefined;
  readonly least?: string | undefined;
  readonly first?: boolean | undefined;
  readonly redo?: string | undefined;
}

interface Plan {
  readonly seeds: readonly number[];
  readonly chaosUs: number;
  readonly mutants: Mutants;
  readonly workers: number;
  readonly wallMs: number;
  /** Seeds that have to be run, whatever the wall says. */
  readonly least: number;
  /** Ends with the first seed that fails. */
  readonly endsAtFirst: boolean;
  readonly redo: RedoMode;
}

function planOf(options: SweepOptions): Plan | string {
  const range = /^(\d+)\.\.(\d+)$/.exec(options.seeds ?? '1..20');
  if (range === null) return `--seeds ${options.seeds} is not A..B`;
  const [first, last] = [Number(range[1]), Number(range[2])];
  const shard = /^(\d+)\/(\d+)$/.exec(options.shard ?? '1/1');
  if (shard === null || Number(shard[1]) < 1 || Number(shard[1]) > Number(shard[2]))
    return `--shard ${options.shard} is not I/N`;
  const seconds =
    options.seconds === undefined ? Number(options.minutes ?? '1') * 60 : Number(options.seconds);
  if (!(seconds > 0 && seconds <= 86_400)) return 'the virtual time must be above 0 and at most a day';
  const seeds = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i).filter(
    (seed) => seed % Number(shard[2]) === Number(shard[1]) - 1,
  );
  const { redo = 'sampled' } = options;
  if (redo !== 'sampled' && redo !== 'full' && redo !== 'every')
    return `--redo ${redo} is none of sampled, full, every`;
  if (seeds.length === 0) return 'no seeds in that range and shard';
  const planted = readMutants(stackChecks, options.broken?.split(',') ?? []);
  if (!planted.ok) return planted.error;
  return {
    seeds,
    chaosUs: Math.round(seconds * 1_000_000),
    mutants: planted.mutants,
    workers: Math.max(1, Math.min(seeds.length, Number(options.workers ?? availableParallelism()))),
    wallMs: options.wall === undefined ? Number.POSITIVE_INFINITY : Number(options.wall) * 1000,
    least: Number(options.least ?? '0'),
    endsAtFirst: options.first === true,
    redo,
  };
}

export async function sweep(options: SweepOptions): Promise<ExitCode> {
  const plan = planOf(options);
  const preset = findPreset(options.preset);
  if (typeof plan === 'string' || preset === null) {
    console.error(
      typeof plan === 'string' ? plan : `unknown preset ${options.preset}; known: ${presetNames.join(', ')}`,
    );
    return exitCodes.usage;
  }
  const startedAt = performance.now();
  const { verdicts, isStopped } = await runAll(plan, options.preset);
  verdicts.sort((a, b) => a.seed - b.seed);
  for (const verdict of verdicts) if (verdict.outcome !== 'PASS') explain(verdict, plan, options);
  const summary = summarise(verdicts, (performance.now() - startedAt) / 1000);
  printSummary(summary);
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify({ options, summary, verdicts }, null, 1)}\n`);
  const expected = plan.mutants.length > 0 ? [] : sweepOf(known, preset).mustHappen(options.preset);
  const idle = expected.flatMap(({ seeds, of }) =>
    verdicts.length < seeds ? [] : of.filter((key) => summary[key] === 0),
  );
  if (idle.length > 0) console.log(`VACUOUS: never happened in ${verdicts.length} seeds: ${idle.join(', ')}`);
  if (isStopped) console.log(`STOPPED after ${verdicts.length} of ${plan.seeds.length} seeds`);
  if (verdicts.some((verdict) => verdict.outcome === 'HARNESS')) return exitCodes.harness;
  if (verdicts.some((verdict) => verdict.outcome !== 'PASS')) return exitCodes.violation;
  return isStopped || idle.length > 0 ? exitCodes.harness : exitCodes.ok;
}

/** SIGINT or SIGTERM: no other seed begins, and those that ran are reported. A second one ends the process. */
async function runAll(plan: Plan, preset: string): Promise<{ verdicts: Verdict[]; isStopped: boolean }> {
  const queue = [...plan.seeds];
  const verdicts: Verdict[] = [];
  const startedAt = performance.now();
  const isTty = process.stderr.isTTY === true;
  const progress = (): void => {
    if (!isTty) return;
    const failed = verdicts.filter((verdict) => verdict.outcome !== 'PASS').length;
    const width = 30;
    const done = Math.round((verdicts.length * width) / plan.seeds.length);
    process.stderr.write(
      `\r[${'#'.repeat(done)}${'.'.repeat(width - done)}] ${verdicts.length}/${plan.seeds.length} seeds, ${failed} failed`,
    );
  };
  const next = (): number | undefined => {
    const started = plan.seeds.length - queue.length;
    const isLate = performance.now() - startedAt > plan.wallMs && started >= plan.least;
    const isFound = plan.endsAtFirst && verdicts.some((verdict) => verdict.outcome !== 'PASS');
    return isLate || isFound ? undefined : queue.shift();
  };
  const { chaosUs, mutants, redo } = plan;
  let isStopped = false;
  const stop = (): void => {
    isStopped = queue.length > 0;
    queue.length = 0;
    process.stderr.write(
      `\n${verdicts.length} of ${plan.seeds.length} seeds have ended; those under way are ended first\n`,
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  const one = async (): Promise<void> => {
    const worker = startSeedWorker();
    for (let seed = next(); seed !== undefined; seed = next()) {
      verdicts.push(await ask(worker, { kind: 'scenario', preset, seed, chaosUs, mutants, redo }));
      progress();
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: plan.workers }, one));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  if (isTty) process.stderr.write('\n');
  return { verdicts, isStopped };
}

function explain(verdict: Verdict, plan: Plan, options: SweepOptions): void {
  const preset = findPreset(options.preset);
  if (preset === null) return;
  const { tape } = drawScenario(known, preset, verdict.seed, plan.chaosUs, plan.mutants);
  const text = printTape(tapes, tape);
  console.log(`\nseed ${verdict.seed}: ${verdict.outcome}`);
  if (verdict.violation !== null) {
    const { rule, at, node, message } = verdict.violation;
    console.log(
      `  ${rule} (${rules[rule].ids.join(', ')}) at ${at / 1000} ms${node === null ? '' : ` on ${node}`}: ${message}`,
    );
  }
  if (verdict.error !== null) console.log(`  ${verdict.error}`);
  if (options.save !== undefined) {
    mkdirSync(options.save, { recursive: true });
    const path = join(options.save, `${options.preset}-${verdict.seed}.tape`);
    writeFileSync(path, text);
    console.log(`  tape ${path}`);
  }
  const seconds = plan.chaosUs / 1_000_000;
  const mutants = plan.mutants.length === 0 ? '' : ` --broken ${plan.mutants.join(',')}`;
  console.log(
    `  again: npm run sim -- sweep --preset ${options.preset} --seeds ${verdict.seed}..${verdict.seed} --seconds ${seconds}${mutants}`,
  );
  // What only the end of a run shows (clients' histories, convergence) has no instant to stand before.
  const at =
    verdict.violation !== null && !/^(?:client|cluster)\./.test(verdict.violation.rule)
      ? '&at=violation'
      : '';
  console.log(`  link #/lab&r=${encodeTape(text)}${at}`);
}

type Summary = Exercise & { seeds: number; failed: number; wallSeconds: number; contested: number };

/** Totals over all seeds; of the overlap the most. */
function summarise(verdicts: readonly Verdict[], wallSeconds: number): Summary {
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
    `transactions judged by their levels ${s.judged}, of which on readers ${s.judgedOnReaders}, at repeatable read ${s.judgedRepeatable}, serializable ${s.judgedSerializable}, refused at these ${s.serialRefusals}; serializable ones that emptied a table ${s.serialEmptied}, wrote by upserts ${s.serialUpserts}, referred to rows ${s.serialReferred}, beside changes of an index ${s.serialRedefined}; countable operations judged ${s.counted}, tables read back by every path ${s.readBack}, structure checks ${s.pageChecks} (recoveries without one ${s.pagesUnread}), index pages at the end: ${s.indexLeaves} leaves, ${s.innerPages} inner, at most ${s.emptyLeaves} empty`,
  );
  console.log(
    `definitions under load: indexes built ${s.indexBuilds} (${s.concurrentBuilds} concurrently), tables altered ${s.tablesAltered}, of unknown outcome ${s.definitionsUnknown}, foreign keys judged ${s.referencesJudged}; values drawn ${s.valuesDrawn}; rows larger than a page: writes ${s.largeWrites}, reads judged ${s.largeReads}`,
  );
  console.log(
    `redo equivalence: comparisons of everything ${s.redoChecks}, reads ${s.redoReads}, reads of readers ${s.readerReads}, pages served ${s.redoPages}, versions ${s.redoVersions}, buffer pages ${s.redoBuffered}, structure checks of a cut log ${s.logCuts}; begun anew ${s.redoRebased}, unknown ${s.redoUnknown}`,
  );
  console.log(
    `requests asked again across a split ${s.resentAcrossSplit}, across a merge ${s.resentAcrossMerge}, of a client whose entry was displaced ${s.displacedAsked}; gathered reads that met a split ${s.gathersMetSplit}, reads judged beside splits ${s.splitReads}; power cut within a compaction ${s.compactionsCut}, within the split of an index page ${s.splitsCut}, within a freed file ${s.freesCut}; configurations at a majority of one set ${s.jointsApart}; drains at once ${s.drainsTogether}, replicas made anew on another node than the one that lost them ${s.remadeElsewhere}; statements that a timeout ended ${s.statementTimeouts}`,
  );
  console.log(
    `holes and page reads that somebody could give ${s.livenessStood}, the longest ${(s.livenessLongest / 10).toFixed(1)} % of its bound; messages of earlier terms refused ${s.oldRefused}`,
  );
  const reached = limitNames.filter((name) => s[name] > 0).map((name) => `${name} ${s[name]}`);
  console.log(`lives of nodes that reached a limit: ${reached.join(', ')}`);
  console.log(`volumes restored ${s.restores}, restores resumed ${s.restoresResumed}`);
  console.log(
    `commits ${s.commits}, operations ${s.operations}, unknown ${percent.toFixed(1)} %, cancelled ${s.cancelled}, seeds with >= 4 overlapping operations on a key ${s.contested}`,
  );
}
