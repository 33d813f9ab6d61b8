// From a tape to a run: preset, profile, changes and seed become the fabric's specification. The preset's own load is
// the first action of a new tape, so that a tape says everything that happens.

import type { Time } from '../base/ids.ts';
import type { Mutants } from '../core/kernel/mutants.ts';
import { makeParams, type Profile, profiles } from '../presets/parameters.ts';
import type { Preset } from '../presets/preset.ts';
import { type Refusal, refusal } from '../presets/refusals.ts';
import type { RunSpec } from './fabric-state.ts';
import { isOwnCluster } from './preset-names.ts';
import type { Presets } from './presets.ts';
import type { Tape } from './tape.ts';
import type { TapeAction } from './tape-actions.ts';
import { TAPE_VERSION } from './tape-limits.ts';

export type RunResult =
  | { readonly ok: true; readonly run: Omit<RunSpec, 'mutants'>; readonly preset: Preset }
  | ({ readonly ok: false } & Refusal);

/** The run that a tape describes but for its planted bugs (run-setup.ts), or why there is none. */
export function runOfTape({ findPreset }: Presets, tape: Tape): RunResult {
  const { header, actions, waiting } = tape;
  if (waiting !== undefined) return { ok: false, ...refusal('waitsHere', { line: waiting[0]?.line ?? 0 }) };
  const preset = header.own ?? findPreset(header.preset);
  if (preset === null) return { ok: false, ...refusal('unknown', { what: 'preset', found: header.preset }) };
  const profile = profiles.find((known) => known === header.profile);
  if (profile === undefined)
    return { ok: false, ...refusal('unknown', { what: 'profile', found: header.profile }) };
  const made = makeParams(profile, [...preset.changes, ...header.changes], preset.cluster);
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

/** The layout of a cluster of one's own as a tape's header has it, which says parameters, seed and loads itself. */
function layoutOf(preset: Preset): Preset {
  const { isHidden: _, ...said } = preset;
  return { ...said, changes: [], loads: [] };
}

/** The cluster of one's own that a tape is of, with its parameters, seed and the loads it begins with; null: a preset's. */
export function ownClusterOf({ header, actions }: Tape): Preset | null {
  const { own, changes, seed, profile: name } = header;
  if (own === undefined) return null;
  const loads = actions.flatMap((action) =>
    action.kind === 'workload' && action.at === 0
      ? [{ node: action.node, name: action.name, spec: action.spec }]
      : [],
  );
  const profile = profiles.find((known) => known === name) ?? own.profile;
  return { ...own, profile, changes, seed, loads };
}

/** A new tape of a cluster with its default load, or with other actions. */
export function makeTape(preset: Preset, options: TapeOptions): Tape {
  const { changes = [] } = options;
  const isSaid = (name: string): boolean => changes.some(([other]) => other === name);
  const own = isOwnCluster(preset.name)
    ? {
        own: layoutOf(preset),
        changes: [...preset.changes.filter(([name]) => !isSaid(name)), ...changes],
      }
    : { changes };
  return {
    header: {
      version: TAPE_VERSION,
      engine: options.engine,
      preset: preset.name,
      ...own,
      profile: options.profile ?? preset.profile,
      seed: options.seed ?? preset.seed,
      mutants: options.mutants ?? [],
      marks: [],
      end: null,
    },
    actions: options.actions ?? loadActions(preset),
  };
}
