// A tape: the versioned, human-readable recipe of a run. Preset, profile, config changes and seed, then actions with
// virtual times. Everything a run depends on is in it; it is the unit of sharing, of lessons, bug reports and tests.

import type { Time } from '../base/ids.ts';
import type { Preset } from '../presets/preset.ts';
import type { TapeAction } from './tape-actions.ts';

export interface TapeMark {
  readonly at: Time;
  readonly text: string;
}

export interface TapeHeader {
  readonly version: number;
  readonly engine: string;
  /** The name of a preset, or of the cluster of one's own that the header lays out. */
  readonly preset: string;
  /** Absent: the preset's. Without parameters, seed and loads: the tape says them. */
  readonly own?: Preset;
  readonly profile: string;
  /** Parameters that differ from the profile's, in the order written. */
  readonly changes: readonly (readonly [name: string, value: number])[];
  readonly seed: number;
  /** Planted bugs, as written; a run takes those that there are (checks/mutants.ts). */
  readonly mutants: readonly string[];
  readonly marks: readonly TapeMark[];
  readonly end: { readonly at: Time; readonly hash: string | null } | null;
}

/** An action that is done once a condition holds: `0.000 when "commits >= 50" crash store-2`. */
export interface WaitingAction {
  /** The condition is looked at from this time on. */
  readonly from: Time;
  /** In the language of facts (run-model/facts). */
  readonly condition: string;
  /** Its time is `from`. */
  readonly action: TapeAction;
  /** On the tape, from 1, and where the condition's text begins on it, from 1. */
  readonly line: number;
  readonly column: number;
}

export interface Tape {
  readonly header: TapeHeader;
  /** By time, then in line order. */
  readonly actions: readonly TapeAction[];
  /** Absent: none. A run takes fixed times alone: who opens a tape settles these first (run-model/settle.ts). */
  readonly waiting?: readonly WaitingAction[];
}
