// Brings keyframes of the live cluster into storage and back. In the background, a while after one was taken and one node
// after the other: each packs its part in its own worker, the host the rest and the parts of workers that have gone.
// Nobody waits for it, and a keyframe that never comes there is only a slower undo.

import type { NodeId } from '../base/ids.ts';
import type { TapeHeader } from '../sim/tape.ts';
import { type Packed, packWhole } from './keyframe-codec.ts';
import type { KeyframeStore, Wanted } from './keyframe-store.ts';
import { type LiveKeyframe, MAX_KEYFRAMES, REST_TIMES } from './live-keyframes.ts';
import type { NodePort } from './node-ports.ts';
import { packRest, pastOfActions, type StoredWorld, writeStored } from './stored-keyframe.ts';

/** A node may be between two workers, or with neither run, when it is asked. */
const TRIES = 3;
/** Wall ms before one is packed: what a person did is on the screen by then. */
const WAIT_MS = 200;

export interface KeeperParts {
  readonly keyframe: (number: number) => LiveKeyframe | null;
  readonly portOf: (node: NodeId) => NodePort | undefined;
  /** Null: nothing outlives the page. */
  readonly store: () => KeyframeStore | null;
}

export interface KeyframeKeeper {
  /** A keyframe that every node has kept, of this run. */
  add(keyframe: number, runId: string, header: TapeHeader): void;
  /** Whether there is such a world; it is whole, and kept at hand until it is taken. */
  find(wanted: Wanted): Promise<boolean>;
  take(wanted: Wanted): Promise<StoredWorld | null>;
}

interface Added {
  readonly keyframe: number;
  readonly runId: string;
  readonly header: TapeHeader;
  readonly tries: number;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function makeKeyframeKeeper({ keyframe: known, portOf, store }: KeeperParts): KeyframeKeeper {
  let added: Added[] = [];
  let isAtWork = false;
  let atHand: { readonly wanted: Wanted; readonly world: StoredWorld } | null = null;

  const packNode = async (keyframe: LiveKeyframe, node: NodeId): Promise<Packed | null> => {
    // Its worker may go meanwhile, and hand over what it had kept.
    const packed = keyframe.away.has(node)
      ? null
      : await portOf(node)
          ?.pack(keyframe.number)
          .catch(() => null);
    const runner = keyframe.away.get(node);
    return packed ?? (runner === undefined ? null : packWhole(runner));
  };

  /** False: not every node could say what it had kept. */
  const bring = async ({ keyframe: number, runId, header }: Added): Promise<boolean> => {
    const keyframe = known(number);
    const to = store();
    if (keyframe === null || to === null) return true;
    const { tape, position, time } = keyframe;
    const key = { past: pastOfActions(header, tape.slice(0, position)), time };
    if (await to.has(key)) return true;
    const nodes: (readonly [NodeId, Packed])[] = [];
    for (const { spec, status } of keyframe.fabric.nodes) {
      if (status !== 'up') continue;
      const packed = await packNode(keyframe, spec.id);
      if (packed === null) return false;
      nodes.push([spec.id, packed]);
    }
    await to.put(key, runId, writeStored(key, packRest(keyframe), nodes));
    return true;
  };

  const work = async (): Promise<void> => {
    isAtWork = true;
    let took = 0;
    // With the rest after the last one, so that all of them take a small part of the time.
    while (added.length > 0 || took > 0) {
      await sleep(Math.max(WAIT_MS, REST_TIMES * took));
      const [next, ...others] = added;
      added = others;
      const startedAt = performance.now();
      const isDone = next === undefined || (await bring(next).catch(() => true));
      if (!isDone && next.tries < TRIES) added.push({ ...next, tries: next.tries + 1 });
      took = next === undefined ? 0 : performance.now() - startedAt;
    }
    isAtWork = false;
  };

  const take = async (wanted: Wanted): Promise<StoredWorld | null> => {
    const ready = atHand;
    atHand = null;
    if (ready !== null && isSameWanted(ready.wanted, wanted)) return ready.world;
    return (await store()?.open(wanted)) ?? null;
  };

  return {
    add(keyframe, runId, header) {
      if (store() === null) return;
      // Older ones are forgotten by then.
      added = [...added.slice(1 - MAX_KEYFRAMES), { keyframe, runId, header, tries: 1 }];
      if (!isAtWork) void work();
    },
    async find(wanted) {
      const world = await take(wanted);
      atHand = world === null ? null : { wanted, world };
      return world !== null;
    },
    take,
  };
}

const isSameWanted = (a: Wanted, b: Wanted): boolean =>
  a.past === b.past && a.time === b.time && a.isExact === b.isExact;
