// Questions answered by threads of this process, one at a time for each. The thread that waits stays free: it renews locks and prints.

import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { Answer } from './jobs/answers.ts';
import type { JobPool } from './jobs/pool.ts';
import type { JobKind, SeedJob } from './jobs/seed-job.ts';

/** A question took longer than it may. */
export class TookTooLong extends Error {}

/** @throws TookTooLong; what the thread throws; that it has ended */
const ask = (worker: Worker, question: unknown, limitMs: number | null): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const end = (how: () => void): void => {
      clearTimeout(timer);
      worker.off('error', onError).off('exit', onExit).off('message', onAnswer);
      how();
    };
    const onError = (error: unknown): void => end(() => reject(error));
    const onExit = (code: number): void => end(() => reject(new Error(`its thread ended with code ${code}`)));
    const onAnswer = (answer: unknown): void => end(() => resolve(answer));
    const timer = limitMs === null ? undefined : setTimeout(() => onError(new TookTooLong()), limitMs);
    worker.on('error', onError).on('exit', onExit).on('message', onAnswer);
    worker.postMessage(question);
  });

interface ThreadOptions extends WorkerOptions {
  /** Wall ms that one question may take. */
  readonly limitMs?: number;
}

export interface Threads {
  /** By a thread that is free, once there is one. */
  readonly ask: (question: unknown) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/**
 * Threads are started when they are first needed. One that throws, or takes too long, is not used again; the next question gets a fresh one.
 * @param script relative to the one that runs
 * @param lanes threads, at least one
 */
export function makeThreads(script: string, lanes: number, options: ThreadOptions = {}): Threads {
  const { limitMs = null, ...own } = options;
  const idle: Worker[] = [];
  const waiting: (() => void)[] = [];
  let busy = 0;
  return {
    async ask(question) {
      while (busy >= lanes) await new Promise<void>((resolve) => waiting.push(resolve));
      busy++;
      const worker = idle.pop() ?? new Worker(new URL(script, import.meta.url), own);
      try {
        const answer = await ask(worker, question, limitMs);
        idle.push(worker);
        return answer;
      } catch (error) {
        await worker.terminate();
        throw error;
      } finally {
        busy--;
        waiting.shift()?.();
      }
    },
    async close() {
      await Promise.all(idle.splice(0).map((worker) => worker.terminate()));
    },
  };
}

/** @param lanes threads, at least one */
export function startThreads(lanes: number): JobPool {
  const threads = makeThreads('./seed-worker.mjs', lanes);
  return {
    lanes,
    shares: 1,
    origins: null,
    // A thread of this bundle answers a job by its kind.
    ask: <K extends JobKind>(job: SeedJob<K>) => threads.ask(job) as Promise<Answer<K>>,
    expect: () => {},
    drop: async () => {},
    close: threads.close,
  };
}
