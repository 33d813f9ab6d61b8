// A tape of a cluster with its own load, some rules off and lines of its own.

import type { Mutants } from '../core/kernel/mutants.ts';
import { clusterSaid } from '../sim/cluster-said.ts';
import { ENGINE } from '../sim/engine.ts';
import type { Presets } from '../sim/presets.ts';
import type { TapeMark } from '../sim/tape.ts';
import type { TapeTables } from '../sim/tape-actions.ts';
import { printTape } from '../sim/tape-print.ts';
import { makeTape } from '../sim/tape-run.ts';

export interface TapeWith {
  /** As `clusterSaid` reads it. */
  readonly cluster: string;
  readonly seed: number;
  /** Planted bugs. */
  readonly off?: Mutants;
  readonly changes?: readonly (readonly [name: string, value: number])[];
  /** Lines in any order. */
  readonly actions: readonly string[];
  /** Beats. */
  readonly marks?: readonly TapeMark[];
}

/** @throws where its cluster is none, with the line and the field */
export function tapeWith(presets: Presets, tables: TapeTables, of: TapeWith): string {
  const { cluster, seed, off: mutants = [], changes = [], actions, marks = [] } = of;
  const found = clusterSaid(presets, cluster);
  if ('error' in found) throw new Error(`cluster: ${found.error}`);
  const inOrder = [...actions].sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b));
  const tape = makeTape(found, { engine: ENGINE, seed, mutants, changes });
  return `${printTape(tables, { ...tape, header: { ...tape.header, marks } })}${inOrder.join('\n')}\n`;
}

/** When the first of these lines is due, virtual ms; null: there is none. */
export const firstAtMs = (actions: readonly string[]): number | null =>
  actions.length === 0 ? null : Math.min(...actions.map((line) => Number.parseFloat(line)));
