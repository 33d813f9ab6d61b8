// The disks of a run that takes over: what each differs in from the disk of the run that is on is staged beside it, by the
// worker that has it open, or from here where no node is up. Once the lab has decided, what was staged is settled and the
// nodes go on: in the workers that are up, or in new ones.

import type { NodeId } from '../base/ids.ts';
import { type DiskSet, type HostCore, placeIn, type Running } from './host-core.ts';
import { blame, type NodePort } from './node-ports.ts';
import type { Image, KeepRequest, NextNode, WorkerCode } from './worker-messages.ts';

export interface StagedDisks {
  /** The lab has decided for them. */
  settle(
    program: string,
    disks: DiskSet,
  ): Promise<{ readonly ports: ReadonlyMap<NodeId, NodePort>; readonly images: ReadonlyMap<NodeId, Image> }>;
  /** It goes on as it was, and needs the room that they take. */
  drop(): Promise<void>;
}

/** A node of the run that takes over. */
export interface TakingOver {
  readonly next: NextNode;
  /** What its worker has to be. */
  readonly code: WorkerCode;
}

interface StagedNode extends TakingOver {
  readonly id: NodeId;
  readonly port: NodePort;
  /** Its worker is up, and is one for the node. */
  readonly goesOn: boolean;
}

/** A node that only the old run has: another one by its name finds nothing of it. */
const absent: TakingOver = { next: { kind: 'down', image: [], stamp: null }, code: 'storage' };

/** `nodes`: of the run that takes over; `keep`: what the nodes of the old one also keep. A run whose nodes have stopped answering lets go of them. */
export async function stageDisks(
  core: HostCore,
  old: Running,
  nodes: ReadonlyMap<NodeId, TakingOver>,
  disks: DiskSet,
  keep: KeepRequest | null,
): Promise<StagedDisks> {
  const { failpoint } = core;
  if (old.loop.ended() !== null) await old.cluster.dispose();
  const { ports: hosted, images: known } = old.cluster.kept();
  const ids = new Set([...nodes.keys(), ...old.cluster.fabric.nodes.map(({ spec }) => spec.id)]);
  const all = [...ids].map((id): StagedNode => {
    const port = hosted.get(id);
    const taking = nodes.get(id) ?? absent;
    return {
      id,
      port: port ?? core.theHost().makeVisitor(core.onFenced),
      goesOn: port !== undefined && (port.code === 'any' || port.code === taking.code),
      ...taking,
    };
  });
  const turn = disks.turn ?? '';
  const drop = async (): Promise<void> => {
    // What cannot be dropped now is dropped by who opens the disk next.
    await Promise.all(
      all.map(({ port }) => port.call<'unstage'>({ kind: 'unstage' }).catch(() => undefined)),
    );
  };
  let done = 0;
  const tell = (): void => core.post({ kind: 'work', bar: { done, of: all.length } });
  const stage = async ({ id, port, next }: StagedNode): Promise<void> => {
    const place = placeIn(core, old.disks, id);
    const image = known.get(id) ?? null;
    await port.call<'stage'>({ kind: 'stage', turn, place, next, keep, image, failpoint }).catch(blame(id));
    done++;
    tell();
  };
  tell();
  const ends = await Promise.allSettled(all.map(stage));
  core.post({ kind: 'work', bar: null });
  for (const end of ends) {
    if (end.status === 'fulfilled') continue;
    if (keep !== null) core.keyframes.forget(keep.keyframe);
    await drop();
    throw end.reason;
  }

  const settle: StagedDisks['settle'] = async (program, decided) => {
    // The worker of a node that has other roles now goes with what it kept of the node's past.
    const isLeft = all.some(({ id, goesOn, next }) => hosted.has(id) && !goesOn && next.kind !== 'down');
    if (isLeft) core.keyframes.clear();
    old.cluster.release();
    const ports = new Map<NodeId, NodePort>();
    const images = new Map<NodeId, Image>();
    const goOn = async ({ id, port, goesOn, next, code }: StagedNode): Promise<void> => {
      if (next.kind === 'down') {
        const { kept } = await port.call<'settle'>({ kind: 'settle', program, failpoint });
        core.keyframes.takeIn(id, kept);
        images.set(id, next.image);
        return port.end();
      }
      if (goesOn) {
        await port.call<'settle'>({ kind: 'settle', program, failpoint });
        ports.set(id, port);
        return;
      }
      // Opening the disk settles it.
      await port.end();
      const started = core.theHost().makePort(code, core.onFenced);
      ports.set(id, started);
      const place = placeIn(core, decided, id);
      if (next.kind !== 'runner') throw new Error(`${id} is up, and no worker has it`);
      const { runner } = next;
      await started.call<'adopt'>({ kind: 'adopt', program, runner, place, failpoint, begunAt: null });
    };
    await Promise.all(all.map((one) => goOn(one).catch(blame(one.id))));
    return { ports, images };
  };
  return { settle, drop };
}
