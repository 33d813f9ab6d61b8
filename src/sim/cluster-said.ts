// A cluster as it is said wherever one is named (PRE-9): the name of a preset, or the lines of a cluster. Runs, sweeps, lessons,
// incidents and the columns of a comparison all read it here.

import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';
import { profiles } from '../presets/parameters.ts';
import type { Preset } from '../presets/preset.ts';
import { readCluster } from './cluster-file.ts';
import { printCluster } from './cluster-text.ts';
import { isOwnCluster } from './preset-names.ts';
import type { Presets } from './presets.ts';
import type { Tape } from './tape.ts';
import { ownClusterOf } from './tape-run.ts';

/** The cluster; or what is wrong with it, with the line and the field. */
export function clusterSaid(presets: Presets, said: string): Preset | { readonly error: string } {
  if (!said.includes('\n')) {
    const { findPreset, presetNames } = presets;
    return findPreset(said) ?? { error: `unknown preset ${said}; known: ${presetNames.join(', ')}` };
  }
  const result = readCluster(presets, said, 'own');
  if (result.ok) return result.preset;
  const { line, fault, error } = result;
  return { error: `line ${line}${fault === null ? '' : `, ${fault.field}`}: ${error}` };
}

/** As it is said: what `clusterSaid` reads back. */
export const sayCluster = (presets: Presets, preset: Preset): string =>
  isOwnCluster(preset.name) ? printCluster(presets.kindsOf, preset) : preset.name;

/** A cluster in a line: a preset's name, or that of the cluster that lines lay out. */
export const clusterWord = (said: string): string => /^cluster (\S+)$/m.exec(said)?.[1] ?? said;

/** The name that a cluster of one's own says in its first line; a preset's name. */
export const plainName = (name: string): string => name.slice(name.indexOf('.') + 1);

/** The cluster that a tape names or lays out, without what the tape changes of a preset. */
export const saidOfTape = (presets: Presets, tape: Tape): string => {
  const own = ownClusterOf(tape);
  return own === null ? tape.header.preset : sayCluster(presets, own);
};

/** The cluster of a tape with the profile, parameters and seed that its header says. Null: there is no such preset. */
export function clusterOfTape({ findPreset }: Presets, tape: Tape): Preset | null {
  const own = ownClusterOf(tape);
  if (own !== null) return own;
  const { preset, profile: named, changes, seed } = tape.header;
  const found = findPreset(preset);
  if (found === null) return null;
  const kept = found.changes.filter(([name]) => !changes.some(([other]) => other === name));
  const profile = profiles.find((known) => known === named) ?? found.profile;
  return { ...found, profile, changes: [...kept, ...changes], seed };
}

/** With the nodes that a run has by now: those that were added belong to it, those that were removed do not. */
export function withNodesNow(preset: Preset, now: ClusterSpec): Preset {
  const { nodes } = preset.cluster;
  const isThere = (id: string): boolean => now.nodes.some((spec) => spec.id === id);
  const added = now.nodes
    .filter(({ id }) => !nodes.some((spec) => spec.id === id))
    .map(({ isAdded: _, ...spec }) => spec);
  return {
    ...preset,
    cluster: { ...preset.cluster, nodes: [...nodes.filter(({ id }) => isThere(id)), ...added] },
  };
}
