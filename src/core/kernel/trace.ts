// What a node's trace holds: each room declares its events, so that the kernel knows its own only. The tables merged stand in
// core/cluster/trace.ts.

import type { kernelTrace } from './trace-events.ts';
import type { EventsOf } from './trace-table.ts';

/** Tables of rooms and stacks, by declaration merging: `interface TraceTables { toy: typeof toyTrace }`. */
export interface TraceTables {
  kernel: typeof kernelTrace;
}

/** An event as a node emits it. */
export type TraceEvent = EventsOf<TraceTables[keyof TraceTables]>;
export type TraceKind = TraceEvent['kind'];
/** The event of one kind. */
export type TraceOf<K extends TraceKind> = Extract<TraceEvent, { kind: K }>;
