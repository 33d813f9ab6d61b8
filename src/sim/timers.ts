// A node's named timers as plain data: a heap by (due, set order); replaced and cleared entries stay in the heap until
// they come up and are then skipped. Due times are those of the node's own clock.

import { assert } from '../base/assert.ts';
import { popQueue, pushQueue } from '../base/priority-queue.ts';
import { NEVER } from './types.ts';

export interface Timer {
  readonly name: string;
  readonly due: number;
  /** Counts every setting: tells a live entry from a replaced one, and orders equal times. */
  readonly turn: number;
  /** Ordinal of the input that set it: the cause of the wake. */
  readonly ordinal: number;
}

export interface Timers {
  live: Map<string, Timer>;
  heap: Timer[];
  turns: number;
}

/** Most timers of one node; more is a node that never clears them. */
const TIMER_LIMIT = 100_000;

export const makeTimers = (): Timers => ({ live: new Map(), heap: [], turns: 0 });

const compareTimers = (a: Timer, b: Timer): number => a.due - b.due || a.turn - b.turn;

/** Sets, replaces or (null) clears. Setting the same time again changes nothing. */
export function setTimer(timers: Timers, name: string, due: number | null, ordinal: number): void {
  const { live } = timers;
  const old = live.get(name);
  if (due === null) {
    if (old !== undefined) live.delete(name);
  } else {
    if (old !== undefined && old.due === due) return;
    const timer: Timer = { name, due, turn: ++timers.turns, ordinal };
    live.set(name, timer);
    pushQueue(timers.heap, timer, compareTimers);
    assert(live.size <= TIMER_LIMIT, 'a node has too many timers');
    if (timers.heap.length > 4 * live.size + 64) compact(timers);
  }
  dropStale(timers);
}

function dropStale(timers: Timers): void {
  const { heap, live } = timers;
  for (let top = heap[0]; top !== undefined; top = heap[0]) {
    if (live.get(top.name)?.turn === top.turn) return;
    popQueue(heap, compareTimers);
  }
}

function compact(timers: Timers): void {
  timers.heap = [];
  for (const timer of timers.live.values()) pushQueue(timers.heap, timer, compareTimers);
}

/** True virtual time of the next wake with the clock off by `offsetUs`, or NEVER. */
export function nextTimerAt(timers: Timers, offsetUs: number): number {
  const top = timers.heap[0];
  return top === undefined ? NEVER : Math.max(0, top.due - offsetUs);
}

export function takeTimer(timers: Timers): Timer {
  const timer = popQueue(timers.heap, compareTimers);
  assert(timer !== undefined, 'a timer is due');
  timers.live.delete(timer.name);
  dropStale(timers);
  return timer;
}
