// Happened-before (Lamport, "Time, clocks, and the ordering of events in a distributed system", 1978) among the events of
// a stretch: an input of a node comes after the inputs before it on that node and after the input that sent the message
// which is its cause. One vector clock an input (Fidge 1988, Mattern 1989), by lane.

import { countBefore } from '../../../base/sorted.ts';
import type { ListedEvent } from '../../../run-model/picture/frame.ts';

/** What a node did with one input: all its events have the same place in the order. */
export interface Step {
  readonly lane: number;
  /** Place on its lane, counted from 1. */
  readonly place: number;
  readonly at: number;
  readonly node: string;
  readonly ordinal: number;
  /** The step whose message this one worked off, as far as it is in the stretch. */
  readonly cause: Step | null;
  readonly before: Step | null;
  /** Places of each lane that this step knows of. */
  readonly clock: readonly number[];
}

export interface Causality {
  readonly lanes: readonly string[];
  /** Step of each event, by the event's index. */
  readonly stepOf: ReadonlyMap<number, Step>;
  readonly steps: readonly Step[];
  readonly byNode: ReadonlyMap<string, readonly Step[]>;
  /** Takes in events that come after those it has. */
  extend(events: readonly ListedEvent[]): void;
}

export type Relation = 'same' | 'before' | 'after' | 'concurrent';

/** The sender's step: the input itself, else the newest one before it that left an event. */
function findCause(lane: readonly Step[] | undefined, ordinal: number, at: number): Step | null {
  if (lane === undefined) return null;
  let near: Step | null = null;
  for (let i = lane.length - 1; i >= 0; i--) {
    const step = lane[i] as Step;
    if (step.at > at) continue;
    if (step.ordinal === ordinal) return step;
    if (near === null && step.ordinal < ordinal) near = step;
    // An input counts from 0 again after a restart: what is older belongs to another life.
    if (near !== null && step.ordinal > near.ordinal) break;
  }
  return near;
}

/** `events` in the run's order (time, node, ordinal). */
export function makeCausality(events: readonly ListedEvent[], lanes: readonly string[]): Causality {
  const laneOf = new Map(lanes.map((node, i) => [node, i]));
  const byNode = new Map<string, Step[]>();
  const stepOf = new Map<number, Step>();
  const steps: Step[] = [];

  const take = (event: ListedEvent): void => {
    const lane = laneOf.get(event.node);
    if (lane === undefined) return;
    const own = byNode.get(event.node) ?? [];
    byNode.set(event.node, own);
    const before = own[own.length - 1] ?? null;
    if (before !== null && before.at === event.at && before.ordinal === event.ordinal) {
      stepOf.set(event.index, before);
      return;
    }
    const cause =
      event.causeNode === null || event.causeNode === event.node
        ? null
        : findCause(byNode.get(event.causeNode), event.causeOrdinal, event.at);
    const clock = lanes.map((_node, i) => Math.max(before?.clock[i] ?? 0, cause?.clock[i] ?? 0));
    const place = own.length + 1;
    clock[lane] = place;
    const { at, node, ordinal } = event;
    const step: Step = { lane, place, at, node, ordinal, cause, before, clock };
    own.push(step);
    steps.push(step);
    stepOf.set(event.index, step);
  };

  const extend = (more: readonly ListedEvent[]): void => {
    for (const event of more) take(event);
  };
  extend(events);
  return { lanes, stepOf, steps, byNode, extend };
}

/** How many steps of a node lie before a time. */
export const stepsBefore = ({ byNode }: Causality, node: string, at: number): number =>
  countBefore(byNode.get(node) ?? [], (step) => step.at < at);

/** How `a` stands to `b`. */
export function relationOf(a: Step, b: Step): Relation {
  if (a === b) return 'same';
  if ((b.clock[a.lane] ?? 0) >= a.place) return 'before';
  if ((a.clock[b.lane] ?? 0) >= b.place) return 'after';
  return 'concurrent';
}

/** A chain of steps from `a` to `b` with the fewest messages on it, or null when `a` is not before `b`. */
export function causalPath(a: Step, b: Step): readonly Step[] | null {
  const relation = relationOf(a, b);
  if (relation === 'same') return [a];
  if (relation !== 'before') return null;
  // Backwards from b: a local step costs nothing, a message one; so a queue with two ends is enough.
  const next = new Map<Step, Step | null>([[b, null]]);
  const queue: Step[] = [b];
  while (queue.length > 0) {
    const step = queue.shift() as Step;
    if (step === a) break;
    const reach = (to: Step | null, isLocal: boolean): void => {
      if (to === null || next.has(to) || relationOf(a, to) === 'concurrent' || relationOf(a, to) === 'after')
        return;
      next.set(to, step);
      if (isLocal) queue.unshift(to);
      else queue.push(to);
    };
    reach(step.cause, false);
    reach(step.before, true);
  }
  if (!next.has(a)) return null;
  const path: Step[] = [];
  for (let step: Step | null = a; step !== null; step = next.get(step) ?? null) path.push(step);
  return shorten(path);
}

/** Only the ends and where a message leaves or arrives: what lies between on one lane says nothing more. */
const shorten = (path: readonly Step[]): readonly Step[] =>
  path.filter((step, i) => {
    const before = path[i - 1];
    const after = path[i + 1];
    return (
      before === undefined || after === undefined || before.lane !== step.lane || after.lane !== step.lane
    );
  });
