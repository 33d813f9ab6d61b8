// The page's side of the nodes' workers: no more of them than nodes and spares, an end is answered when the worker is gone,
// and a failure is said of the node that has the worker.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WorkerCode, WorkersReply, WorkersRequest } from '../host/worker-messages.ts';
import { makeNodeWorkers, SPARES, START_LIMIT_S } from './node-workers.ts';

const SETTLED_MS = 4500;

class FakeWorker {
  onmessage: (() => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  readonly handed: { readonly lock: string; readonly port: MessagePort }[] = [];
  isEnded = false;
  readonly code: WorkerCode;
  constructor(code: WorkerCode) {
    this.code = code;
  }
  postMessage(data: { readonly lock: string; readonly port: MessagePort }): void {
    this.handed.push(data);
    ports.push(data.port);
  }
  terminate(): void {
    this.isEnded = true;
  }
}

const ports: MessagePort[] = [];
/** Locks of workers that are terminated and not gone yet, and who waits for them. */
let lingering: (() => void)[] = [];
let doLinger = false;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  doLinger = false;
  lingering = [];
  const request = (): Promise<void> =>
    doLinger ? new Promise((resolve) => lingering.push(resolve)) : Promise.resolve();
  vi.stubGlobal('navigator', { locks: { request } });
});
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function makeBench() {
  const made: FakeWorker[] = [];
  const workers = makeNodeWorkers((code) => {
    const worker = new FakeWorker(code);
    made.push(worker);
    return worker as unknown as Worker;
  });
  const { port } = workers;
  ports.push(port);
  const replies: WorkersReply[] = [];
  port.onmessage = ({ data }) => {
    replies.push(data);
    if (data.kind === 'started') ports.push(data.port);
  };
  const ask = (request: WorkersRequest): void => port.postMessage(request);
  const answered = async (kind: WorkersReply['kind'], worker: number): Promise<WorkersReply> => {
    const find = () => replies.find((reply) => reply.kind === kind && reply.worker === worker);
    for (let tries = 0; find() === undefined && tries < 1000; tries++) await breathe();
    const found = find();
    if (found === undefined) throw new Error(`no ${kind} of worker ${worker}`);
    return found;
  };
  return { workers, made, replies, ask, answered, alive: () => made.filter(({ isEnded }) => !isEnded) };
}

