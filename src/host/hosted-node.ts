// One node as a host runs it: its runner and its disk. It works off one window at a time, commits everything that became
// durable in it in one strict transaction together with its stamp, and only then answers. A crash writes the survivors
// of unsynced writes in a last transaction. The same code runs in a worker of its own and, where workers or storage are
// refused, beside its peers in one worker with a memory disk.

import type { Write } from '../core/kernel/door.ts';
import { digestImage } from '../sim/digests.ts';
import { wholeImage } from '../sim/disk-snapshot.ts';
import { crashRunner, openRunner, runnerDigests, runWindow, stampOf } from '../sim/node-runner.ts';
import type { AnyProgram, NodeRunner } from '../sim/runner-state.ts';
import type { Stamp } from '../sim/types.ts';
import { programOf } from '../stacks/programs.ts';
import { isQuota, type Loss, StorageHeld, StorageRefused } from './databases.ts';
import { holdAtFailpoint } from './failpoint.ts';
import type { HostDisk } from './idb-disk.ts';
import type { DiskPlace, Failpoint, NodeReply, NodeRequest } from './worker-messages.ts';

export type OpenDisk = (place: DiskPlace, onFenced: (why: Loss) => void) => Promise<HostDisk>;

/** Tries of one transaction before the node is stopped; a browser may abort a transaction for reasons of its own. */
const COMMIT_TRIES = 3;

interface OpenNode {
  readonly program: AnyProgram;
  readonly runner: NodeRunner<unknown, unknown>;
  readonly disk: HostDisk;
  readonly failpoint: Failpoint | null;
  commits: number;
}

export interface HostedNode {
  handle(request: NodeRequest): Promise<NodeReply>;
}

/** `onFenced` is called once when another owner has opened the disk. */
export function makeHostedNode(openDisk: OpenDisk, onFenced: (why: Loss) => void): HostedNode {
  let node: OpenNode | null = null;
  const opened = (): OpenNode => {
    if (node === null) throw new Error('the node is not open');
    return node;
  };
  const handle = async (request: NodeRequest): Promise<NodeReply> => {
    switch (request.kind) {
      case 'open':
        node = await open(request, openDisk, onFenced);
        return { kind: 'opened' };
      case 'adopt':
        node = await adopt(request, openDisk, onFenced);
        return { kind: 'opened' };
      case 'inspect':
        return inspect(await openDisk(request.place, onFenced));
      case 'restore': {
        const disk = await openDisk(request.place, onFenced);
        await disk.replace(new Map(request.image), request.stamp);
        disk.close();
        return { kind: 'restored' };
      }
      case 'image':
        return { kind: 'image', image: [...wholeImage(opened().runner.disk)] };
      case 'window': {
        const { program, runner } = opened();
        const answer = runWindow(program, runner, request.request);
        if (answer.durable.length > 0) await commit(opened(), answer.durable, answer.stamp);
        return { kind: 'answer', answer: { ...answer, durable: [] } };
      }
      case 'crash': {
        const { program, runner, disk } = opened();
        const { writes, stamp } = crashRunner(program, runner, request.at, request.mode);
        await commit(opened(), writes, stamp);
        disk.close();
        node = null;
        return { kind: 'crashed' };
      }
      case 'digest': {
        return { kind: 'digests', ...runnerDigests(opened().runner) };
      }
    }
  };
  return { handle: (request) => handle(request).catch(failure) };
}

async function open(
  request: Extract<NodeRequest, { kind: 'open' }>,
  openDisk: OpenDisk,
  onFenced: (why: Loss) => void,
): Promise<OpenNode> {
  const { config, at, life, failpoint, place } = request;
  const disk = await openDisk(place, onFenced);
  const { image } = await disk.load();
  const program = programOf(request.program);
  const runner = openRunner(program, config, image, at, life);
  const node: OpenNode = { program, runner, disk, failpoint, commits: 0 };
  // The stamp of this life's start: without it a power cut before the first write could not be distinguished from one before.
  await disk.commit([], stampOf(runner, at));
  return node;
}

async function adopt(
  { runner, at, failpoint, place, program: name }: Extract<NodeRequest, { kind: 'adopt' }>,
  openDisk: OpenDisk,
  onFenced: (why: Loss) => void,
): Promise<OpenNode> {
  const program = programOf(name);
  runner.state = program.adopt(runner.state);
  const disk = await openDisk(place, onFenced);
  await holdAtFailpoint(failpoint, runner.node, 'adopt');
  await disk.replace(wholeImage(runner.disk), stampOf(runner, at));
  return { program, runner, disk, failpoint, commits: 0 };
}

async function inspect(disk: HostDisk): Promise<NodeReply> {
  const { image, stamp } = await disk.load();
  disk.close();
  return { kind: 'inspected', stamp, digest: digestImage(image), keys: image.size };
}

async function commit(node: OpenNode, writes: readonly Write[], stamp: Stamp): Promise<void> {
  node.commits++;
  await holdAtFailpoint(node.failpoint, node.runner.node, node.commits);
  for (let attempt = 1; ; attempt++) {
    try {
      await node.disk.commit(writes, stamp);
      return;
    } catch (error) {
      if (isQuota(error) || attempt === COMMIT_TRIES) throw error;
    }
  }
}

function failure(error: unknown): NodeReply {
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (isQuota(error)) return { kind: 'failed', cause: 'quota', detail };
  if (error instanceof StorageHeld) return { kind: 'failed', cause: 'held', detail };
  const isStorage = error instanceof DOMException || error instanceof StorageRefused;
  return { kind: 'failed', cause: isStorage ? 'storage' : 'engine', detail };
}
