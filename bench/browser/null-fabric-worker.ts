// Drives null nodes through a recorded schedule: a window is out to all its nodes at once, the next one follows when
// all have answered, as in the lab.

import type { NullRequest } from './null-node-worker.ts';
import type { Part, Schedule } from './schedule.ts';

type Ask = (request: NullRequest) => Promise<readonly Uint8Array[]>;

function startNode(): Ask {
  const worker = new Worker(new URL('./null-node-worker.ts', import.meta.url), { type: 'module' });
  return (request) =>
    new Promise((resolve, reject) => {
      worker.onmessage = (event: MessageEvent<readonly Uint8Array[]>) => resolve(event.data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(request);
    });
}

async function replay({ nodes, windows }: Schedule): Promise<number> {
  const asks = nodes.map(startNode);
  await Promise.all(asks.map((ask, i) => ask({ kind: 'open', database: `null-${Date.now()}-${i}` })));
  const runPart = (part: Part): Promise<readonly Uint8Array[]> => {
    const ask = asks[part.node];
    if (ask === undefined) throw new Error(`no node ${part.node}`);
    return ask({ kind: 'window', messages: part.received.map((size) => new Uint8Array(size)), part });
  };
  const startedAt = performance.now();
  for (const parts of windows) await Promise.all(parts.map(runPart));
  return (performance.now() - startedAt) / 1000;
}

self.onmessage = (event: MessageEvent<Schedule>) => {
  void replay(event.data).then((seconds) => self.postMessage(seconds));
};
