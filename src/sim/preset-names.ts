// Which presets there are, and of which stack each is: all that the page's first load has of them. Their files are read where one is
// started (presets.ts).

import { present } from '../base/assert.ts';
import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';

/** How a run of one's own cluster is called: its architecture is found by its name, as a preset's is. */
export const ownClusterName = (architecture: string, name: string): string => `${architecture}.${name}`;

/** As a cluster's line has it. */
export const isClusterName = (name: string): boolean => /^[a-z][a-z0-9-]{0,31}$/.test(name);

/** No preset's name has a dot. */
export const isOwnCluster = (name: string): boolean => name.includes('.');

export interface PresetName {
  readonly name: string;
  readonly architecture: string;
  readonly isHidden: boolean;
  readonly seed: number;
}

export interface PresetNames {
  readonly presetNames: readonly string[];
  /** Those that people are offered; the others open by a tape only. */
  readonly offeredPresets: readonly string[];
  /** The seed that a preset's run has where nobody says another; null: no such preset. */
  readonly seedOfPreset: (name: string) => number | null;
  /** The stack that a preset belongs to, or a cluster of one's own (`<architecture>.<name>`). */
  readonly stackOfPreset: (name: string) => string | null;
  /** The stack of a cluster; one that no preset names, as in tests, counts as of the first. */
  readonly stackOf: (cluster: Pick<ClusterSpec, 'preset'>) => string;
  /** A stack without a preset for people is there for tests: no list of another stack's run, and no document, names what is its own. */
  readonly isOffered: (stack: string) => boolean;
}

export function makePresetNames(
  list: readonly PresetName[],
  stacks: readonly { readonly id: string }[],
): PresetNames {
  const known = new Map(list.map((one) => [one.name, one]));
  const stackOfPreset = (name: string): string | null => {
    const architecture = known.get(name)?.architecture ?? name.slice(0, Math.max(0, name.indexOf('.')));
    return stacks.some(({ id }) => id === architecture) ? architecture : null;
  };
  const offeredPresets = list.flatMap(({ name, isHidden }) => (isHidden ? [] : [name]));
  return {
    presetNames: list.map(({ name }) => name),
    offeredPresets,
    seedOfPreset: (name) => known.get(name)?.seed ?? null,
    stackOfPreset,
    stackOf: ({ preset }) => stackOfPreset(preset) ?? present(stacks[0], 'a stack').id,
    isOffered: (stack) => offeredPresets.some((name) => stackOfPreset(name) === stack),
  };
}
