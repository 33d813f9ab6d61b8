// Drives null nodes through a recorded schedule: a window is out to all its nodes at once, the next one follows when
// all have answered, as in the lab. As there, the page makes the nodes' workers and hands a port to each end.

import type { NullRequest } from './null-node-worker.ts';
import type { Part, Schedule } from './schedule.ts';

type Ask = (request: NullRequest) => Promise<readonly Uint8Array[]>;

/** A schedule, and a port to each of its nodes. */
export interface NullRun {
  readonly schedule: Schedule;
  readonly ports: readonly MessagePort[];
}

const reach =
  (port: MessagePort): Ask =>
  (request) =>
    new Promise((resolve) => {
      port.onmessage = (event: MessageEvent<readonly Uint8Array[]>) => resolve(event.data);
      port.postMessage(request);
    });

async function replay({ schedule: { windows }, ports }: NullRun): Promise<number> {
  const asks = ports.map(reach);
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

self.onmessage = (event: MessageEvent<NullRun>) => {
  void replay(event.data).then((seconds) => self.postMessage(seconds));
};
