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
type ByKind = { readonly [Event in TraceEvent as Event['kind']]: Event };
/** The event of one kind. */
export type TraceOf<K extends TraceKind> = ByKind[K];

/**
 * The event where it is of that kind, null where it is of another. In place of a type guard: narrowing the union of all
 * events by a kind that is a type parameter costs the compiler seconds at each place.
 */
export function eventOfKind<K extends TraceKind>(event: TraceEvent, kind: K): TraceOf<K> | null;
export function eventOfKind(event: TraceEvent, kind: TraceKind): TraceEvent | null {
  return event.kind === kind ? event : null;
}
