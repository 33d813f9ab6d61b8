// From a tape to a run: preset, profile, changes and seed become the fabric's specification. The preset's own load is
// the first action of a new tape, so that a tape says everything that happens.

import type { Time } from '../base/ids.ts';
import type { Mutants } from '../core/kernel/mutants.ts';
import { makeParams, type Profile, profiles } from '../presets/parameters.ts';
import type { Preset } from '../presets/topology.ts';
import type { RunSpec } from './fabric-state.ts';
import type { Presets } from './presets.ts';
import { TAPE_VERSION, type Tape } from './tape.ts';
import type { TapeAction } from './tape-actions.ts';

export type RunResult =
  | { readonly ok: true; readonly run: Omit<RunSpec, 'mutants'>; readonly preset: Preset }
  | { readonly ok: false; readonly error: string };

/** The run that a tape describes but for its planted bugs (run-setup.ts), or why there is none. */
export function runOfTape({ findPreset }: Presets, tape: Tape): RunResult {
  const { header, actions } = tape;
  const preset = findPreset(header.preset);
  if (preset === null) return { ok: false, error: `unknown preset ${header.preset}` };
  const profile = profiles.find((known) => known === header.profile);
  if (profile === undefined) return { ok: false, error: `unknown profile ${header.profile}` };
  const made = makeParams(profile, [...preset.changes, ...header.changes]);
  if (!made.ok) return made;
  return {
    ok: true,
    preset,
    run: { cluster: preset.cluster, params: made.params, seed: header.seed, actions },
  };
}

export interface TapeOptions {
  readonly engine: string;
  readonly profile?: Profile;
  readonly seed?: number;
  readonly changes?: readonly (readonly [name: string, value: number])[];
  readonly mutants?: Mutants;
  readonly actions?: readonly TapeAction[];
}

/** The loads with which a preset starts, as actions at time zero. */
export const loadActions = (preset: Preset): TapeAction[] =>
  preset.loads.map(({ node, name, spec }) => ({ at: 0 as Time, kind: 'workload', node, name, spec }));

/** A new tape of a preset with its default load, or with other actions. */
export function makeTape(preset: Preset, options: TapeOptions): Tape {
  return {
    header: {
      version: TAPE_VERSION,
      engine: options.engine,
      preset: preset.name,
      profile: options.profile ?? preset.profile,
      changes: options.changes ?? [],
      seed: options.seed ?? preset.seed,
      mutants: options.mutants ?? [],
      marks: [],
      end: null,
    },
    actions: options.actions ?? loadActions(preset),
  };
}
