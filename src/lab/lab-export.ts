// Exports and structure checks of a run: played again in a worker of its own, which goes when the answer is there.

import type { ReplayEvent, ReplayRequest } from '../host/replay-messages.ts';
import { linkWorker } from './worker-link.ts';

/** What a replay worker of its own makes of a run. */
export async function askAside<T>(
  make: (id: number) => ReplayRequest,
  onProgress: (done: number, of: number) => void,
): Promise<T> {
  const worker = new Worker(new URL('../host/replay-worker.ts', import.meta.url), { type: 'module' });
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const link = linkWorker<ReplayRequest, ReplayEvent>(
    worker,
    (event) => {
      if (event.kind === 'progress' && event.bar !== null) onProgress(event.bar.done, event.bar.of);
    },
    (detail) => fail(new Error(detail)),
  );
  const done = link.ask<T>(make);
  try {
    return await Promise.race([done, failed]);
  } finally {
    link.close();
  }
}
