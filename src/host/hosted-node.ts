// One node as a host runs it: its runner and its disk. It works off one window at a time, commits everything that became
// durable in it in one strict transaction together with its stamp, and only then answers. A crash writes the survivors
// of unsynced writes in a last transaction. The same code runs in a worker of its own and, where workers or storage are
// refused, beside its peers in one worker with a memory disk.

import { assert, present } from '../base/assert.ts';
import { clonePlain } from '../base/plain.ts';
import { sameBytes } from '../base/same-bytes.ts';
import type { DiskImage, Write } from '../core/kernel/door.ts';
import { digestImage } from '../sim/digests.ts';
import { wholeImage } from '../sim/disk-snapshot.ts';
import { crashRunner, openRunner, runnerDigests, runWindow, stampOf } from '../sim/node-runner.ts';
import type { ProgramOf } from '../sim/programs.ts';
import type { AnyProgram, NodeRunner } from '../sim/runner-state.ts';
import type { Stamp } from '../sim/types.ts';
import { isQuota, type Loss, type StagedDisk, StorageHeld, StorageRefused } from './databases.ts';
import { holdAtFailpoint } from './failpoint.ts';
import type { HostDisk } from './idb-disk.ts';
import { type Packed, packWhole } from './keyframe-codec.ts';
import type {
  DiskPlace,
  Failpoint,
  Image,
  KeepRequest,
  KeptRunner,
  NextNode,
  NodeReply,
  NodeRequest,
} from './worker-messages.ts';

export type OpenDisk = (place: DiskPlace, onFenced: (why: Loss) => void) => Promise<HostDisk>;

/** Tries of one transaction before the node is stopped; a browser may abort a transaction for reasons of its own. */
const COMMIT_TRIES = 3;

type AnyRunner = NodeRunner<unknown, unknown>;

interface OpenNode {
  readonly program: AnyProgram;
  readonly runner: AnyRunner;
  readonly disk: HostDisk;
  readonly failpoint: Failpoint | null;
  commits: number;
  /** What windows wrote that ran ahead of the disk, the last value of each key; it waits for the next cut. */
  ahead: { readonly writes: Map<string, Uint8Array | null>; stamp: Stamp } | null;
}

/** What it is to go on as, once a change of runs is decided; null: down. Its disk is open. */
interface NextStaged {
  readonly disk: HostDisk;
  readonly runner: AnyRunner | null;
}

export interface HostedNode {
  handle(request: NodeRequest): Promise<NodeReply>;
  /** Lets go of its disk and of all that it keeps. */
  close(): void;
}

/** `onFenced` is called once when another owner has opened the disk. */
export function makeHostedNode(
  openDisk: OpenDisk,
  programOf: ProgramOf,
  onFenced: (why: Loss) => void,
): HostedNode {
  let node: OpenNode | null = null;
  let staged: NextStaged | null = null;
  /** The node at keyframes of the live cluster, by their numbers. */
  const kept = new Map<number, AnyRunner>();
  /** What it has kept goes with its answer: its worker ends. */
  const takeKept = (): readonly KeptRunner[] => {
    const all = [...kept];
    kept.clear();
    return all;
  };
  const keep = ({ keyframe, valid }: KeepRequest): void => {
    for (const one of kept.keys()) if (!valid.includes(one)) kept.delete(one);
    kept.set(keyframe, clonePlain(opened().runner));
  };
  /** What cannot be packed is not stored, and the node goes on. */
  const packed = (keyframe: number): Packed | null => {
    const runner = kept.get(keyframe);
    try {
      return runner === undefined ? null : packWhole(runner);
    } catch {
      return null;
    }
  };
  const runnerOf = (next: NextNode): AnyRunner | null => {
    if (next.kind === 'down') return null;
    if (next.kind === 'runner') return next.runner;
    return clonePlain(present(kept.get(next.keyframe), `the node at keyframe ${next.keyframe}`));
  };
  const opened = (): OpenNode => {
    if (node === null) throw new Error('the node is not open');
    return node;
  };
  const close = (): void => {
    node?.disk.close();
    staged?.disk.close();
    node = null;
    staged = null;
    kept.clear();
  };
  const handle = async (request: NodeRequest): Promise<NodeReply> => {
    switch (request.kind) {
      case 'open':
        node = await open(request, programOf(request.program), openDisk, onFenced);
        return { kind: 'opened' };
      case 'adopt': {
        const { program, runner, failpoint, place, begunAt } = request;
        const disk = await openDisk(place, onFenced);
        if (begunAt !== null) await disk.replace(wholeImage(runner.disk), { ...stampOf(runner, begunAt) });
        node = goOn(programOf(program), runner, disk, failpoint);
        return { kind: 'opened' };
      }
      case 'keep':
        keep(request);
        return { kind: 'kept' };
      case 'now':
        return { kind: 'now', packed: packWhole(opened().runner) };
      case 'pack':
        return { kind: 'packed', packed: packed(request.keyframe) };
      case 'stage': {
        const disk = node?.disk ?? (await openDisk(request.place, onFenced));
        const runner = runnerOf(request.next);
        if (request.keep !== null && node !== null) keep(request.keep);
        staged = { disk, runner };
        await holdAtFailpoint(request.failpoint, runner?.node ?? '', 'stage');
        const image = node === null ? await imageOf(disk, request.image) : wholeImage(node.runner.disk);
        await disk.stage(stagedDisk(request.turn, image, runner, request.next));
        return { kind: 'staged' };
      }
      case 'unstage': {
        await staged?.disk.unstage();
        if (node === null) staged?.disk.close();
        staged = null;
        return { kind: 'staged' };
      }
      case 'settle': {
        const { disk, runner } = present(staged, 'what was staged');
        await holdAtFailpoint(request.failpoint, runner?.node ?? '', 'settle');
        await disk.settle();
        staged = null;
        node = runner === null ? null : goOn(programOf(request.program), runner, disk, request.failpoint);
        if (node !== null) return { kind: 'settled', kept: [] };
        disk.close();
        return { kind: 'settled', kept: takeKept() };
      }
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
        if (answer.durable.length > 0) {
          if (request.isAhead) gather(opened(), answer.durable, answer.stamp);
          else await commit(opened(), answer.durable, answer.stamp);
        }
        return { kind: 'answer', answer: { ...answer, durable: [] } };
      }
      case 'cut':
        await cut(opened(), request.turn);
        return { kind: 'cut' };
      case 'crash': {
        const { program, runner, disk } = opened();
        const { writes, stamp } = crashRunner(program, runner, request.at, request.mode);
        await commit(opened(), writes, stamp);
        disk.close();
        node = null;
        return { kind: 'crashed', image: [...wholeImage(runner.disk)], kept: takeKept() };
      }
      case 'digest': {
        return { kind: 'digests', ...runnerDigests(opened().runner) };
      }
      case 'leave':
        close();
        return { kind: 'left' };
    }
  };
  return {
    handle: (request) => handle(request).catch(failure),
    close,
  };
}

