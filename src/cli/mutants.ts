// `sim mutants`: each planted bug alone over fresh dense seeds until a monitor catches it; a table of first catcher and
// seeds to catch. First the same seeds run without any: they have to be silent.

import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Mutant, MutantTape } from '../sim/checks/mutants.ts';
import { allFates } from '../sim/fates/try-fates.ts';
import type { DenseVerdict } from '../sim/sweep/run-dense.ts';
import { mutants } from '../stacks/mutants.ts';
import { findPreset, presetNames } from '../stacks/presets.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { runMutantTape } from './pcs-fixture.ts';
import { ask, startSeedWorker } from './seed-jobs.ts';

export interface MutantOptions {
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
  const queue = [...chosen];
  const results: Caught[] = [];
  const workers = Math.max(1, Math.min(queue.length, Number(options.workers ?? availableParallelism())));
  const one = async (): Promise<void> => {
    const worker = startSeedWorker();
    try {
      for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
        const { fates, preset = options.preset, swept, tape } = mutant;
        const caught =
          tape !== undefined
            ? await catchByTape(mutant, tape)
            : swept !== undefined
              ? await catchBySweep(worker, preset, mutant, swept)
              : fates === undefined || options.dense === true
                ? await catchBySeeds(worker, preset, mutant, first, last, chaosUs)
                : await catchByFates(worker, mutant, fates);
        results.push(caught);
        console.log(lineOf(caught));
      }
    } finally {
      // a tape that cannot be read would else leave the command standing
      await worker.terminate();
    }
  };
  const silent = options.clean === true ? await countAlarms(options.preset, first, last, chaosUs) : 0;
  if (options.clean === true)
    console.log(`${silent} alarms without a planted bug in seeds ${first}..${last}\n`);
  console.log('| id | planted bug | first catcher | seeds to catch |\n|---|---|---|---|');
  await Promise.all(Array.from({ length: workers }, one));
  const missed = results.filter(({ verdict }) => verdict === null);
  const named = results.filter(({ verdict, mutant }) =>
    mutant.caughtBy.some((rule) => rule === verdict?.violation?.rule),
  );
  console.log(
    `\n${results.length - missed.length} of ${results.length} caught within seeds ${first}..${last}, ${named.length} first by the named monitor`,
  );
  return missed.length + silent > 0 ? exitCodes.violation : exitCodes.ok;
}

const isChosen = (only: string | undefined, id: string, name: string): boolean =>
  only === undefined || only.split(',').some((wanted) => wanted === id || wanted === name);

async function catchBySeeds(
  worker: Worker,
  preset: string,
  mutant: Mutant,
  first: number,
  last: number,
  chaosUs: number,
): Promise<Caught> {
  const { name, counted = false } = mutant;
  for (let seed = first; seed <= last; seed++) {
    const verdict = await ask(worker, { kind: 'dense', preset, seed, chaosUs, mutants: [name], counted });
    if (verdict.violation !== null || verdict.error !== null)
      return { mutant, verdict, tries: seed - first + 1 };
  }
  return { mutant, verdict: null, tries: last - first + 1 };
}

/** The seed of a sweep that shows it. */
async function catchBySweep(
  worker: Worker,
  preset: string,
  mutant: Mutant,
  { seed, seconds }: NonNullable<Mutant['swept']>,
): Promise<Caught> {
  const chaosUs = seconds * 1_000_000;
  const { violation, error } = await ask(worker, {
    kind: 'scenario',
    preset,
    seed,
    chaosUs,
    mutants: [mutant.name],
  });
  return { mutant, verdict: violation === null && error === null ? null : { violation, error }, tries: 1 };
}

/** One run of its tape. */
async function catchByTape(mutant: Mutant, tape: MutantTape): Promise<Caught> {
  const { monitors } = await runMutantTape(tape, mutant.name);
  const [violation] = monitors.violations;
  return { mutant, verdict: violation === undefined ? null : { violation, error: null }, tries: 1 };
}

/** The fates of what its world writes, until one catches it. */
async function catchByFates(
  worker: Worker,
  mutant: Mutant,
  { world, part }: NonNullable<Mutant['fates']>,
): Promise<Caught> {
  const choice = { ...allFates, part, mutants: [mutant.name], endsAtFirst: true };
  const { tried, findings } = await ask(worker, { kind: 'fates', world, choice });
  const [found] = findings;
  const verdict = found === undefined ? null : { violation: found.violation, error: null };
  return { mutant, verdict, tries: tried };
}

/** Alarms of the clean build: each is a false one, or a real bug. */
async function countAlarms(preset: string, first: number, last: number, chaosUs: number): Promise<number> {
  const worker = startSeedWorker();
  let alarms = 0;
  let longest = 0;
  for (let i = first * 2; i <= last * 2 + 1; i++) {
    const seed = Math.trunc(i / 2);
    const counted = i % 8 === 5 ? 'large' : i % 4 === 3 ? 'indexed' : i % 2 === 1;
    const job = { kind: 'dense', preset, seed, chaosUs, mutants: [], counted } as const;
    const { violation, error, livenessLongest } = await ask(worker, job);
    longest = Math.max(longest, livenessLongest);
    if (violation === null && error === null) continue;
    alarms++;
    console.log(`seed ${seed}: ${violation === null ? error : `${violation.rule}: ${violation.message}`}`);
  }
  await worker.terminate();
  console.log(`the longest due stood ${(longest / 10).toFixed(1)} % of its bound`);
  return alarms;
}

function lineOf({ mutant, verdict, tries }: Caught): string {
  const rule = verdict?.violation?.rule ?? (verdict?.error ? 'HARNESS' : null);
  const catcher = rule === null ? 'survived' : `\`${rule}\``;
  return `| ${mutant.id} | \`${mutant.name}\` | ${catcher} | ${verdict === null ? '> ' : ''}${tries}${mutant.fates === undefined ? '' : ' fates'} |`;
}
