// Every preset of every stack, by name.

import { present } from '../base/assert.ts';
import type { ClusterSpec } from '../core/kernel/door.ts';
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

/** Those that people are offered; the others open by a tape only. */
export const offeredPresets: readonly string[] = [...known].flatMap(([name, { preset }]) =>
  preset.isHidden ? [] : [name],
);

/** The preset of this name, or null. */
export const findPreset = (name: string): Preset | null => known.get(name)?.preset ?? null;

/** The stack that a preset belongs to. */
export const stackOfPreset = (name: string): string | null => known.get(name)?.stack ?? null;

/** The stack of a cluster; one that no preset names, as in tests, counts as of the first. */
export const stackOf = ({ preset }: Pick<ClusterSpec, 'preset'>): string =>
  stackOfPreset(preset) ?? present(stacks[0], 'a stack').id;

/** A stack without a preset for people is there for tests: no list of another stack's run, and no document, names what is its own. */
export const isOffered = (stack: string): boolean =>
  offeredPresets.some((name) => stackOfPreset(name) === stack);
