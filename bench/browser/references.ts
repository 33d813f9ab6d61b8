// References of P1, in the page: PostgreSQL itself on IndexedDB, and the lab's own schedule on nodes that do nothing.

import { insertDurably } from '../../src/lab/speed/durable-reference.ts';
import type { NullRun } from './null-fabric-worker.ts';
import type { Schedule } from './schedule.ts';

/** Commits a second if the nodes had nothing to do but to pass the same bytes on and to write them. */
function replaySchedule(schedule: Schedule): Promise<number> {
  const fabric = new Worker(new URL('./null-fabric-worker.ts', import.meta.url), { type: 'module' });
  const nodes = schedule.nodes.map(
    () => new Worker(new URL('./null-node-worker.ts', import.meta.url), { type: 'module' }),
  );
  const all = [fabric, ...nodes];
  const played = new Promise<number>((resolve, reject) => {
    for (const worker of all) worker.onerror = (event) => reject(new Error(event.message));
    fabric.onmessage = (event: MessageEvent<number>) => resolve(schedule.commits / event.data);
    const ports = nodes.map((node) => {
      const { port1, port2 } = new MessageChannel();
      node.postMessage(port1, [port1]);
      return port2;
    });
    fabric.postMessage({ schedule, ports } satisfies NullRun, ports);
  });
  return played.finally(() => {
    for (const worker of all) worker.terminate();
  });
}

export const references = { insertDurably, replaySchedule };

Object.assign(window, { references });
