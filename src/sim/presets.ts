// Every preset as a cluster, by its name, read from its file; and the rules of every architecture's clusters.

import type { Preset } from '../presets/preset.ts';
import { type ClusterTables, readCluster } from './cluster-file.ts';
import type { PresetNames } from './preset-names.ts';
import type { Stack } from './stack.ts';

export interface Presets extends PresetNames, Pick<ClusterTables, 'rulesOf' | 'kindsOf'> {
  /** The preset of this name, or null. */
  readonly findPreset: (name: string) => Preset | null;
}

/** `fileOf`: the text of a preset's file. */
export function makePresets(
  names: PresetNames,
  fileOf: (name: string) => string,
  stacks: readonly Pick<Stack, 'id' | 'cluster'>[],
): Presets {
  const rulesOf: Presets['rulesOf'] = (architecture) =>
    stacks.find(({ id }) => id === architecture)?.cluster ?? null;
  const read = new Map<string, Preset>();
  const presets: Presets = {
    ...names,
    rulesOf,
    kindsOf: (architecture) => rulesOf(architecture)?.kinds ?? null,
    findPreset(name) {
      if (!names.presetNames.includes(name)) return null;
      const found = read.get(name);
      if (found !== undefined) return found;
      const result = readCluster(presets, fileOf(name), 'preset');
      if (!result.ok) throw new Error(`the preset ${name}, line ${result.line}: ${result.why.error}`);
      read.set(name, result.preset);
      return result.preset;
    },
  };
  return presets;
}