/** Lets messages through; no fake timer moves. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('after 100 crashes, restarts and visits there are no more workers than nodes and spares', async () => {
  const { workers, made, ask, answered, alive } = makeBench();
  const nodes = 6;
  let next = 0;
  const running: number[] = [];
  const start = async (): Promise<number> => {
    ask({ kind: 'start', worker: next, code: 'any' });
    await answered('started', next);
    return next++;
  };
  const end = async (worker: number, isUnused: boolean): Promise<void> => {
    ask({ kind: 'end', worker, isUnused });
    await answered('ended', worker);
  };
  for (let i = 0; i < nodes; i++) running.push(await start());
  for (let i = 0; i < 100; i++) {
    await end(running.shift() ?? -1, false);
    if (i % 3 === 0) await end(await start(), true);
    running.push(await start());
    if (i % 10 === 0) await vi.advanceTimersByTimeAsync(SETTLED_MS);
  }
  await vi.advanceTimersByTimeAsync(SETTLED_MS);
  expect(made.length).toBeGreaterThan(100);
  expect(alive().length).toBe(nodes + SPARES);
  expect(workers.count()).toBe(nodes + SPARES);
  await workers.end();
  expect(alive()).toEqual([]);
});

test('a node’s next life takes a spare, and an end is answered when the worker is gone', async () => {
  const { made, ask, answered, replies } = makeBench();
  ask({ kind: 'start', worker: 0, code: 'any' });
  await answered('started', 0);
  await vi.advanceTimersByTimeAsync(SETTLED_MS);
  expect(made.length).toBe(1 + SPARES);
  doLinger = true;
  ask({ kind: 'end', worker: 0, isUnused: false });
  while (lingering.length === 0) await breathe();
  expect(made[0]?.isEnded).toBe(true);
  expect(replies.some(({ kind }) => kind === 'ended')).toBe(false);
  for (const gone of lingering) gone();
  await answered('ended', 0);
  ask({ kind: 'start', worker: 1, code: 'any' });
  await answered('started', 1);
  expect(made.length).toBe(1 + SPARES);
  expect(made[1]?.handed.length).toBe(1);
});

test('a node of storage takes a worker of storage that is free, else one that can be any, else a new short one', async () => {
  const { made, ask, answered, alive } = makeBench();
  const start = async (worker: number, code: WorkerCode): Promise<void> => {
    ask({ kind: 'start', worker, code });
    await answered('started', worker);
  };
  await start(0, 'storage');
  // It was only asked what lies on its disk.
  ask({ kind: 'end', worker: 0, isUnused: true });
  await answered('ended', 0);
  await start(1, 'any');
  await start(2, 'storage');
  await start(3, 'storage');
  expect(made.map(({ code, handed }) => [code, handed.length])).toEqual([
    ['storage', 2],
    ['any', 1],
    ['storage', 1],
  ]);
  ask({ kind: 'end', worker: 3, isUnused: true });
  await answered('ended', 3);
  await vi.advanceTimersByTimeAsync(SETTLED_MS);
  // Spares can be any node: one that can only be a store goes.
  expect(alive().map(({ code }) => code)).toEqual(['storage', 'any', ...Array(SPARES).fill('any')]);
  await start(4, 'storage');
  expect(made.filter(({ code }) => code === 'storage').length).toBe(2);
});

test('a spare that failed is blamed on the node that it is handed to, and is no spare afterwards', async () => {
  const { made, ask, answered, alive } = makeBench();
  ask({ kind: 'start', worker: 0, code: 'any' });
  await answered('started', 0);
  await vi.advanceTimersByTimeAsync(SETTLED_MS);
  made[1]?.onerror?.({ preventDefault: () => {} });
  ask({ kind: 'start', worker: 1, code: 'any' });
  expect(await answered('failed', 1)).toMatchObject({ detail: 'the worker did not start' });
  ask({ kind: 'end', worker: 1, isUnused: true });
  await answered('ended', 1);
  expect(made[1]?.isEnded).toBe(true);
  expect(alive().length).toBe(SPARES);
  made[0]?.onerror?.({ preventDefault: () => {}, message: 'Uncaught Error: x' });
  expect(await answered('failed', 0)).toMatchObject({ detail: 'Uncaught Error: x' });
});

test('a worker that does not answer is a failure after the stated time; one that answered is none', async () => {
  const { made, ask, answered, replies } = makeBench();
  for (const worker of [0, 1]) ask({ kind: 'start', worker, code: 'any' });
  await answered('started', 1);
  made[1]?.onmessage?.();
  await vi.advanceTimersByTimeAsync((START_LIMIT_S - 1) * 1000);
  await breathe();
  expect(replies.some(({ kind }) => kind === 'failed')).toBe(false);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await answered('failed', 0)).toMatchObject({ detail: 'the worker did not answer in 30 seconds' });
  await vi.advanceTimersByTimeAsync(START_LIMIT_S * 1000);
  await breathe();
  expect(replies.filter(({ kind }) => kind === 'failed').length).toBe(1);
});

test('the fabric’s end ends all workers, spares too, and nothing is made afterwards', async () => {
  const { workers, made, ask, answered, alive } = makeBench();
  for (const worker of [0, 1, 2]) ask({ kind: 'start', worker, code: 'any' });
  await answered('started', 2);
  await vi.advanceTimersByTimeAsync(SETTLED_MS);
  expect(alive().length).toBe(3 + SPARES);
  doLinger = true;
  let isGone = false;
  const gone = workers.end().then(() => {
    isGone = true;
  });
  expect(alive()).toEqual([]);
  await breathe();
  expect(isGone).toBe(false);
  for (const one of lingering) one();
  await gone;
  ask({ kind: 'start', worker: 3, code: 'any' });
  await breathe();
  await vi.advanceTimersByTimeAsync(SETTLED_MS);
  expect(made.length).toBe(3 + SPARES);
});
