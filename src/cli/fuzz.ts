// `sim fuzz`: every bit flipped, then mutated bytes, for every decoder (fuzz-corpus.ts).

import { availableParallelism } from 'node:os';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Answer } from './jobs/answers.ts';
import { askAll, type JobPool } from './jobs/pool.ts';
import type { SeedJob } from './jobs/seed-job.ts';
import { openPool, type PoolOptions } from './open-pool.ts';

export interface FuzzOptions extends PoolOptions {
  readonly inputs?: string | undefined;
  readonly seed?: string | undefined;
  readonly seeds?: string | undefined;
  readonly workers?: string | undefined;
}

export async function fuzz(options: FuzzOptions): Promise<ExitCode> {
  const inputs = Number(options.inputs ?? '1000000');
  const range = /^(\d+)\.\.(\d+)$/.exec(options.seeds ?? `${options.seed ?? '1'}..${options.seed ?? '1'}`);
  const [first, last] = [Number(range?.[1]), Number(range?.[2])];
  if (!(inputs > 0) || !Number.isSafeInteger(inputs) || !(first <= last)) {
    console.error('--inputs and --seed are whole numbers, --seeds is A..B');
    return exitCodes.usage;
  }
  const pool = await openPool(options, {
    command: 'fuzz',
    lanes: Number(options.workers ?? availableParallelism()),
  });
  try {
    return await fuzzBy(pool, inputs, first, last);
  } finally {
    await pool.close();
  }
}

async function fuzzBy(pool: JobPool, inputs: number, first: number, last: number): Promise<ExitCode> {
  const jobs: SeedJob<'flips' | 'fuzz'>[] = [{ kind: 'flips' }];
  for (let seed = first; seed <= last; seed++) jobs.push({ kind: 'fuzz', inputs, seed });
  pool.expect(jobs.length);
  let faults = 0;
  const queue = [...jobs];
  const answers = new Map<SeedJob, Answer<'flips' | 'fuzz'>>();
  const aside = await askAll<'flips' | 'fuzz'>(
    pool,
    () => queue.shift(),
    (job, answer) => {
      answers.set(job, answer);
      faults += answer.faults.length;
    },
  );
  for (const job of jobs) {
    const answer = answers.get(job);
    if (answer !== undefined) print(job, answer);
  }
  if (aside > 0) return exitCodes.harness;
  return faults > 0 ? exitCodes.violation : exitCodes.ok;
}

function print(job: SeedJob<'flips' | 'fuzz'>, answer: Answer<'flips' | 'fuzz'>): void {
  if (job.kind === 'fuzz') console.log(`seed ${job.seed}`);
  for (const [name, count] of answer.counts)
    console.log(
      'flips' in count
        ? `${name}: ${count.flips} bits of ${count.values} values flipped, ${count.refused} refused, ${count.same} read as before`
        : `${name}: ${count.inputs} inputs, ${count.resealed} sealed again, ${count.refused} refused, ${count.taken} taken`,
    );
  for (const fault of answer.faults)
    console.log(
      'hex' in fault
        ? `FAULT ${fault.target}, input ${fault.input}: ${fault.what}\n  ${fault.hex}`
        : `FAULT ${fault.target}, value ${fault.value}, bit ${fault.bit}: ${fault.what}`,
    );
  console.log(`${answer.faults.length} faults`);
}
