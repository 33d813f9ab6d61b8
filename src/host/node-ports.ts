// How the fabric reaches a node: a worker of its own (worker-ports.ts), or, where storage is refused, an object beside it.
// One request is out at a time for each node; its reply settles the promise, a failure rejects it by name, and so does
// the end of the port: nobody waits for a worker that is gone.

import type { NodeId } from '../base/ids.ts';
import type { Role } from '../core/kernel/view.ts';
import { programOf } from '../stacks/node-programs.ts';
import { storageProgramOf } from '../stacks/storage-programs.ts';
import { isStorage } from '../stacks/storage-roles.ts';
import type { Loss } from './databases.ts';
import { makeHostedNode, type OpenDisk } from './hosted-node.ts';
import { type MemoryDisks, openMemoryDisk } from './idb-disk.ts';
import type { Packed } from './keyframe-codec.ts';
import type { FailureCause, NodeRequest, ReplyTo, WorkerCode } from './worker-messages.ts';

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

/** What the worker of a node with these roles has to be. */
export const codeFor = (roles: readonly Role[]): WorkerCode => (isStorage(roles) ? 'storage' : 'any');

export interface NodePort {
  readonly code: WorkerCode;
  call<K extends NodeRequest['kind']>(request: Extract<NodeRequest, { kind: K }>): Promise<ReplyTo<K>>;
  /** What windows wrote that ran ahead of the disk becomes durable; others may run meanwhile. */
  cut(turn: string): Promise<void>;
  /** Its run is over, and the node stands still: it lets go of its disk, and its worker may serve another node once this port has ended. */
  leave(): Promise<void>;
  /** What the node kept at a keyframe, packed in its worker; null: it has it no more. Others may run meanwhile. */
  pack(keyframe: number): Promise<Packed | null>;
  /** Whoever waits is refused. Resolves when the node has its disk open no more: it may be opened again, replaced or deleted. */
  end(): Promise<void>;
}

export interface NodeHost {
  readonly memoryOnly: boolean;
  makePort(code: WorkerCode, onFenced: (why: Loss) => void): NodePort;
  /** For the disk of a node that is down: no worker is asked for that. */
  makeVisitor(onFenced: (why: Loss) => void): NodePort;
}

/** Passes a failure on with the name of the node that it is of. */
export const blame =
  (node: NodeId) =>
  (error: unknown): never => {
    if (error instanceof NodeFailure) error.node = node;
    throw error;
  };

/** One question to a node that is down: its worker, of this code, goes with the answer or with the failure, and may be the node's next. */
export async function visit<T>(
  host: NodeHost,
  code: WorkerCode,
  onFenced: (why: Loss) => void,
  ask: (port: NodePort) => Promise<T>,
): Promise<T> {
  const port = host.makePort(code, onFenced);
  try {
    return await ask(port);
  } finally {
    await port.end();
  }
}

/** All nodes in this worker with disks in memory: a crash keeps them, a reload loses them. */
export function makeMemoryHost(images: MemoryDisks = new Map()): NodeHost {
  const makePort = (code: WorkerCode): NodePort =>
    makeNearPort(
      code,
      (place) => Promise.resolve(openMemoryDisk(images, place)),
      () => {},
    );
  return { memoryOnly: true, makePort, makeVisitor: () => makePort('any') };
}

/** A node in this worker, which runs what a worker of this code runs. */
export function makeNearPort(code: WorkerCode, openDisk: OpenDisk, onFenced: (why: Loss) => void): NodePort {
  const node = makeHostedNode(openDisk, code === 'any' ? programOf : storageProgramOf, onFenced);
  const call = async <K extends NodeRequest['kind']>(request: Extract<NodeRequest, { kind: K }>) => {
    const reply = await node.handle(request);
    if (reply.kind === 'failed') throw new NodeFailure(reply.cause, reply.detail);
    return reply as ReplyTo<K>;
  };
  return {
    code,
    call,
    async cut(turn) {
      await call<'cut'>({ kind: 'cut', turn });
    },
    leave: () => Promise.resolve(node.close()),
    pack: async (keyframe) => (await call<'pack'>({ kind: 'pack', keyframe })).packed,
    end: () => Promise.resolve(node.close()),
  };
}
