// Kinds of trace events that somebody reads, as a list that both the reader and whoever feeds it hold to: of a run's millions
// of events each reader is handed its own. A reader that handles a kind outside its list does not compile.

import type { TraceEvent, TraceKind, TraceOf } from '../core/kernel/trace.ts';

export interface Kinds<K extends TraceKind> {
  readonly all: ReadonlySet<TraceKind>;
  readonly isOf: (event: TraceEvent) => event is TraceOf<K>;
}

export function kindsOf<const K extends TraceKind>(...kinds: readonly K[]): Kinds<K> {
  const all: ReadonlySet<TraceKind> = new Set(kinds);
  return { all, isOf: (event): event is TraceOf<K> => all.has(event.kind) };
}
