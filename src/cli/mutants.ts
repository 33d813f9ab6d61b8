// `sim mutants`: each planted bug alone over fresh dense seeds until a monitor catches it; a table of first catcher and
// seeds to catch. First the same seeds run without any: they have to be silent.

import { availableParallelism } from 'node:os';
import type { Mutant } from '../sim/checks/mutants.ts';
import type { DenseVerdict } from '../sim/sweep/run-dense.ts';
import { mutants } from '../stacks/mutants.ts';
import { presetNames } from '../stacks/preset-names.ts';
import { findPreset } from '../stacks/presets.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { askAll, JobFailed, type JobPool } from './jobs/pool.ts';
import type { SeedJob } from './jobs/seed-job.ts';
import { openPool, type PoolOptions } from './open-pool.ts';

export interface MutantOptions extends PoolOptions {
  readonly preset: string;
  readonly seeds?: string | undefined;
  readonly seconds?: string | undefined;
  readonly only?: string | undefined;
  readonly workers?: string | undefined;
  /** The same seeds without a planted bug as well. */
  readonly clean?: boolean | undefined;
  /** Also those over dense seeds that the fates of a small world catch. */
  readonly dense?: boolean | undefined;
}

interface Caught {
  readonly mutant: Mutant;
  /** The first seed whose run a monitor ended, or null. */
  readonly verdict: Pick<DenseVerdict, 'violation' | 'error'> | null;
  /** Seeds, or fates of its small world. */
  readonly tries: number;
}

export async function runMutants(options: MutantOptions): Promise<ExitCode> {
  const range = /^(\d+)\.\.(\d+)$/.exec(options.seeds ?? '1..100');
  const chaosUs = Number(options.seconds ?? '3') * 1_000_000;
  const chosen = mutants.filter(
    ({ id, name, isExplored }) => isExplored !== true && isChosen(options.only, id, name),
  );
  if (range === null || !(chaosUs > 0) || chosen.length === 0 || findPreset(options.preset) === null) {
    console.error(`--seeds A..B, --seconds S, --only ID,…; presets: ${presetNames.join(', ')}`);
    return exitCodes.usage;
  }
  const [first, last] = [Number(range[1]), Number(range[2])];
  const lanes = Math.max(1, Math.min(chosen.length, Number(options.workers ?? availableParallelism())));
  const pool = await openPool(options, { command: 'mutants', lanes });
  try {
    return await hunt(pool, chosen, options, { first, last, chaosUs });
  } finally {
    // a tape that cannot be read would else leave the command standing
    await pool.close();
  }
}

interface Range {
  readonly first: number;
  readonly last: number;
  readonly chaosUs: number;
}

async function hunt(
  pool: JobPool,
  chosen: readonly Mutant[],
  options: MutantOptions,
  range: Range,
): Promise<ExitCode> {
  const { first, last } = range;
  const queue = [...chosen];
  const results: Caught[] = [];
  const one = async (): Promise<void> => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const caught = await caughtOrAside(pool, mutant, options, range);
      results.push(caught);
      console.log(lineOf(caught));
    }
  };
  const silent = options.clean === true ? await countAlarms(pool, options.preset, range) : 0;
  if (options.clean === true)
    console.log(`${silent} alarms without a planted bug in seeds ${first}..${last}\n`);
  console.log('| id | planted bug | first catcher | seeds to catch |\n|---|---|---|---|');
  await Promise.all(Array.from({ length: Math.min(pool.lanes, chosen.length) }, one));
  const missed = results.filter(({ verdict }) => verdict === null);
  const named = results.filter(({ verdict, mutant }) =>
    mutant.caughtBy.some((rule) => rule === verdict?.violation?.rule),
  );
  console.log(
    `\n${results.length - missed.length} of ${results.length} caught within seeds ${first}..${last}, ${named.length} first by the named monitor`,
  );
  return missed.length + silent > 0 ? exitCodes.violation : exitCodes.ok;
}

/** What was set aside is caught by no monitor: its line says HARNESS. */
async function caughtOrAside(
  pool: JobPool,
  mutant: Mutant,
  options: MutantOptions,
  range: Range,
): Promise<Caught> {
  try {
    return await catchOne(pool, mutant, options, range);
  } catch (error) {
    if (!(error instanceof JobFailed)) throw error;
    console.log(error.message);
    return { mutant, verdict: { violation: null, error: error.message }, tries: 0 };
  }
}

