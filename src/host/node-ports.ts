// How the fabric reaches a node: a worker of its own, or, where workers or storage are refused, an object beside it.
// One request is out at a time for each node; its reply settles the promise, a failure rejects it by name, and so does
// the end of the port: nobody waits for a worker that is gone.

import type { NodeId } from '../base/ids.ts';
import { messageOf } from '../base/thrown.ts';
import { makeHostedNode } from './hosted-node.ts';
import { type MemoryDisks, openMemoryDisk } from './idb-disk.ts';
import { packRequest, unpackAnswer } from './window-wire.ts';
import type {
  FailureCause,
  NodeReply,
  NodeRequest,
  ReplyTo,
  WireReply,
  WireRequest,
} from './worker-messages.ts';

/** A node that cannot go on: its engine threw, its storage refused, or its worker did not start. */
export class NodeFailure extends Error {
  override name = 'NodeFailure';
  readonly reason: FailureCause | 'worker';
  /** Whose it is, once the cluster has said so. */
  node: NodeId | null = null;
  constructor(reason: FailureCause | 'worker', detail: string) {
    super(detail);
    this.reason = reason;
  }
}

export interface NodePort {
  call<K extends NodeRequest['kind']>(request: Extract<NodeRequest, { kind: K }>): Promise<ReplyTo<K>>;
  terminate(): void;
}

export interface NodeHost {
  readonly memoryOnly: boolean;
  makePort(onFenced: () => void): NodePort;
}

interface Waiting {
  readonly resolve: (reply: NodeReply) => void;
  readonly reject: (error: Error) => void;
}

/** A window's buffer changes hands; everything else is cloned. */
function post(worker: Worker, request: NodeRequest): void {
  if (request.kind !== 'window') {
    worker.postMessage(request satisfies WireRequest);
    return;
  }
  const packed = packRequest(request.request);
  worker.postMessage({ kind: 'window', request: packed } satisfies WireRequest, [packed.packed.buffer]);
}

/** An answer that cannot be unpacked is a failure of the node's: whoever waits for it is notified. */
function readReply(data: WireReply): NodeReply {
  if (data.kind !== 'answer') return data;
  try {
    return { kind: 'answer', answer: unpackAnswer(data.answer) };
  } catch (error) {
    return { kind: 'failed', cause: 'engine', detail: `its answer could not be read: ${messageOf(error)}` };
  }
}

/** One question to a node that is down: its worker goes with the answer, or with the failure. */
export async function visit<T>(
  host: NodeHost,
  onFenced: () => void,
  ask: (port: NodePort) => Promise<T>,
): Promise<T> {
  const port = host.makePort(onFenced);
  try {
    return await ask(port);
  } finally {
    port.terminate();
  }
}

/** A worker and a database for each node. */
export const workerHost: NodeHost = {
  memoryOnly: false,
  makePort(onFenced) {
    const worker = new Worker(new URL('./node-worker.ts', import.meta.url), { type: 'module' });
    let waiting: Waiting | null = null;
    const refuse = (failure: NodeFailure): void => {
      const current = waiting;
      waiting = null;
      current?.reject(failure);
    };
    worker.onmessage = ({ data }: MessageEvent<WireReply>) => {
      const reply = readReply(data);
      if (reply.kind === 'failed' && reply.cause === 'fenced') onFenced();
      if (reply.kind === 'failed') return refuse(new NodeFailure(reply.cause, reply.detail));
      const current = waiting;
      waiting = null;
      current?.resolve(reply);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      refuse(new NodeFailure('worker', event.message ?? 'the worker did not start'));
    };
    worker.onmessageerror = () => refuse(new NodeFailure('worker', 'its answer could not be read'));
    return {
      call: <K extends NodeRequest['kind']>(request: Extract<NodeRequest, { kind: K }>) =>
        new Promise<ReplyTo<K>>((resolve, reject) => {
          waiting = { resolve: (reply) => resolve(reply as ReplyTo<K>), reject };
          post(worker, request);
        }),
      terminate: () => {
        worker.terminate();
        refuse(new NodeFailure('worker', 'the worker was ended'));
      },
    };
  },
};

/** All nodes in this worker with disks in memory: a crash keeps them, a reload loses them. */
export function makeMemoryHost(images: MemoryDisks = new Map()): NodeHost {
  return {
    memoryOnly: true,
    makePort() {
      const node = makeHostedNode(
        (place) => Promise.resolve(openMemoryDisk(images, place.database)),
        () => {},
      );
      return {
        call: async <K extends NodeRequest['kind']>(request: Extract<NodeRequest, { kind: K }>) => {
          const reply = await node.handle(request);
          if (reply.kind === 'failed') throw new NodeFailure(reply.cause, reply.detail);
          return reply as ReplyTo<K>;
        },
        terminate: () => {},
      };
    },
  };
}
