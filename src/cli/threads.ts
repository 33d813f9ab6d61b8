// Jobs run by threads of this process, one at a time for each. The thread that waits stays free: it renews locks and prints.

import { Worker } from 'node:worker_threads';
import type { Answer } from './jobs/answers.ts';
import type { JobPool } from './jobs/pool.ts';
import type { JobKind, SeedJob } from './jobs/seed-job.ts';

const ask = (worker: Worker, job: SeedJob): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const onExit = (code: number): void => reject(new Error(`its thread ended with code ${code}`));
    worker.once('error', reject);
    worker.once('exit', onExit);
    worker.once('message', (answer: unknown) => {
      worker.off('error', reject);
      worker.off('exit', onExit);
      resolve(answer);
    });
    worker.postMessage(job);
  });

/**
 * Threads are started when they are first needed. One that throws is not used again; the next job gets a fresh one.
 * @param lanes threads, at least one
 */
export function startThreads(lanes: number): JobPool {
  const idle: Worker[] = [];
  const waiting: (() => void)[] = [];
  let busy = 0;
  const run = async <K extends JobKind>(job: SeedJob<K>): Promise<Answer<K>> => {
    while (busy >= lanes) await new Promise<void>((resolve) => waiting.push(resolve));
    busy++;
    const worker = idle.pop() ?? new Worker(new URL('./seed-worker.mjs', import.meta.url));
    try {
      const answer = await ask(worker, job);
      idle.push(worker);
      // A thread of this bundle answers a job by its kind.
      return answer as Answer<K>;
    } catch (error) {
      await worker.terminate();
      throw error;
    } finally {
      busy--;
      waiting.shift()?.();
    }
  };
  return {
    lanes,
    shares: 1,
    origins: null,
    ask: run,
    expect: () => {},
    drop: async () => {},
    close: async () => {
      await Promise.all(idle.splice(0).map((worker) => worker.terminate()));
    },
  };
}
