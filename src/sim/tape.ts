// A tape: the versioned, human-readable recipe of a run. Preset, profile, config changes and seed, then actions with
// virtual times. Everything a run depends on is in it; it is the unit of sharing, of lessons, bug reports and tests.

import type { Time } from '../base/ids.ts';
import { PARAMS_MAX, STATEMENT_BYTES_MAX } from '../core/sql/limits.ts';
import type { Preset } from '../presets/preset.ts';
import type { TapeAction } from './tape-actions.ts';

export const TAPE_VERSION = 1;

/** What the text means to be; a cluster's lines begin otherwise (cluster-file.ts). */
export const isTape = (text: string): boolean => text.trimStart().startsWith('postdb-tape');

/** Limits of T05 (docs: reliability), checked before and while parsing. `bytes`: of its lines, and of its text, which may be packed. */
export const TAPE_LIMITS = {
  bytes: 192 * 1024 * 1024,
  actions: 1_200_000,
  textBytes: STATEMENT_BYTES_MAX,
  nodesPerAction: 64,
  changes: 200,
  marks: 1_000,
  params: PARAMS_MAX,
  stamps: 256,
} as const;

/** Longest run: 24 virtual hours. */
export const LONGEST_RUN_US = 86_400_000_000;

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

export interface Tape {
  readonly header: TapeHeader;
  /** By time, then in line order. */
  readonly actions: readonly TapeAction[];
}
