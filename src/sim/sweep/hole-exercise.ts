// What of hole management a run has met, so that a sweep can say that nothing of it was left out.

import type { NodeId } from '../../base/ids.ts';
import { kindsOf } from '../kinds.ts';
import type { TracedEvent } from '../types.ts';

export const makeHoleExercise = () => ({
  /** Holes that split while they were asked for (HOLE-13). */
  sentSplits: 0,
  /** Answers of which more was to come (HOLE-32), or that were over with less than was asked for (HOLE-38). */
  partialReplies: 0,
  /** Answers to what had been answered already, and to what had timed out (HOLE-34). */
  duplicateReplies: 0,
  lateReplies: 0,
  /** Gaps asked of another peer after one came to nothing (HOLE-38). */
  retargets: 0,
  /** Damage found on a disk and made good (WAL-39). */
  damages: 0,
  repairs: 0,
  /** Log GC that went as far as the read points and the slowest member let it (WAL-36). */
  gcAtFloor: 0,
});
type HoleExercise = ReturnType<typeof makeHoleExercise>;

interface Gap {
  readonly first: number;
  readonly end: number;
  readonly to: string;
}

/** Requests and answers by `<node>/<group>`. */
export interface HoleMemory {
  readonly live: Map<string, Map<number, Gap>>;
  readonly failed: Map<string, Gap[]>;
  readonly answered: Map<string, Set<number>>;
  /** Requests whose last answer brought something. */
  readonly fruitful: Map<string, Set<number>>;
}

const MAX_FAILED = 64;

export const makeHoleMemory = (): HoleMemory => ({
  live: new Map(),
  failed: new Map(),
  answered: new Map(),
  fruitful: new Map(),
});

function entry<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}

export const holeKinds = kindsOf(
  'node.open',
  'hole.split',
  'hole.sent',
  'hole.timeout',
  'hole.answer',
  'hole.ignored',
  'scrub.bad',
  'scrub.repaired',
  'gc.drop',
);

export function countHoles(exercise: HoleExercise, memory: HoleMemory, { event, node }: TracedEvent): void {
  if (!holeKinds.isOf(event)) return;
  switch (event.kind) {
    case 'node.open':
      forget(memory, node);
      return;
    case 'hole.split':
      if (event.sent) exercise.sentSplits++;
      return;
    case 'hole.sent': {
      const key = `${node}/${event.group}`;
      const { first, end, to } = event;
      const failed = entry(memory.failed, key, (): Gap[] => []);
      if (failed.some((gap) => gap.first < end && first < gap.end && gap.to !== to)) exercise.retargets++;
      memory.failed.set(
        key,
        failed.filter((gap) => gap.first >= end || first >= gap.end),
      );
      entry(memory.live, key, () => new Map<number, Gap>()).set(event.counter, { first, end, to });
      return;
    }
    case 'hole.timeout': {
      const key = `${node}/${event.group}`;
      const gap = memory.live.get(key)?.get(event.counter);
      memory.live.get(key)?.delete(event.counter);
      if (memory.fruitful.get(key)?.has(event.counter)) exercise.partialReplies++;
      const failed = entry(memory.failed, key, (): Gap[] => []);
      if (gap) failed.push(gap);
      if (failed.length > MAX_FAILED) failed.shift();
      return;
    }
    case 'hole.answer':
      if (event.parts > 0 && !event.done) exercise.partialReplies++;
      if (event.done)
        for (const map of event.parts > 0 ? [memory.answered, memory.fruitful] : [memory.answered])
          entry(map, `${node}/${event.group}`, () => new Set<number>()).add(event.counter);
      return;
    case 'hole.ignored':
      if (memory.answered.get(`${node}/${event.group}`)?.has(event.counter)) exercise.duplicateReplies++;
      else exercise.lateReplies++;
      return;
    case 'scrub.bad':
      exercise.damages++;
      return;
    case 'scrub.repaired':
      exercise.repairs++;
      return;
    case 'gc.drop':
      if (event.records > 0 && event.logFloor === Math.min(event.pgmrpl, event.holdTo)) exercise.gcAtFloor++;
      return;
    default:
  }
}

function forget(memory: HoleMemory, node: NodeId): void {
  for (const map of [memory.live, memory.failed, memory.answered, memory.fruitful])
    for (const key of map.keys()) if (key.startsWith(`${node}/`)) map.delete(key);
}
