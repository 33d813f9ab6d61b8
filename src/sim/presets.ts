// Every preset of every stack, by name.

import { present } from '../base/assert.ts';
import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';
import type { Preset } from '../presets/topology.ts';
import type { Stack } from './stack.ts';

export interface Presets {
  readonly presetNames: readonly string[];
  /** Those that people are offered; the others open by a tape only. */
  readonly offeredPresets: readonly string[];
  /** The preset of this name, or null. */
  readonly findPreset: (name: string) => Preset | null;
  /** The stack that a preset belongs to. */
  readonly stackOfPreset: (name: string) => string | null;
  /** The stack of a cluster; one that no preset names, as in tests, counts as of the first. */
  readonly stackOf: (cluster: Pick<ClusterSpec, 'preset'>) => string;
  /** A stack without a preset for people is there for tests: no list of another stack's run, and no document, names what is its own. */
  readonly isOffered: (stack: string) => boolean;
}

export function makePresets(stacks: readonly Pick<Stack, 'id' | 'presets'>[]): Presets {
  const known = new Map(
    stacks.flatMap(({ id, presets }) =>
      presets.map((make) => {
        const preset = make();
        return [preset.name, { stack: id, preset }] as const;
      }),
    ),
  );
  const offeredPresets = [...known].flatMap(([name, { preset }]) => (preset.isHidden ? [] : [name]));
  const stackOfPreset = (name: string): string | null => known.get(name)?.stack ?? null;
  return {
    presetNames: [...known.keys()],
    offeredPresets,
    findPreset: (name) => known.get(name)?.preset ?? null,
    stackOfPreset,
    stackOf: ({ preset }) => stackOfPreset(preset) ?? present(stacks[0], 'a stack').id,
    isOffered: (stack) => offeredPresets.some((name) => stackOfPreset(name) === stack),
  };
}
