// Seeds and fates run by worker threads: one job at a time for each worker.

import { Worker } from 'node:worker_threads';
import type { Mutants } from '../core/kernel/mutants.ts';
import type { FateChoice, FateReport } from '../sim/fates/try-fates.ts';
import type { Counted } from '../sim/sweep/countable-loads.ts';
import type { WaitFinding } from '../sim/sweep/judge-waits.ts';
import type { RedoMode } from '../sim/sweep/redo-checks.ts';
import type { DenseVerdict } from '../sim/sweep/run-dense.ts';
import type { Verdict } from '../sim/sweep/run-scenario.ts';

interface Drawn {
  readonly preset: string;
  readonly seed: number;
  readonly chaosUs: number;
  readonly mutants: Mutants;
}

/** What is asked and answered, by kind. */
interface Jobs {
  /** `redo`: how much is held against redo of the log. */
  readonly scenario: { readonly asks: Drawn & { readonly redo?: RedoMode }; readonly answer: Verdict };
  /** `counted`: with countable loads, judged by their effects and by the structure of the pages. */
  readonly dense: { readonly asks: Drawn & { readonly counted?: Counted }; readonly answer: DenseVerdict };
  /** At which rare ones the run is aimed, or null; states of each kind. */
  readonly waits: {
    readonly asks: Drawn & { readonly aim: string | null; readonly quota: number };
    readonly answer: readonly WaitFinding[];
  };
  /** Every fate of unsynced writes in the world of this name. */
  readonly fates: {
    readonly asks: { readonly world: string; readonly choice: FateChoice };
    readonly answer: FateReport;
  };
}

export type SeedJob<K extends keyof Jobs = keyof Jobs> = {
  [P in K]: { readonly kind: P } & Jobs[P]['asks'];
}[K];

export const startSeedWorker = (): Worker => new Worker(new URL('./seed-worker.mjs', import.meta.url));

export const ask = <K extends keyof Jobs>(worker: Worker, job: SeedJob<K>): Promise<Jobs[K]['answer']> =>
  new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (verdict: Jobs[K]['answer']) => {
      worker.off('error', reject);
      resolve(verdict);
    });
    worker.postMessage(job);
  });
