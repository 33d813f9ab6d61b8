// A tape of a preset with its own load, some rules off and lines of its own.

import { present } from '../base/assert.ts';
import type { Mutants } from '../core/kernel/mutants.ts';
import { ENGINE } from '../sim/engine.ts';
import type { Presets } from '../sim/presets.ts';
import type { TapeMark } from '../sim/tape.ts';
import type { TapeTables } from '../sim/tape-actions.ts';
import { printTape } from '../sim/tape-print.ts';
import { makeTape } from '../sim/tape-run.ts';

export interface TapeWith {
  readonly preset: string;
  readonly seed: number;
  /** Planted bugs. */
  readonly off?: Mutants;
  readonly changes?: readonly (readonly [name: string, value: number])[];
  /** Lines in any order. */
  readonly actions: readonly string[];
  /** Beats. */
  readonly marks?: readonly TapeMark[];
}

/** @throws where there is no such preset */
export function tapeWith({ findPreset }: Presets, tables: TapeTables, of: TapeWith): string {
  const { preset, seed, off: mutants = [], changes = [], actions, marks = [] } = of;
  const found = present(findPreset(preset), preset);
  const inOrder = [...actions].sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b));
  const tape = makeTape(found, { engine: ENGINE, seed, mutants, changes });
  return `${printTape(tables, { ...tape, header: { ...tape.header, marks } })}${inOrder.join('\n')}\n`;
}

/** When the first of these lines is due, virtual ms; null: there is none. */
export const firstAtMs = (actions: readonly string[]): number | null =>
  actions.length === 0 ? null : Math.min(...actions.map((line) => Number.parseFloat(line)));
