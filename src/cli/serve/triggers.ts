// What is to happen once in a served cluster, when so many commits are acknowledged or a condition holds: looked at after each step, so
// that it happens at the same virtual time whenever the same requests come at the same times.

import { readCondition } from '../../run-model/facts/condition.ts';
import { lookOn, makeWatch, type Watch } from '../../run-model/facts/watch.ts';
import { listedTotal } from '../../run-model/recorder/recorder.ts';
import { known } from '../../stacks/known.ts';
import type { ServedCluster } from './served-cluster.ts';

interface Trigger {
  readonly isDue: () => boolean;
  readonly then: () => void;
}

export interface Triggers {
  readonly waiting: Set<Trigger>;
  /** In a callback: what it does is done when it has returned. */
  isActing: boolean;
  /** What a callback has thrown, to be thrown to whoever stops the cluster. */
  thrown: unknown;
}

export const makeTriggers = (): Triggers => ({ waiting: new Set(), isActing: false, thrown: null });

export function onCommit({ recorder }: ServedCluster, triggers: Triggers, n: number, then: () => void): void {
  if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`onCommit: ${n} is no count of commits`);
  const wanted = recorder.commits + n;
  triggers.waiting.add({ isDue: () => recorder.commits >= wanted, then });
}

export function when(cluster: ServedCluster, triggers: Triggers, condition: string, then: () => void): void {
  const { recorder, world } = cluster;
  const read = readCondition(known, condition, world.fabric.cluster, recorder.monitors.volumes);
  if (!read.ok) throw new Error(`“${condition}”, at ${read.position + 1}: ${read.error}`);
  const watch: Watch = makeWatch(known, read.value, recorder);
  let seen = listedTotal(recorder);
  triggers.waiting.add({
    isDue: () => {
      const events = recorder.listed.slice(Math.max(0, seen - recorder.firstIndex));
      seen = listedTotal(recorder);
      return lookOn(watch, events, recorder, world.fabric.now);
    },
    then,
  });
}

/** After a step of the world. */
export function pull(triggers: Triggers): void {
  if (triggers.isActing) return;
  for (const trigger of triggers.waiting) {
    if (!trigger.isDue()) continue;
    triggers.waiting.delete(trigger);
    triggers.isActing = true;
    try {
      trigger.then();
    } catch (thrown) {
      triggers.thrown ??= thrown;
    } finally {
      triggers.isActing = false;
    }
  }
}
