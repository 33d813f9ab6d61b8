// Keyframes of the live cluster: how it stood just before what a person did, and how a run stood when another took its
// place. Each node keeps its own part in its worker, bytes shared with what it goes on with; here are the fabric, the
// recorder, and the parts of nodes that are down or whose worker has gone since. Undo and redo go back to one without a
// replay. The oldest are forgotten here; storage has more of them (keyframe-keeper.ts).

import type { NodeId, Time } from '../base/ids.ts';
import { clonePlain } from '../base/plain.ts';
import { cloneRecorder, type Recorder } from '../run-model/recorder/recorder.ts';
import type { Fabric } from '../sim/fabric-state.ts';
import type { NodeRunner } from '../sim/runner-state.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { blame, type NodePort } from './node-ports.ts';
import type { Image, KeepRequest, KeptRunner } from './worker-messages.ts';
import { changingOf, type WorldSnapshot } from './world-snapshot.ts';

type AnyRunner = NodeRunner<unknown, unknown>;

/** How many are kept, the newest. */
export const MAX_KEYFRAMES = 12;
/**
 * Actions may come by the thousand, of clients: as many keyframes as are kept are taken at once, after them one when this many times the
 * wall time of the last has passed.
 */
export const REST_TIMES = 8;

export interface LiveKeyframe {
  readonly number: number;
  readonly time: Time;
  /** What was on the tape, and how much of it had been done. */
  readonly tape: readonly TapeAction[];
  readonly position: number;
  readonly fabric: WorldSnapshot['fabric'];
  readonly recorder: Recorder;
  /** Disks of the nodes that are down in it. */
  readonly images: ReadonlyMap<NodeId, Image>;
  /** Nodes that are up in it, and whose worker has ended since. */
  readonly away: Map<NodeId, AnyRunner>;
  /** The run that stood so when it was left; null: it went on from here. */
  readonly left: string | null;
}

/** What a keyframe is taken of. */
export interface Kept {
  readonly fabric: Fabric;
  readonly recorder: Recorder;
  readonly ports: ReadonlyMap<NodeId, NodePort>;
  readonly images: ReadonlyMap<NodeId, Image>;
}

export interface LiveKeyframes {
  /** False while many were taken: they take a small part of the time. */
  isDue(): boolean;
  /** Between two windows. */
  take(of: Kept): Promise<void>;
  /** The same of a run that another takes the place of, by name; the caller sends its nodes what this answers. */
  begin(of: Kept, left: string): KeepRequest;
  /** Not every node has kept it. */
  forget(keyframe: number): void;
  /** A node's worker goes. */
  takeIn(node: NodeId, kept: readonly KeptRunner[]): void;
  /**
   * Taken just before what came after these actions, all of them done by then and none still to be done: a lab that is killed on the way
   * back is at that instant when it is opened again, and everything acknowledged before it is there.
   */
  before(actions: readonly TapeAction[], time: number): LiveKeyframe | null;
  leftBy(runId: string): LiveKeyframe | null;
  /** Null: it was forgotten. */
  get(keyframe: number): LiveKeyframe | null;
  clear(): void;
}

/** `onTaken`: every node has kept its part. */
export function makeLiveKeyframes(onTaken: (keyframe: number) => void): LiveKeyframes {
  let all: LiveKeyframe[] = [];
  let made = 0;
  let free = MAX_KEYFRAMES;
  /** Wall ms: when the last was taken, and how long it took. */
  let last = { at: 0, took: 0 };

  /** How many may be taken now. */
  const freeNow = (): number => {
    const earned = last.took > 0 ? (performance.now() - last.at) / (REST_TIMES * last.took) : 0;
    return Math.min(MAX_KEYFRAMES, free + earned);
  };

  const begin = ({ fabric, recorder, images }: Kept, left: string | null): KeepRequest => {
    const keyframe = ++made;
    all = all.slice(1 - MAX_KEYFRAMES);
    const valid = all.map((one) => one.number);
    all.push({
      number: keyframe,
      time: fabric.now,
      tape: [...fabric.tape],
      position: fabric.position,
      fabric: clonePlain(changingOf(fabric)),
      recorder: cloneRecorder(recorder),
      images: new Map(images),
      away: new Map(),
      left,
    });
    return { keyframe, valid };
  };

  return {
    isDue: () => freeNow() >= 1,
    async take(of) {
      const startedAt = performance.now();
      free = freeNow() - 1;
      const asked = begin(of, null);
      const calls = [...of.ports].map(([node, port]) =>
        port.call<'keep'>({ kind: 'keep', ...asked }).catch(blame(node)),
      );
      await Promise.all(calls);
      const at = performance.now();
      last = { at, took: at - startedAt };
      onTaken(asked.keyframe);
    },
    begin,
    forget(keyframe) {
      all = all.filter(({ number }) => number !== keyframe);
    },
    takeIn(node, kept) {
      for (const [number, runner] of kept) all.find((one) => one.number === number)?.away.set(node, runner);
    },
    before: (actions, time) =>
      all.findLast(
        (one) =>
          one.time <= time &&
          one.position === actions.length &&
          actions.every((action, i) => one.tape[i] === action),
      ) ?? null,
    leftBy: (runId) => all.findLast((one) => one.left === runId) ?? null,
    get: (keyframe) => all.find(({ number }) => number === keyframe) ?? null,
    clear() {
      all = [];
    },
  };
}
