// Who runs jobs: threads of this process (threads.ts), or the workers of a queue on many machines (queue/campaign-pool.ts). Commands
// ask a pool and know no more of it.

import type { Answer } from './answers.ts';
import type { JobKind, SeedJob } from './seed-job.ts';

export interface JobPool {
  /** How many jobs it takes at a time: threads, or what a queue may hold. */
  readonly lanes: number;
  /** Into how many shares work that can be cut is to be cut. */
  readonly shares: number;
  /** Where the verdicts come from; null: this process alone. */
  readonly origins: (() => Promise<readonly Origin[]>) | null;
  /**
   * Runs the job, or takes the verdict that there is.
   * @throws JobFailed when no verdict can be had of this job; CampaignLeft when nobody waits for it any more
   */
  readonly ask: <K extends JobKind>(job: SeedJob<K>) => Promise<Answer<K>>;
  /** Says how many jobs there will be, for the time that is left. */
  readonly expect: (jobs: number) => void;
  /** Takes back what has not begun; whoever waits for it gets CampaignLeft. Threads end what they have. */
  readonly drop: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A process that has run jobs. */
export interface Origin {
  readonly machine: string;
  readonly node: string;
  readonly jobs: number;
  /** Processor time, user and system, of the process since it took the first job of this run, seconds. */
  readonly cpuSeconds: number;
}

/** The job was set aside: it threw, or killed its workers, or what came back was refused. */
export class JobFailed extends Error {}

/** The queue or the campaign is not one that this command could go on with. */
export class QueueRefused extends Error {}

/** A person went away, or the campaign was cancelled or drained: what has not ended is not waited for. */
export class CampaignLeft extends Error {}

/**
 * Asks one job after the other, as many at a time as the pool takes. A job that was set aside is said and counted; any other error ends it.
 * @param next the next job, or undefined when there is no more
 * @returns how many were set aside
 */
export async function askAll<K extends JobKind>(
  pool: JobPool,
  next: () => SeedJob<K> | undefined,
  onAnswer: (job: SeedJob<K>, answer: Answer<K>) => void,
): Promise<number> {
  let aside = 0;
  const one = async (): Promise<void> => {
    for (let job = next(); job !== undefined; job = next()) {
      try {
        onAnswer(job, await pool.ask<K>(job));
      } catch (error) {
        if (!(error instanceof JobFailed)) throw error;
        aside++;
        console.log(`HARNESS ${error.message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: pool.lanes }, one));
  return aside;
}
