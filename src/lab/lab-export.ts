// Exports of a whole run: played again in a worker of its own, which goes when the text is there.

import type { ReplayEvent, ReplayRequest } from '../host/replay-messages.ts';
import type { ExportKind } from '../sim/run-export.ts';
import { linkWorker } from './worker-link.ts';

export async function exportRun(
  tape: string,
  what: ExportKind,
  onProgress: (done: number, of: number) => void,
): Promise<string> {
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
  const done = link.ask<string>((id) => ({ kind: 'collect', id, text: tape, what }));
  try {
    return await Promise.race([done, failed]);
  } finally {
    link.close();
  }
}
