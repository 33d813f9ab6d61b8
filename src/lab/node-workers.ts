// The nodes' workers of one live cluster. The page makes them and ends them, for a worker that makes workers can stand
// still for ever in Firefox; it hands one end of a channel to the worker, the other to the fabric, and makes nothing else
// of them. A few that have hosted no node and can be any wait, so that a node's next life costs no start. Whoever asked for an end is
// answered when the worker is gone.

import { whenGone } from '../host/life-lock.ts';
import { randomId } from '../host/random-id.ts';
import type { WorkerCode, WorkerHandedOver, WorkersReply, WorkersRequest } from '../host/worker-messages.ts';

/** Workers that wait for a node. */
export const SPARES = 2;
/** Wall ms after which spares are made, or those that are too many go. */
const SETTLE_MS = 1000;
/**
 * The same after a node had to wait for its worker: a cluster boots, and spares would take its processors. And after a run has left its
 * workers to the next.
 */
const BOOT_MS = 4000;
/** Seconds that a worker has for its first answer, counted while the page lives: a machine that sleeps does not use them up. */
export const START_LIMIT_S = 30;

interface NodeWorker {
  readonly worker: Worker;
  readonly code: WorkerCode;
  readonly lock: string;
  /** The fabric's number for it; null for a spare. */
  number: number | null;
  /** Why it is of no use. Of a spare it is said of the node that it is handed to. */
  failure: string | null;
  /** Counts the seconds to its first answer. */
  clock: ReturnType<typeof setInterval> | undefined;
}

export interface NodeWorkers {
  /** The fabric's end. */
  readonly port: MessagePort;
  /** How many there are, spares among them. */
  count(): number;
  /** Ends them all; resolves when they are gone. Nothing is made any more. */
  end(): Promise<void>;
}

const startNodeWorker = (code: WorkerCode): Worker =>
  code === 'any'
    ? new Worker(new URL('../host/node-worker.ts', import.meta.url), { type: 'module' })
    : new Worker(new URL('../host/storage-worker.ts', import.meta.url), { type: 'module' });

export function makeNodeWorkers(startWorker: (code: WorkerCode) => Worker = startNodeWorker): NodeWorkers {
  const { port1: desk, port2: port } = new MessageChannel();
  const all = new Set<NodeWorker>();
  let settling: ReturnType<typeof setTimeout> | undefined;
  let ended: Promise<void> | null = null;
  const answer = (reply: WorkersReply, transfer: Transferable[] = []): void =>
    desk.postMessage(reply, transfer);
  const spareOf = (code: WorkerCode): NodeWorker[] =>
    [...all].filter((one) => one.number === null && one.code === code);

  const onFailed = (one: NodeWorker, detail: string): void => {
    one.failure ??= detail;
    clearInterval(one.clock);
    if (one.number !== null) answer({ kind: 'failed', worker: one.number, detail: one.failure });
  };

  const make = (code: WorkerCode): NodeWorker => {
    const one: NodeWorker = {
      worker: startWorker(code),
      code,
      lock: `postdb-lab/worker/${randomId()}`,
      number: null,
      failure: null,
      clock: undefined,
    };
    all.add(one);
    one.worker.onmessage = () => clearInterval(one.clock);
    one.worker.onmessageerror = () => onFailed(one, 'its answer could not be read');
    one.worker.onerror = (event) => {
      event.preventDefault();
      onFailed(one, event.message ?? 'the worker did not start');
    };
    return one;
  };

  const handOver = (one: NodeWorker, number: number): void => {
    one.number = number;
    if (one.failure !== null) {
      onFailed(one, one.failure);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    let seconds = 0;
    clearInterval(one.clock);
    one.clock = setInterval(() => {
      if (++seconds >= START_LIMIT_S) onFailed(one, `the worker did not answer in ${START_LIMIT_S} seconds`);
    }, 1000);
    one.worker.postMessage({ port: port1, lock: one.lock } satisfies WorkerHandedOver, [port1]);
    answer({ kind: 'started', worker: number, port: port2 }, [port2]);
  };

  const endOne = (one: NodeWorker): Promise<void> => {
    all.delete(one);
    clearInterval(one.clock);
    one.worker.terminate();
    return whenGone(one.lock);
  };

  const settle = (): void => {
    settling = undefined;
    const [kept, others] = [spareOf('any'), spareOf('storage')];
    for (const one of [...kept.slice(SPARES), ...others]) void endOne(one);
    for (let count = kept.length; count < SPARES; count++) make('any');
  };

  desk.onmessage = ({ data }: MessageEvent<WorkersRequest>) => {
    if (ended !== null) return;
    const number = data.worker;
    const spare = data.kind === 'end' ? undefined : (spareOf(data.code)[0] ?? spareOf('any')[0]);
    const isBoot = data.kind === 'start' ? spare === undefined : data.isUnused;
    if (isBoot) {
      clearTimeout(settling);
      settling = setTimeout(settle, BOOT_MS);
    } else settling ??= setTimeout(settle, SETTLE_MS);
    if (data.kind === 'start') return handOver(spare ?? make(data.code), number);
    const one = [...all].find((worker) => worker.number === number);
    if (one === undefined) return answer({ kind: 'ended', worker: number });
    const isKept = data.isUnused && one.failure === null;
    one.number = null;
    if (isKept) answer({ kind: 'ended', worker: number });
    else void endOne(one).then(() => answer({ kind: 'ended', worker: number }));
  };

  return {
    port,
    count: () => all.size,
    end() {
      clearTimeout(settling);
      ended ??= Promise.all([...all].map(endOne)).then(() => desk.close());
      return ended;
    },
  };
}