async function open(
  request: Extract<NodeRequest, { kind: 'open' }>,
  program: AnyProgram,
  openDisk: OpenDisk,
  onFenced: (why: Loss) => void,
): Promise<OpenNode> {
  const { config, at, life, failpoint, place } = request;
  const disk = await openDisk(place, onFenced);
  const { image } = await disk.load();
  const runner = openRunner(program, config, image, at, life);
  const node: OpenNode = { program, runner, disk, failpoint, commits: 0, ahead: null };
  // The stamp of this life's start: without it a power cut before the first write could not be distinguished from one before.
  await disk.commit([], stampOf(runner, at));
  return node;
}

/** A node that another one was, or that it was before, goes on from here. */
function goOn(program: AnyProgram, runner: AnyRunner, disk: HostDisk, failpoint: Failpoint | null): OpenNode {
  runner.state = program.adopt(runner.state);
  return { program, runner, disk, failpoint, commits: 0, ahead: null };
}

const imageOf = async (disk: HostDisk, known: Image | null): Promise<DiskImage> =>
  known === null ? (await disk.load()).image : new Map(known);

/** The writes that make the disk, which holds `from`, the disk of the node as it goes on. */
function stagedDisk(turn: string, from: DiskImage, runner: AnyRunner | null, next: NextNode): StagedDisk {
  if (runner !== null && next.kind !== 'down')
    return {
      turn,
      writes: difference(from, wholeImage(runner.disk)),
      stamp: { ...stampOf(runner, next.at) },
    };
  const down = next.kind === 'down' ? next : { image: [], stamp: null };
  return { turn, writes: difference(from, new Map(down.image)), stamp: down.stamp };
}

function difference(from: DiskImage, to: DiskImage): Write[] {
  const writes: Write[] = [];
  for (const key of from.keys()) if (!to.has(key)) writes.push({ key, bytes: null });
  for (const [key, bytes] of to) {
    const old = from.get(key);
    if (old === undefined || !sameBytes(old, bytes)) writes.push({ key, bytes });
  }
  return writes;
}

async function inspect(disk: HostDisk): Promise<NodeReply> {
  const { image, stamp } = await disk.load();
  disk.close();
  return { kind: 'inspected', stamp, digest: digestImage(image), keys: image.size };
}

async function commit(node: OpenNode, writes: readonly Write[], stamp: Stamp): Promise<void> {
  assert(node.ahead === null, 'windows that ran ahead of the disk are durable first');
  await durably(node, () => node.disk.commit(writes, stamp));
}

function gather(node: OpenNode, writes: readonly Write[], stamp: Stamp): void {
  node.ahead ??= { writes: new Map(), stamp };
  for (const { key, bytes } of writes) node.ahead.writes.set(key, bytes);
  node.ahead.stamp = stamp;
}

/** What was gathered when this is called; windows go on gathering meanwhile. */
async function cut(node: OpenNode, turn: string): Promise<void> {
  const { ahead } = node;
  node.ahead = null;
  if (ahead === null) return node.disk.cut(null);
  const writes = [...ahead.writes].map(([key, bytes]) => ({ key, bytes }));
  await durably(node, () => node.disk.cut({ turn, writes, stamp: { ...ahead.stamp } }));
}

async function durably(node: OpenNode, write: () => Promise<void>): Promise<void> {
  node.commits++;
  await holdAtFailpoint(node.failpoint, node.runner.node, node.commits);
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
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
