// Seeds run by worker threads: one job at a time for each worker.

import { Worker } from 'node:worker_threads';
import type { WaitFinding } from '../sim/sweep/judge-waits.ts';
import type { RedoMode } from '../sim/sweep/redo-checks.ts';
import type { DenseVerdict } from '../sim/sweep/run-dense.ts';
import type { Verdict } from '../sim/sweep/run-scenario.ts';

interface Verdicts {
  readonly scenario: Verdict;
  readonly dense: DenseVerdict;
  readonly waits: readonly WaitFinding[];
}

export interface SeedJob<K extends keyof Verdicts = keyof Verdicts> {
  readonly kind: K;
  readonly preset: string;
  readonly seed: number;
  readonly chaosUs: number;
  readonly broken: readonly string[];
  /** Of dense seeds: with countable loads, judged by their effects and by the structure of the pages. */
  readonly isCounted?: boolean;
  /** Of scenarios: how much is held against redo of the log. */
  readonly redo?: RedoMode;
  /** Of waits: at which rare ones the run is aimed, or null; states of each kind. */
  readonly aim?: string | null;
  readonly quota?: number;
}

export const startSeedWorker = (): Worker => new Worker(new URL('./seed-worker.mjs', import.meta.url));

export const ask = <K extends keyof Verdicts>(worker: Worker, job: SeedJob<K>): Promise<Verdicts[K]> =>
  new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (verdict: Verdicts[K]) => {
      worker.off('error', reject);
      resolve(verdict);
    });
    worker.postMessage(job);
  });
