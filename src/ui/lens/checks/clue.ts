// The form of a clue: for a rule that a monitor watches, which event breaks it, and which earlier one it cannot stand beside. A
// monitor tells a violation in words; a clue says where in the trace its two facts are. Stacks bring them in their tables.

import type { TraceEvent, TraceKind } from '../../../core/kernel/trace.ts';

/** What an event and the earlier one have in common; `replica`: the one that the event names is where the earlier was. */
export type Shared = 'node' | 'group' | 'page' | 'replica';

export interface Clue {
  /** Kinds of the event that breaks the rule; none: the end of a run found it. */
  readonly offence: readonly TraceKind[];
  /** Kinds of the earlier event, the one that says most first. */
  readonly against: readonly TraceKind[];
  readonly shared: readonly Shared[];
  /**
   * Whether the earlier one contradicts it; absent: the newest that shares all this does.
   */
  readonly contradicts?: (offence: TraceEvent, earlier: TraceEvent, quoted: Quoted) => boolean;
}

/** The monitor's words. */
export interface Quoted {
  readonly words: ReadonlySet<string>;
  /** Their last number: what would have been right. */
  readonly last: number;
}

/** A number of an event by the first of these fields that it has. */
export function numberOf(event: TraceEvent, ...names: readonly string[]): number {
  const fields = new Map<string, unknown>(Object.entries(event));
  for (const name of names) {
    const value = fields.get(name);
    if (typeof value === 'number') return value;
  }
  return Number.NaN;
}

export const clue = (
  offence: readonly TraceKind[],
  against: readonly TraceKind[],
  shared: readonly Shared[],
  contradicts?: Clue['contradicts'],
): Clue => ({ offence, against, shared, ...(contradicts === undefined ? {} : { contradicts }) });
