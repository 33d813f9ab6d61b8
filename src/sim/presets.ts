// Every preset of every stack, by name.

import type { Preset } from '../presets/topology.ts';
import { stacks } from '../stacks/registry.ts';

interface Known {
  readonly stack: string;
  readonly preset: Preset;
}

const known = new Map<string, Known>(
  stacks.flatMap(({ id, presets }) =>
    presets.map((make) => {
      const preset = make();
      return [preset.name, { stack: id, preset }] as const;
    }),
  ),
);

export const presetNames: readonly string[] = [...known.keys()];

/** The preset of this name, or null. */
export const findPreset = (name: string): Preset | null => known.get(name)?.preset ?? null;

/** The stack that a preset belongs to. */
export const stackOfPreset = (name: string): string | null => known.get(name)?.stack ?? null;
