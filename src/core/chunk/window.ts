// The look-behind window of ParallelRaft, as this lab has it (docs/spec/polarfs.md FS-73, FS-74): Raft accepts and commits entries in
// order, the window says which of the committed ones a replica may apply before others that still wait, for a block that it lacks.

/** `[first, end)` of the chunk's bytes; null: the entry overlaps every other (FS-81). */
export type Ranges = readonly (readonly [first: number, end: number])[] | null;

export interface Waiting {
  readonly index: number;
  readonly ranges: Ranges;
  /** All that it needs is there. */
  isReady: boolean;
}

const isDisjoint = (a: Ranges, b: Ranges): boolean =>
  a !== null &&
  b !== null &&
  a.every(([first, end]) => b.every(([other, last]) => end <= other || last <= first));

/**
 * Takes out of `waiting`, which is in order of index, the entries that may be applied now, in the order in which they are: an entry goes
 * before a predecessor only if that is among the `behind` entries before it and has no byte in common with it. 0 is log order.
 */
export function takeApplicable<T extends Waiting>(waiting: T[], behind: number): T[] {
  const taken: T[] = [];
  for (let i = 0; i < waiting.length; ) {
    const entry = waiting[i] as T;
    const mayPass = (before: T): boolean =>
      before.index >= entry.index - behind && isDisjoint(before.ranges, entry.ranges);
    if (entry.isReady && waiting.slice(0, i).every(mayPass)) {
      waiting.splice(i, 1);
      taken.push(entry);
      i = 0;
    } else i++;
  }
  return taken;
}
