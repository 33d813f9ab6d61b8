// What judges a run of one architecture, and what sweeps draw and inspect of it (src/stacks/runtimes.ts); what its nodes run is in
// src/stacks/nodes.ts.

import type { VolumePages } from './fsck/volume-pages.ts';
import type { RedoSource } from './redo/source.ts';
import type { SweepDraws } from './sweep/draw-tools.ts';
import type { LivenessBound } from './sweep/liveness.ts';
import type { World } from './world.ts';

/** A small run in which some activities write to disks (sim/fates). */
export interface FateWorld {
  readonly name: string;
  /** Its tape as text; it has an end. */
  readonly tape: string;
  /** Moments before it are left out, µs. */
  readonly fromUs: number;
}

/** For every fate of writes that no sync has covered. */
export interface FateTable {
  readonly worlds: readonly FateWorld[];
  /** What a node does with the write of this id, of these keys, asked while it waits for its sync. */
  readonly activityOf: (state: unknown, store: number, keys: readonly string[]) => string;
  readonly kindOf: (key: string) => string;
  /** Kind of the key under which drivers keep what they were ordered to do. */
  readonly orders: string;
  /** From the writer's second start to the first read of what is there: by then another may have been promoted. In µs. */
  readonly reopenUs: number;
  /** `activity: kind of key`, each of which has to have been lost and kept. */
  readonly mustMeet: readonly string[];
}

/** What waits in a picture of it is added in run-model/waits/waits.ts. */
export interface StackRuntime {
  readonly id: string;
  /** Null: no sweep draws it. */
  readonly sweep: SweepDraws | null;
  /** Pages of every volume that can be read as a whole now, for a structure check; null: it has none. */
  readonly pagesOf: ((world: World<unknown, unknown>) => readonly VolumePages[]) | null;
  /** Redo equivalence of its pages; null: it has no log of pages. */
  readonly redo: RedoSource | null;
  /** Every fate of unsynced writes; absent: none is tried. */
  readonly fates?: FateTable;
  /** What is owed now while faults last; absent: nothing is looked at. */
  readonly livenessBoundsOf?: (world: World<unknown, unknown>) => readonly LivenessBound[];
}