function catchOne(pool: JobPool, mutant: Mutant, options: MutantOptions, range: Range): Promise<Caught> {
  const { fates, preset = options.preset, swept, tape } = mutant;
  if (tape !== undefined) return catchByTape(pool, mutant);
  if (swept !== undefined) return catchBySweep(pool, preset, mutant, swept);
  return fates === undefined || options.dense === true
    ? catchBySeeds(pool, preset, mutant, range)
    : catchByFates(pool, mutant, fates);
}

const isChosen = (only: string | undefined, id: string, name: string): boolean =>
  only === undefined || only.split(',').some((wanted) => wanted === id || wanted === name);

async function catchBySeeds(
  pool: JobPool,
  preset: string,
  mutant: Mutant,
  { first, last, chaosUs }: Range,
): Promise<Caught> {
  const { name, counted = false } = mutant;
  for (let seed = first; seed <= last; seed++) {
    const verdict = await pool.ask({ kind: 'dense', preset, seed, chaosUs, mutants: [name], counted });
    if (verdict.violation !== null || verdict.error !== null)
      return { mutant, verdict, tries: seed - first + 1 };
  }
  return { mutant, verdict: null, tries: last - first + 1 };
}

/** The seed of a sweep that shows it. */
async function catchBySweep(
  pool: JobPool,
  preset: string,
  mutant: Mutant,
  { seed, seconds }: NonNullable<Mutant['swept']>,
): Promise<Caught> {
  const chaosUs = seconds * 1_000_000;
  const { violation, error } = await pool.ask({
    kind: 'scenario',
    preset,
    seed,
    chaosUs,
    mutants: [mutant.name],
  });
  return { mutant, verdict: violation === null && error === null ? null : { violation, error }, tries: 1 };
}

/** One run of its tape. */
async function catchByTape(pool: JobPool, mutant: Mutant): Promise<Caught> {
  const { violation, error } = await pool.ask({ kind: 'mutantTape', mutant: mutant.name });
  return { mutant, verdict: violation === null && error === null ? null : { violation, error }, tries: 1 };
}

/** The fates of what its world writes, until one catches it. */
async function catchByFates(
  pool: JobPool,
  mutant: Mutant,
  { world, part }: NonNullable<Mutant['fates']>,
): Promise<Caught> {
  const choice = {
    moments: 2,
    part,
    shard: { index: 0, count: 1 },
    mutants: [mutant.name],
    endsAtFirst: true,
  };
  const { tried, findings } = await pool.ask({ kind: 'fates', world, choice });
  const [found] = findings;
  const verdict = found === undefined ? null : { violation: found.violation, error: null };
  return { mutant, verdict, tries: tried };
}

/** Alarms of the clean build: each is a false one, or a real bug. */
async function countAlarms(pool: JobPool, preset: string, { first, last, chaosUs }: Range): Promise<number> {
  let longest = 0;
  const alarms: { readonly i: number; readonly line: string }[] = [];
  let i = first * 2;
  const places = new Map<SeedJob, number>();
  const next = (): SeedJob<'dense'> | undefined => {
    if (i > last * 2 + 1) return undefined;
    const counted = i % 8 === 5 ? 'large' : i % 4 === 3 ? 'indexed' : i % 2 === 1;
    const job: SeedJob<'dense'> = {
      kind: 'dense',
      preset,
      seed: Math.trunc(i / 2),
      chaosUs,
      mutants: [],
      counted,
    };
    places.set(job, i++);
    return job;
  };
  const aside = await askAll<'dense'>(pool, next, (job, { violation, error, livenessLongest }) => {
    longest = Math.max(longest, livenessLongest);
    if (violation === null && error === null) return;
    const what = violation === null ? error : `${violation.rule}: ${violation.message}`;
    alarms.push({ i: places.get(job) ?? 0, line: `seed ${job.seed}: ${what}` });
  });
  for (const { line } of alarms.sort((a, b) => a.i - b.i)) console.log(line);
  console.log(`the longest due stood ${(longest / 10).toFixed(1)} % of its bound`);
  return alarms.length + aside;
}

function lineOf({ mutant, verdict, tries }: Caught): string {
  const rule = verdict?.violation?.rule ?? (verdict?.error ? 'HARNESS' : null);
  const catcher = rule === null ? 'survived' : `\`${rule}\``;
  return `| ${mutant.id} | \`${mutant.name}\` | ${catcher} | ${verdict === null ? '> ' : ''}${tries}${mutant.fates === undefined ? '' : ' fates'} |`;
}
