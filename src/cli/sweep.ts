// `sim sweep`: many seeds on several cores, or on many machines. A failing seed prints its first violation, and a tape and a link that
// open it in the lab.

import { availableParallelism, hostname } from 'node:os';
import type { Mutants } from '../core/kernel/mutants.ts';
import { readMutants } from '../sim/checks/mutants.ts';
import { ENGINE } from '../sim/engine.ts';
import { makeExercise } from '../sim/sweep/exercise.ts';
import type { RedoMode } from '../sim/sweep/redo-checks.ts';
import type { Verdict } from '../sim/sweep/run-scenario.ts';
import { stackChecks } from '../stacks/checks.ts';
import { ownBuild } from './build-id.ts';
import { seedClusters } from './cluster-option.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { CampaignLeft, JobFailed, type JobPool } from './jobs/pool.ts';
import type { SeedJob } from './jobs/seed-job.ts';
import type { OpenPool, PoolOptions } from './open-pool.ts';
import { conclude, explain, type Swept, summarise, writeReport } from './sweep-report.ts';

export interface SweepOptions extends PoolOptions {
  readonly preset: string;
  readonly cluster?: string | undefined;
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

const text = { type: 'string' } as const;
/** What the command line takes, beside the queue. */
export const SWEEP_ARGUMENTS = {
  preset: { type: 'string', default: 'cynosdb' },
  cluster: text,
  seeds: text,
  minutes: text,
  seconds: text,
  shard: text,
  wall: text,
  broken: text,
  json: text,
  workers: text,
  save: text,
  least: text,
  first: { type: 'boolean', default: false },
  redo: text,
} as const;

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

/** Failing seeds that are printed while others still run. */
const MOST_AT_ONCE = 5;

/** @param program how a person starts this command line, for what is run again */
export async function sweep(options: SweepOptions, openPool: OpenPool, program: string): Promise<ExitCode> {
  const plan = planOf(options);
  const clusters = seedClusters(options);
  if (typeof plan === 'string' || !clusters.ok) {
    console.error(typeof plan === 'string' ? plan : clusters.ok || clusters.error);
    return exitCodes.usage;
  }
  const startedAt = performance.now();
  const swept: Swept = { ...plan, clusters, program, save: options.save };
  const pool = await openPool(options, { command: 'sweep', lanes: plan.workers });
  try {
    const { verdicts, isStopped, shown } = await runAll(pool, plan, swept);
    verdicts.sort((a, b) => a.seed - b.seed);
    for (const verdict of verdicts)
      if (verdict.outcome !== 'PASS' && !shown.has(verdict.seed)) explain(verdict, swept);
    const summary = summarise(verdicts, (performance.now() - startedAt) / 1000);
    if (options.json !== undefined) {
      const machines = (await pool.origins?.()) ?? [ownOrigin(verdicts.length)];
      const { queue: _, campaign: __, ...asked } = options;
      const run = { build: ownBuild(), engine: ENGINE, machines };
      writeReport(options.json, { options: asked, run, summary, verdicts });
    }
    return conclude(verdicts, summary, swept, isStopped ? plan.seeds.length - verdicts.length : 0);
  } finally {
    await pool.close();
  }
}

function ownOrigin(jobs: number) {
  const { user, system } = process.cpuUsage();
  return { machine: hostname(), node: process.version, jobs, cpuSeconds: (user + system) / 1e6 };
}

interface Ran {
  readonly verdicts: Verdict[];
  readonly isStopped: boolean;
  /** Seeds that were explained as they failed. */
  readonly shown: ReadonlySet<number>;
}

/** SIGINT or SIGTERM: no other seed begins, and those that ran are reported. A second one ends the process. */
async function runAll(pool: JobPool, plan: Plan, swept: Swept): Promise<Ran> {
  const queue = [...plan.seeds];
  const verdicts: Verdict[] = [];
  const shown = new Set<number>();
  const startedAt = performance.now();
  const isOwn = pool.origins === null;
  const isTty = isOwn && process.stderr.isTTY === true;
  const progress = (): void => {
    if (!isTty) return;
    const failed = verdicts.filter((verdict) => verdict.outcome !== 'PASS').length;
    const width = 30;
    const done = Math.round((verdicts.length * width) / plan.seeds.length);
    process.stderr.write(
      `\r[${'#'.repeat(done)}${'.'.repeat(width - done)}] ${verdicts.length}/${plan.seeds.length} seeds, ${failed} failed`,
    );
  };
  /** By its own bounds: what was not run was not to be. */
  let isEnded = false;
  const next = (): number | undefined => {
    const started = plan.seeds.length - queue.length;
    const isLate = performance.now() - startedAt > plan.wallMs && started >= plan.least;
    const isFound = plan.endsAtFirst && verdicts.some((verdict) => verdict.outcome !== 'PASS');
    if (!isLate && !isFound) return queue.shift();
    isEnded = true;
    queue.length = 0;
    void pool.drop();
    return undefined;
  };
  const jobOf = (seed: number): SeedJob<'scenario'> => ({
    kind: 'scenario',
    preset: swept.clusters.saidOf(seed),
    seed,
    chaosUs: plan.chaosUs,
    mutants: plan.mutants,
    redo: plan.redo,
  });
  let isStopped = false;
  const stop = (): void => {
    isStopped ||= queue.length > 0;
    queue.length = 0;
    if (isOwn)
      process.stderr.write(
        `\n${verdicts.length} of ${plan.seeds.length} seeds have ended; those under way are ended first\n`,
      );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  const one = async (): Promise<void> => {
    for (let seed = next(); seed !== undefined; seed = next()) {
      const verdict = await verdictOf(pool, jobOf(seed));
      if (verdict === null) {
        isStopped ||= !isEnded;
        queue.length = 0;
        return;
      }
      verdicts.push(verdict);
      // Others of a long campaign may run for hours: the first failures are printed at once.
      if (!isOwn && verdict.outcome !== 'PASS' && shown.size < MOST_AT_ONCE) {
        shown.add(seed);
        explain(verdict, swept);
      }
      progress();
    }
  };
  pool.expect(plan.seeds.length);
  await Promise.all(Array.from({ length: Math.min(pool.lanes, plan.seeds.length) }, one));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  if (isTty) process.stderr.write('\n');
  return { verdicts, isStopped, shown };
}

/** Null: nobody waits for it any more. A job that was set aside is a seed whose harness failed. */
async function verdictOf(pool: JobPool, job: SeedJob<'scenario'>): Promise<Verdict | null> {
  try {
    return await pool.ask(job);
  } catch (error) {
    if (error instanceof CampaignLeft) return null;
    if (!(error instanceof JobFailed)) throw error;
    const { seed } = job;
    const exercise = makeExercise();
    return { seed, outcome: 'HARNESS', violation: null, error: error.message, exercise, hash: '' };
  }
}
